import { exponentOf } from '../foundation/currency.ts';
import { AMOUNT_MINOR_MAX, exactDecimalText, roundToMinor } from '../foundation/money.ts';
import { amountsOf, readLines, type WrittenLine } from '../invoices/invoice-content.ts';
import { PRICE_DECIMALS, VALUE_DECIMALS } from './import.ts';

/** A line of a sale as a file tells it. Quantity and price carry PRICE_DECIMALS and may be negative. */
export interface SoldLine {
  readonly name: string;
  readonly code: string;
  readonly quantity: bigint;
  readonly price: bigint;
}

/** A document's line while it waits to be written: name, product code, quantity, price of one. */
export type StagedLine = readonly [string, string, string, string];

/** What a document of a file comes to. Amounts in minor units, positive for both kinds. */
export interface SalesDocument {
  readonly kind: 'invoice' | 'credit_note';
  readonly lines: readonly StagedLine[];
  /** Lines that go the other way, and what rounding the document once took off. */
  readonly discountMinor: bigint;
  readonly totalMinor: bigint;
  readonly notes: string;
  /** Whether the document rounded once differs from its lines rounded one by one. */
  readonly rounded: boolean;
}

/** Longer documents than people write by hand; more than this is a data export and no document. */
export const DOCUMENT_LINES_MAX = 2_000;
/** As an invoice's line may be named. */
export const LINE_NAME_MAX = 300;
export const LINE_CODE_MAX = 100;
const NOTES_MAX = 4_000;

/**
 * Makes lines into a document whose lines add up to its total exactly. The total is the exact sum rounded once, half away
 * from zero, as it always is for sales lines; each line is rounded to the minor unit by itself. Where the two differ, a line
 * “Rounding” adds what is missing, or a discount takes off what is too much. Lines against the document's direction (a return
 * within a sale) are a discount of their worth, named in the notes, because a document has no lines below nothing.
 * Answers a sentence where there can be no such document.
 */
export function salesDocument(
  lines: readonly SoldLine[],
  isCancelled: boolean,
  currency: string,
): SalesDocument | { readonly refused: string } {
  const exact = lines.reduce((sum, line) => sum + line.quantity * line.price, 0n);
  const isCredit = exact < 0n || (exact === 0n && isCancelled);
  const direction = isCredit ? -1n : 1n;
  const totalMinor = direction * roundToMinor(exact, VALUE_DECIMALS, currency);
  const written: StagedLine[] = [];
  const notes: string[] = [];
  let grossMinor = 0n;
  let discountMinor = 0n;
  for (const line of lines) {
    const { name, code } = line;
    const quantity = exactDecimalText(abs(line.quantity), PRICE_DECIMALS);
    const price = exactDecimalText(abs(line.price), PRICE_DECIMALS);
    const worth = roundToMinor(abs(line.quantity * line.price), VALUE_DECIMALS, currency);
    if (line.quantity === 0n) notes.push(`None of ${name}, at ${price}.`);
    else if (direction * line.quantity * line.price < 0n) {
      discountMinor += worth;
      notes.push(`Taken off: ${quantity} × ${name} at ${price}.`);
    } else {
      grossMinor += worth;
      written.push([name, code, quantity, price]);
    }
  }
  const missing = totalMinor - (grossMinor - discountMinor);
  if (missing > 0n) {
    const price = exactDecimalText(missing, exponentOf(currency));
    written.push(['Rounding', '', '1', price]);
    notes.push(`Rounding: ${price} added.`);
  } else if (missing < 0n) {
    discountMinor -= missing;
    notes.push(`Rounding: ${exactDecimalText(-missing, exponentOf(currency))} taken off.`);
  }
  const document: SalesDocument = {
    kind: isCredit ? 'credit_note' : 'invoice',
    lines: written,
    discountMinor,
    totalMinor,
    notes: notes.join('\n').slice(0, NOTES_MAX),
    rounded: missing !== 0n,
  };
  const refused = problemOf(document, grossMinor > discountMinor ? grossMinor : discountMinor, currency);
  return refused === null ? document : { refused };
}

function problemOf(document: SalesDocument, largestMinor: bigint, currency: string): string | null {
  if (largestMinor > AMOUNT_MINOR_MAX) return 'Its lines are worth more than this program accepts.';
  const lines = writtenLines(document.lines);
  const discount = document.discountMinor > 0n ? { amount_minor: Number(document.discountMinor) } : null;
  const { problems } = readLines({ lines, discount }, currency);
  if (problems.length > 0) return `${problems[0]!.path}: ${problems[0]!.message}`;
  const content = { lines, discount, tax_rounding: 'document' as const, notes: '', period: null };
  // The amounts that the document will have, by the very arithmetic that will give it them.
  return amountsOf(content, currency).totalMinor === document.totalMinor
    ? null
    : 'Its lines do not add up to its total.';
}

/** Lines as documents keep them. */
export function writtenLines(lines: readonly StagedLine[]): WrittenLine[] {
  return lines.map(([name, code, quantity, unitPrice]) => ({
    product_id: null,
    name,
    description: code,
    quantity,
    unit: '',
    unit_code: 'C62',
    unit_price: unitPrice,
    discount: null,
    taxes: [],
  }));
}

function abs(value: bigint): bigint {
  return value < 0n ? -value : value;
}
