/** What an invoice is called today; derived from what happened to it, never stored. */
export const INVOICE_STATUSES = [
  'draft',
  'open',
  'processing',
  'partly_paid',
  'paid',
  'overdue',
  'disputed',
  'void',
  'written_off',
] as const;
export type InvoiceStatus = (typeof INVOICE_STATUSES)[number];

export const QUOTE_STATUSES = ['draft', 'sent', 'accepted', 'declined', 'expired', 'invoiced'] as const;
export type QuoteStatus = (typeof QUOTE_STATUSES)[number];
