import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../src/foundation/id.ts';
import { readGateway } from '../setup/money.ts';
import { type TestServer, testServer } from '../setup/server.ts';
import {
  AMOUNT_MINOR,
  askAgain,
  boundaries,
  buildCrashProgram,
  chargeWork,
  killed,
  makeScene,
  passTime,
  reportOf,
  someAtATime,
  start,
  waitFor,
  workOff,
  wrongs,
} from './crash-site.ts';

let server: TestServer;
let program: { path: string; remove: () => void };
beforeAll(async () => {
  [server, program] = await Promise.all([testServer(), buildCrashProgram()]);
});
afterAll(() => program.remove());

/** Names of the steps that an undisturbed charge takes. */
async function stepsOfCharge(testMethod = 'approved'): Promise<readonly string[]> {
  const scene = await makeScene(server, testMethod);
  return (await reportOf(start(server, program.path, scene, { work: chargeWork(scene), key: newId() }))).steps;
}

/** Kills a charge at one step, brings everything up again, and tells what is wrong then. */
async function killAndRecover(at: number, name: string, testMethod: string, fault?: string): Promise<string[]> {
  const scene = await makeScene(server, testMethod);
  const key = newId();
  if (fault) {
    await server.call('POST', '/v1/sandbox/faults', {
      as: scene.workspace.apiKey,
      body: { operation: 'charge', fault },
    });
  }
  const running = start(server, program.path, scene, { work: chargeWork(scene), key, signal: { at, name: 'SIGKILL' } });
  await killed(running);
  // Every other time the client asks before anything was repaired, as an impatient one does.
  if (at % 2 === 0) {
    const early = await askAgain(server, scene, key);
    if (early.status !== 201 && early.status !== 409) return [`${name}: asking at once gave ${early.text}`];
  }
  await passTime(server, scene, 60);
  await workOff(server);
  await askAgain(server, scene, key);
  await passTime(server, scene, 60);
  await workOff(server);
  const last = await askAgain(server, scene, key);
  const found = await wrongs(server, scene, { received: AMOUNT_MINOR });
  if (last.body.status !== 'settled') found.push(`the client hears ${last.text}`);
  const repeated = await askAgain(server, scene, key);
  if (repeated.text !== last.text) found.push(`the client hears ${last.text}, then ${repeated.text}`);
  return found.map((what) => `${name}: ${what}`);
}

describe('a server killed in the middle of a charge', () => {
  it('at every step: the customer is charged once, and the client hears so', { timeout: 300_000 }, async () => {
    const steps = await stepsOfCharge();
    // Every statement there is, so that a new one is killed at as well. Each has been sent, then answered: twice as many steps.
    const begin = 'BEGIN; SET LOCAL app.workspace_id =';
    expect(steps.filter((name) => name.startsWith('sent ')).map((name) => name.slice('sent '.length))).toEqual([
      ...[begin, 'contacts_for_charge_locked', 'payments_charge_facts', 'payments_send_charges', 'COMMIT'],
      ...[begin, 'scripted_take_charges', 'COMMIT'],
      ...[begin, 'payments_record', 'COMMIT'],
    ]);
    expect(steps).toHaveLength(22);
    const found = await someAtATime(
      3,
      steps.map((name, at) => () => killAndRecover(at, `${at} ${name}`, 'approved')),
    );
    expect(found.flat()).toEqual([]);
  });
});

describe('a server killed while the gateway is in trouble as well', () => {
  it.each([
    ['approved', 'reply_lost'],
    ['approved', 'request_lost'],
    ['timeout_after_success', undefined],
    ['timeout_before_arrival', undefined],
  ])('%s, %s: still one charge', { timeout: 120_000 }, async (testMethod, fault) => {
    const steps = await stepsOfCharge(testMethod);
    const chosen = boundaries(steps);
    const found = await someAtATime(
      3,
      chosen.map(
        ([at, name]) =>
          () =>
            killAndRecover(at, `${at} ${name}`, testMethod, fault),
      ),
    );
    expect(found.flat()).toEqual([]);
  });

  it('a slow answer that comes after the server is gone is found out', { timeout: 60_000 }, async () => {
    const scene = await makeScene(server);
    await server.call('POST', '/v1/sandbox/faults', {
      as: scene.workspace.apiKey,
      body: { operation: 'charge', fault: 'slow' },
    });
    const key = newId();
    const running = start(server, program.path, scene, { work: chargeWork(scene), key });
    await running.line(/ready/);
    // The gateway answers after 1.5 s; by now it has the money and the server waits.
    await waitFor(async () => (await readGateway(server, scene.workspace)).length === 1);
    running.child.kill('SIGKILL');
    await running.ended;
    expect((await askAgain(server, scene, key)).status).toBe(409);
    await passTime(server, scene, 60);
    await workOff(server);
    expect((await askAgain(server, scene, key)).body.status).toBe('settled');
    expect(await wrongs(server, scene, { received: AMOUNT_MINOR })).toEqual([]);
  });
});
