import { describe, expect } from 'vitest';
import { monotonicMs } from '../../foundation/clock.ts';
import type { BreakWire, GatewayHarness, WireFault } from './harness.ts';
import { WIRE_FAULTS } from './harness.ts';
import { makeDesk, situation } from './situation.ts';

/** A call ends in time; this much more is the machine's own slowness. */
const SLACK_MS = 3_000;
/** More sends of one attempt than this would be a flood. */
const SENDS_MAX = 10;

/** Those after which the gateway has executed the request. */
const EXECUTED: ReadonlySet<WireFault> = new Set([
  'hang_after',
  'cut_mid_reply',
  'server_error_after',
  'malformed_after',
]);
/** Those after which it is certain that nothing was executed, so that the desk may be told at once. */
const SURELY_NOT: ReadonlySet<WireFault> = new Set(['rate_limited', 'tls_refused']);

/** Everything that goes wrong between us and a gateway: nothing is lost, nothing is doubled, nothing is claimed. */
export function testWire(harness: GatewayHarness): void {
  const desk = makeDesk(harness);
  const { gateway } = harness;

  async function inTime<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    const startedMs = monotonicMs();
    const answer = await work();
    expect(monotonicMs() - startedMs, 'within the gateway’s own limit').toBeLessThan(gateway.timeoutMs + SLACK_MS);
    return answer;
  }

  /** Which keys were sent, when the harness sees requests: always one and the same. */
  function expectOneKey(attemptId: string): void {
    if ('cannot' in harness.takeRequests) return;
    const keys = harness
      .takeRequests()
      .filter(({ operation }) => operation !== 'lookup')
      .map(({ key }) => key);
    for (const key of keys) expect(key).toBe(attemptId);
    expect(keys.length).toBeLessThanOrEqual(SENDS_MAX);
  }
  const forgetRequests = () => ('cannot' in harness.takeRequests ? [] : harness.takeRequests());

  for (const fault of WIRE_FAULTS) {
    const executed = EXECUTED.has(fault);
    describe(`the wire: ${fault.replaceAll('_', ' ')}`, () => {
      situation('a charge is never claimed, and found out afterwards', harness.faults[fault], async (breakWire) => {
        const order = desk.order(await harness.approved());
        forgetRequests();
        const mend = await breakWire('charge', null);
        const outcome = await inTime(() => desk.charge(order));
        await mend();
        expectOneKey(order.attemptId);
        if (SURELY_NOT.has(fault)) expect(['declined', 'unknown']).toContain(outcome.status);
        else expect(outcome.status).toBe('unknown');
        expect(await harness.gatewaySide(order.attemptId)).toHaveLength(executed ? 1 : 0);
        expect((await desk.lookUpCharge(order)).status).toBe(executed ? 'settled' : 'never_arrived');
        // What the resolver may do while the key is remembered: the same attempt again.
        expect(['settled', 'unknown']).toContain((await desk.charge(order)).status);
        expect(await harness.gatewaySide(order.attemptId)).toHaveLength(1);
        expect(await desk.lookUpCharge(order)).toMatchObject({ status: 'settled' });
      });

      situation('a refund is never claimed, and found out afterwards', harness.faults[fault], async (breakWire) => {
        const { order: charge, chargeRef } = await desk.settle(await harness.approved());
        const order = desk.refundOrder(chargeRef, 4_000n);
        forgetRequests();
        const mend = await breakWire('refund', null);
        const outcome = await inTime(() => desk.refund(order));
        await mend();
        expectOneKey(order.attemptId);
        if (SURELY_NOT.has(fault)) expect(['declined', 'unknown']).toContain(outcome.status);
        else expect(outcome.status).toBe('unknown');
        expect(await harness.gatewaySide(order.attemptId)).toHaveLength(executed ? 1 : 0);
        const found = await desk.lookUpRefund(order, charge);
        expect(executed ? ['settled', 'pending'] : ['never_arrived']).toContain(found.status);
        await desk.refund(order);
        expect(await harness.gatewaySide(order.attemptId)).toHaveLength(1);
      });

      situation('a look-up that is not answered is no answer', harness.faults[fault], async (breakWire) => {
        const { order } = await desk.settle(await harness.approved());
        const mend = await breakWire('lookup', null);
        const found = await inTime(() => desk.lookUpCharge(order));
        await mend();
        expect(found.status).toBe('unknown');
        expect(await desk.lookUpCharge(order)).toMatchObject({ status: 'settled' });
      });

      situation('that breaks once is one charge at most', harness.faults[fault], (breakWire) => breaksOnce(breakWire));
    });
  }

  async function breaksOnce(breakWire: BreakWire): Promise<void> {
    const order = desk.order(await harness.approved());
    forgetRequests();
    const mend = await breakWire('charge', 1);
    const outcome = await inTime(() => desk.charge(order));
    await mend();
    expectOneKey(order.attemptId);
    const moved = await harness.gatewaySide(order.attemptId);
    expect(moved.length).toBeLessThanOrEqual(1);
    if (outcome.status === 'settled') expect(moved).toHaveLength(1);
    if (outcome.status === 'declined') expect(moved).toHaveLength(0);
    const found = await desk.lookUpCharge(order);
    expect(found.status).toBe(moved.length === 1 ? 'settled' : 'never_arrived');
  }

  describe('a gateway that is asked too much', () => {
    const seen = harness.takeRequests;
    situation(
      'is asked again a few times, later and later, and then left alone',
      'cannot' in seen
        ? seen
        : 'cannot' in harness.faults.rate_limited
          ? harness.faults.rate_limited
          : { takeRequests: seen, breakWire: harness.faults.rate_limited },
      async ({ takeRequests, breakWire }) => {
        const order = desk.order(await harness.approved());
        takeRequests();
        const mend = await breakWire('charge', null);
        const outcome = await inTime(() => desk.charge(order));
        await mend();
        const sends = takeRequests().filter(({ operation }) => operation === 'charge');
        expect(sends.length).toBeGreaterThanOrEqual(2);
        expect(sends.length).toBeLessThanOrEqual(SENDS_MAX);
        for (const { key } of sends) expect(key).toBe(order.attemptId);
        const waits = sends.slice(1).map(({ atMs }, index) => atMs - sends[index]!.atMs);
        for (const wait of waits) expect(wait).toBeGreaterThan(1);
        // Too many requests means that none was executed: the desk is told so, and may try at once.
        expect(outcome).toMatchObject({ status: 'declined', code: 'gateway_busy', gatewayRef: null });
      },
    );

    situation('once answers when it can', harness.faults.rate_limited, async (breakWire) => {
      const order = desk.order(await harness.approved());
      const mend = await breakWire('charge', 1);
      expect(await inTime(() => desk.charge(order))).toMatchObject({ status: 'settled' });
      await mend();
      expect(await harness.gatewaySide(order.attemptId)).toHaveLength(1);
    });
  });

  situation('nothing secret is in the log', harness.secrets, async ({ log, values }) => {
    expect(values.length).toBeGreaterThan(0);
    const text = log();
    for (const value of values) expect(text.includes(value), 'a secret in the log').toBe(false);
  });
}
