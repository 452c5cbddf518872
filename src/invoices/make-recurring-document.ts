import { check } from '../foundation/assert.ts';
import { toPublicId } from '../foundation/id.ts';
import type { LocalDate } from '../foundation/local-date.ts';
import { exactDecimalText, parseExactDecimal } from '../foundation/money.ts';
import type { NewInvoice } from './api.ts';
import type { Writing } from './create-invoice.ts';
import { QUANTITY_DECIMALS } from './invoice-amounts.ts';
import { contentOn, metersOn, type RecurringContent, type RecurringRow } from './recurring-invoice.ts';
import type { UsageRow } from './store-usage.ts';

/** What one occurrence of a schedule bills. */

/** "2.5" → 2500000n. The schemas have accepted the text. */
function quantityOf(text: string): bigint {
  const read = parseExactDecimal(text, QUANTITY_DECIMALS);
  check(read.ok && read.scaled > 0n, 'a quantity that was accepted can be read');
  return read.scaled;
}

/**
 * The document of the period that begins on `on`: the lines of that date, and what was used since the last one, one line for
 * each meter. Null when there is nothing to bill.
 */
export function documentOf(row: RecurringRow, on: LocalDate, usage: readonly UsageRow[]): Writing | null {
  return writingFrom(row, { ...contentOn(row.revisions, on), meters: metersOn(row.revisions, on) }, usage);
}

/** The last document of a schedule: usage that no other will bill. Null when there is none. */
export function closingDocumentOf(row: RecurringRow, on: LocalDate, usage: readonly UsageRow[]): Writing | null {
  const content = contentOn(row.revisions, on);
  // An amount off belongs to the lines of a period; a percentage to everything.
  const discount = content.discount?.percent === undefined ? null : content.discount;
  return writingFrom(row, { ...content, meters: metersOn(row.revisions, on), lines: [], discount }, usage);
}

function writingFrom(row: RecurringRow, content: RecurringContent, usage: readonly UsageRow[]): Writing | null {
  const used = content.meters.flatMap((meter): NewInvoice['lines'] => {
    const quantity = usage
      .filter(({ line }) => line.meter === meter.code)
      .reduce((sum, { line }) => sum + quantityOf(line.quantity), 0n);
    if (quantity === 0n) return [];
    const { name, unit, unit_code, unit_price, taxes } = meter;
    const text = exactDecimalText(quantity, QUANTITY_DECIMALS);
    return [{ name, description: '', quantity: text, unit, unit_code, unit_price, discount: null, taxes }];
  });
  const lines = [...content.lines, ...used];
  if (lines.length === 0) return null;
  return {
    kind: 'invoice',
    contact_id: toPublicId('contact', row.contact_id),
    currency: row.currency,
    lines,
    discount: content.discount,
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

/** All usage that waits, of meters that the schedule ever knew. */
export function closingUsage(row: RecurringRow, on: LocalDate, waiting: readonly UsageRow[]): UsageRow[] {
  const codes = new Set(metersOn(row.revisions, on).map(({ code }) => code));
  return waiting.filter((one) => one.recurring_id === row.id && codes.has(one.line.meter));
}

/** The usage that a document of this date bills: what was used before it, of meters that the schedule ever knew. */
export function billableUsage(row: RecurringRow, on: LocalDate, waiting: readonly UsageRow[]): UsageRow[] {
  const codes = new Set(metersOn(row.revisions, on).map(({ code }) => code));
  return waiting.filter((one) => one.recurring_id === row.id && one.on_date < on && codes.has(one.line.meter));
}
