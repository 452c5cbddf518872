import { createReadStream, createWriteStream } from 'node:fs';
import { access } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { pause, systemClock } from '../foundation/clock.ts';
import type { Database } from '../foundation/database.ts';
import { errorText } from '../foundation/error-words.ts';
import { fromPublicId, toPublicId } from '../foundation/id.ts';
import { isTimeZone } from '../foundation/local-date.ts';
import { type ImportChanges, type ImportRecord, importChanges, importKind } from '../imports/api.ts';
import { IMPORT_KINDS, PAID_BY, SALES_AS } from '../imports/import.ts';
import type { ImportsContext } from '../imports/open-import.ts';
import { readImportRecord, streamReports } from '../imports/read-import.ts';
import { makeImportRunner } from '../imports/run-imports.ts';
import { mapImport, startCheck, startCommit, startUndo } from '../imports/start-import.ts';
import { tieOutLines } from '../imports/tie-out.ts';
import { uploadImport } from '../imports/upload-import.ts';
import { type Caller, systemCaller, type WorkspaceFacts } from '../workspace/caller.ts';
import { listWorkspaceIds, readWorkspaceFacts } from '../workspace/read-facts.ts';
import { type Command, CommandRefused } from './cli-command.ts';
import type { FlagValues } from './config.ts';

/** Brings in a file from the shell, in the same steps as the page: upload, map, check, commit. */
export const importFile: Command = {
  summary: 'Imports contacts, payments or sales lines from a CSV file',
  usage: [
    `import FILE --kind ${IMPORT_KINDS.join('|')} --workspace ID_OR_NAME [--dry-run] [--json]`,
    '            [--map "field=Column,field=Column"] [--currency GBP] [--time-zone Europe/London]',
    '            [--date-order ymd|dmy|mdy|unix] [--decimal-mark .|,] [--separator ,] [--header yes|no]',
    '            [--encoding utf-8|windows-1252|utf-16le|utf-16be] [--errors FILE_TO_WRITE]',
    `            [--sales-as ${SALES_AS.join('|')}] [--paid-by ${PAID_BY.join('|')}]`,
    'import --undo IMPORT_ID --workspace ID_OR_NAME',
  ],
  flags: {
    kind: { type: 'string' },
    workspace: { type: 'string' },
    'dry-run': { type: 'boolean' },
    undo: { type: 'string' },
    map: { type: 'string' },
    currency: { type: 'string' },
    'time-zone': { type: 'string' },
    'date-order': { type: 'string' },
    'decimal-mark': { type: 'string' },
    separator: { type: 'string' },
    header: { type: 'string' },
    encoding: { type: 'string' },
    'sales-as': { type: 'string' },
    'paid-by': { type: 'string' },
    errors: { type: 'string' },
    json: { type: 'boolean' },
  },
  async run({ config, flags, words, print, note, openDatabase }) {
    const { database } = await openDatabase();
    const workspace = await findWorkspace(database, textOf(flags, 'workspace'));
    const caller = systemCaller(workspace, systemClock.now(), 'Command line');
    const context: ImportsContext = { database, clock: systemClock, dataFolder: config.dataFolder };
    const record = textOf(flags, 'undo')
      ? await undo(context, caller, textOf(flags, 'undo') ?? '', note)
      : await bringIn(context, caller, words[0], flags, note);
    if (flags.json) print(JSON.stringify(record, null, 2));
    else {
      print(`${record.id}: ${record.status}`);
      for (const line of record.summary ? tieOutLines(record.summary, workspace.locale) : []) print(`  ${line}`);
    }
    const errors = textOf(flags, 'errors');
    if (errors !== undefined) await writeErrors(context, workspace.id, record, errors, note);
    if (record.failure) note(record.failure);
    return record.status === 'failed' || record.summary?.ties === false ? 1 : 0;
  },
};

async function bringIn(
  context: ImportsContext,
  caller: Caller,
  file: string | undefined,
  flags: FlagValues,
  note: (line: string) => void,
): Promise<ImportRecord> {
  if (!file) throw new CommandRefused('Name the file: counterfoil import customers.csv --kind contacts.');
  const kind = importKind.safeParse(flags.kind);
  if (!kind.success) throw new CommandRefused(`Say what is in the file: --kind ${IMPORT_KINDS.join(', --kind ')}.`);
  await access(file).catch(() => {
    throw new CommandRefused(`There is no file ${file} that this account can read.`);
  });
  const stream = createReadStream(file);
  const { id } = await uploadImport(context, caller, kind.data, { name: basename(file), stream });
  const changes = readChanges(flags);
  const { settings } = await mapImport(context, caller, id, {
    ...(changes.currency ? { currency: changes.currency } : {}),
    ...(changes.time_zone ? { timeZone: changes.time_zone } : {}),
    ...(changes.date_order ? { dateOrder: changes.date_order } : {}),
    ...(changes.decimal_mark ? { decimalMark: changes.decimal_mark } : {}),
    ...(changes.sales_as ? { salesAs: changes.sales_as } : {}),
    ...(changes.paid_by ? { paidBy: changes.paid_by } : {}),
    dialect: {
      ...(changes.separator ? { separator: changes.separator } : {}),
      ...(changes.encoding ? { encoding: changes.encoding } : {}),
      ...(changes.has_header === undefined ? {} : { hasHeader: changes.has_header }),
    },
  });
  const named = mappingOf(textOf(flags, 'map'), settings.columns);
  const mapping = Object.entries({ ...settings.mapping, ...named }).filter(([, column]) => column !== NO_COLUMN);
  await mapImport(context, caller, id, { mapping: Object.fromEntries(mapping) });
  const check = await runStep(context, caller, id, startCheck, note);
  if (flags['dry-run'] || check.status !== 'checked' || !check.summary?.ties) return check;
  note('Checked; writing.');
  return runStep(context, caller, id, startCommit, note);
}

async function undo(
  context: ImportsContext,
  caller: Caller,
  publicId: string,
  note: (line: string) => void,
): Promise<ImportRecord> {
  const id = fromPublicId('import', publicId);
  if (id === null) throw new CommandRefused(`${publicId} is not the id of an import; they begin with imp_.`);
  return runStep(context, caller, id, startUndo, note);
}

/** How often somebody who waits hears how far it is. */
const TELL_EVERY_MS = 5_000;

/** Begins a step and waits for its end, telling now and then how far it is. */
async function runStep(
  context: ImportsContext,
  caller: Caller,
  id: string,
  start: typeof startCheck,
  note: (line: string) => void,
): Promise<ImportRecord> {
  await start(context, caller, id);
  const runner = makeImportRunner(context, (error) => console.error(errorText(error)));
  runner.wake(caller.workspace.id, id);
  const ended = new AbortController();
  const telling = tellProgress(context, caller.workspace.id, id, ended.signal, note);
  await runner.idle();
  ended.abort();
  await telling;
  return readImportRecord(context, caller.workspace.id, id);
}

async function tellProgress(
  context: ImportsContext,
  workspaceId: string,
  id: string,
  ended: AbortSignal,
  note: (line: string) => void,
): Promise<void> {
  for (;;) {
    await pause(TELL_EVERY_MS, ended);
    if (ended.aborted) return;
    const { status, progress } = await readImportRecord(context, workspaceId, id);
    const { lines_read: lines, rows_done: done, rows_total: total } = progress;
    note(status === 'checking' ? `${lines} lines read` : `${done} of ${total} rows`);
  }
}

/** What was refused, left out or changed, line by line, as the page's download has it. */
async function writeErrors(
  context: ImportsContext,
  workspaceId: string,
  record: ImportRecord,
  path: string,
  note: (line: string) => void,
): Promise<void> {
  const reports = streamReports(context, workspaceId, fromPublicId('import', record.id) ?? '');
  await pipeline(Readable.from(reports), createWriteStream(path));
  note(`What was refused, left out or changed stands line by line in ${path}.`);
}

async function findWorkspace(database: Database, named: string | undefined): Promise<WorkspaceFacts> {
  const all: WorkspaceFacts[] = [];
  const asked = named === undefined ? null : fromPublicId('workspace', named);
  for (const id of asked === null ? await listWorkspaceIds(database) : [asked]) {
    const facts = await readWorkspaceFacts(database, id);
    if (facts) all.push(facts);
  }
  const fitting = named === undefined || asked !== null ? all : all.filter((facts) => facts.name === named);
  if (fitting.length === 1) return fitting[0]!;
  const list = all.map((facts) => `${facts.name} (${toPublicId('workspace', facts.id)})`).join(', ');
  if (fitting.length === 0)
    throw new CommandRefused(`There is no such workspace.${list === '' ? '' : ` There are: ${list}.`}`);
  throw new CommandRefused(`Say which workspace by its id: ${list}.`);
}

function readChanges(flags: FlagValues): ImportChanges {
  const parsed = importChanges.safeParse({
    currency: textOf(flags, 'currency'),
    time_zone: textOf(flags, 'time-zone'),
    date_order: textOf(flags, 'date-order'),
    decimal_mark: textOf(flags, 'decimal-mark'),
    separator: textOf(flags, 'separator')?.replace('\\t', '\t'),
    encoding: textOf(flags, 'encoding'),
    sales_as: textOf(flags, 'sales-as'),
    paid_by: textOf(flags, 'paid-by'),
    has_header: yesOrNo(textOf(flags, 'header')),
  });
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const flag = String(issue?.path[0]).replace('has_header', 'header').replace('_', '-');
    throw new CommandRefused(`--${flag}: ${issue?.message}`);
  }
  if (parsed.data.time_zone && !isTimeZone(parsed.data.time_zone)) {
    throw new CommandRefused(`--time-zone: ${parsed.data.time_zone} is not a zone such as Europe/London.`);
  }
  return parsed.data;
}

/** What is neither yes nor no is given back as it is, for the check of the changes to refuse. */
function yesOrNo(text: string | undefined): unknown {
  return text === 'yes' ? true : text === 'no' ? false : text;
}

/** Said of a field that no column is, whatever its name suggests: `note=`. */
const NO_COLUMN = -1;

/** "amount=Total,date=Paid on,note=" with the file's own column names. */
function mappingOf(map: string | undefined, columns: readonly string[]): Record<string, number> {
  const mapping: Record<string, number> = {};
  for (const pair of map?.split(',') ?? []) {
    const [field = '', column = ''] = pair.split('=').map((part) => part.trim());
    if (field !== '' && column === '' && pair.includes('=')) {
      mapping[field] = NO_COLUMN;
      continue;
    }
    const at = columns.indexOf(column);
    if (field === '' || at === -1) {
      throw new CommandRefused(`--map: “${pair.trim()}” names no column of the file; it has ${columns.join(', ')}.`);
    }
    mapping[field] = at;
  }
  return mapping;
}

function textOf(flags: FlagValues, name: string): string | undefined {
  const value = flags[name];
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}
