import { describe, expect, it } from 'vitest';
import { toDecimalText } from '../../foundation/money.ts';
import { type DeclineClass, declineFor } from '../declines.ts';
import type { GatewayHarness } from './harness.ts';
import { DAY_MS, HOUR_MS, makeDesk, refOf, situation } from './situation.ts';

/** 1,234 of the smallest unit that every gateway takes: three-decimal amounts end in 0 at some. */
const AMOUNT_BY_EXPONENT = { 0: 1_234n, 2: 1_234n, 3: 12_340n } as const;

/** Each outcome of a charge, idempotency, currencies, and what happens days later. */
export function testCharges(harness: GatewayHarness): void {
  const desk = makeDesk(harness);
  const { gateway } = harness;

  describe('a charge', () => {
    it('settles, once, and is found by our own reference', async () => {
      const { order, chargeRef } = await desk.settle(await harness.approved());
      expect(await harness.gatewaySide(order.attemptId)).toHaveLength(1);
      const found = await desk.lookUpCharge(order);
      expect(found).toMatchObject({ status: 'settled', gatewayRef: chargeRef });
    });

    situation('that settles reports fee and net', harness.facts, async () => {
      const order = desk.order(await harness.approved());
      await desk.charge(order);
      const found = await desk.lookUpCharge(order);
      if (found.status !== 'settled' || !found.facts) throw new Error(`no facts in ${found.status}`);
      expect(found.facts.grossMinor - found.facts.feeMinor).toBe(found.facts.netMinor);
      expect(found.facts.feeMinor).toBeGreaterThan(0n);
      expect(found.facts.balanceRef).not.toBe('');
    });

    for (const declineClass of Object.keys(harness.declines) as DeclineClass[]) {
      situation(`is declined: ${declineClass}`, harness.declines[declineClass], async (declines) => {
        expect(declines.length).toBeGreaterThan(0);
        for (const { code, method } of declines) {
          const order = desk.order(await method());
          const outcome = await desk.charge(order);
          expect(outcome, code).toMatchObject({ status: 'declined', code });
          expect(declineFor(code).class, code).toBe(declineClass);
          expect(await harness.gatewaySide(order.attemptId), code).toEqual([]);
          expect(await desk.lookUpCharge(order), code).toMatchObject({ status: 'declined', code });
        }
      });
    }

    situation('needs the customer, who confirms', harness.needsCustomer, async ({ method, answer }) => {
      const order = desk.order(await method());
      const asked = await desk.charge(order);
      if (asked.status !== 'needs_customer') throw new Error(`needs_customer was expected, not ${asked.status}`);
      expect(new URL(asked.link).protocol).toMatch(/^https?:$/);
      expect(await harness.gatewaySide(order.attemptId)).toEqual([]);
      expect(await desk.lookUpCharge(order)).toMatchObject({ status: 'needs_customer', gatewayRef: asked.gatewayRef });
      await answer(asked, true);
      expect(await desk.lookUpCharge(order)).toMatchObject({ status: 'settled', gatewayRef: asked.gatewayRef });
      expect(await harness.gatewaySide(order.attemptId)).toHaveLength(1);
    });

    situation('needs the customer, who refuses', harness.needsCustomer, async ({ method, answer }) => {
      const order = desk.order(await method());
      const asked = await desk.charge(order);
      if (asked.status !== 'needs_customer') throw new Error(`needs_customer was expected, not ${asked.status}`);
      await answer(asked, false);
      const after = await desk.lookUpCharge(order);
      // Some gateways let the customer try again on the same link; none of them has the money.
      expect(['declined', 'needs_customer']).toContain(after.status);
      expect(await harness.gatewaySide(order.attemptId)).toEqual([]);
    });

    situation('is pending, and paid days later', harness.debits.paid, async (method) => {
      const order = desk.order(await method());
      expect(await desk.charge(order)).toMatchObject({ status: 'pending' });
      expect(await desk.lookUpCharge(order)).toMatchObject({ status: 'pending' });
      expect(await desk.daysUntilChanged(() => desk.lookUpCharge(order))).toMatchObject({ status: 'settled' });
      expect(await harness.gatewaySide(order.attemptId)).toHaveLength(1);
    });

    situation('is pending, and fails days later', harness.debits.fails, async (method) => {
      const order = desk.order(await method());
      expect(await desk.charge(order)).toMatchObject({ status: 'pending' });
      const after = await desk.daysUntilChanged(() => desk.lookUpCharge(order));
      expect(after).toMatchObject({ status: 'declined' });
      expect(await harness.gatewaySide(order.attemptId)).toEqual([]);
    });

    situation('is pending, paid, and comes back', harness.debits.returned, async (method) => {
      const order = desk.order(await method());
      expect(await desk.charge(order)).toMatchObject({ status: 'pending' });
      expect(await desk.daysUntilChanged(() => desk.lookUpCharge(order))).toMatchObject({ status: 'settled' });
      expect(await desk.daysUntilChanged(() => desk.lookUpCharge(order))).toMatchObject({ status: 'returned' });
    });

    for (const exponent of [0, 2, 3] as const) {
      situation(`in a currency with ${exponent} decimals`, harness.currencies[exponent], async (currency) => {
        const amountMinor = AMOUNT_BY_EXPONENT[exponent];
        const { order, chargeRef } = await desk.settle(await harness.approved(), { currency, amountMinor });
        const [moved, ...more] = await harness.gatewaySide(order.attemptId);
        expect(more).toEqual([]);
        expect(moved).toMatchObject({ currency });
        expect(Number(moved!.decimal)).toBe(Number(toDecimalText(amountMinor, currency)));
        const part = exponent === 3 ? 2_340n : 234n;
        const refund = desk.refundOrder(chargeRef, part, currency);
        expect(['settled', 'pending']).toContain((await desk.refund(refund)).status);
        const [back] = await harness.gatewaySide(refund.attemptId);
        expect(Number(back!.decimal)).toBe(Number(toDecimalText(part, currency)));
      });
    }
  });

  describe('the same attempt', () => {
    it('sent twice is one charge and the same answer', async () => {
      const order = desk.order(await harness.approved());
      const first = await desk.charge(order);
      const second = await desk.charge(order);
      expect(second).toMatchObject({ status: first.status, gatewayRef: refOf(first) });
      expect(await harness.gatewaySide(order.attemptId)).toHaveLength(1);
    });

    it('sent five times at once is one charge', async () => {
      const order = desk.order(await harness.approved());
      const outcomes = await Promise.all(Array.from({ length: 5 }, () => desk.charge(order)));
      for (const { status } of outcomes) expect(['settled', 'unknown']).toContain(status);
      expect(await harness.gatewaySide(order.attemptId)).toHaveLength(1);
      expect(await desk.lookUpCharge(order)).toMatchObject({ status: 'settled' });
    });

    it('with another amount moves nothing more', async () => {
      const { order } = await desk.settle(await harness.approved());
      // A mistake of ours, not an answer of the world: an adapter may throw here, and nowhere else.
      await desk.charge({ ...order, amountMinor: order.amountMinor + 100n }).catch(() => null);
      expect(await harness.gatewaySide(order.attemptId)).toMatchObject([
        { decimal: toDecimalText(order.amountMinor, order.currency) },
      ]);
    });

    it('is still found when the gateway has forgotten its key', async () => {
      const { order, chargeRef } = await desk.settle(await harness.approved());
      await harness.advance(gateway.keyRetentionMs + HOUR_MS);
      expect(await desk.lookUpCharge(order)).toMatchObject({ status: 'settled', gatewayRef: chargeRef });
      await harness.advance(30 * DAY_MS);
      expect(await desk.lookUpCharge(order)).toMatchObject({ status: 'settled', gatewayRef: chargeRef });
      expect(await harness.gatewaySide(order.attemptId)).toHaveLength(1);
    });

    it('that was never sent is not found', async () => {
      const order = desk.order(await harness.approved());
      expect(await desk.lookUpCharge(order)).toEqual({ status: 'never_arrived' });
    });
  });

  describe('words of a newer version', () => {
    situation('for the state of a charge are no answer', harness.newerWords.charge, async (speakNewWord) => {
      const { order } = await desk.settle(await harness.approved());
      await speakNewWord(order.attemptId);
      expect(await desk.lookUpCharge(order)).toMatchObject({ status: 'unknown' });
    });

    situation('for the state of a refund are no answer', harness.newerWords.refund, async (speakNewWord) => {
      const { order, chargeRef } = await desk.settle(await harness.approved());
      const refund = desk.refundOrder(chargeRef, 100n);
      await desk.refund(refund);
      await speakNewWord(refund.attemptId);
      expect(await desk.lookUpRefund(refund, order)).toMatchObject({ status: 'unknown' });
    });
  });
}
