import { allocateByWeight } from '../foundation/allocate.ts';
import { type CurrencyCode, exponentOf } from '../foundation/currency.ts';
import { daysBetween, type LocalDate } from '../foundation/local-date.ts';
import { exactDecimalText } from '../foundation/money.ts';
import type { NewInvoice } from './api.ts';
import { discountOn, lineGross } from './invoice-amounts.ts';
import { readLines, type WrittenLine } from './invoice-content.ts';
import { type Occurrence, prorate } from './recurrence.ts';
import type { RecurringContent } from './recurring-invoice.ts';

/**
 * A price that changes in the middle of a period, by the day. The days from the change on are credited as the period was
 * billed, and billed anew as it is from then on; each line is rounded once. A document's discount is split over the lines
 * first, so that both documents stand without one and their lines add up.
 */
export function proratedLines(
  content: Pick<RecurringContent, 'lines' | 'discount'>,
  currency: CurrencyCode,
  period: Pick<Occurrence, 'on' | 'until'>,
  from: LocalDate,
): NewInvoice['lines'] {
  const written = content.lines.map((line) => ({ ...line, product_id: null, taxes: [] }));
  const { lines, discount } = readLines(
    { lines: written as unknown as WrittenLine[], discount: content.discount as WrittenLine['discount'] },
    currency,
  );
  const prices = lines.map((line) => {
    const gross = lineGross(line);
    return gross - discountOn(gross, line.discount);
  });
  const whole = prices.reduce((sum, price) => sum + price, 0n);
  const off = discountOn(whole, discount);
  const offs = whole === 0n ? prices.map(() => 0n) : allocateByWeight(off, prices);
  const days = `${daysBetween(from, period.until)} of ${daysBetween(period.on, period.until)} days, from ${from} until ${period.until}`;
  return content.lines.flatMap((line, index) => {
    const partMinor = prorate(prices[index]! - offs[index]!, period, from);
    if (partMinor === 0n) return [];
    const unitPrice = exactDecimalText(partMinor, exponentOf(currency));
    const { name, unit_code, taxes } = line;
    return [
      { name, description: days, quantity: '1', unit: '', unit_code, unit_price: unitPrice, discount: null, taxes },
    ];
  });
}
