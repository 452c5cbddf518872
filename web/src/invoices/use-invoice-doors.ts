import { useQuery } from '@tanstack/react-query';
import type { Invoice } from '../../../src/invoices/api.ts';
import { sendings } from '../../../src/invoices/api-sendings.ts';
import { madeDocumentLink } from '../../../src/messages/api.ts';
import { contactAccount } from '../../../src/payments/api-account.ts';
import { describeError } from '../app/api-problem.ts';
import { useFiles } from '../app/fetch-file.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { copyToClipboard } from '../ui/copy-text.tsx';
import { toastDone, toastFailed } from '../ui/toast.tsx';

/** What the customer of an invoice has on account in its currency, in minor units; 0 while it is read. */
export function useOnAccount(invoice: Invoice): number {
  const { api, workspace } = useWorkspace();
  const account = useQuery({
    queryKey: [workspace.id, 'account', invoice.contact.id],
    queryFn: ({ signal }) => api.get(`/v1/contacts/${invoice.contact.id}/account`, contactAccount, { signal }),
    enabled: invoice.kind === 'invoice' && invoice.open_minor > 0,
  });
  return account.data?.data.find(({ currency }) => currency === invoice.currency)?.on_account_minor ?? 0;
}

/** Messages that carried a document, the newest first. */
export function useSendings(invoice: Invoice) {
  const { api, workspace } = useWorkspace();
  return useQuery({
    queryKey: [workspace.id, 'sendings', invoice.id],
    queryFn: ({ signal }) => api.get(`/v1/invoices/${invoice.id}/sendings`, sendings, { signal }),
    enabled: invoice.number !== null,
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
