import { countryName, townLines } from '../contacts/postal-address.ts';
import { toPublicId } from '../foundation/id.ts';
import type { LocalDate } from '../foundation/local-date.ts';
import type { PaymentRow } from './attempt.ts';
import { receiptWords } from './receipt-words.ts';

/** What a receipt says, kept as it was; documents are made from this alone. Shape: `receipt` of api.ts without ids. */
export interface ReceiptSnapshot {
  /** How it reads (BCP 47): the customer's when it was written. Those of before that was kept have none, and are English. */
  readonly locale?: string;
  readonly test: boolean;
  readonly business: { readonly name: string; readonly address: string; readonly tax_id: string };
  readonly customer: { readonly name: string; readonly address: string; readonly tax_id: string };
  readonly kind: 'payment' | 'refund';
  readonly amount_minor: number;
  readonly tax_minor: number;
  readonly currency: string;
  readonly method: string;
  readonly description: string;
  readonly paid_on: LocalDate;
}

/** "R-8KD3F2M9QX": the random end of the payment's id, so that a receipt is found by typing it. */
export function receiptNumber(paymentId: string): string {
  return `R-${toPublicId('payment', paymentId).slice(-10).toUpperCase()}`;
}

/** Whether this movement gets a receipt: money that really came in or went back, made here. */
export function hasReceipt(row: Pick<PaymentRow, 'kind' | 'source'>): boolean {
  return row.kind !== 'dispute' && row.source !== 'import';
}

/** Lines of a postal address from a contact's billing details. */
export function addressLines(
  billing: Readonly<Record<string, unknown>>,
  country: string | null,
  locale: string,
): string {
  const text = (name: string) => (typeof billing[name] === 'string' ? (billing[name] as string) : '');
  const town = townLines(
    { city: text('city'), region: text('region'), postal_code: text('postal_code') },
    country ?? '',
  );
  const land = country === null ? '' : countryName(country, receiptWords(locale).language);
  return [text('line1'), text('line2'), ...town, land].filter(Boolean).join('\n');
}
