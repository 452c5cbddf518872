import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type RawBuilder,
} from 'kysely';
import pg from 'pg';
import { check } from './assert.ts';
import { pause } from './clock.ts';
import { isUuid } from './id.ts';

export { sql } from 'kysely';

/** A statement whose text never changes: with a name it is prepared once per connection (the money path). */
export interface Statement {
  readonly name?: string;
  readonly text: string;
  readonly values?: readonly unknown[];
}

/** Either a fixed statement, or one composed with Kysely's `sql` template (filters of lists). */
export type Query<R> = Statement | RawBuilder<R>;

/** The hand on an open transaction. Statements may be sent together (`Promise.all`): the connection pipelines them in order. */
export interface Tx {
  /** The workspace whose rows are visible, or null in a transaction over the global tables. */
  readonly workspaceId: string | null;
  many<R>(query: Query<R>): Promise<R[]>;
  /** The only row; an assertion fails when there is none. */
  one<R>(query: Query<R>): Promise<R>;
  maybe<R>(query: Query<R>): Promise<R | null>;
  /** Number of rows touched. */
  run(query: Query<unknown>): Promise<number>;
  /**
   * Hands over the last statements of a transaction, already sent, so that COMMIT goes out right behind them instead of a
   * round trip later. If one of them fails, the engine answers COMMIT with a rollback and its error is thrown.
   */
  alongCommit(statements: Promise<unknown>): void;
}

export interface WorkspaceTx extends Tx {
  readonly workspaceId: string;
}

export interface Database {
  /** Runs `work` in one READ COMMITTED transaction that sees this workspace only. Retried on deadlock and serialisation failure, so `work` must be safe to run again from the start. */
  inWorkspace<T>(workspaceId: string, work: (tx: WorkspaceTx) => Promise<T>, options?: TransactionOptions): Promise<T>;
  /** A transaction over sign-in, directory and other global tables; no tenant row is visible in it. */
  inGlobal<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** A read of the relay and of administrators across workspaces; sees only tables whose policy allows it (outbox, workspaces). */
  acrossWorkspaces<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** The pool itself, for libraries that bring their own queries (sign-in, job queue). */
  readonly pool: pg.Pool;
  close(): Promise<void>;
}

export interface TransactionOptions {
  /** One snapshot for all statements (exports, verify). */
  readonly snapshot?: boolean;
  /** Do not wait for the disk at COMMIT. Only where losing the last moments is harmless: see gateways/scripted. */
  readonly asyncCommit?: boolean;
}

export interface DatabaseOptions {
  readonly connection: pg.PoolConfig;
  /** Login role stays, but every connection acts as this one (`SET ROLE` at start-up). */
  readonly actAs?: string;
  readonly poolSize?: number;
  /** Named prepared statements can be switched off for poolers that cannot carry them. */
  readonly namedStatements?: boolean;
  /** Sees every statement text that is sent: the test run records them and checks the tenancy rules. */
  readonly observe?: (text: string, workspaceId: string | null) => void;
}

/** Deadlock and serialisation failure are the engine asking to try again. */
const RETRIED = new Set(['40001', '40P01']);
/** Enough for any plausible pile-up; beyond it the caller should hear of it. */
const RETRY_COUNT_MAX = 5;

/** COMMIT was sent and its answer never came: the caller must read again by its own key. */
export class CommitUnknown extends Error {
  override name = 'CommitUnknown';
}

const compiler = new Kysely<Record<string, never>>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
});

const INT8_OID = 20;
const DATE_OID = 1082;
const typeParsers: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format: 'text' | 'binary') => {
    if (oid === INT8_OID) return (text: string) => BigInt(text);
    if (oid === DATE_OID) return (text: string) => text;
    return pg.types.getTypeParser(oid, format);
  }) as pg.CustomTypesConfig['getTypeParser'],
};

/** Opens the pool; nothing is sent until the first transaction. */
export function openDatabase(options: DatabaseOptions): Database {
  const pool = new pg.Pool({
    max: options.poolSize ?? 12,
    idleTimeoutMillis: 60_000,
    connectionTimeoutMillis: 15_000,
    application_name: 'counterfoil',
    ...options.connection,
    ...(options.actAs ? { options: `-c role=${options.actAs}` } : {}),
    types: typeParsers,
    pipeline: true,
  } as pg.PoolConfig);
  // An idle connection that dies is replaced by the pool; without a listener the process would end.
  pool.on('error', () => {});

  async function transact<T>(opening: string, workspaceId: string | null, work: (tx: Tx) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      const client = await pool.connect();
      let broken = false;
      // Statements in one flight fail together, and which of them is heard first depends on how deep it was called: all
      // but the first only say that the transaction is aborted.
      let firstFailure: unknown;
      const onFailure = (error: unknown) => {
        firstFailure ??= error;
      };
      try {
        const sent: Promise<unknown>[] = [];
        const alongCommit = (statements: Promise<unknown>) => {
          // Its failure is thrown after COMMIT was answered; until then nobody else listens.
          statements.catch(() => {});
          sent.push(statements);
        };
        gather(client);
        alongCommit(client.query(opening));
        const result = await work(makeTx(client, workspaceId, options, { alongCommit, onFailure }));
        gather(client);
        const committed = commit(client);
        committed.catch(() => {});
        for (const statements of sent) await statements;
        await committed;
        return result;
      } catch (error) {
        broken = error instanceof CommitUnknown || (await rollback(client));
        const cause = sqlStateOf(error) === TRANSACTION_ABORTED ? (firstFailure ?? error) : error;
        if (!RETRIED.has(sqlStateOf(cause) ?? '') || attempt >= RETRY_COUNT_MAX) throw cause;
      } finally {
        client.release(broken);
      }
      await pause(2 ** attempt * 3);
    }
  }

  return {
    pool,
    inWorkspace(workspaceId, work, transaction = {}) {
      check(isUuid(workspaceId), 'a workspace id is a lower-case uuid');
      const level = transaction.snapshot ? ' ISOLATION LEVEL REPEATABLE READ' : '';
      const commitMode = transaction.asyncCommit ? '; SET LOCAL synchronous_commit = off' : '';
      const opening = `BEGIN${level}; SET LOCAL app.workspace_id = '${workspaceId}'${commitMode}`;
      return transact(opening, workspaceId, (tx) => work(tx as WorkspaceTx));
    },
    inGlobal: (work) => transact('BEGIN', null, work),
    acrossWorkspaces: (work) => transact('BEGIN; SET LOCAL ROLE counterfoil_lookout', null, work),
    close: () => pool.end(),
  };
}

function makeTx(
  client: pg.PoolClient,
  workspaceId: string | null,
  options: DatabaseOptions,
  { alongCommit, onFailure }: Pick<Tx, 'alongCommit'> & { readonly onFailure: (error: unknown) => void },
): Tx {
  async function send<R>(query: Query<R>): Promise<{ rows: R[]; rowCount: number | null }> {
    const statement = 'text' in query ? query : compile(query);
    options.observe?.(statement.text, workspaceId);
    const name = options.namedStatements === false ? undefined : statement.name;
    gather(client);
    const answer = client.query({ name, text: statement.text, values: statement.values as unknown[] });
    answer.catch(onFailure);
    return answer as never;
  }
  return {
    workspaceId,
    alongCommit,
    many: async (query) => (await send(query)).rows,
    one: async (query) => {
      const { rows } = await send(query);
      check(rows.length === 1, `a statement that must find one row found ${rows.length}`);
      return rows[0]!;
    },
    maybe: async (query) => (await send(query)).rows[0] ?? null,
    run: async (query) => (await send(query)).rowCount ?? 0,
  };
}

/**
 * Statements that are sent in one turn leave in one write: the driver would write each by itself, and the server would
 * wake for each. The stream is the driver's own; without it (another driver's client) nothing is gathered.
 */
function gather(client: pg.PoolClient): void {
  const { stream } =
    (client as unknown as { connection?: { stream?: { cork(): void; uncork(): void } } }).connection ?? {};
  if (!stream) return;
  stream.cork();
  process.nextTick(() => stream.uncork());
}

function compile(query: RawBuilder<unknown>): Statement {
  const compiled = query.compile(compiler);
  return { text: compiled.sql, values: compiled.parameters };
}

const TRANSACTION_ABORTED = '25P02';

async function commit(client: pg.PoolClient): Promise<void> {
  let answer: pg.QueryResult;
  try {
    answer = await client.query('COMMIT');
  } catch (error) {
    const state = sqlStateOf(error);
    if (state === undefined || state.startsWith('08') || state === 'XX000' || state === '57P01') {
      throw new CommitUnknown('The answer to COMMIT was lost.', { cause: error });
    }
    throw error;
  }
  check(answer.command === 'COMMIT', 'a transaction with a failed statement is not committed silently');
}

/** True when the connection is no longer usable. */
async function rollback(client: pg.PoolClient): Promise<boolean> {
  try {
    await client.query('ROLLBACK');
    return false;
  } catch {
    return true;
  }
}

/** SQLSTATE of a PostgreSQL error, also when the engine wrapped it. */
export function sqlStateOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : undefined;
}

/** The constraint an error names, without the `_<digits>` a distributed engine appends to a shard's copy. */
export function constraintOf(error: unknown): string | undefined {
  const { constraint, message } = (error ?? {}) as { constraint?: string; message?: string };
  const name = constraint ?? /constraint "([^"]+)"/.exec(message ?? '')?.[1];
  return name?.replace(/_\d{5,}$/, '');
}
