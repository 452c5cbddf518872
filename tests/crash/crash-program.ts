import { createHmac } from 'node:crypto';
import { writeSync } from 'node:fs';
import type pg from 'pg';
import { movableClock, pause } from '../../src/foundation/clock.ts';
import { type Database, openDatabase } from '../../src/foundation/database.ts';
import { makeRegistry } from '../../src/gateways/registry.ts';
import {
  makeScriptedGateway,
  type ScriptedGateway,
  SIGNATURE_HEADER,
} from '../../src/gateways/scripted/scripted-gateway.ts';
import { makePaymentsRoom, type PaymentsRoom } from '../../src/payments/make-payments-room.ts';
import { readRow } from '../../src/payments/read-payment.ts';
import { refundPayment } from '../../src/payments/refund-payment.ts';
import { systemCaller } from '../../src/workspace/caller.ts';
import { readWorkspaceFacts } from '../../src/workspace/read-facts.ts';

/** What the program of the crash tests is told to do, as JSON on its command line. Ids are uuids, amounts minor units. */
export interface Plan {
  readonly connection: pg.ClientConfig;
  readonly secret: string;
  readonly workspaceId: string;
  /** The moment that this process takes for now. */
  readonly now: string;
  readonly work:
    | { readonly kind: 'charge'; readonly contactId: string; readonly methodId: string; readonly amountMinor: number }
    | { readonly kind: 'refund'; readonly paymentId: string; readonly amountMinor: number }
    /** Ask the gateway about one payment. */
    | { readonly kind: 'resolve'; readonly paymentId: string }
    /** Let the sandbox gateway's due movements happen and be told. */
    | { readonly kind: 'move_on' };
  readonly key?: string;
  /** Wait for SIGUSR2 before beginning, so that two processes begin together. */
  readonly waitForGo?: boolean;
  /** At which step (from 0) this process ends or stands still; without it every step runs. */
  readonly signal?: { readonly at: number; readonly name: 'SIGKILL' | 'SIGSTOP' };
}

/**
 * Does one thing of the money path as the server does it (the same rooms, a pool and a gateway of its own) and gives
 * itself the signal at the step that the plan names. A step is a statement sent to PostgreSQL or its answer received,
 * BEGIN and COMMIT included; the sandbox gateway lives in the same database, so that its side is cut at every point too.
 * Prints the names of the steps when it gets to the end.
 */
export async function crashProgram([text]: string[]): Promise<void> {
  const plan = JSON.parse(text ?? '') as Plan;
  const database = openDatabase({ connection: plan.connection, poolSize: 4 });
  const { room, sandbox } = makeRooms(plan, database);
  const caller = systemCaller((await readWorkspaceFacts(database, plan.workspaceId))!, new Date(plan.now));
  const go = plan.waitForGo ? new Promise((resolve) => process.once('SIGUSR2', resolve)) : null;
  console.log('ready');
  await go;

  const steps = takeSteps(database.pool, plan.signal);
  const answer = await perform(plan, room, sandbox, caller);
  console.log(JSON.stringify({ answer, steps: steps() }));
  await database.close();
  process.exit(0);
}

export interface Report {
  readonly answer: string;
  readonly steps: readonly string[];
}

async function perform(
  { work, key = '', workspaceId }: Plan,
  room: PaymentsRoom,
  sandbox: ScriptedGateway,
  caller: ReturnType<typeof systemCaller>,
): Promise<string> {
  switch (work.kind) {
    case 'charge': {
      const { contactId, methodId: paymentMethodId } = work;
      const amountMinor = BigInt(work.amountMinor);
      const said = {
        currency: 'USD',
        taxMinor: 0n,
        description: 'Consultation',
        retryOfId: null,
        allocations: null,
        confirmSameAgain: false,
      };
      const input = { contactId, paymentMethodId, amountMinor, ...said };
      return outcomeOf(async () => (await room.charges.charge(caller, input, key)).row.status);
    }
    case 'refund': {
      const amountMinor = BigInt(work.amountMinor);
      const input = { paymentId: work.paymentId, amountMinor, reason: 'requested_by_customer', note: '' };
      return outcomeOf(async () => (await refundPayment(room, caller, input, key)).row.status);
    }
    case 'resolve': {
      const row = await room.database.inWorkspace(workspaceId, (tx) => readRow(tx, work.paymentId));
      return (await room.resolver.resolve(caller, row)).status;
    }
    case 'move_on':
      return String(await sandbox.moveOnDue(workspaceId, caller.now));
  }
}

/** A status, or the code of the refusal. */
async function outcomeOf(work: () => Promise<string>): Promise<string> {
  try {
    return await work();
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}

function makeRooms(plan: Plan, database: Database): { room: PaymentsRoom; sandbox: ScriptedGateway } {
  const clock = movableClock(new Date(plan.now));
  const sandbox: ScriptedGateway = makeScriptedGateway({
    database,
    publicUrl: () => 'http://counterfoil.test',
    signingSecret: createHmac('sha256', plan.secret).update('sandbox gateway events').digest('hex'),
    pause: (ms) => pause(ms),
    deliver: async (workspaceId, rawBody, signature) => {
      const header = (name: string) => (name === SIGNATURE_HEADER ? signature : undefined);
      await room.events.receive('scripted', workspaceId, { rawBody, header }, clock.now());
    },
  });
  const room: PaymentsRoom = makePaymentsRoom(database, makeRegistry([sandbox]), process.pid % 16, clock);
  return { room, sandbox };
}

/** Counts the steps of every connection from now on, and gives this process its signal at the named one. */
function takeSteps(pool: pg.Pool, signal: Plan['signal']): () => readonly string[] {
  const names: string[] = [];
  const step = (name: string) => {
    if (signal?.at === names.length) {
      // Not console.log: the line must be out before the process stops.
      if (signal.name === 'SIGSTOP') writeSync(1, 'standing still\n');
      process.kill(process.pid, signal.name);
    }
    names.push(name);
  };
  const watched = new WeakSet<pg.PoolClient>();
  pool.on('acquire', (client) => {
    if (watched.has(client)) return;
    watched.add(client);
    const send = client.query.bind(client) as (query: unknown) => Promise<unknown>;
    const query = async (asked: string | { name?: string; text: string }) => {
      const name = typeof asked === 'string' ? asked.replace(/ '.*/, '') : (asked.name ?? asked.text.slice(0, 50));
      const answer = send(asked);
      step(`sent ${name}`);
      const result = await answer;
      step(`answered ${name}`);
      return result;
    };
    Object.assign(client, { query });
  });
  return () => names;
}
