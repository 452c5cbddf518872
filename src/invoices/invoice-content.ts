import { check } from '../foundation/assert.ts';
import type { CurrencyCode } from '../foundation/currency.ts';
import { exponentOf } from '../foundation/currency.ts';
import { parseExactDecimal } from '../foundation/money.ts';
import {
  type Discount,
  type InvoiceAmounts,
  type InvoiceLine,
  invoiceAmounts,
  PERCENT_DECIMALS,
  QUANTITY_DECIMALS,
  type Tax,
  type TaxCategory,
  type TaxRounding,
  UNIT_PRICE_EXTRA_DECIMALS,
} from './invoice-amounts.ts';

/**
 * An invoice as it is written and kept (`invoices.content`): decimals are text, exactly as typed, so that nothing is
 * rounded on the way; amounts of money are whole minor units.
 */
export interface WrittenDiscount {
  /** "12.5": per cent. Exactly one of the two is there. */
  readonly percent?: string;
  readonly amount_minor?: number;
}

export interface WrittenTax {
  readonly code: string;
  readonly label: string;
  /** "20", "8.875": per cent. */
  readonly rate: string;
  readonly inclusive: boolean;
  readonly category: TaxCategory;
  readonly exemption_reason: string | null;
}

export interface WrittenLine {
  readonly product_id: string | null;
  readonly name: string;
  readonly description: string;
  /** "1.5"; at most QUANTITY_DECIMALS places. */
  readonly quantity: string;
  readonly unit: string;
  readonly unit_code: string;
  /** "49.90": in whole units of the currency, at most four places beyond its own. */
  readonly unit_price: string;
  readonly discount: WrittenDiscount | null;
  readonly taxes: readonly WrittenTax[];
}

export interface InvoiceContent {
  readonly lines: readonly WrittenLine[];
  readonly discount: WrittenDiscount | null;
  readonly tax_rounding: TaxRounding;
  readonly notes: string;
  /** What a recurring invoice is for: first day, and the first day after it. */
  readonly period: { readonly from: string; readonly until: string } | null;
}

export type WrongContent = { readonly path: string; readonly message: string };

/** Quantities beyond this are slips of the pen: a thousand million pieces. */
const QUANTITY_MAX = 1_000_000_000_000_000n;
const PERCENT_MAX = 1_000_000n;

/** Reads the content's decimals. Every problem is told with its path, nothing is rounded or guessed. */
export function readLines(
  content: Pick<InvoiceContent, 'lines' | 'discount'>,
  currency: CurrencyCode,
): { lines: InvoiceLine[]; discount: Discount | null; problems: WrongContent[] } {
  const problems: WrongContent[] = [];
  const decimal = (text: string, decimals: number, path: string, max: bigint | null): bigint => {
    const read = parseExactDecimal(text, decimals);
    if (!read.ok) problems.push({ path, message: read.reason });
    else if (read.scaled < 0n) problems.push({ path, message: 'Not less than zero.' });
    else if (max !== null && read.scaled > max) problems.push({ path, message: 'That is more than is accepted.' });
    else return read.scaled;
    return 0n;
  };
  const discountAt = (written: WrittenDiscount | null, path: string): Discount | null => {
    if (written === null) return null;
    if (written.amount_minor !== undefined) return { kind: 'amount', amountMinor: BigInt(written.amount_minor) };
    const percent = decimal(written.percent ?? '', PERCENT_DECIMALS, `${path}.percent`, PERCENT_MAX);
    return { kind: 'percent', percent };
  };
  const priceDecimals = exponentOf(currency) + UNIT_PRICE_EXTRA_DECIMALS;
  const rates = new Map<string, string>();
  const lines = content.lines.map((written, index): InvoiceLine => {
    const path = `lines[${index}]`;
    const quantity = decimal(written.quantity, QUANTITY_DECIMALS, `${path}.quantity`, QUANTITY_MAX);
    if (quantity === 0n && parseExactDecimal(written.quantity, QUANTITY_DECIMALS).ok) {
      problems.push({ path: `${path}.quantity`, message: 'More than zero.' });
    }
    const taxes = written.taxes.map((tax, place): Tax => {
      const rate = decimal(tax.rate, PERCENT_DECIMALS, `${path}.taxes[${place}].rate`, PERCENT_MAX);
      const known = `${rate} ${tax.inclusive} ${tax.category}`;
      if ((rates.get(tax.code) ?? known) !== known) {
        problems.push({ path: `${path}.taxes[${place}]`, message: `${tax.code} stands for two different taxes here.` });
      }
      rates.set(tax.code, known);
      return { code: tax.code, label: tax.label, rate, inclusive: tax.inclusive, category: tax.category };
    });
    if (new Set(taxes.map((tax) => tax.code)).size < taxes.length) {
      problems.push({ path: `${path}.taxes`, message: 'The same tax stands twice on this line.' });
    }
    return {
      quantity,
      unitPrice: decimal(written.unit_price, priceDecimals, `${path}.unit_price`, null),
      discount: discountAt(written.discount, `${path}.discount`),
      taxes,
    };
  });
  return { lines, discount: discountAt(content.discount, 'discount'), problems };
}

/** What content that was accepted comes to. Throws BrokenAssumption when it holds what readLines() refuses. */
export function amountsOf(content: InvoiceContent, currency: CurrencyCode): InvoiceAmounts {
  const { lines, discount, problems } = readLines(content, currency);
  check(problems.length === 0, `kept content is well written (${problems[0]?.path})`);
  return invoiceAmounts(lines, discount, content.tax_rounding);
}
