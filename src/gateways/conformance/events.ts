import { describe, expect, it } from 'vitest';
import type { GatewayEvent, IncomingEvent } from '../gateway.ts';
import type { GatewayHarness } from './harness.ts';
import { DAY_MS, makeDesk, situation } from './situation.ts';

/** Longest the kit walks through a gateway's list of messages. */
const PAGES_MAX = 200;

/** What a gateway tells us: true ones believed, forged and old ones not; doubled, reordered and missing ones harmless. */
export function testEvents(harness: GatewayHarness): void {
  const desk = makeDesk(harness);
  const { gateway } = harness;
  const parse = (message: IncomingEvent) => gateway.parseEvent(harness.context(), message);

  /** A charge that ends days later, and the messages about it as they were sent. */
  async function chargeWithMessages(method: () => Promise<{ customerRef: string; methodRef: string }>) {
    await harness.takeMessages();
    const order = desk.order(await method());
    await desk.charge(order);
    await desk.daysUntilChanged(() => desk.lookUpCharge(order));
    const messages = await harness.takeMessages();
    return { order, messages };
  }
  const isAbout = (event: GatewayEvent | null, attemptId: string) =>
    event?.about.kind === 'charge' && event.about.attemptId === attemptId;

  describe('a message', () => {
    situation('about a charge names our attempt', harness.debits.paid, async (method) => {
      const { order, messages } = await chargeWithMessages(method);
      const events = await Promise.all(messages.map(parse));
      const ours = events.filter((event) => isAbout(event, order.attemptId));
      expect(ours.length).toBeGreaterThan(0);
      for (const event of ours) expect(event).toMatchObject({ eventRef: expect.stringMatching(/./) });
    });

    situation('that comes twice has the same reference', harness.debits.paid, async (method) => {
      const { messages } = await chargeWithMessages(method);
      const last = messages.at(-1)!;
      const [first, second] = [await parse(last), await parse(last)];
      expect(first).not.toBeNull();
      expect(second).toEqual(first);
    });

    situation('that comes in the wrong order leads to the same answer', harness.debits.fails, async (method) => {
      const { order, messages } = await chargeWithMessages(method);
      for (const message of [...messages].reverse()) {
        if (!isAbout(await parse(message), order.attemptId)) continue;
        expect(await desk.lookUpCharge(order)).toMatchObject({ status: 'declined' });
      }
    });

    situation('that never comes is not needed for the answer', harness.debits.paid, async (method) => {
      const { order } = await chargeWithMessages(method);
      expect(await desk.lookUpCharge(order)).toMatchObject({ status: 'settled' });
    });

    situation(
      'that never came stands in the list',
      gateway.listEvents ?? { cannot: 'this gateway keeps no list of its messages; look-ups find the outcomes' },
      async (listEvents: NonNullable<typeof gateway.listEvents>) => {
        const since = harness.context().now;
        await harness.takeMessages();
        const { order } = await desk.settle(await harness.approved());
        await desk.settle(await harness.approved());
        const sent = await desk.events();
        const listed: GatewayEvent[] = [];
        let cursor: string | null = null;
        for (let page = 0; page < PAGES_MAX; page += 1) {
          const found: Awaited<ReturnType<typeof listEvents>> = await listEvents(harness.context(), since, cursor);
          listed.push(...found.events);
          cursor = found.nextCursor;
          if (cursor === null) break;
        }
        expect(cursor).toBeNull();
        const refs = new Set(listed.map(({ eventRef }) => eventRef));
        expect(refs.size, 'none is listed twice').toBe(listed.length);
        for (const event of sent) expect(refs, event.type).toContain(event.eventRef);
        expect(listed.some((event) => isAbout(event, order.attemptId))).toBe(true);
        const times = listed.map(({ createdAt }) => createdAt?.getTime() ?? 0);
        expect(times).toEqual([...times].sort((left, right) => left - right));
      },
    );

    situation('of a kind that a newer version invented is no crash', harness.newerWords.message, async (send) => {
      await harness.takeMessages();
      await send();
      const [event] = await desk.events();
      expect(event).toMatchObject({ about: { kind: 'other' } });
    });

    situation('about a charge of somebody else says so', harness.foreignCharge, async (chargeElsewhere) => {
      await harness.takeMessages();
      const gatewayRef = await chargeElsewhere();
      const events = await desk.events();
      expect(events.map(({ about }) => about)).toContainEqual({ kind: 'foreign_charge', gatewayRef });
    });
  });

  describe('a signature', () => {
    const signed = 'cannot' in harness.signing ? harness.signing : harness.debits.paid;

    situation('that is forged, missing or of another body is not believed', signed, async (method) => {
      const { messages } = await chargeWithMessages(method);
      const message = messages.at(-1)!;
      const flipped = (header: string | undefined) =>
        header?.replace(/[0-9a-f]{32,}/g, (digits) => (digits.startsWith('0') ? '1' : '0') + digits.slice(1));
      expect(await parse(message)).not.toBeNull();
      expect(await parse({ ...message, rawBody: `${message.rawBody} ` })).toBeNull();
      expect(
        await parse({ ...message, rawBody: message.rawBody.replace(/\d/, (digit) => (digit === '1' ? '2' : '1')) }),
      ).toBeNull();
      expect(await parse({ ...message, header: (name) => flipped(message.header(name)) })).toBeNull();
      expect(await parse({ ...message, header: () => undefined })).toBeNull();
      expect(await parse({ ...message, header: () => '' })).toBeNull();
      expect(await parse({ rawBody: '', header: message.header })).toBeNull();
      expect(await parse({ rawBody: '{"id":"evt_1","type":"x"}', header: () => 't=1,v1=00' })).toBeNull();
    });

    situation('that was kept and is played back later is not believed', signed, async (method) => {
      const { messages } = await chargeWithMessages(method);
      const message = messages.at(-1)!;
      const toleranceMs = 'cannot' in harness.signing ? 0 : harness.signing.toleranceMs;
      expect(await parse(message)).not.toBeNull();
      await harness.advance(toleranceMs + 60_000);
      expect(await parse(message)).toBeNull();
      await harness.advance(DAY_MS);
      expect(await parse(message)).toBeNull();
    });

    situation(
      'still holds while the secret is being changed',
      'cannot' in harness.signing
        ? harness.signing
        : 'cannot' in harness.debits.paid
          ? harness.debits.paid
          : typeof harness.signing.rotate === 'function'
            ? { rotate: harness.signing.rotate, method: harness.debits.paid }
            : harness.signing.rotate,
      async ({ rotate, method }) => {
        const before = await chargeWithMessages(method);
        expect(await parse(before.messages.at(-1)!)).not.toBeNull();
        await rotate();
        expect(await parse(before.messages.at(-1)!), 'signed before the change').not.toBeNull();
        const after = await chargeWithMessages(method);
        expect(await parse(after.messages.at(-1)!), 'signed after the change').not.toBeNull();
      },
    );
  });

  describe('a payout', () => {
    situation(
      'is told with its amount',
      gateway.readPayout === null
        ? { cannot: 'this gateway tells nothing of its payouts' }
        : 'cannot' in harness.payouts
          ? harness.payouts
          : { read: gateway.readPayout, make: harness.payouts },
      async ({ read, make }) => {
        await desk.settle(await harness.approved());
        await harness.takeMessages();
        const made = await make();
        const events = await desk.events();
        expect(events.map(({ about }) => about)).toContainEqual({ kind: 'payout', payoutRef: made.payoutRef });
        const found = await read(harness.context(), made.payoutRef);
        expect(found).toMatchObject({ payoutRef: made.payoutRef, currency: made.currency });
        expect(await read(harness.context(), 'po_nobody_has_this')).toBeNull();
      },
    );
  });

  it('garbage instead of a message is no crash', async () => {
    for (const rawBody of ['', '{', 'null', '[]', '{}', 'id=', '\u0000', 'x'.repeat(10_000)]) {
      const event = await parse({ rawBody, header: () => undefined });
      expect(event === null || event.about.kind === 'other', rawBody.slice(0, 20)).toBe(true);
    }
  });
}
