import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type Invoice, invoice as invoiceSchema } from '../../../src/invoices/api.ts';
import { useWorkspace } from '../app/workspace-context.ts';

/** One document with everything in it. */
export function useDocument(invoiceId: string | undefined) {
  const { api, workspace } = useWorkspace();
  return useQuery({
    queryKey: documentKey(workspace.id, invoiceId ?? ''),
    queryFn: ({ signal }) => api.get(`/v1/invoices/${invoiceId}`, invoiceSchema, { signal }),
    enabled: invoiceId !== undefined,
  });
}

function documentKey(workspaceId: string, invoiceId: string) {
  return [workspaceId, 'invoice', invoiceId] as const;
}

/** What can be done to a document. Each rejects as callApi does; what is on the screen is read again afterwards. */
export function useDocumentDeeds() {
  const { api, workspace } = useWorkspace();
  const queryClient = useQueryClient();
  const refresh = () => queryClient.invalidateQueries({ queryKey: [workspace.id] });
  const shown = async (invoice: Invoice) => {
    queryClient.setQueryData(documentKey(workspace.id, invoice.id), invoice);
    await refresh();
    return invoice;
  };
  const post = async (id: string, deed: string, body?: unknown) =>
    api.post(`/v1/invoices/${id}/${deed}`, body, invoiceSchema);
  return {
    issue: async (id: string, body: { issued_on?: string; series_id?: string } = {}) =>
      shown(await post(id, 'issuance', body)),
    discard: async (id: string) => {
      await api.remove(`/v1/invoices/${id}`);
      queryClient.removeQueries({ queryKey: documentKey(workspace.id, id) });
      await refresh();
    },
    declareVoid: async (id: string, reason: string) => shown(await post(id, 'voiding', { reason })),
    writeOff: async (id: string, body: { amount_minor?: number; reason: string }) =>
      shown(await post(id, 'write-offs', body)),
    /** Answers the credit note. */
    credit: async (id: string, body: { lines?: unknown; reason: string; attachments?: unknown }) => {
      const note = await post(id, 'credit-notes', body);
      await refresh();
      return note;
    },
    /** Answers the draft. */
    copy: async (id: string, replaces = false) => {
      const draft = await post(id, 'copies', { replaces });
      await refresh();
      return draft;
    },
    answer: async (id: string, answer: 'accepted' | 'declined', by?: string) =>
      shown(await post(id, 'acceptance', { answer, ...(by ? { by } : {}) })),
    /** Answers the draft invoice of a quote. */
    invoiceQuote: async (id: string) => {
      const draft = await post(id, 'invoicing');
      await refresh();
      return draft;
    },
  };
}
