import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pause } from '../../src/foundation/clock.ts';
import { fromPublicId, newId } from '../../src/foundation/id.ts';
import { readBook } from '../setup/money.ts';
import { type TestServer, testServer } from '../setup/server.ts';
import {
  AMOUNT_MINOR,
  askAgain,
  boundaries,
  buildCrashProgram,
  chargeWork,
  killedOrEnded,
  makeScene,
  passTime,
  reportOf,
  someAtATime,
  start,
  workOff,
  wrongs,
} from './crash-site.ts';

let server: TestServer;
let program: { path: string; remove: () => void };
beforeAll(async () => {
  [server, program] = await Promise.all([testServer(), buildCrashProgram()]);
});
afterAll(() => program.remove());

describe('two servers on one database', () => {
  it('that get the same key at once charge once, and both know the outcome', { timeout: 60_000 }, async () => {
    for (let round = 0; round < 4; round += 1) {
      const scene = await makeScene(server);
      const key = newId();
      const plan = { work: chargeWork(scene), key, waitForGo: true };
      const servers = [0, 1].map(() => start(server, program.path, scene, plan));
      await Promise.all(servers.map((one) => one.line(/ready/)));
      for (const { child } of servers) child.kill('SIGUSR2');
      const third = askAgain(server, scene, key);
      const answers = (await Promise.all(servers.map(reportOf))).map(({ answer }) => answer);
      await third;
      expect(['settled', 'idempotency_key_running']).toEqual(expect.arrayContaining(answers));
      await passTime(server, scene, 60);
      await workOff(server);
      expect((await askAgain(server, scene, key)).body.status).toBe('settled');
      expect(await wrongs(server, scene, { received: AMOUNT_MINOR })).toEqual([]);
    }
  });

  it('one stands still at a step while the other resolves: still one charge', { timeout: 300_000 }, async () => {
    const dry = await makeScene(server);
    const { steps } = await reportOf(start(server, program.path, dry, { work: chargeWork(dry), key: newId() }));
    const sentAt = steps.indexOf('answered COMMIT');
    const chosen = [...steps.entries()].filter(([at]) => at >= sentAt);
    const found = await someAtATime(
      3,
      chosen.map(([at, name]) => async () => {
        const scene = await makeScene(server);
        const key = newId();
        const signal = { at, name: 'SIGSTOP' } as const;
        const running = start(server, program.path, scene, { work: chargeWork(scene), key, signal });
        await running.line(/standing still/);
        await passTime(server, scene, 60);
        // The other server may have to wait for locks that the still one holds; it goes on in a moment.
        const resolved = workOff(server);
        await pause(60);
        // Every third is never heard of again.
        running.child.kill(at % 3 === 0 ? 'SIGKILL' : 'SIGCONT');
        await Promise.all([running.ended, resolved]);
        await passTime(server, scene, 60);
        await workOff(server);
        const last = await askAgain(server, scene, key);
        const wrong = await wrongs(server, scene, { received: AMOUNT_MINOR });
        if (last.body.status !== 'settled') wrong.push(`the client hears ${last.text}`);
        return wrong.map((what) => `${at} ${name}: ${what}`);
      }),
    );
    expect(found.flat()).toEqual([]);
  });

  it('one is killed while it resolves: the other one finishes it', { timeout: 300_000 }, async () => {
    const makeUnknown = async () => {
      const scene = await makeScene(server, 'timeout_after_success');
      const key = newId();
      const { body } = await askAgain(server, scene, key);
      return { scene, key, work: { kind: 'resolve' as const, paymentId: fromPublicId('payment', body.id)! } };
    };
    const dry = await makeUnknown();
    const { answer, steps } = await reportOf(start(server, program.path, dry.scene, { work: dry.work }));
    expect(answer).toBe('settled');
    const found = await someAtATime(
      3,
      boundaries(steps).map(([at, name]) => async () => {
        const { scene, key, work } = await makeUnknown();
        await killedOrEnded(start(server, program.path, scene, { work, signal: { at, name: 'SIGKILL' } }));
        await passTime(server, scene, 60);
        await workOff(server);
        const last = await askAgain(server, scene, key);
        const wrong = await wrongs(server, scene, { received: AMOUNT_MINOR });
        if (last.body.status !== 'settled') wrong.push(`the client hears ${last.text}`);
        return wrong.map((what) => `${at} ${name}: ${what}`);
      }),
    );
    expect(found.flat()).toEqual([]);
  });
});

describe('a server killed while the gateway tells it something', () => {
  it('a bank debit that is paid is booked once', { timeout: 300_000 }, async () => {
    const makePending = async () => {
      const scene = await makeScene(server, 'debit_paid');
      const key = newId();
      await askAgain(server, scene, key);
      await server.call('POST', '/v1/sandbox/faults', {
        as: scene.workspace.apiKey,
        body: { operation: 'event', fault: 'events_doubled' },
      });
      return { scene, key, now: new Date(server.clock.now().getTime() + 72 * 3_600_000).toISOString() };
    };
    const work = { kind: 'move_on' as const };
    const dry = await makePending();
    const { steps } = await reportOf(start(server, program.path, dry.scene, { work, now: dry.now }));
    expect((await readBook(server, dry.scene.workspace))[0]?.received).toBe(BigInt(AMOUNT_MINOR));
    let kills = 0;
    const found = await someAtATime(
      3,
      boundaries(steps).map(([at, name]) => async () => {
        const { scene, key, now } = await makePending();
        const signal = { at, name: 'SIGKILL' } as const;
        if (await killedOrEnded(start(server, program.path, scene, { work, now, signal }))) kills += 1;
        await server.call('PUT', '/v1/sandbox/clock', {
          as: scene.workspace.apiKey,
          body: { advance_seconds: 8 * 86_400 },
        });
        await workOff(server);
        const last = await server.call('GET', `/v1/payments/by-key/${key}`, { as: scene.workspace.apiKey });
        const wrong = await wrongs(server, scene, { received: AMOUNT_MINOR });
        if (last.body.status !== 'settled') wrong.push(`the client hears ${last.text}`);
        return wrong.map((what) => `${at} ${name}: ${what}`);
      }),
    );
    expect(found.flat()).toEqual([]);
    expect(kills).toBeGreaterThan(boundaries(steps).length / 2);
  });
});
