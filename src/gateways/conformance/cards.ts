import { describe, expect, it } from 'vitest';
import { newId } from '../../foundation/id.ts';
import type { GatewayHarness } from './harness.ts';
import { makeDesk, situation } from './situation.ts';

/** Saving a method through the gateway's own form, and what becomes of it. */
export function testCards(harness: GatewayHarness): void {
  const desk = makeDesk(harness);
  const { gateway } = harness;
  const openForm = () =>
    gateway.openCardForm(harness.context(), {
      customerRef: null,
      contactRef: newId(),
      contactName: 'Ada Lovelace',
      email: 'ada@example.com',
    });

  describe('the form', () => {
    situation('is open until the customer saves a card, which can then be charged', harness.cardForm, async (fill) => {
      const form = await openForm();
      expect(form.formRef).not.toBe('');
      expect(await gateway.readCardForm(harness.context(), form.formRef)).toEqual({ status: 'open' });
      await fill(form, 'saves');
      const state = await gateway.readCardForm(harness.context(), form.formRef);
      if (state.status !== 'completed') throw new Error(`completed was expected, not ${state.status}`);
      expect(state.method.last4).toMatch(/^\d{4}$/);
      expect(state.method.fingerprint).not.toBe('');
      await desk.settle(state.method);
      expect(await gateway.readCardForm(harness.context(), form.formRef)).toEqual(state);
    });

    situation('that was refused says so', harness.cardForm, async (fill) => {
      const form = await openForm();
      await fill(form, 'refused');
      const state = await gateway.readCardForm(harness.context(), form.formRef);
      // Where the customer may try again in the same form it stays open; no method has come of it.
      expect(['refused', 'open']).toContain(state.status);
    });

    it('nobody opened is refused', async () => {
      const state = await gateway.readCardForm(harness.context(), 'form_nobody_has');
      expect(state).toMatchObject({ status: 'refused' });
    });
  });

  describe('a saved method', () => {
    it('is attached until it is detached, and is not charged afterwards', async () => {
      const method = await harness.approved();
      const state = await gateway.readMethod(harness.context(), method.methodRef);
      expect(state).toMatchObject({ status: 'attached', method: { ...method } });
      await gateway.detachMethod(harness.context(), method.methodRef);
      expect(await gateway.readMethod(harness.context(), method.methodRef)).toEqual({ status: 'detached' });
      const order = desk.order(method);
      expect(await desk.charge(order)).toMatchObject({ status: 'declined' });
      expect(await harness.gatewaySide(order.attemptId)).toEqual([]);
      // A second time changes nothing: the gateway may have been asked before an answer was lost.
      await gateway.detachMethod(harness.context(), method.methodRef);
    });

    situation('that its network replaced is read anew', harness.networkUpdate, async (update) => {
      const method = await harness.approved();
      await harness.takeMessages();
      const { last4, expYear } = await update(method.methodRef);
      const abouts = (await desk.events()).map(({ about }) => about);
      expect(abouts).toContainEqual({ kind: 'method', methodRef: method.methodRef });
      const state = await gateway.readMethod(harness.context(), method.methodRef);
      expect(state).toMatchObject({ status: 'attached', method: { last4, expYear } });
    });

    it('nobody has is not known', async () => {
      const { status } = await gateway.readMethod(harness.context(), 'pm_nobody_has_this');
      expect(['unknown', 'detached']).toContain(status);
    });
  });
}
