import { parseExactDecimal } from '../foundation/money.ts';
import type { EInvoice, ELine } from './e-invoice.ts';

/** How rules of e-invoices are written down: what they share. */

/**
 * A business rule under the name that its publisher gave it: EN 16931-1 (BR-…) or Peppol BIS Billing 3.0 (PEPPOL-…). It
 * answers what breaks it: the path of the field, nothing where it is met.
 */
export interface EInvoiceRule {
  readonly id: string;
  /** Where to mend it, in the words of this program. */
  readonly mend: string;
  readonly broken: (invoice: EInvoice) => readonly string[];
}

export const SELLER = 'Settings → Invoicing';
export const BUYER = 'Fill it in on the contact';
export const OURS = 'This is a fault of the program: please report it';

/** Decimals as whole numbers of this many places: more than any figure of a document has. */
const PLACES = 14;

export function exact(text: string): bigint {
  const read = parseExactDecimal(text, PLACES);
  return read.ok ? read.scaled : 0n;
}

export const ONE = exact('1');
export const HUNDREDTH = exact('0.01');
export const sum = (texts: readonly string[]) => texts.reduce((total, text) => total + exact(text), 0n);
export const isDecimal = (text: string) => /^-?\d+(\.\d+)?$/.test(text);
export const places = (text: string) => text.split('.')[1]?.length ?? 0;
export const magnitude = (value: bigint) => (value < 0n ? -value : value);

/** A rule about one value. */
export const one = (
  id: string,
  path: string,
  mend: string,
  isBroken: (invoice: EInvoice) => boolean,
): EInvoiceRule => ({
  id,
  mend,
  broken: (invoice) => (isBroken(invoice) ? [path] : []),
});

/** A rule about each of several parts; `path` is theirs without the number. */
export const each = <T>(
  id: string,
  list: (invoice: EInvoice) => readonly T[],
  path: (index: number) => string,
  mend: string,
  isBroken: (part: T, invoice: EInvoice) => boolean,
): EInvoiceRule => ({
  id,
  mend,
  broken: (invoice) => list(invoice).flatMap((part, index) => (isBroken(part, invoice) ? [path(index)] : [])),
});

export const ofLines = (
  id: string,
  field: string,
  mend: string,
  isBroken: (line: ELine, invoice: EInvoice) => boolean,
) =>
  each(
    id,
    ({ lines }) => lines,
    (index) => `lines[${index}].${field}`,
    mend,
    isBroken,
  );
export const ofAllowances = (id: string, isBroken: (part: EInvoice['allowances'][number]) => boolean) =>
  each(
    id,
    ({ allowances }) => allowances,
    () => 'discount',
    OURS,
    isBroken,
  );
export const ofBreakdown = (
  id: string,
  mend: string,
  isBroken: (row: EInvoice['breakdown'][number], of: EInvoice) => boolean,
) =>
  each(
    id,
    ({ breakdown }) => breakdown,
    () => 'taxes',
    mend,
    isBroken,
  );

export const ROUNDED =
  'Tax was rounded on each line: set Settings → Invoicing to rounding by document for the next ones';

/** The published checks allow a whole unit of the currency either way, so that each line may have been rounded. */
export function isTaxOf(base: string, rate: string, tax: string): boolean {
  const wanted = (exact(base) * exact(rate)) / exact('100');
  const rounded = ((magnitude(wanted) + HUNDREDTH / 2n) / HUNDREDTH) * HUNDREDTH;
  return magnitude(magnitude(exact(tax)) - rounded) < ONE;
}
