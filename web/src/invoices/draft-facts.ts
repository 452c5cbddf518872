import { useQuery } from '@tanstack/react-query';
import { invoicingSettings, seriesList, taxList, termsList } from '../../../src/invoices/api-catalogue.ts';
import { useWorkspace } from '../app/workspace-context.ts';

/** Rarely changed, and read by every document that is written. */
const STALE_MS = 60_000;

/** The business's taxes. */
export function useTaxes() {
  const { api, workspace } = useWorkspace();
  return useQuery({
    queryKey: [workspace.id, 'taxes'],
    queryFn: ({ signal }) => api.get('/v1/taxes', taxList, { signal }),
    staleTime: STALE_MS,
  });
}

/** The terms library. */
export function useTerms() {
  const { api, workspace } = useWorkspace();
  return useQuery({
    queryKey: [workspace.id, 'payment-terms'],
    queryFn: ({ signal }) => api.get('/v1/payment-terms', termsList, { signal }),
    staleTime: STALE_MS,
  });
}

/** How the business invoices. */
export function useInvoicing() {
  const { api, workspace } = useWorkspace();
  return useQuery({
    queryKey: [workspace.id, 'invoicing'],
    queryFn: ({ signal }) => api.get('/v1/invoicing', invoicingSettings, { signal }),
    staleTime: STALE_MS,
  });
}

/** Series of document numbers, with what the next number of each would be: always asked anew. */
export function useSeries(isEnabled = true) {
  const { api, workspace } = useWorkspace();
  return useQuery({
    queryKey: [workspace.id, 'number-series'],
    queryFn: ({ signal }) => api.get('/v1/number-series', seriesList, { signal }),
    enabled: isEnabled,
  });
}
