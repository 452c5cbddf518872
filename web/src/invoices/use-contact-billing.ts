import { useQuery } from '@tanstack/react-query';
import type { TermsAnswer } from '../../../src/invoices/api-catalogue.ts';
import { autoCharges, contactBilling } from '../../../src/payments/api-billing.ts';
import { useWorkspace } from '../app/workspace-context.ts';

/** The usual terms of a contact, and whether their invoices are charged by themselves. */
export function useContactBilling(contactId: string | undefined) {
  const { api, workspace } = useWorkspace();
  return useQuery({
    queryKey: [workspace.id, 'contact-billing', contactId],
    queryFn: ({ signal }) => api.get(`/v1/contacts/${contactId}/billing`, contactBilling, { signal }),
    enabled: contactId !== undefined,
  });
}

/** The terms library with the contact's own terms as the usual ones, where they have any. */
export function libraryFor(library: readonly TermsAnswer[], ownId: string | null | undefined): readonly TermsAnswer[] {
  if (!ownId || !library.some((one) => one.id === ownId)) return library;
  return library.map((one) => ({ ...one, is_default: one.id === ownId }));
}

/** What of an invoice was or will be charged by itself. */
export function useAutoCharges(invoiceId: string, isEnabled: boolean) {
  const { api, workspace } = useWorkspace();
  return useQuery({
    queryKey: [workspace.id, 'auto-charges', invoiceId],
    queryFn: ({ signal }) => api.get(`/v1/invoices/${invoiceId}/auto-charges`, autoCharges, { signal }),
    enabled: isEnabled,
  });
}
