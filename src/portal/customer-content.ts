import type { Invoice, InvoiceRowAnswer } from '../invoices/api.ts';
import type { PaymentMethod } from '../payments/api.ts';
import type { PaymentRow } from '../payments/attempt.ts';
import type { CustomerPageSettings } from './customer-link.ts';

/** An invoice that can be paid from the page, and with how much (minor units), a discount for early payment taken off. */
export interface PayableInvoice {
  readonly row: Invoice;
  readonly amountMinor: number;
}

/** What a customer's page shows. */
export interface CustomerPageContent {
  readonly settings: CustomerPageSettings;
  readonly open: readonly PayableInvoice[];
  readonly paid: readonly InvoiceRowAnswer[];
  readonly quotes: readonly InvoiceRowAnswer[];
  readonly creditNotes: readonly InvoiceRowAnswer[];
  /** Money that came in, the newest first; each has a receipt. */
  readonly payments: readonly PaymentRow[];
  readonly methods: readonly PaymentMethod[];
  readonly hasLogo: boolean;
}
