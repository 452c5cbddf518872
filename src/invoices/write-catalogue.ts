import type { z } from 'zod';
import { check } from '../foundation/assert.ts';
import type { WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import { newId, toPublicId } from '../foundation/id.ts';
import { localDateOf } from '../foundation/local-date.ts';
import { exactDecimalText, minorToJson, parseExactDecimal } from '../foundation/money.ts';
import type { Caller } from '../workspace/caller.ts';
import { recordAudit } from '../workspace/write-audit.ts';
import type {
  newSeries,
  newTax,
  newTerms,
  seriesChanges,
  TaxAnswer,
  TermsAnswer,
  taxChanges,
  termsChanges,
  termsPreview,
  termsPreviewBody,
} from './api-catalogue.ts';
import { refused } from './create-invoice.ts';
import { dueDatesOf } from './due-dates.ts';
import { PERCENT_DECIMALS } from './invoice-amounts.ts';
import { numberText, patternProblem, seriesYear } from './number-series.ts';
import {
  calendarOf,
  insertTax,
  insertTerms,
  readInvoicingSettings,
  readTaxes,
  readTermsRows,
  type TaxRow,
  type TermsRow,
  takeDefaultFromTerms,
  updateTax,
  updateTerms,
} from './store-catalogue.ts';
import {
  insertSeries,
  readNextNumbers,
  readSeries,
  type SeriesRow,
  takeDefaultFromSeries,
  updateSeries,
} from './store-series.ts';
import { termsProblem, termsWords } from './written-terms.ts';

/** A business has a handful of each; more is an import gone astray. */
const ROWS_MAX = 200;

// Taxes

export async function listTaxes(tx: WorkspaceTx): Promise<TaxAnswer[]> {
  return (await readTaxes(tx)).filter((row) => row.archived_at === null).map(shapeTax);
}

/** Adds a tax. Throws duplicate_name on a code that was ever used, invalid_request for a rate over 100 %. */
export async function createTax(tx: WorkspaceTx, caller: Caller, input: z.output<typeof newTax>): Promise<TaxAnswer> {
  const rate = parseExactDecimal(input.rate, PERCENT_DECIMALS);
  if (!rate.ok) throw refused([{ path: 'rate', message: rate.reason }]);
  if (rate.scaled > 1_000_000n) throw refused([{ path: 'rate', message: 'A tax is at most 100 per cent.' }]);
  if (rate.scaled > 0n && input.category !== 'S') {
    throw refused([{ path: 'category', message: 'Only the standard category (S) has a rate above zero.' }]);
  }
  if ((await readTaxes(tx)).length >= ROWS_MAX)
    throw refused([{ path: 'code', message: `At most ${ROWS_MAX} taxes.` }]);
  const row: TaxRow = { ...input, id: newId(), rate: rate.scaled, archived_at: null };
  if ((await insertTax(tx, row, caller.now)) === 0) {
    throw new Failure('duplicate_name', `There is a tax with the code ${input.code}, or there was one.`, {
      fields: [{ path: 'code', message: 'A code that no tax had before.' }],
    });
  }
  await audit(tx, caller, 'tax.created', row.id, { code: row.code });
  return shapeTax(row);
}

/** Changes words and default; null: takes the tax away from new documents. Throws not_found. */
export async function editTax(
  tx: WorkspaceTx,
  caller: Caller,
  id: string,
  changes: z.output<typeof taxChanges> | null,
): Promise<TaxAnswer> {
  const before = (await readTaxes(tx)).find((row) => row.id === id && row.archived_at === null);
  if (!before) throw new Failure('not_found');
  const row: TaxRow =
    changes === null ? { ...before, is_default: false, archived_at: caller.now } : { ...before, ...given(changes) };
  await updateTax(tx, row);
  await audit(tx, caller, changes === null ? 'tax.archived' : 'tax.edited', id, { code: row.code });
  return shapeTax(row);
}

function shapeTax(row: TaxRow): TaxAnswer {
  return {
    id: toPublicId('tax', row.id),
    code: row.code,
    label: row.label,
    rate: exactDecimalText(row.rate, PERCENT_DECIMALS),
    inclusive: row.inclusive,
    category: row.category,
    exemption_reason: row.exemption_reason,
    is_default: row.is_default,
  };
}

// Terms

export async function listTerms(tx: WorkspaceTx): Promise<TermsAnswer[]> {
  return (await readTermsRows(tx)).filter((row) => row.archived_at === null).map(shapeTerms);
}

/** Adds terms to the library. Throws invalid_request. */
export async function createTerms(
  tx: WorkspaceTx,
  caller: Caller,
  input: z.output<typeof newTerms>,
): Promise<TermsAnswer> {
  checkTerms(input.terms);
  if ((await readTermsRows(tx)).length >= ROWS_MAX)
    throw refused([{ path: 'name', message: `At most ${ROWS_MAX} terms.` }]);
  if (input.is_default) await takeDefaultFromTerms(tx);
  const row: TermsRow = { ...input, id: newId(), archived_at: null };
  await insertTerms(tx, row, caller.now);
  await audit(tx, caller, 'terms.created', row.id, { name: row.name });
  return shapeTerms(row);
}

/** Changes terms for documents to come; null: takes them away. Issued documents keep theirs. Throws not_found, invalid_request. */
export async function editTerms(
  tx: WorkspaceTx,
  caller: Caller,
  id: string,
  changes: z.output<typeof termsChanges> | null,
): Promise<TermsAnswer> {
  const before = (await readTermsRows(tx)).find((row) => row.id === id && row.archived_at === null);
  if (!before) throw new Failure('not_found');
  const row: TermsRow =
    changes === null ? { ...before, is_default: false, archived_at: caller.now } : { ...before, ...given(changes) };
  checkTerms(row.terms);
  if (row.is_default && !before.is_default) await takeDefaultFromTerms(tx);
  await updateTerms(tx, row);
  await audit(tx, caller, changes === null ? 'terms.archived' : 'terms.edited', id, { name: row.name });
  return shapeTerms(row);
}

/** The due dates that terms give for an amount, before anybody agrees to them. */
export async function previewTerms(
  tx: WorkspaceTx,
  caller: Caller,
  input: z.output<typeof termsPreviewBody>,
): Promise<z.infer<typeof termsPreview>> {
  checkTerms(input.terms);
  const calendar = calendarOf(await readInvoicingSettings(tx));
  const issuedOn = input.issued_on ?? localDateOf(caller.now, caller.workspace.timeZone);
  const schedule = dueDatesOf({ terms: input.terms, deposit: null }, issuedOn, BigInt(input.total_minor), calendar);
  return {
    words: termsWords(input.terms),
    instalments: schedule.instalments.map(({ dueOn, amountMinor }) => ({
      due_on: dueOn,
      amount_minor: minorToJson(amountMinor),
    })),
    early_discount: schedule.earlyDiscount && {
      until_on: schedule.earlyDiscount.untilOn,
      amount_minor: minorToJson(schedule.earlyDiscount.amountMinor),
    },
  };
}

function checkTerms(terms: TermsRow['terms']): void {
  const problem = termsProblem(terms);
  if (problem) throw refused([{ path: `terms.${problem.path}`, message: problem.message }]);
}

export function shapeTerms(row: TermsRow): TermsAnswer {
  return {
    id: toPublicId('terms', row.id),
    name: row.name,
    terms: row.terms,
    words: termsWords(row.terms),
    late_fee_text: row.late_fee_text,
    is_default: row.is_default,
  };
}

// Series

export async function listSeries(tx: WorkspaceTx, caller: Caller) {
  const [rows, next] = await Promise.all([readSeries(tx), readNextNumbers(tx)]);
  const today = localDateOf(caller.now, caller.workspace.timeZone);
  return rows.map((row) => {
    const year = seriesYear(row.restarts_yearly, today);
    const number = next.find((one) => one.series_id === row.id && one.year === year)?.next_number ?? 1n;
    return {
      id: toPublicId('series', row.id),
      kind: row.kind,
      name: row.name,
      pattern: row.pattern,
      next: numberText(row.pattern, today, number),
      restarts_yearly: row.restarts_yearly,
      is_default: row.is_default,
      closed: row.closed_at !== null,
    };
  });
}

/** Adds a series of numbers. Throws invalid_request on a pattern without a running number, or without the year it restarts in. */
export async function createSeries(tx: WorkspaceTx, caller: Caller, input: z.output<typeof newSeries>) {
  const problem = patternProblem(input.pattern);
  if (problem) throw refused([{ path: 'pattern', message: problem }]);
  if (input.restarts_yearly && !/\{YY(YY)?\}/.test(input.pattern)) {
    throw refused([{ path: 'pattern', message: 'A series that restarts every year has {YYYY} or {YY} in it.' }]);
  }
  const rows = await readSeries(tx);
  if (rows.some((row) => row.pattern === input.pattern)) {
    throw refused([{ path: 'pattern', message: 'Another series gives out the same numbers.' }]);
  }
  const first = !rows.some((row) => row.kind === input.kind && row.is_default);
  if (input.is_default) await takeDefaultFromSeries(tx, input.kind);
  const row = { ...input, id: newId(), is_default: input.is_default || first };
  await insertSeries(tx, row, caller.now);
  await audit(tx, caller, 'series.created', row.id, { pattern: row.pattern });
  return readBack(tx, caller, row.id);
}

/** Renames a series, makes it the default, or closes it for good. Throws not_found, invoice_state_conflict. */
export async function editSeries(tx: WorkspaceTx, caller: Caller, id: string, changes: z.output<typeof seriesChanges>) {
  const before = (await readSeries(tx)).find((row) => row.id === id);
  if (!before) throw new Failure('not_found');
  const closing = changes.closed === true && before.closed_at === null;
  if (closing && (changes.is_default ?? before.is_default)) {
    throw new Failure('invoice_state_conflict', 'Make another series the default before this one is closed.');
  }
  if (changes.is_default) {
    if (before.closed_at !== null) throw new Failure('series_closed', `The series “${before.name}” is closed.`);
    await takeDefaultFromSeries(tx, before.kind);
  }
  const row: SeriesRow = {
    ...before,
    name: changes.name ?? before.name,
    is_default: changes.is_default ?? before.is_default,
    closed_at: closing ? caller.now : before.closed_at,
  };
  await updateSeries(tx, row);
  await audit(tx, caller, closing ? 'series.closed' : 'series.edited', id, { pattern: row.pattern });
  return readBack(tx, caller, id);
}

async function readBack(tx: WorkspaceTx, caller: Caller, id: string) {
  const row = (await listSeries(tx, caller)).find((one) => one.id === toPublicId('series', id));
  check(row, 'a series that was just written is there');
  return row;
}

function given<T extends object>(changes: T) {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}

function audit(
  tx: WorkspaceTx,
  caller: Caller,
  action: `${'tax' | 'terms' | 'series'}.${string}`,
  id: string,
  details: Record<string, string>,
) {
  const subjectKind = action.split('.')[0] as 'tax' | 'terms' | 'series';
  return recordAudit(tx, caller, { action, subjectKind, subjectId: id, details });
}
