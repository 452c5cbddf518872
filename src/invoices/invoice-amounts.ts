import { allocateByWeight, proportionHalfUp } from '../foundation/allocate.ts';
import { check } from '../foundation/assert.ts';

/**
 * What an invoice comes to: pure, exact, and the only place where invoice money is rounded. There are three rounding
 * points, each half away from zero: a line (quantity × price), a percentage (discount), and a tax, the last once per tax
 * rate of the whole document or once per line, as the invoice says (`taxRounding`). Everything that is split adds up again.
 */

/** Quantities carry six decimals: 1.5 hours is 1_500_000n. */
export const QUANTITY_DECIMALS = 6;
/** Unit prices carry four decimals beyond the minor unit: $0.12345 is 123_450n (of a hundredth of a cent). */
export const UNIT_PRICE_EXTRA_DECIMALS = 4;
/** Percentages carry four decimals: 8.875 % is 88_750n. */
export const PERCENT_DECIMALS = 4;

/** A quantity of one times a price of one minor unit. */
const LINE_WHOLE = 10_000_000_000n;
/** One hundred per cent. */
const PERCENT_WHOLE = 1_000_000n;

export type TaxRounding = 'document' | 'line';

/** Code list UNCL5305 as EN 16931 uses it: standard, zero, exempt, reverse charge, intra-community, export, outside. */
export const TAX_CATEGORIES = ['S', 'Z', 'E', 'AE', 'K', 'G', 'O'] as const;
export type TaxCategory = (typeof TAX_CATEGORIES)[number];

export interface Tax {
  /** The tax of the workspace's list; one rate of one tax has one code. */
  readonly code: string;
  readonly label: string;
  /** Per cent with PERCENT_DECIMALS; 0 to 100. */
  readonly rate: bigint;
  /** Whether prices of the line contain it. */
  readonly inclusive: boolean;
  readonly category: TaxCategory;
}

export type Discount =
  | { readonly kind: 'percent'; readonly percent: bigint }
  | { readonly kind: 'amount'; readonly amountMinor: bigint };

export interface InvoiceLine {
  /** With QUANTITY_DECIMALS; more than zero. */
  readonly quantity: bigint;
  /** Minor units with UNIT_PRICE_EXTRA_DECIMALS; zero or more. */
  readonly unitPrice: bigint;
  readonly discount: Discount | null;
  readonly taxes: readonly Tax[];
}

export interface LineAmounts {
  /** Quantity × unit price as written, taxes included where the line's are. */
  readonly grossMinor: bigint;
  /** The line's own discount, on the same footing. */
  readonly discountMinor: bigint;
  /** Without tax, after the line's discount, before the document's. */
  readonly netMinor: bigint;
  /** The line's part of the document's discount, without tax. */
  readonly documentDiscountMinor: bigint;
  /** What taxes are counted on: net − documentDiscount. */
  readonly taxableMinor: bigint;
}

export interface TaxAmount {
  readonly code: string;
  readonly label: string;
  readonly rate: bigint;
  readonly category: TaxCategory;
  readonly inclusive: boolean;
  readonly baseMinor: bigint;
  readonly taxMinor: bigint;
}

export interface InvoiceAmounts {
  readonly lines: readonly LineAmounts[];
  /** Sum of the lines without tax, after their own discounts. */
  readonly netMinor: bigint;
  readonly documentDiscountMinor: bigint;
  readonly taxableMinor: bigint;
  readonly taxes: readonly TaxAmount[];
  readonly taxMinor: bigint;
  /** net − documentDiscount + tax: what the customer is asked for. */
  readonly totalMinor: bigint;
}

/** Quantity × price in minor units, rounded once. */
export function lineGross(line: Pick<InvoiceLine, 'quantity' | 'unitPrice'>): bigint {
  return proportionHalfUp(line.quantity * line.unitPrice, 1n, LINE_WHOLE);
}

/** A discount on an amount in minor units; never more than the amount. */
export function discountOn(amountMinor: bigint, discount: Discount | null): bigint {
  if (discount === null) return 0n;
  const off =
    discount.kind === 'amount' ? discount.amountMinor : proportionHalfUp(amountMinor, discount.percent, PERCENT_WHOLE);
  return off > amountMinor ? amountMinor : off;
}

/** Everything an invoice comes to. Throws BrokenAssumption on what check-invoice.ts refuses (negative or over 100 %). */
export function invoiceAmounts(
  lines: readonly InvoiceLine[],
  documentDiscount: Discount | null,
  taxRounding: TaxRounding,
): InvoiceAmounts {
  const written = lines.map((line) => {
    check(line.quantity > 0n && line.unitPrice >= 0n, 'a line has a quantity and no negative price');
    const grossMinor = lineGross(line);
    const discountMinor = discountOn(grossMinor, line.discount);
    return { line, grossMinor, discountMinor, afterMinor: grossMinor - discountMinor };
  });
  const after = written.map(({ afterMinor }) => afterMinor);
  const sum = add(after);
  const off = discountOn(sum, documentDiscount);
  const parts = sum > 0n ? allocateByWeight(off, after) : after.map(() => 0n);

  const groupOf = (index: number) => (taxRounding === 'line' ? String(index) : inclusiveKey(lines[index]!.taxes));
  const net = netOfInclusive(lines, after, groupOf);
  const taxable = netOfInclusive(
    lines,
    after.map((amount, index) => amount - parts[index]!),
    groupOf,
  );

  const amounts = written.map(({ grossMinor, discountMinor }, index) => ({
    grossMinor,
    discountMinor,
    netMinor: net.netMinor[index]!,
    documentDiscountMinor: net.netMinor[index]! - taxable.netMinor[index]!,
    taxableMinor: taxable.netMinor[index]!,
  }));
  const taxes = taxesOf(lines, taxable, taxRounding);
  const taxableMinor = add(taxable.netMinor);
  const taxMinor = add(taxes.map((tax) => tax.taxMinor));
  const netMinor = add(net.netMinor);
  return {
    lines: amounts,
    netMinor,
    documentDiscountMinor: netMinor - taxableMinor,
    taxableMinor,
    taxes,
    taxMinor,
    totalMinor: taxableMinor + taxMinor,
  };
}

interface NetSplit {
  /** Per line, without tax. */
  readonly netMinor: readonly bigint[];
  /** Per line, tax code → the tax that its price contains. */
  readonly inclusiveTax: readonly ReadonlyMap<string, bigint>[];
}

/**
 * Takes the tax out of prices that contain it: once per group of lines with the same taxes inside (or per line), so that
 * net + tax is exactly what was written, and then split over the lines so that they add up.
 */
function netOfInclusive(
  lines: readonly InvoiceLine[],
  amounts: readonly bigint[],
  groupOf: (index: number) => string,
): NetSplit {
  const netMinor = [...amounts];
  const inclusiveTax = lines.map(() => new Map<string, bigint>());
  const groups = new Map<string, number[]>();
  for (const [index, line] of lines.entries()) {
    if (!line.taxes.some((tax) => tax.inclusive)) continue;
    const key = groupOf(index);
    groups.set(key, [...(groups.get(key) ?? []), index]);
  }
  for (const indices of groups.values()) {
    const inside = lines[indices[0]!]!.taxes.filter((tax) => tax.inclusive);
    const rates = inside.map((tax) => tax.rate);
    const gross = add(indices.map((index) => amounts[index]!));
    if (gross === 0n || add(rates) === 0n) continue;
    const net = proportionHalfUp(gross, PERCENT_WHOLE, PERCENT_WHOLE + add(rates));
    const netParts = allocateByWeight(
      net,
      indices.map((index) => amounts[index]!),
    );
    const taxParts = allocateByWeight(gross - net, rates);
    for (const [place, index] of indices.entries()) netMinor[index] = netParts[place]!;
    // The group's tax stands with its first line; sums per code are what is reported.
    for (const [place, tax] of inside.entries()) inclusiveTax[indices[0]!]!.set(tax.code, taxParts[place]!);
  }
  return { netMinor, inclusiveTax };
}

function inclusiveKey(taxes: readonly Tax[]): string {
  const inside = taxes.filter((tax) => tax.inclusive).map((tax) => tax.code);
  return inside.sort().join(' ');
}

function taxesOf(lines: readonly InvoiceLine[], split: NetSplit, rounding: TaxRounding): TaxAmount[] {
  const found = new Map<string, TaxAmount>();
  const addTo = (tax: Tax, baseMinor: bigint, taxMinor: bigint) => {
    const before = found.get(tax.code);
    found.set(tax.code, {
      code: tax.code,
      label: tax.label,
      rate: tax.rate,
      category: tax.category,
      inclusive: tax.inclusive,
      baseMinor: (before?.baseMinor ?? 0n) + baseMinor,
      taxMinor: (before?.taxMinor ?? 0n) + taxMinor,
    });
  };
  for (const [index, line] of lines.entries()) {
    const base = split.netMinor[index]!;
    for (const tax of line.taxes) {
      const onLine = rounding === 'line' ? proportionHalfUp(base, tax.rate, PERCENT_WHOLE) : 0n;
      addTo(tax, base, tax.inclusive ? (split.inclusiveTax[index]!.get(tax.code) ?? 0n) : onLine);
    }
  }
  const taxes = [...found.values()].sort((a, b) => (a.code < b.code ? -1 : 1));
  if (rounding === 'line') return taxes;
  return taxes.map((tax) =>
    tax.inclusive ? tax : { ...tax, taxMinor: proportionHalfUp(tax.baseMinor, tax.rate, PERCENT_WHOLE) },
  );
}

function add(amounts: readonly bigint[]): bigint {
  return amounts.reduce((sum, amount) => sum + amount, 0n);
}
