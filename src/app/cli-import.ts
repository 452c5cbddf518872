import { createReadStream } from 'node:fs';
import { access } from 'node:fs/promises';
import { basename } from 'node:path';
import { systemClock } from '../foundation/clock.ts';
import type { Database } from '../foundation/database.ts';
import { fromPublicId, toPublicId } from '../foundation/id.ts';
import { isTimeZone } from '../foundation/local-date.ts';
import { type ImportChanges, type ImportRecord, importChanges, importKind } from '../imports/api.ts';
import { IMPORT_KINDS } from '../imports/import.ts';
import type { ImportsContext } from '../imports/open-import.ts';
import { readImportRecord } from '../imports/read-import.ts';
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
    '            [--date-order ymd|dmy|mdy|unix] [--decimal-mark .|,] [--separator ,]',
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
    json: { type: 'boolean' },
  },
  async run({ config, flags, words, print, note, openDatabase }) {
    const { database } = await openDatabase();
    const workspace = await findWorkspace(database, textOf(flags, 'workspace'));
    const caller = systemCaller(workspace, systemClock.now(), 'Command line');
    const context: ImportsContext = { database, clock: systemClock, dataFolder: config.dataFolder };
    const record = textOf(flags, 'undo')
      ? await undo(context, caller, textOf(flags, 'undo') ?? '')
      : await bringIn(context, caller, words[0], flags, note);
    if (flags.json) print(JSON.stringify(record, null, 2));
    else {
      print(`${record.id}: ${record.status}`);
      for (const line of record.summary ? tieOutLines(record.summary, workspace.locale) : []) print(`  ${line}`);
    }
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
    ...(changes.separator ? { dialect: { separator: changes.separator } } : {}),
  });
  const named = mappingOf(textOf(flags, 'map'), settings.columns);
  await mapImport(context, caller, id, { mapping: { ...settings.mapping, ...named } });
  const check = await runStep(context, caller, id, startCheck);
  if (flags['dry-run'] || check.status !== 'checked' || !check.summary?.ties) return check;
  note('Checked; writing.');
  return runStep(context, caller, id, startCommit);
}

async function undo(context: ImportsContext, caller: Caller, publicId: string): Promise<ImportRecord> {
  const id = fromPublicId('import', publicId);
  if (id === null) throw new CommandRefused(`${publicId} is not the id of an import; they begin with imp_.`);
  return runStep(context, caller, id, startUndo);
}

/** Begins a step and waits for its end. */
async function runStep(
  context: ImportsContext,
  caller: Caller,
  id: string,
  start: typeof startCheck,
): Promise<ImportRecord> {
  await start(context, caller, id);
  const runner = makeImportRunner(context, (error) => console.error(error));
  runner.wake(caller.workspace.id, id);
  await runner.idle();
  return readImportRecord(context, caller.workspace.id, id);
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
  });
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new CommandRefused(`--${String(issue?.path[0]).replace('_', '-')}: ${issue?.message}`);
  }
  if (parsed.data.time_zone && !isTimeZone(parsed.data.time_zone)) {
    throw new CommandRefused(`--time-zone: ${parsed.data.time_zone} is not a zone such as Europe/London.`);
  }
  return parsed.data;
}

/** "amount=Total,date=Paid on" with the file's own column names. */
function mappingOf(map: string | undefined, columns: readonly string[]): Record<string, number> {
  const mapping: Record<string, number> = {};
  for (const pair of map?.split(',') ?? []) {
    const [field = '', column = ''] = pair.split('=').map((part) => part.trim());
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
