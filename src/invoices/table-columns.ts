import { heightOf, type TextBlock } from '../foundation/pdf-text.ts';
import type { DrawnTable } from './drawn-sheet.ts';

/** Of the table, that the column which yields keeps at least. */
const YIELDING_SHARE_MIN = 0.2;
/** Between columns, in points. */
export const COLUMN_GAP = 8;

/** How wide a text is in its style, in points. */
export type Measure = (text: string, style: 'head' | 'row' | 'strong') => number;

/**
 * Widths of the columns, gaps included: their shares, unless a figure would be broken in two. Then its column gets what
 * it needs from the one that yields, whose words can be broken.
 */
export function columnWidths({ columns, head, rows }: DrawnTable, width: number, measure: Measure): number[] {
  const shares = columns.map(({ share }) => share * width);
  const yielding = columns.findIndex(({ yields }) => yields);
  if (yielding === -1) return shares;
  const more = columns.map(({ align }, index) => {
    if (index === yielding) return 0;
    const pieces = (text: string) => (align === 'right' ? text.split(' ') : [text]);
    const longest = (texts: readonly string[]) =>
      texts.flatMap(pieces).reduce((a, b) => (b.length > a.length ? b : a), '');
    const cells = (isStrong: boolean) =>
      longest(rows.filter((row) => (row.isStrong ?? false) === isStrong).map((row) => row.cells[index]!));
    const room = shares[index]! - (index === columns.length - 1 ? 0 : COLUMN_GAP);
    // Short texts fit without being measured, and most are short.
    const lacking = (text: string, style: 'head' | 'row' | 'strong') =>
      text.length * WIDE_LETTER <= room ? 0 : measure(text, style) + HAIR - room;
    return Math.max(
      0,
      lacking(longest([head[index]!]), 'head'),
      lacking(cells(false), 'row'),
      lacking(cells(true), 'strong'),
    );
  });
  const wanted = more.reduce((sum, one) => sum + one, 0);
  const given = Math.min(wanted, Math.max(0, shares[yielding]! - width * YIELDING_SHARE_MIN));
  const part = wanted === 0 ? 0 : given / wanted;
  return shares.map((share, index) => (index === yielding ? share - given : share + more[index]! * part));
}

/** Points; few letters of a table are wider. */
const WIDE_LETTER = 7.5;
/** So that a text is not broken for the last bit of a sum. */
const HAIR = 0.01;

/** A text in its column; `x` is the column's left edge. */
export interface Cell {
  readonly block: TextBlock;
  readonly x: number;
}

export function heightOfCells(cells: readonly Cell[]): number {
  return Math.max(...cells.map(({ block }) => heightOf(block)));
}
