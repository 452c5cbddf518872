import { once } from 'node:events';
import { PassThrough, type Readable } from 'node:stream';
import { check } from '../foundation/assert.ts';
import { csvRow } from '../foundation/csv-cell.ts';
import type { Database } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import type { Caller } from '../workspace/caller.ts';
import { recordAudit } from '../workspace/write-audit.ts';
import { type Export, withTestMark } from './export.ts';

/** Files being made at once in one process: each holds a connection of the pool, and requests need the others. */
const EXPORTS_AT_ONCE_MAX = 4;
/** A reader who takes nothing for this long has gone; the connection is needed elsewhere. */
const STALL_MS_MAX = 60_000;
/** By this mark at the beginning older spreadsheets know that a file is UTF-8. */
const BYTE_ORDER_MARK = '\ufeff';

let running = 0;

/**
 * Makes a CSV file from one snapshot of the workspace, while it is being read: memory stays the same at any length, a
 * slow reader slows the making. Resolves when the first page is there, so that a wrong filter is still refused as one;
 * an error after that breaks the stream off. What was taken out, with which filter, is in the audit log before the
 * first byte leaves. Throws overloaded when too many are being made, and what the export's own pages throw.
 */
export async function streamCsv<Query extends { bom: 'true' | 'false' }, Row>(
  database: Database,
  caller: Caller,
  source: Export<Query, Row>,
  query: Query,
): Promise<Readable> {
  if (running >= EXPORTS_AT_ONCE_MAX) throw new Failure('overloaded', 'Other exports are being made; try again soon.');
  running += 1;
  const out = new PassThrough();
  // Whoever reads hears of errors by the stream breaking off; without a listener the process would end.
  out.on('error', () => {});
  await new Promise<void>((resolve, reject) => {
    fill(database, caller, source, query, out, resolve)
      .then(
        () => out.end(),
        (error: Error) => {
          reject(error);
          out.destroy(error);
        },
      )
      .finally(() => {
        running -= 1;
      });
  });
  try {
    await database.inWorkspace(caller.workspace.id, (tx) =>
      recordAudit(tx, caller, {
        action: 'export.made',
        subjectKind: null,
        subjectId: null,
        details: { export: source.name, filter: JSON.parse(JSON.stringify(query)) },
      }),
    );
  } catch (error) {
    out.destroy();
    throw error;
  }
  return out;
}

async function fill<Query extends { bom: 'true' | 'false' }, Row>(
  database: Database,
  caller: Caller,
  source: Export<Query, Row>,
  query: Query,
  out: PassThrough,
  begun: () => void,
): Promise<void> {
  let isBegun = false;
  const make = async (tx: Parameters<Parameters<Database['inWorkspace']>[1]>[0]) => {
    check(!isBegun, 'an export that only reads is never started again');
    const columns = withTestMark(await source.columns(tx, caller, query), caller.workspace.mode);
    let text = (query.bom === 'true' ? BYTE_ORDER_MARK : '') + csvRow(columns.map((column) => column.name));
    for await (const rows of source.pages(tx, caller, query)) {
      for (const row of rows) text += csvRow(columns.map((column) => column.cell(row)));
      if (!isBegun) {
        isBegun = true;
        begun();
      }
      await write(out, text);
      text = '';
    }
  };
  await database.inWorkspace(caller.workspace.id, make, { snapshot: true });
}

/** Writes and waits until there is room for more. Throws when the reader has gone or takes nothing. */
async function write(out: PassThrough, text: string): Promise<void> {
  if (text === '') return;
  if (!out.destroyed && !out.write(text)) {
    const waiting = new AbortController();
    const stalled = setTimeout(() => waiting.abort(), STALL_MS_MAX);
    try {
      await Promise.race(['drain', 'close'].map((event) => once(out, event, { signal: waiting.signal })));
    } finally {
      clearTimeout(stalled);
      waiting.abort();
    }
  }
  if (out.destroyed) throw new Error('The reader of an export went away.');
}
