import { allocateByWeight, proportionHalfUp } from '../../../src/foundation/allocate.ts';
import { parseExactDecimal } from '../../../src/foundation/money.ts';
import type { Invoice } from '../../../src/invoices/api.ts';
import {
  discountOn,
  type InvoiceAmounts,
  invoiceAmounts,
  QUANTITY_DECIMALS,
} from '../../../src/invoices/invoice-amounts.ts';
import { readLines } from '../../../src/invoices/invoice-content.ts';
import { discountFrom } from '../../../src/invoices/written-terms.ts';

/** A line of a credit note as the API takes it. */
export interface CreditLine {
  readonly name: string;
  readonly description: string;
  readonly quantity: string;
  readonly unit: string;
  readonly unit_code: string;
  readonly unit_price: string;
  readonly discount: { readonly amount_minor: number } | null;
  readonly taxes: readonly string[];
}

/**
 * The lines that take back `quantities` (by place in the invoice, as the API writes numbers) of an invoice, and what they
 * come to. A line takes its part of its own discount and of the discount on the whole with it, so that everything taken
 * back line by line is what was billed. Null where a quantity cannot be read.
 */
export function creditLinesOf(
  invoice: Invoice,
  quantities: ReadonlyMap<number, string>,
): { lines: CreditLine[]; amounts: InvoiceAmounts } | null {
  const after = invoice.lines.map((line) => BigInt(line.gross_minor - line.discount_minor));
  const sum = after.reduce((all, amount) => all + amount, 0n);
  const off = invoice.discount === null ? 0n : discountOn(sum, discountFrom(written(invoice.discount)));
  const shares = sum > 0n ? allocateByWeight(off, after) : after.map(() => 0n);
  const lines: CreditLine[] = [];
  for (const [place, quantity] of quantities) {
    const line = invoice.lines[place];
    const whole = line && parseExactDecimal(line.quantity, QUANTITY_DECIMALS);
    const part = parseExactDecimal(quantity, QUANTITY_DECIMALS);
    if (!line || !whole?.ok || !part.ok || part.scaled <= 0n || part.scaled > whole.scaled) return null;
    const discount = proportionHalfUp(BigInt(line.discount_minor) + shares[place]!, part.scaled, whole.scaled);
    lines.push({
      name: line.name,
      description: line.description,
      quantity,
      unit: line.unit,
      unit_code: line.unit_code,
      unit_price: line.unit_price,
      discount: discount > 0n ? { amount_minor: Number(discount) } : null,
      taxes: line.taxes,
    });
  }
  const taxes = new Map(invoice.taxes.map((tax) => [tax.code, { ...tax, exemption_reason: null }]));
  const read = readLines(
    {
      lines: lines.map((line) => ({
        ...line,
        product_id: null,
        taxes: line.taxes.flatMap((code) => taxes.get(code) ?? []),
      })),
      discount: null,
    },
    invoice.currency,
  );
  if (read.problems.length > 0) return null;
  return { lines, amounts: invoiceAmounts(read.lines, null, 'document') };
}

function written(discount: NonNullable<Invoice['discount']>) {
  return discount.amount_minor === undefined
    ? { percent: discount.percent ?? '0' }
    : { amount_minor: discount.amount_minor };
}
