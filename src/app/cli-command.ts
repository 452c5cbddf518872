import type { ParseArgsConfig } from 'node:util';
import type { Config, FlagValues } from './config.ts';
import type { OpenedDatabase } from './open-database.ts';

/** One command of `counterfoil`: a file of its own and a line in cli.ts. */
export interface Command {
  /** What it does, for the list in `counterfoil help`. */
  readonly summary: string;
  /** How it is called, after `counterfoil`; one line per form. */
  readonly usage: readonly string[];
  /** Flags beyond those that every command takes (--data, --help). */
  readonly flags?: NonNullable<ParseArgsConfig['options']>;
  /** Resolves with the exit code. A Failure, or any other refusal of cli.ts, is printed as its one sentence. */
  run(input: CommandInput): Promise<number>;
}

export interface CommandInput {
  readonly config: Config;
  readonly flags: FlagValues;
  /** What is neither the command nor a flag. */
  readonly words: readonly string[];
  /** One line on stdout. */
  print(line: string): void;
  /** Progress and remarks, on stderr: stdout may be read by a program. */
  note(line: string): void;
  /**
   * The migrated database, embedded or not; closed when the command ends. Where a server already runs on the data
   * folder, the command works beside it.
   */
  openDatabase(): Promise<OpenedDatabase>;
}

/** A command that was called wrongly, in one sentence. */
export class CommandRefused extends Error {
  override name = 'CommandRefused';
}
