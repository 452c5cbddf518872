import type { Invoice } from '../invoices/api.ts';
import type { Attachment } from '../invoices/attachment.ts';
import type { InvoiceSnapshot } from '../invoices/invoice-snapshot.ts';
import type { PaymentMethod } from '../payments/api.ts';
import type { Caller } from '../workspace/caller.ts';

/** A document whose link's secret somebody holds. */
export interface OpenedDocument {
  readonly caller: Caller;
  /** The link that it was opened by, of the document or of its customer. */
  readonly linkId: string;
  /** Whether that is the customer's own link, which is marked by itself. */
  readonly isByCustomerLink: boolean;
  readonly invoiceId: string;
  /** The surviving contact who pays. */
  readonly contactId: string;
  readonly invoice: Invoice;
  readonly snapshot: InvoiceSnapshot;
  readonly hasLogo: boolean;
  /** Files that go with it. */
  readonly files: readonly Attachment[];
  /** Cards that can be charged, only where there is something to pay. */
  readonly methods: readonly PaymentMethod[];
}

/** Whether the page offers to pay at all. */
export function canBePaid({ workspace }: Caller, invoice: Invoice): boolean {
  return isOwed(invoice) && workspace.switches.charge_customers_directly;
}

/** An invoice of which something is open. */
export function isOwed(invoice: Invoice): boolean {
  return invoice.kind === 'invoice' && invoice.voided_at === null && invoice.open_minor > 0;
}

/** What a customer may want to pay, minor units, the largest first: all that is open, or what is due next of it. */
export function amountsOffered(invoice: Invoice, today: string): number[] {
  const early = invoice.early_discount;
  const earns = early !== null && today <= early.until_on && invoice.discounted_minor === 0;
  const all = invoice.open_minor - (earns ? Math.min(early.amount_minor, invoice.open_minor) : 0);
  const settled = invoice.paid_minor + invoice.credited_minor + invoice.discounted_minor + invoice.written_off_minor;
  let sum = 0;
  for (const { amount_minor } of invoice.instalments) {
    sum += amount_minor;
    if (sum <= settled) continue;
    const next = sum - settled;
    return next < all ? [all, next] : [all];
  }
  return [all];
}
