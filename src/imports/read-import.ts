import { localeTag } from '../contacts/api.ts';
import { findCompanyIds } from '../contacts/create-companies.ts';
import { sortNameOf } from '../contacts/search-terms.ts';
import { csvRow } from '../foundation/csv-cell.ts';
import { isCurrency } from '../foundation/currency.ts';
import { decodeTimeCursor, encodeCursor } from '../foundation/cursor.ts';
import { toPublicId } from '../foundation/id.ts';
import { isTimeZone, localDateOf } from '../foundation/local-date.ts';
import { exactDecimalText, parseExactDecimal } from '../foundation/money.ts';
import type { ImportPreview, ImportRecord } from './api.ts';
import { isEmailAddress, makeDateReader, maskCell, saysNothing } from './cell.ts';
import { countryCodeOf } from './country.ts';
import { readCustomCell } from './custom-cell.ts';
import {
  fileKeptUntil,
  type ImportSettings,
  type ImportSummary,
  PRICE_DECIMALS,
  salesAsOf,
  summaryOf,
  titleOf,
} from './import.ts';
import type { Intake, IntakeContext, Surroundings } from './intake.ts';
import { takeContacts } from './intake-contacts.ts';
import { takePayments } from './intake-payments.ts';
import { takeSalesLines } from './intake-sales-lines.ts';
import { fieldsOf, problemsOfMapping, type TargetField } from './mapping.ts';
import { filesOf, findImport, type ImportsContext, requireFile } from './open-import.ts';
import { readCsv } from './read-csv.ts';
import { readSurroundings } from './read-surroundings.ts';
import { type ImportRow, listImportRows, readReports } from './store.ts';
import { Tally } from './tally.ts';

/** Imports, newest first. */
export async function listImports(
  context: ImportsContext,
  workspaceId: string,
  query: { readonly cursor?: string | undefined; readonly limit: number },
): Promise<{ data: ImportRecord[]; next_cursor: string | null }> {
  const position = query.cursor === undefined ? null : decodeTimeCursor(query.cursor);
  const after = position && { createdAt: position.at, id: position.id };
  const rows = await context.database.inWorkspace(workspaceId, (tx) => listImportRows(tx, after, query.limit + 1));
  const shown = rows.slice(0, query.limit);
  const last = rows.length > query.limit ? shown.at(-1) : undefined;
  return {
    data: shown.map(importJson),
    next_cursor: last ? encodeCursor([last.created_at.toISOString(), last.id]) : null,
  };
}

/** One import. Throws not_found. */
export async function readImportRecord(
  context: ImportsContext,
  workspaceId: string,
  id: string,
): Promise<ImportRecord> {
  return importJson(await context.database.inWorkspace(workspaceId, (tx) => findImport(tx, id)));
}

/** Rows shown before anything is done. */
const PREVIEW_ROWS = 20;

const INTAKES: Readonly<Record<ImportRow['kind'], (context: IntakeContext) => Intake>> = {
  contacts: takeContacts,
  payments: takePayments,
  sales_lines: takeSalesLines,
};

/** The first rows with how each cell is understood. Throws not_found, import_not_ready, import_unreadable. */
export async function previewImport(context: ImportsContext, workspaceId: string, id: string): Promise<ImportPreview> {
  const row = await context.database.inWorkspace(workspaceId, (tx) => findImport(tx, id));
  const files = filesOf(context, id);
  await requireFile(files.source);
  const { settings, kind } = row;
  const surroundings = await readSurroundings(context, workspaceId, kind);
  const fields = fieldsOf(kind, surroundings.customFields);
  const missing = problemsOfMapping(kind, fields, settings.mapping, settings.columns.length);
  const tally = new Tally();
  const now = context.clock.now();
  const intake = INTAKES[kind]({ settings, surroundings, tally, folder: files.folder, workspaceId, now });
  const readDate = makeDateReader(settings.dateOrder, settings.timeZone);
  const rows: ImportPreview['rows'] = [];
  for await (const batch of readCsv(files.source, settings.dialect)) {
    for (const each of batch.slice(0, PREVIEW_ROWS - rows.length)) {
      intake.take(each);
      const parsed = fields.flatMap((field) => {
        const column = settings.mapping[field.name];
        return column === undefined
          ? []
          : [[field.name, understood(field, each.cells[column] ?? '', settings, surroundings, readDate)] as const];
      });
      const problems = tally.takeReports().map(({ column, severity, message }) => ({ column, severity, message }));
      const cells = each.cells.map((cell) => maskCell(cell.slice(0, 200)));
      rows.push({ line: each.line, cells, parsed: Object.fromEntries(parsed), makes: [], problems });
    }
    if (rows.length >= PREVIEW_ROWS) break;
  }
  await markNewCompanies(context, workspaceId, rows);
  const named = fields.map(({ name, label, required }) => ({ name, label, required }));
  return { columns: [...settings.columns], fields: named, missing, rows };
}

/** Says at each row whose company has a new name that it would be made. */
async function markNewCompanies(context: ImportsContext, workspaceId: string, rows: ImportPreview['rows']) {
  const sortNames = rows.map(({ parsed }) => sortNameOf(parsed.company ?? ''));
  if (sortNames.every((name) => name === '')) return;
  const there = await context.database.inWorkspace(workspaceId, (tx) => findCompanyIds(tx, sortNames));
  for (const [index, name] of sortNames.entries()) {
    if (name !== '' && !there.has(name)) rows[index]!.makes.push('company');
  }
}

function understood(
  field: TargetField,
  cell: string,
  settings: ImportSettings,
  { owners }: Surroundings,
  readDate: (cell: string) => Date | null,
): string | null {
  if (saysNothing(cell)) return '';
  switch (field.type) {
    case 'date':
      return readDate(cell)?.toISOString() ?? null;
    case 'amount':
    case 'price':
    case 'quantity': {
      const parsed = parseExactDecimal(cell, PRICE_DECIMALS, settings.decimalMark);
      return parsed.ok ? exactDecimalText(parsed.scaled, PRICE_DECIMALS) : null;
    }
    case 'country':
      return countryCodeOf(cell) ?? null;
    case 'email':
      return isEmailAddress(cell.trim()) ? maskCell(cell.trim().toLowerCase()) : null;
    case 'locale':
      return localeTag.safeParse(cell.trim()).success ? cell.trim() : null;
    case 'time_zone':
      return isTimeZone(cell.trim()) ? cell.trim() : null;
    case 'owner':
      return owners.has(cell.trim().toLowerCase()) ? cell.trim() : null;
    case 'currency':
      return isCurrency(cell.trim().toUpperCase()) ? cell.trim().toUpperCase() : null;
    case 'custom': {
      const { custom } = field;
      if (!custom) return null;
      const readDay = (text: string) => {
        const at = readDate(text);
        return at && localDateOf(at, settings.timeZone);
      };
      const read = readCustomCell(custom, maskCell(cell), { decimalMark: settings.decimalMark, readDay });
      if (!('value' in read)) return null;
      return typeof read.value === 'boolean' ? (read.value ? 'yes' : 'no') : String(read.value).slice(0, 200);
    }
    default:
      return maskCell(cell.trim().slice(0, 200));
  }
}

/** Rows read at once for the file of errors. */
const REPORTS_AT_ONCE = 5_000;

/** Everything told about single lines as CSV text, piece by piece; safe to open in a spreadsheet. Throws not_found. */
export async function* streamReports(context: ImportsContext, workspaceId: string, id: string): AsyncGenerator<string> {
  yield csvRow(['line', 'column', 'what', 'message', 'value']);
  let after = { line: 0n, column: '' };
  for (;;) {
    const rows = await context.database.inWorkspace(workspaceId, (tx) => readReports(tx, id, after, REPORTS_AT_ONCE));
    if (rows.length === 0) return;
    yield rows.map((row) => csvRow([row.line, row.column_name, row.severity, row.message, row.value])).join('');
    const last = rows.at(-1)!;
    after = { line: last.line, column: last.column_name };
  }
}

/** An import as the API shows it. */
export function importJson(row: ImportRow): ImportRecord {
  const { settings, progress } = row;
  const summary = summaryOf(row);
  return {
    id: toPublicId('import', row.id),
    kind: row.kind,
    status: row.status,
    file_name: row.file_name,
    file_bytes: Number(row.file_bytes),
    file_hash: row.file_hash,
    settings: {
      encoding: settings.dialect.encoding,
      separator: settings.dialect.separator,
      has_header: settings.dialect.hasHeader,
      columns: [...settings.columns],
      mapping: { ...settings.mapping },
      currency: settings.currency,
      time_zone: settings.timeZone,
      date_order: settings.dateOrder,
      decimal_mark: settings.decimalMark,
      sales_as: salesAsOf(row),
      paid_by: settings.paidBy ?? 'other',
    },
    progress: {
      phase: progress.phase,
      lines_read: progress.linesRead,
      bytes_read: progress.bytesRead ?? 0,
      rows_done: progress.rowsDone,
      rows_total: progress.rowsTotal,
    },
    summary: summary && summaryJson(summary),
    failure: row.failure,
    created_by: row.created_by,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
    committed_at: row.committed_at?.toISOString() ?? null,
    undone_at: row.undone_at?.toISOString() ?? null,
    file_kept_until: fileKeptUntil(row)?.toISOString() ?? null,
    file_removed_at: row.file_removed_at?.toISOString() ?? null,
  };
}

function summaryJson(summary: ImportSummary): NonNullable<ImportRecord['summary']> {
  const { lines, contacts, payments, written, takenBack } = summary;
  return {
    lines: { read: lines.read, used: lines.used, left_out: lines.leftOut, refused: lines.refused },
    money: summary.money.map((money) => ({
      currency: money.currency,
      source: money.source,
      charge_count: money.chargeCount,
      charges_minor: money.chargesMinor,
      credit_count: money.creditCount,
      credits_minor: money.creditsMinor,
      net_minor: money.netMinor,
      left_out: money.leftOut,
      refused: money.refused,
      rounding: money.rounding,
      ties: money.ties,
    })),
    contacts: { in_file: contacts.inFile, already_there: contacts.alreadyThere },
    companies: {
      in_file: summary.companies?.inFile ?? 0,
      already_there: summary.companies?.alreadyThere ?? 0,
      to_add: summary.companies?.toAdd ?? 0,
    },
    payments: { in_file: payments.inFile, already_there: payments.alreadyThere, zero_value: payments.zeroValue },
    documents: summary.documents
      ? {
          invoices: summary.documents.invoices,
          credit_notes: summary.documents.creditNotes,
          lines: summary.documents.lines,
          about_sales: summary.documents.aboutSales,
          already_there: summary.documents.alreadyThere,
        }
      : null,
    reasons: summary.reasons.map((reason) => ({
      ...reason,
      title: titleOf(reason.code, reason.severity),
      values: { ...reason.values },
    })),
    reports_not_kept: summary.reportsNotKept,
    ties: summary.ties,
    written: written
      ? {
          contacts: written.contacts,
          companies: written.companies ?? 0,
          payments: written.payments,
          documents: written.documents ?? 0,
          already_there: written.alreadyThere,
        }
      : null,
    taken_back: takenBack
      ? {
          contacts: takenBack.contacts,
          contacts_kept: takenBack.contactsKept,
          companies: takenBack.companies ?? 0,
          companies_kept: takenBack.companiesKept ?? 0,
          payments: takenBack.payments,
          payments_kept: takenBack.paymentsKept,
          documents: takenBack.documents ?? 0,
          documents_kept: takenBack.documentsKept ?? 0,
        }
      : null,
  };
}
