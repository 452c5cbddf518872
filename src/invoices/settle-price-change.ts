import { check } from '../foundation/assert.ts';
import type { WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import { toPublicId } from '../foundation/id.ts';
import type { LocalDate } from '../foundation/local-date.ts';
import { writeOutbox } from '../foundation/outbox.ts';
import type { Caller } from '../workspace/caller.ts';
import type { NewInvoice } from './api.ts';
import type { Writing } from './create-invoice.ts';
import { creditInvoice } from './credit-invoice.ts';
import type { InvoiceRow } from './invoice.ts';
import { type PaymentsOfInvoices, writeGroup } from './make-invoices-room.ts';
import { proratedLines } from './proration.ts';
import { dateOfOccurrence, type Occurrence } from './recurrence.ts';
import { contentOn, type RecurringContent, type RecurringRow } from './recurring-invoice.ts';
import { readMadeInvoices } from './store-recurring.ts';

/** Documents of one period that are looked at: the invoice of its first day and those of changes since. */
const LATEST_MAX = 24;

/** What a price that changes within a period comes to: the days that are left are credited as billed, and billed anew. */
export interface PriceChange {
  /** The document that billed these days last. */
  readonly billedBy: InvoiceRow;
  readonly until: LocalDate;
  readonly credit: NewInvoice['lines'];
  readonly charge: Writing | null;
}

/**
 * What is to be credited and billed when `content` holds from `on`, a day of a period that is billed already. Null when no
 * such period is billed, or when its price stays the same. Throws invoice_state_conflict while its invoice is a draft.
 */
export async function planPriceChange(
  tx: WorkspaceTx,
  row: RecurringRow,
  content: RecurringContent,
  on: LocalDate,
): Promise<PriceChange | null> {
  const period = periodOf(row, on);
  if (period === null) return null;
  const made = await readMadeInvoices(tx, row.id, LATEST_MAX);
  const billedBy = made.find(
    (one) => one.kind === 'invoice' && one.voided_at === null && one.content.period?.until === period.until,
  );
  if (!billedBy?.content.period) return null;
  if (billedBy.issued_at === null) {
    const words =
      'The invoice of this period is still a draft: change it there, and the schedule from the next period on.';
    throw new Failure('invoice_state_conflict', words, { fields: [{ path: 'prorate', message: words }] });
  }
  const billed = contentOn(row.revisions, billedBy.content.period.from);
  const credit = proratedLines(billed, row.currency, period, on);
  const lines = proratedLines(content, row.currency, period, on);
  if (priceOf(credit) === priceOf(lines)) return null;
  return {
    billedBy,
    until: period.until,
    credit,
    charge: lines.length === 0 ? null : writingOf(row, content, lines),
  };
}

/**
 * Writes the two documents in the caller's transaction, which holds the schedule: a credit note about what billed the days,
 * and an invoice for them. Throws credit_above_billed when so much cannot be credited any more.
 */
export async function settlePriceChange(
  tx: WorkspaceTx,
  caller: Caller,
  row: RecurringRow,
  { billedBy, until, credit, charge }: PriceChange,
  on: LocalDate,
  payments: PaymentsOfInvoices,
): Promise<void> {
  if (credit.length > 0) {
    const reason = `Change of “${row.name}” from ${on} on.`;
    await creditInvoice(tx, caller, billedBy.id, { lines: credit, reason }, payments);
  }
  if (charge === null) return;
  const origin = { source: 'recurring', recurring: { id: row.id, number: null }, period: { from: on, until } } as const;
  const issue = row.auto_issue ? { issuedOn: null, seriesId: null } : null;
  const [result] = await writeGroup(tx, [{ caller, writing: charge, origin, issue }]);
  check(result, 'one document was written');
  if ('failure' in result) throw result.failure;
  if (row.auto_issue && row.auto_send) {
    const payload = { invoice_id: toPublicId('invoice', result.id) };
    await writeOutbox(tx, [{ topic: 'invoice.to_send', payload }], caller.now);
  }
}

/** The period that a day lies in, among those whose occurrence has come; null when it lies in none. */
function periodOf({ recurrence, last_number }: RecurringRow, day: LocalDate): Occurrence | null {
  for (let number = last_number; number >= 1; number -= 1) {
    const on = dateOfOccurrence(recurrence, number);
    if (day < on) continue;
    const until = dateOfOccurrence(recurrence, number + 1);
    return day < until ? { number, on, until } : null;
  }
  return null;
}

function priceOf(lines: NewInvoice['lines']): string {
  return JSON.stringify(lines.map(({ unit_price, taxes }) => [unit_price, taxes]));
}

function writingOf(row: RecurringRow, content: RecurringContent, lines: NewInvoice['lines']): Writing {
  return {
    kind: 'invoice',
    contact_id: toPublicId('contact', row.contact_id),
    currency: row.currency,
    lines,
    discount: null,
    notes: content.notes,
    reference: content.reference,
    terms: row.terms,
    terms_id: row.terms_id === null ? null : toPublicId('terms', row.terms_id),
    deposit: null,
    issued_on: null,
    valid_until: null,
    auto_charge: row.auto_charge,
  };
}
