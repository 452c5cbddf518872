import { join } from 'node:path';
import { pause } from '../../src/foundation/clock.ts';
import { fromPublicId, newId } from '../../src/foundation/id.ts';
import { verifyBooks } from '../../src/ledger/verify-books.ts';
import { verifyPayments } from '../../src/payments/verify-payments.ts';
import { verifyAudit } from '../../src/workspace/verify-audit.ts';
import { bundleProgram, type RunningProgram, runProgram } from '../setup/child-program.ts';
import { chargeThrough, makeContact, readBook, readGateway, saveTestMethod } from '../setup/money.ts';
import { TEST_SECRET, type TestServer, type TestWorkspace } from '../setup/server.ts';
import type { Plan, Report } from './crash-program.ts';

export const AMOUNT_MINOR = 12_000;

/** Somebody with a card in a workspace of their own, so that scenarios on one database do not meet. */
export interface Scene {
  readonly workspace: TestWorkspace;
  readonly contactId: string;
  readonly methodId: string;
}

/** Builds the program that dies on demand. `remove` takes it away again. */
export function buildCrashProgram() {
  return bundleProgram(join(import.meta.dirname, 'crash-program.ts'), { call: 'crashProgram', whole: true });
}

export async function makeScene(server: TestServer, testMethod = 'approved'): Promise<Scene> {
  const workspace = await server.workspace();
  const contactId = await makeContact(server, workspace);
  const { id: methodId } = await saveTestMethod(server, workspace, contactId, testMethod);
  return { workspace, contactId, methodId };
}

export function chargeWork(scene: Scene): Plan['work'] {
  const contactId = fromPublicId('contact', scene.contactId)!;
  return {
    kind: 'charge',
    contactId,
    methodId: fromPublicId('paymentMethod', scene.methodId)!,
    amountMinor: AMOUNT_MINOR,
  };
}

/** Starts the program on the server's database, at the server's time. */
export function start(
  server: TestServer,
  program: string,
  scene: Scene,
  plan: Pick<Plan, 'work'> & Partial<Plan>,
): RunningProgram {
  const whole: Plan = {
    connection: server.database.connection,
    secret: TEST_SECRET,
    workspaceId: scene.workspace.id,
    now: server.clock.now().toISOString(),
    ...plan,
  };
  return runProgram(program, [JSON.stringify(whole)]);
}

/** What a program that got to its end said. */
export async function reportOf(running: RunningProgram): Promise<Report> {
  const how = await running.ended;
  const { stdout, stderr } = running.output();
  if (how !== 0) throw new Error(`ended with ${how}: ${stdout}${stderr}`);
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as Report;
}

/** The client's own repetition after a lost answer: same key, same words. */
export function askAgain(server: TestServer, scene: Scene, key: string) {
  return chargeThrough(server, scene.workspace, scene.contactId, scene.methodId, { amountMinor: AMOUNT_MINOR, key });
}

export function refundThrough(server: TestServer, scene: Scene, paymentId: string, amountMinor: number, key = newId()) {
  return server.call<{ id: string; status: string; code: string }>('POST', `/v1/payments/${paymentId}/refunds`, {
    as: scene.workspace.apiKey,
    key,
    body: { amount_minor: amountMinor, reason: 'requested_by_customer' },
  });
}

/** Lets time pass in this scene alone: the clock of another scenario's charge must not make it look forgotten. */
export async function passTime(server: TestServer, { workspace }: Scene, seconds: number): Promise<void> {
  const body = { advance_seconds: seconds };
  await server.call('PUT', '/v1/sandbox/clock', { as: workspace.apiKey, body });
}

let working: Promise<unknown> = Promise.resolve();

/**
 * What a server does beside requests, once; one after the other as on a server, so that what another scenario's turn took
 * on is done when this one returns.
 */
export async function workOff(server: TestServer): Promise<void> {
  const turn = working.then(async () => {
    await server.rooms.payments.resolver.resolveDue(server.clock.now());
    await server.rooms.payments.events.processWaiting(server.clock.now());
  });
  working = turn.catch(() => {});
  await turn;
}

/** Everything that is wrong with the money of a scene; empty when gateway and book agree on exactly this. */
export async function wrongs(
  server: TestServer,
  { workspace }: Scene,
  expected: { received: number; refunded?: number },
): Promise<string[]> {
  const { received, refunded = 0 } = expected;
  const found: string[] = [];
  const say = (what: string, is: unknown, should: unknown) => {
    if (String(is) !== String(should)) found.push(`${what} is ${is}, not ${should}`);
  };
  const gateway = await readGateway(server, workspace);
  const settled = (kind: string) => gateway.find((row) => row.kind === kind && row.status === 'settled');
  say('number of charges at the gateway', settled('charge')?.count ?? 0n, received > 0 ? 1 : 0);
  say('charged at the gateway', settled('charge')?.amount ?? 0n, received);
  say('refunded at the gateway', settled('refund')?.amount ?? 0n, refunded);
  const [book] = await readBook(server, workspace);
  say('number of charges in the book', book?.count ?? 0n, received > 0 ? 1 : 0);
  say('received in the book', book?.received ?? 0n, received);
  say('refunded in the book', book?.refunded ?? 0n, refunded);
  const payments = await server.database.inWorkspace(workspace.id, (tx) =>
    tx.many<{ kind: string; status: string }>({
      text: `SELECT kind, status FROM payments WHERE workspace_id = $1 AND status <> 'declined' ORDER BY created_at, kind`,
      values: [workspace.id],
    }),
  );
  say(
    'charges',
    payments.filter(({ kind }) => kind === 'charge').map(({ status }) => status),
    received > 0 ? ['settled'] : [],
  );
  say('open refunds', payments.filter(({ kind, status }) => kind === 'refund' && status !== 'settled').length, 0);
  const differences = await server.database.inWorkspace(
    workspace.id,
    async (tx) => [...(await verifyBooks(tx)), ...(await verifyPayments(tx))],
    { snapshot: true },
  );
  found.push(...differences.map(({ what, kept, readded }) => `${what}: kept ${kept}, re-added ${readded}`));
  found.push(...(await verifyAudit(server.database, workspace.id)).problems);
  return found;
}

/** Runs the jobs, some at a time: the machine has few processors and each job is a process. */
export async function someAtATime<T>(countMax: number, jobs: readonly (() => Promise<T>)[]): Promise<T[]> {
  const results: T[] = [];
  let next = 0;
  const worker = async () => {
    while (next < jobs.length) {
      const index = next++;
      results[index] = await jobs[index]!();
    }
  };
  await Promise.all(Array.from({ length: countMax }, worker));
  return results;
}

/** Waits until something holds, asking every few milliseconds. */
export async function waitFor(holds: () => Promise<boolean>, timeoutMs = 20_000): Promise<void> {
  for (let waited = 0; waited < timeoutMs; waited += 20) {
    if (await holds()) return;
    await pause(20);
  }
  throw new Error(`still not so after ${timeoutMs} ms`);
}

/**
 * Resolves when the process is dead. On a machine that is very busy the gateway's answer can come too late, and the program
 * ends before the step with an unknown outcome: what follows must put that right just the same.
 */
export async function killed(running: RunningProgram): Promise<void> {
  const how = await running.ended;
  if (how === 'SIGKILL') return;
  const { answer } = await reportOf(running);
  if (answer !== 'unknown') throw new Error(`was not killed but answered ${answer}`);
}

/**
 * The same where another scene's repair, which works off what waits everywhere, may have done a part of the work first, so
 * that the process ends before its step. Resolves with whether it was killed.
 */
export async function killedOrEnded(running: RunningProgram): Promise<boolean> {
  return (await running.ended) === 'SIGKILL';
}

/** The steps at which transactions begin and end, with their places: where a kill makes the difference. */
export function boundaries(steps: readonly string[]): [number, string][] {
  return [...steps.entries()].filter(([, name]) => /BEGIN|COMMIT/.test(name));
}
