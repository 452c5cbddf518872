import { describe, expect } from 'vitest';
import type { GatewayHarness } from './harness.ts';
import { makeDesk, situation } from './situation.ts';

/** The cycle of a dispute, and warnings that one is coming. */
export function testDisputes(harness: GatewayHarness): void {
  const desk = makeDesk(harness);
  const { gateway } = harness;
  const read = (disputeRef: string) => gateway.readDispute(harness.context(), disputeRef);

  describe('a dispute', () => {
    for (const end of ['won', 'lost'] as const) {
      const can =
        'cannot' in harness.disputes ? harness.disputes : (harness.disputes.neverTells?.[end] ?? harness.disputes);
      situation(`opens, takes the money and is ${end}`, can, async (disputes) => {
        const { order, chargeRef } = await desk.settle(await disputes.method(end));
        await harness.takeMessages();
        await disputes.opens(chargeRef);
        const abouts = (await desk.events()).map(({ about }) => about);
        const about = abouts.find(({ kind }) => kind === 'dispute');
        if (about?.kind !== 'dispute') throw new Error(`no message about a dispute among ${JSON.stringify(abouts)}`);
        const opened = await read(about.disputeRef);
        expect(opened).toMatchObject({ disputeRef: about.disputeRef, chargeRef, currency: order.currency });
        expect(opened!.amountMinor).toBe(order.amountMinor);
        expect(['needs_response', 'withdrawn']).toContain(opened!.status);
        expect(opened!.reason).not.toBe('');
        await disputes.takesMoney(chargeRef);
        const withdrawn = await read(about.disputeRef);
        expect(withdrawn).toMatchObject({ status: 'withdrawn' });
        expect(withdrawn!.feeMinor).toBeGreaterThanOrEqual(0n);
        await disputes.ends(chargeRef, end);
        expect(await read(about.disputeRef)).toMatchObject({ status: end, chargeRef });
      });
    }

    situation(
      'in a state that a newer version invented is told by its money only',
      'cannot' in harness.disputes
        ? harness.disputes
        : typeof harness.newerWords.dispute === 'function'
          ? { ...harness.disputes, speakNewWord: harness.newerWords.dispute }
          : harness.newerWords.dispute,
      async ({ method, opens, takesMoney, speakNewWord }) => {
        const { chargeRef } = await desk.settle(await method('lost'));
        await harness.takeMessages();
        await opens(chargeRef);
        await takesMoney(chargeRef);
        const about = (await desk.events()).map((event) => event.about).find(({ kind }) => kind === 'dispute');
        if (about?.kind !== 'dispute') throw new Error('no message about a dispute');
        await speakNewWord(about.disputeRef);
        const found = await read(about.disputeRef);
        expect(found).toMatchObject({ chargeRef, status: 'withdrawn' });
      },
    );

    situation('nobody has is null', harness.disputes, async () => {
      expect(await read('dp_nobody_has_this')).toBeNull();
    });

    situation('that is coming is warned of', harness.fraudWarning, async (warn) => {
      const { chargeRef } = await desk.settle(await harness.approved());
      await harness.takeMessages();
      await warn(chargeRef);
      const abouts = (await desk.events()).map(({ about }) => about);
      expect(abouts).toContainEqual({ kind: 'fraud_warning', chargeRef, warningRef: expect.stringMatching(/./) });
    });
  });
}
