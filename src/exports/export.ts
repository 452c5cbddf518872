import type { WorkspaceTx } from '../foundation/database.ts';
import type { LocalDate } from '../foundation/local-date.ts';
import type { Caller } from '../workspace/caller.ts';

export type Cell = string | null;

/** A column: the name in the first line, and what a row holds under it. */
export interface Column<Row> {
  readonly name: string;
  readonly cell: (row: Row) => Cell;
}

/**
 * One kind of file that can be taken out. Rows come page by page, so that a file of any length is made in the same
 * memory; the caller opens one snapshot for all pages.
 */
export interface Export<Query, Row> {
  /** `transactions` is served at /v1/exports/transactions.csv. */
  readonly name: string;
  readonly columns: (tx: WorkspaceTx, caller: Caller, query: Query) => Promise<readonly Column<Row>[]>;
  readonly pages: (tx: WorkspaceTx, caller: Caller, query: Query) => AsyncIterable<readonly Row[]>;
}

/** Rows fetched at a time: some hundred kilobytes of text. */
export const EXPORT_PAGE_SIZE = 500;

/** "transactions-2026-03-02.csv", with TEST in front of what comes from a sandbox. */
export function fileNameOf(name: string, day: LocalDate, mode: 'sandbox' | 'live'): string {
  return `${mode === 'sandbox' ? 'TEST-' : ''}${name}-${day}.csv`;
}

/** In a sandbox every row says TEST, so that no copy of it can pass for income. */
export function withTestMark<Row>(columns: readonly Column<Row>[], mode: 'sandbox' | 'live'): readonly Column<Row>[] {
  return mode === 'sandbox' ? [{ name: 'test', cell: () => 'TEST' }, ...columns] : columns;
}
