import { exactDecimalText } from '../foundation/money.ts';
import type { CsvRow } from './csv-rows.ts';
import { makeLineGroups } from './group-lines.ts';
import { VALUE_DECIMALS } from './import.ts';
import type { CellReader, IntakeContext, Stage, StagedDocument, StagedPayment } from './intake.ts';
import { matchCredits, type Return, type Sale, type SoldItem } from './matched-sale.ts';
import {
  DOCUMENT_LINES_MAX,
  LINE_CODE_MAX,
  LINE_NAME_MAX,
  type SalesDocument,
  type SoldLine,
  salesDocument,
} from './sales-document.ts';
import type { ExactValue } from './tally.ts';

/** An invoice of a file whose lines have been added up. */
export interface AddedUp {
  readonly no: string;
  readonly customerRef: string;
  readonly exact: bigint;
  readonly lines: number;
  readonly atMs: number;
  readonly dueAtMs: number | null;
  readonly line: number;
  readonly sold: readonly SoldLine[];
}

/** What one customer bought and gave back: by it credit notes find their invoices. */
interface CustomerDocuments {
  readonly ref: string;
  sales: Sale[];
  returns: { readonly movement: StagedPayment; readonly match: Return }[];
  /** Products among sales and returns. */
  items: number;
}

/** Sales of one customer are looked through up to so many products; of a walk-in customer with more, later ones are not. */
const ITEMS_MAX = 100_000;
/** Products counted as one group of lines when memory is measured. */
const ITEMS_PER_WEIGHT = 4;

export interface DocumentsIntake {
  lineOf(row: CsvRow, quantity: bigint, price: bigint): SoldLine;
  dueOf(row: CsvRow): number | null;
  add(stage: Stage, invoice: AddedUp, value: ExactValue): Promise<void>;
  relieve(): Promise<void>;
  finish(stage: Stage): Promise<void>;
}

/** Stages invoices as they come, and credit notes at the end, when all that a customer bought is known. */
export function stageDocuments(context: IntakeContext, cells: CellReader, isPaid: boolean): DocumentsIntake {
  const { settings, tally, now } = context;
  const { currency } = settings;
  const customers = makeLineGroups<CustomerDocuments>(context.folder, 'documents', mergeCustomers, {
    weightOf: ({ items, returns }) => 1 + items / ITEMS_PER_WEIGHT + returns.length,
  });

  function refuse(
    invoice: AddedUp,
    reason: 'value_wrong' | 'too_many_lines' | 'date_ahead',
    message: string,
    value: ExactValue,
  ) {
    const about = { line: invoice.line, column: cells.nameOf('invoice_no'), value: invoice.no, reason, message };
    tally.drop('refused', about, value, invoice.lines);
  }

  async function add(stage: Stage, invoice: AddedUp, value: ExactValue) {
    const { no, line, lines, exact, atMs } = invoice;
    if (lines > DOCUMENT_LINES_MAX)
      return refuse(invoice, 'too_many_lines', `${lines} lines; at most ${DOCUMENT_LINES_MAX} are accepted.`, value);
    if (atMs > now.getTime()) return refuse(invoice, 'date_ahead', 'A document cannot be dated after today.', value);
    const isCancelled = /^c\d/i.test(no);
    const document = salesDocument(invoice.sold, isCancelled, currency);
    if ('refused' in document) return refuse(invoice, 'value_wrong', document.refused, value);
    const about = { line, column: cells.nameOf('invoice_no'), value: no };
    tally.use(lines, value);
    const isCredit = document.kind === 'credit_note';
    if (document.totalMinor === 0n) {
      tally.zeroValue += 1;
      const message = `Invoice ${no} comes to ${exactDecimalText(exact, VALUE_DECIMALS)}: no payment is made.`;
      tally.note({ ...about, reason: 'zero_value', message }, value);
      // Nothing but lines without a quantity: there is no document to write.
      if (document.lines.length === 0) return;
    } else {
      if (isCancelled !== isCredit) tally.note({ ...about, reason: 'sign_mixed' }, value);
      tally.addMovement(isCredit ? 'refund' : 'charge', currency, document.totalMinor);
    }
    if (document.rounded) tally.note({ ...about, reason: 'document_rounded' });
    const movement = movementOf(invoice, document);
    if (!isCredit) await stageDocument(stage.charges, movement);
    noteMatch(movement, invoice, document);
  }

  function movementOf(invoice: AddedUp, document: SalesDocument): StagedPayment & { document: StagedDocument } {
    const { no, line, customerRef, atMs, dueAtMs } = invoice;
    const { kind, lines, discountMinor, notes } = document;
    const isCredit = kind === 'credit_note';
    return {
      ref: `invoice ${no}`,
      customerRef,
      kind: isCredit ? 'refund' : 'charge',
      amountMinor: document.totalMinor,
      currency,
      taxMinor: 0n,
      occurredAtMs: atMs,
      methodKind: settings.paidBy ?? 'other',
      reference: no,
      description: isCredit ? `Credit ${no}` : `Invoice ${no}`,
      parentRef: null,
      line,
      document: { kind, lines, discountMinor, notes, number: no, dueAtMs: isPaid ? null : dueAtMs, aboutRef: null },
    };
  }

  async function stageDocument(rows: Stage['charges'], movement: StagedPayment & { document: StagedDocument }) {
    const { kind, lines } = movement.document;
    tally.addDocument(kind, lines.length);
    await rows.write(movement);
  }

  function noteMatch(
    movement: StagedPayment & { document: StagedDocument },
    invoice: AddedUp,
    document: SalesDocument,
  ) {
    const items = itemsOf(invoice.sold);
    const sale: Sale = { ref: movement.ref, atMs: invoice.atMs, totalMinor: document.totalMinor, items };
    const isCredit = document.kind === 'credit_note';
    const group: CustomerDocuments = {
      ref: invoice.customerRef,
      sales: isCredit ? [] : [sale],
      returns: isCredit ? [{ movement, match: { ...sale, isMixed: document.discountMinor > 0n } }] : [],
      items: items.length,
    };
    const known = customers.get(group.ref);
    if (known) mergeCustomers(known, group);
    else customers.set(group.ref, group);
  }

  return {
    lineOf(row, quantity, price) {
      const code = cells.text(row, 'product_code', LINE_CODE_MAX);
      const name = cells.text(row, 'description', LINE_NAME_MAX) || code || 'Item';
      return { name, code, quantity, price };
    },
    dueOf(row) {
      const cell = cells.raw(row, 'due_date');
      if (cell === '') return null;
      const at = cells.readDate(cell);
      if (at === null) cells.leftEmpty(row, 'due_date', 'Not a date', cell);
      return at?.getTime() ?? null;
    },
    add,
    relieve: () => customers.relieve(),
    async finish(stage) {
      for await (const { sales, returns } of customers.drain(stage.relieve)) {
        const found = matchCredits(
          sales,
          returns.map(({ match }) => match),
        );
        for (const { movement } of returns) {
          const aboutRef = found.get(movement.ref) ?? null;
          const { document, line } = movement as StagedPayment & { document: StagedDocument };
          if (aboutRef !== null) tally.documents.aboutSales += 1;
          else {
            const value = document.number;
            tally.note({ line, column: cells.nameOf('invoice_no'), reason: 'credit_alone', value });
          }
          await stageDocument(stage.refunds, { ...movement, document: { ...document, aboutRef } });
        }
        await stage.relieve();
      }
    },
  };
}

/** Products by code (or name) and price, without the direction. */
function itemsOf(sold: readonly SoldLine[]): SoldItem[] {
  return sold.map(({ code, name, quantity, price }) => [
    `${code || name} ${price < 0n ? -price : price}`,
    quantity < 0n ? -quantity : quantity,
  ]);
}

/** Puts `later` into `earlier`. */
function mergeCustomers(earlier: CustomerDocuments, later: CustomerDocuments): CustomerDocuments {
  if (earlier.items < ITEMS_MAX) earlier.sales.push(...later.sales);
  earlier.returns.push(...later.returns);
  earlier.items += later.items;
  return earlier;
}
