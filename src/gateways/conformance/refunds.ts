import { describe, expect, it } from 'vitest';
import type { GatewayHarness } from './harness.ts';
import { HOUR_MS, makeDesk, refOf, situation } from './situation.ts';

/** Refunds: parts up to the amount and not beyond, once each, and what becomes of them later. */
export function testRefunds(harness: GatewayHarness): void {
  const desk = makeDesk(harness);
  const { gateway } = harness;
  const GIVEN = ['settled', 'pending'];

  describe('a refund', () => {
    it('goes back in parts up to the amount and not beyond', async () => {
      const { chargeRef } = await desk.settle(await harness.approved(), { amountMinor: 10_000n });
      const parts = [2_500n, 7_000n, 500n].map((amountMinor) => desk.refundOrder(chargeRef, amountMinor));
      for (const part of parts) expect(GIVEN).toContain((await desk.refund(part)).status);
      const beyond = desk.refundOrder(chargeRef, 1_00n);
      expect(await desk.refund(beyond)).toMatchObject({ status: 'declined' });
      expect(await harness.gatewaySide(beyond.attemptId)).toEqual([]);
      for (const part of parts) expect(await harness.gatewaySide(part.attemptId)).toHaveLength(1);
    });

    it('larger than the charge is refused whole', async () => {
      const { chargeRef } = await desk.settle(await harness.approved(), { amountMinor: 10_000n });
      const order = desk.refundOrder(chargeRef, 10_001n);
      expect(await desk.refund(order)).toMatchObject({ status: 'declined' });
      expect(await harness.gatewaySide(order.attemptId)).toEqual([]);
    });

    it('and another one at once never exceed the charge together', async () => {
      const { chargeRef } = await desk.settle(await harness.approved(), { amountMinor: 10_000n });
      const orders = [6_000n, 6_000n].map((amountMinor) => desk.refundOrder(chargeRef, amountMinor));
      await Promise.all(orders.map((order) => desk.refund(order)));
      const moved = await Promise.all(orders.map((order) => harness.gatewaySide(order.attemptId)));
      expect(moved.flat()).toHaveLength(1);
    });

    it('sent twice is one refund and the same answer', async () => {
      const { order: charge, chargeRef } = await desk.settle(await harness.approved());
      const order = desk.refundOrder(chargeRef, 4_000n);
      const first = await desk.refund(order);
      expect(await desk.refund(order)).toMatchObject({ status: first.status, gatewayRef: refOf(first) });
      expect(await harness.gatewaySide(order.attemptId)).toHaveLength(1);
      expect(await desk.lookUpRefund(order, charge)).toMatchObject({ gatewayRef: refOf(first) });
    });

    it('is still found when the gateway has forgotten its key', async () => {
      const { order: charge, chargeRef } = await desk.settle(await harness.approved());
      const order = desk.refundOrder(chargeRef, 4_000n);
      const first = await desk.refund(order);
      await harness.advance(gateway.keyRetentionMs + HOUR_MS);
      expect(await desk.lookUpRefund(order, charge)).toMatchObject({ status: 'settled', gatewayRef: refOf(first) });
    });

    it('that was never sent is not found', async () => {
      const { order: charge, chargeRef } = await desk.settle(await harness.approved());
      const order = desk.refundOrder(chargeRef, 4_000n);
      expect(await desk.lookUpRefund(order, charge)).toEqual({ status: 'never_arrived' });
    });

    situation('that takes days is pending until then', harness.refunds.pending, async (method) => {
      const { order: charge, chargeRef } = await desk.settle(await method());
      const order = desk.refundOrder(chargeRef, 4_000n);
      expect(await desk.refund(order)).toMatchObject({ status: 'pending' });
      const after = await desk.daysUntilChanged(() => desk.lookUpRefund(order, charge));
      expect(after).toMatchObject({ status: 'settled' });
    });

    situation('that the gateway refuses is declined', harness.refunds.refused, async (method) => {
      const { order: charge, chargeRef } = await desk.settle(await method());
      const order = desk.refundOrder(chargeRef, 4_000n);
      expect(await desk.refund(order)).toMatchObject({ status: 'declined' });
      expect(['declined', 'never_arrived']).toContain((await desk.lookUpRefund(order, charge)).status);
      expect(await harness.gatewaySide(order.attemptId)).toEqual([]);
    });

    situation('that fails late has come back', harness.refunds.returned, async (method) => {
      const { order: charge, chargeRef } = await desk.settle(await method());
      const order = desk.refundOrder(chargeRef, 4_000n);
      const first = await desk.refund(order);
      expect(GIVEN).toContain(first.status);
      const after = await desk.daysUntilChanged(() => desk.lookUpRefund(order, charge));
      // What was told to be settled has returned; of what was pending a gateway may say either.
      expect(first.status === 'settled' ? ['returned'] : ['returned', 'declined']).toContain(after.status);
      expect(await harness.gatewaySide(order.attemptId)).toEqual([]);
    });
  });
}
