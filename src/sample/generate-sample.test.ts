import { expect, test } from 'vitest';
import type { SampleBusiness } from './business.ts';
import { generateSample } from './generate-sample.ts';

const ORDER = {
  seed: 'harbour',
  asOf: new Date('2026-03-02T09:00:00.000Z'),
  timeZone: 'America/Los_Angeles',
  currency: 'USD',
};

function asText(business: SampleBusiness): string {
  return JSON.stringify(business, (_key, value) => (typeof value === 'bigint' ? `${value}n` : value));
}

test('the same seed is the same business, byte for byte; another seed or currency is another', () => {
  const first = asText(generateSample(ORDER));
  expect(asText(generateSample({ ...ORDER }))).toBe(first);
  expect(asText(generateSample({ ...ORDER, seed: 'quay' }))).not.toBe(first);
  expect(asText(generateSample({ ...ORDER, currency: 'JPY' }))).not.toBe(first);
});

test.each(['harbour', 'quay', 'mole', 'jetty'])('the business “%s” is believable', (seed) => {
  const { contacts } = generateSample({ ...ORDER, seed });
  const movements = contacts.flatMap((contact) => contact.movements);
  const count = (found: (movement: (typeof movements)[number]) => boolean) => movements.filter(found).length;
  const ends = (status: string) => count((movement) => movement.steps.at(-1)!.to === status);
  expect(contacts).toHaveLength(240);
  expect(movements.length).toBeGreaterThan(2_800);
  expect(movements.length).toBeLessThan(4_500);
  expect(count(({ kind }) => kind === 'refund')).toBeGreaterThan(30);
  expect(count(({ kind }) => kind === 'dispute')).toBeGreaterThan(2);
  expect(ends('declined')).toBeGreaterThan(40);
  expect(count(({ needsAction }) => needsAction)).toBeGreaterThan(2);
  expect(count(({ needsAction }) => needsAction)).toBeLessThan(40);
  expect(count(({ methodKind }) => methodKind === 'cash')).toBeGreaterThan(40);
  expect(new Set(movements.map(({ currency }) => currency))).toEqual(new Set(['USD', 'EUR']));
  expect(new Set(contacts.map(({ country }) => country)).size).toBeGreaterThan(8);
  // Nothing happens before its cause or after the moment it leads up to.
  for (const { movements, createdAt, cards } of contacts) {
    for (const { steps, amountMinor, cardKey } of movements) {
      const times = steps.map(({ at }) => at.getTime());
      const isInOrder = times.every((time, index) => index === 0 || time >= times[index - 1]!);
      const hasCard = cardKey === null || cards.some(({ key }) => key === cardKey);
      const isInTime = times.at(-1)! <= ORDER.asOf.getTime();
      // One assertion for the thousands of them: what differs is in the message.
      if (!isInOrder || !hasCard || !isInTime || amountMinor <= 0n) {
        expect.fail(`${asText({ contacts: [], steps, amountMinor, cardKey } as never)} of ${createdAt.toISOString()}`);
      }
    }
    expect(cards.filter(({ isDefault }) => isDefault).length).toBe(cards.length > 0 ? 1 : 0);
  }
  // It grows: the second year brings in more than the first.
  const middle = ORDER.asOf.getTime() - 365 * 86_400_000;
  expect(count(({ steps }) => steps[0]!.at.getTime() > middle)).toBeGreaterThan(movements.length / 2);
});
