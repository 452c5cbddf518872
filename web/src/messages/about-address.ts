import type { Message } from '../../../src/messages/api.ts';
import { invoiceAddress } from '../invoices/invoice-addresses.ts';
import type { Address } from '../ui/address-link.tsx';

/** Where the page is of what a message is about, and what it is called; null where it is about nothing with a page. */
export function aboutAddress(workspaceId: string, message: Message): { label: string; address: Address } | null {
  const { document_id: id } = message;
  if (id?.startsWith('inv_')) return { label: 'Open the document', address: invoiceAddress(workspaceId, id) };
  if (id?.startsWith('pay_')) {
    const to = '/w/$workspaceId/payments/transactions/$paymentId';
    return { label: 'Open the payment', address: { to, params: { workspaceId, paymentId: id } } };
  }
  return null;
}
