import { expect, it } from 'vitest';
import { nextTryAt, planInWords, RETRY_AFTER_DAYS } from './auto-charge-plan.ts';

const AT = new Date('2026-03-02T09:00:00Z');
const day = (days: number) => new Date(AT.getTime() + days * 86_400_000);

it.each([
  ['an empty account, after the first try', 'retry_later', 1, null, day(1)],
  ['after the second', 'retry_later', 2, null, day(3)],
  ['after the fourth', 'retry_later', 4, null, day(7)],
  ['after the fifth: given up', 'retry_later', 5, null, null],
  ['not before the card may be tried again', 'retry_later', 1, day(2), day(2)],
  ['a card that will not work', 'other_card', 1, null, null],
  ['the customer is needed', 'ask_customer', 1, null, null],
  ['stolen', 'stop', 1, null, null],
] as const)('%s', (_name, declined, tries, notBefore, expected) => {
  expect(nextTryAt(declined, tries, AT, notBefore)).toEqual(expected);
});

it('is told as it is done', () => {
  const told = planInWords();
  expect(told.map(({ declined }) => declined)).toEqual(Object.keys(RETRY_AFTER_DAYS));
  for (const { declined, follows } of told) {
    const days = [...follows.matchAll(/\d+/g)].map(([number]) => Number(number));
    expect([declined, days]).toEqual([declined, RETRY_AFTER_DAYS[declined]]);
  }
  expect(told[0]!.follows).toBe(
    'Tried again after 1, 3, 5 and 7 days, each counted from the try before, then given up.',
  );
});
