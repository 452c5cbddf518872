import { EmbeddedPostgresError } from '../foundation/embedded-postgres-error.ts';
import { errorText } from '../foundation/error-words.ts';
import { Failure } from '../foundation/failure.ts';
import { MigrationRefused } from '../foundation/migrate.ts';
import { type Command, CommandRefused } from './cli-command.ts';
import { ConfigRefused, readConfig, readFlags } from './config.ts';
import { DatabaseRefused } from './database-refused.ts';
import { PROGRAM_VERSION } from './program-version.ts';

/** The commands, each in a file of its own that is loaded when it is called. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  start: async () => (await import('./cli-start.ts')).start,
  setup: async () => (await import('./cli-setup.ts')).setup,
  link: async () => (await import('./cli-link.ts')).link,
  import: async () => (await import('./cli-import.ts')).importFile,
  reseal: async () => (await import('./cli-reseal.ts')).reseal,
  verify: async () => (await import('./cli-verify.ts')).verify,
};

/** Told in one sentence, without a stack trace: the person who called can do something about them. */
const REFUSALS = [ConfigRefused, CommandRefused, DatabaseRefused, EmbeddedPostgresError, MigrationRefused, Failure];

/** Runs one command line (without node and script) and ends the process with its exit code. */
export async function main(argv: readonly string[]): Promise<void> {
  // As node would, but without what hangs on the error: that can be a row, or what a gateway was asked and answered.
  process.on('uncaughtException', (error) => {
    console.error(errorText(error));
    process.exit(1);
  });
  let code: number;
  try {
    code = await runCommandLine(argv);
  } catch (error) {
    code = 1;
    const refusal = REFUSALS.some((kind) => error instanceof kind);
    console.error(refusal ? (error as Error).message : errorText(error));
  }
  // What a library left running must not keep a finished command alive.
  process.exit(code);
}

async function runCommandLine(argv: readonly string[]): Promise<number> {
  const [first = 'start', ...rest] = argv;
  if (first === 'help' || first === '--help' || first === '-h') return printHelp(rest[0]);
  if (first === 'version' || first === '--version') return print(PROGRAM_VERSION);
  // Flags without a command are for the server.
  const [name, words] = first.startsWith('-') ? ['start', argv] : [first, rest];
  const load = COMMANDS[name];
  if (!load) throw new CommandRefused(`There is no command “${name}”; see \`counterfoil help\`.`);
  return runCommand(name, await load(), words);
}

async function runCommand(name: string, command: Command, argv: readonly string[]): Promise<number> {
  const own = command.flags ?? {};
  const { values: flags, words } = readFlags(argv, own);
  if (flags.help) return printHelp(name);
  const config = readConfig(argv, undefined, own);
  const opened: { close(): Promise<void> }[] = [];
  try {
    return await command.run({
      config,
      flags,
      words,
      print,
      note: (line) => console.error(line),
      async openDatabase() {
        const { openConfiguredDatabase } = await import('./open-database.ts');
        const database = await openConfiguredDatabase(config, { join: true });
        opened.push(database);
        return database;
      },
    });
  } finally {
    for (const database of opened) await database.close();
  }
}

async function printHelp(name?: string): Promise<number> {
  const load = name === undefined ? undefined : COMMANDS[name];
  if (load) {
    const { usage, summary } = await load();
    print(`${summary}\n`);
    // An indented line goes on with the form above it.
    for (const form of usage) print(`  ${form.startsWith(' ') ? ' '.repeat(12) : 'counterfoil '}${form}`);
    print('\n  --data FOLDER   where the data are (or COUNTERFOIL_DATA); DATABASE_URL names a PostgreSQL instead');
    return 0;
  }
  print('Counterfoil: a CRM that charges cards and keeps books that balance.\n');
  for (const [each, loadEach] of Object.entries(COMMANDS)) print(`  ${each.padEnd(10)} ${(await loadEach()).summary}`);
  print(`  ${'help'.padEnd(10)} Shows this, or how one command is called: counterfoil help start`);
  print(`  ${'version'.padEnd(10)} Shows the version (${PROGRAM_VERSION})`);
  return 0;
}

function print(line: string): 0 {
  console.log(line);
  return 0;
}
