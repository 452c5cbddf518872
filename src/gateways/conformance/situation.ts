import { expect, it } from 'vitest';
import { newId } from '../../foundation/id.ts';
import type { ChargeOrder, GatewayEvent, LookUp, Outcome, RefundOrder } from '../gateway.ts';
import type { Can, GatewayHarness, SavedMethod } from './harness.ts';

export const DAY_MS = 24 * 3_600_000;
export const HOUR_MS = 3_600_000;
/** Every bank debit, refund and dispute that a harness arranges ends within a fortnight. */
const DAYS_MAX = 14;

/** One test, or a test that says why there is none for this gateway. */
export function situation<Situation>(
  name: string,
  can: Can<Situation>,
  test: (arrange: Situation) => Promise<void>,
): void {
  if (typeof can === 'object' && can !== null && 'cannot' in can) {
    const { cannot } = can;
    it(`${name}: DECLARED IMPOSSIBLE, ${cannot}`, () => {
      expect(cannot.length, 'a declaration gives its reason').toBeGreaterThan(20);
    });
    return;
  }
  it(name, () => test(can));
}

/** What the tests of the kit do with a gateway, over and over. */
export interface Desk {
  order(method: SavedMethod, more?: Partial<ChargeOrder>): ChargeOrder;
  charge(order: ChargeOrder): Promise<Outcome>;
  /** A charge that must settle. Answers its order and the gateway's reference. */
  settle(method: SavedMethod, more?: Partial<ChargeOrder>): Promise<{ order: ChargeOrder; chargeRef: string }>;
  refundOrder(chargeRef: string, amountMinor: bigint, currency?: string): RefundOrder;
  refund(order: RefundOrder): Promise<Outcome>;
  /** What became of a charge, asked by nothing but what the book holds before any answer. */
  lookUpCharge(order: ChargeOrder): Promise<LookUp>;
  lookUpRefund(order: RefundOrder, charge: ChargeOrder): Promise<LookUp>;
  /** Lets days pass until the question is answered otherwise than before; the last answer. */
  daysUntilChanged<Answer extends { status: string }>(ask: () => Promise<Answer>): Promise<Answer>;
  /** The messages since the last time, verified. Those that do not hold are left out. */
  events(): Promise<GatewayEvent[]>;
}

export function makeDesk(harness: GatewayHarness): Desk {
  const { gateway } = harness;
  const { currencies } = harness;
  const usual = typeof currencies[2] === 'string' ? currencies[2] : 'USD';
  const sentAt = new Map<string, Date>();

  const desk: Desk = {
    order: (method, more = {}) => {
      const order = {
        attemptId: newId(),
        ...method,
        amountMinor: 12_000n,
        currency: usual,
        description: 'Consultation',
        ...more,
      };
      sentAt.set(order.attemptId, harness.context().now);
      return order;
    },
    charge: (order) => gateway.charge(harness.context(), order),
    async settle(method, more) {
      const order = desk.order(method, more);
      const outcome = await desk.charge(order);
      expect(outcome).toMatchObject({ status: 'settled' });
      return { order, chargeRef: refOf(outcome) };
    },
    refundOrder: (chargeRef, amountMinor, currency = usual) => {
      const order = { attemptId: newId(), chargeRef, amountMinor, currency };
      sentAt.set(order.attemptId, harness.context().now);
      return order;
    },
    refund: (order) => gateway.refund(harness.context(), order),
    lookUpCharge: (order) =>
      gateway.lookUp(harness.context(), {
        attemptId: order.attemptId,
        kind: 'charge',
        gatewayRef: null,
        customerRef: order.customerRef,
        sentAt: sentAt.get(order.attemptId),
      }),
    lookUpRefund: (order, charge) =>
      gateway.lookUp(harness.context(), {
        attemptId: order.attemptId,
        kind: 'refund',
        gatewayRef: null,
        customerRef: charge.customerRef,
        chargeRef: order.chargeRef,
        sentAt: sentAt.get(order.attemptId),
      }),
    async daysUntilChanged(ask) {
      const before = await ask();
      for (let day = 1; day <= DAYS_MAX; day += 1) {
        await harness.advance(DAY_MS);
        const now = await ask();
        if (now.status !== before.status) return now;
      }
      return before;
    },
    async events() {
      const found: GatewayEvent[] = [];
      for (const message of await harness.takeMessages()) {
        const event = await gateway.parseEvent(harness.context(), message);
        if (event) found.push(event);
      }
      return found;
    },
  };
  return desk;
}

/** The reference in an outcome that must carry one. */
export function refOf(outcome: LookUp): string {
  if (!('gatewayRef' in outcome) || outcome.gatewayRef === null) {
    throw new Error(`an outcome with a reference was expected, not ${outcome.status}`);
  }
  return outcome.gatewayRef;
}
