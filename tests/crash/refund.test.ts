import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromPublicId, newId } from '../../src/foundation/id.ts';
import { type TestServer, testServer } from '../setup/server.ts';
import type { Plan } from './crash-program.ts';
import {
  AMOUNT_MINOR,
  askAgain,
  boundaries,
  buildCrashProgram,
  killed,
  makeScene,
  passTime,
  refundThrough,
  reportOf,
  type Scene,
  someAtATime,
  start,
  workOff,
  wrongs,
} from './crash-site.ts';

const REFUNDED_MINOR = 7_000;

let server: TestServer;
let program: { path: string; remove: () => void };
beforeAll(async () => {
  [server, program] = await Promise.all([testServer(), buildCrashProgram()]);
});
afterAll(() => program.remove());

async function makeChargedScene(): Promise<{ scene: Scene; chargeId: string; work: Plan['work'] }> {
  const scene = await makeScene(server);
  const { body } = await askAgain(server, scene, newId());
  const work = { kind: 'refund' as const, paymentId: fromPublicId('payment', body.id)!, amountMinor: REFUNDED_MINOR };
  return { scene, chargeId: body.id, work };
}

async function scriptFault(scene: Scene, fault: string) {
  await server.call('POST', '/v1/sandbox/faults', { as: scene.workspace.apiKey, body: { operation: 'refund', fault } });
}

/** Kills a refund at one step, brings everything up again, and tells what is wrong then. */
async function killAndRecover(at: number, name: string, fault?: string): Promise<string[]> {
  const { scene, chargeId, work } = await makeChargedScene();
  const key = newId();
  if (fault) await scriptFault(scene, fault);
  const running = start(server, program.path, scene, { work, key, signal: { at, name: 'SIGKILL' } });
  await killed(running);
  const found: string[] = [];
  if (at % 2 === 0) {
    const early = await refundThrough(server, scene, chargeId, REFUNDED_MINOR, key);
    if (early.status !== 201 && early.status !== 409) found.push(`asking at once gave ${early.text}`);
  }
  await passTime(server, scene, 60);
  await workOff(server);
  await refundThrough(server, scene, chargeId, REFUNDED_MINOR, key);
  await passTime(server, scene, 60);
  await workOff(server);
  const last = await refundThrough(server, scene, chargeId, REFUNDED_MINOR, key);
  if (last.body.status !== 'settled') found.push(`the client hears ${last.text}`);
  const beyond = await refundThrough(server, scene, chargeId, AMOUNT_MINOR - REFUNDED_MINOR + 1);
  if (beyond.body.code !== 'refund_above_received') found.push(`refunding more than is left gave ${beyond.text}`);
  found.push(...(await wrongs(server, scene, { received: AMOUNT_MINOR, refunded: REFUNDED_MINOR })));
  return found.map((what) => `${name}: ${what}`);
}

async function stepsOfRefund(fault?: string): Promise<readonly string[]> {
  const { scene, work } = await makeChargedScene();
  if (fault) await scriptFault(scene, fault);
  return (await reportOf(start(server, program.path, scene, { work, key: newId() }))).steps;
}

describe('a server killed in the middle of a refund', () => {
  it('at every step: the money goes back once and never more than came in', { timeout: 300_000 }, async () => {
    const steps = await stepsOfRefund();
    expect(steps.filter((name) => name === 'answered COMMIT')).toHaveLength(3);
    const found = await someAtATime(
      3,
      steps.map((name, at) => () => killAndRecover(at, `${at} ${name}`)),
    );
    expect(found.flat()).toEqual([]);
  });

  it.each(['reply_lost', 'request_lost'])('with %s besides', { timeout: 120_000 }, async (fault) => {
    const steps = await stepsOfRefund(fault);
    const chosen = boundaries(steps);
    const found = await someAtATime(
      3,
      chosen.map(
        ([at, name]) =>
          () =>
            killAndRecover(at, `${at} ${name}`, fault),
      ),
    );
    expect(found.flat()).toEqual([]);
  });

  it('refunds killed one after the other leave what they hold refundable again', { timeout: 60_000 }, async () => {
    const { scene, chargeId, work } = await makeChargedScene();
    const steps = await stepsOfRefund();
    const sentAt = steps.indexOf('answered COMMIT');
    const key = newId();
    await start(server, program.path, scene, { work, key, signal: { at: sentAt, name: 'SIGKILL' } }).ended;
    const meanwhile = await refundThrough(server, scene, chargeId, AMOUNT_MINOR);
    expect(meanwhile.body.code).toBe('refund_above_received');
    // After a day nobody expects the refund any more: it is given up, and the whole amount can be given back.
    await passTime(server, scene, 86_400);
    await workOff(server);
    expect((await refundThrough(server, scene, chargeId, REFUNDED_MINOR, key)).body.status).toBe('canceled');
    expect((await refundThrough(server, scene, chargeId, AMOUNT_MINOR)).body.status).toBe('settled');
    const found = await wrongs(server, scene, { received: AMOUNT_MINOR, refunded: AMOUNT_MINOR });
    expect(found).toEqual(['open refunds is 1, not 0']);
  });
});
