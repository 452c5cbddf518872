import { expect, it } from 'vitest';
import { nextTryAt } from './auto-charge-plan.ts';

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
