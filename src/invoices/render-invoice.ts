import type { PdfFacts } from '../foundation/pdf-document.ts';
import type { Picture } from '../foundation/pdf-picture.ts';
import { drawSheet } from './draw-sheet.ts';
import type { DrawnColumn, DrawnRow, DrawnTable } from './drawn-sheet.ts';
import { invoiceSheet } from './invoice-sheet.ts';
import type { InvoiceSnapshot } from './invoice-snapshot.ts';

export interface InvoicePaper {
  readonly logo: Picture | null;
  /** Of a draft: marked as such and without number. */
  readonly isPreview?: boolean;
  /** Files to carry, for hybrid invoices. */
  readonly archive?: PdfFacts['archive'];
}

/** Description, quantity, price, tax, amount. */
const COLUMNS = [
  { share: 0.4, align: 'left', yields: true },
  { share: 0.14, align: 'right' },
  { share: 0.16, align: 'right' },
  { share: 0.13, align: 'right' },
  { share: 0.17, align: 'right' },
] as const satisfies readonly DrawnColumn[];
const TAX = 3;

/** Where no line is taxed, no column stands empty. */
function tableOf(head: readonly string[], rows: readonly DrawnRow[], totals: DrawnTable['totals']): DrawnTable {
  if (rows.some(({ cells }) => cells[TAX] !== '')) return { title: '', columns: COLUMNS, head, rows, totals };
  const without = <T>(cells: readonly T[]) => cells.filter((_, index) => index !== TAX);
  const [description, ...others] = without(COLUMNS);
  return {
    title: '',
    columns: [{ ...description!, share: description!.share + COLUMNS[TAX].share }, ...others],
    head: without(head),
    rows: rows.map((row) => ({ ...row, cells: without(row.cells) })),
    totals,
  };
}

/**
 * An invoice, quote or credit note as a tagged PDF, made from its snapshot and the logo alone: the same document gives
 * the same bytes. A preview of a draft comes from the same lines of code, so that it shows what will be issued.
 */
export function renderInvoice(snapshot: InvoiceSnapshot, paper: InvoicePaper): Promise<Buffer> {
  const { lines, head, totals, ...sheet } = invoiceSheet(snapshot, paper.isPreview);
  const rows = lines.map(({ name, quantity, price, tax, amount, more }) => ({
    cells: [name, quantity, price, tax, amount],
    more,
  }));
  return drawSheet(
    { ...sheet, tables: [tableOf(head, rows, totals)] },
    {
      logo: paper.logo,
      colour: snapshot.colour,
      country: snapshot.seller.country,
      locale: snapshot.locale,
      madeOn: snapshot.issued_on,
      title: `${sheet.title} ${sheet.facts[0]?.value ?? ''} · ${sheet.business.name}`,
      ...(paper.archive && { archive: paper.archive }),
    },
  );
}
