import { useQuery } from '@tanstack/react-query';
import type { Invoice } from '../../../src/invoices/api.ts';
import { sendings } from '../../../src/invoices/api-sendings.ts';
import { type Message, madeDocumentLink } from '../../../src/messages/api.ts';
import { describeError } from '../app/api-problem.ts';
import { useFiles } from '../app/fetch-file.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { useContactOverview } from '../contacts/contact-queries.ts';
import { copyToClipboard } from '../ui/copy-text.tsx';
import { toastDone, toastFailed } from '../ui/toast.tsx';

/** Address of an invoice's customer, and what they have on account in its currency, minor units; 0 while it is read. */
export function useCustomer(invoice: Invoice): { readonly email: string | null; readonly onAccountMinor: number } {
  const overview = useContactOverview(invoice.contact.id).data;
  const account = overview?.money?.account.find(({ currency }) => currency === invoice.currency);
  return { email: overview?.contact.email ?? null, onAccountMinor: account?.on_account_minor ?? 0 };
}

/** How soon it is looked again whether a message went out. */
const ON_ITS_WAY_MS = 1_500;

function isOnItsWay(message: Message): boolean {
  return message.state === 'sending' || (message.state === 'queued' && message.next_attempt_at === null);
}

/** Messages that carried a document, the newest first. */
export function useSendings(invoice: Invoice) {
  const { api, workspace } = useWorkspace();
  return useQuery({
    queryKey: [workspace.id, 'sendings', invoice.id],
    queryFn: ({ signal }) => api.get(`/v1/invoices/${invoice.id}/sendings`, sendings, { signal }),
    enabled: invoice.number !== null,
    // What has just been written goes out within a moment: it is followed until it is out, or until it waits for longer.
    refetchInterval: ({ state }) => (state.data?.data.some(isOnItsWay) ? ON_ITS_WAY_MS : false),
  });
}

/** The document's files and its link for the customer. */
export function useInvoiceDoors(invoice: Invoice) {
  const { api } = useWorkspace();
  const files = useFiles();
  const name = invoice.number ?? 'draft';
  return {
    openPdf: () => void files.open(`/v1/invoices/${invoice.id}/document.pdf`, `${name}.pdf`),
    downloadXml: () => void files.download(`/v1/invoices/${invoice.id}/document.xml`, `${name}.xml`),
    copyLink: async () => {
      try {
        const { url } = await api.post(`/v1/invoices/${invoice.id}/links`, undefined, madeDocumentLink);
        await copyToClipboard(url);
        toastDone('The link is copied. Whoever has it sees the document and can pay it.');
      } catch (error) {
        toastFailed(describeError(error));
      }
    },
    revokeLinks: async () => {
      try {
        await api.remove(`/v1/invoices/${invoice.id}/links`);
        toastDone('Every link to it is worthless from now on');
      } catch (error) {
        toastFailed(describeError(error));
      }
    },
  };
}
