import { describe, expect, test } from 'vitest';
import { NO_SUMS } from '../ledger/accounts.ts';
import {
  firstDayShown,
  lastMonths,
  lifetimeValueOf,
  lifetimeValuesOf,
  rhythmDays,
  type ValueParts,
} from './lifetime-value.ts';

const parts = (currency: string, sums: Partial<ValueParts['sums']>): ValueParts => ({
  currency,
  sums: { ...NO_SUMS, ...sums },
  firstPaymentAt: null,
  lastPaymentAt: null,
  months: new Map(),
});

test('a customer is worth what came in less what went back; fees and tax stand beside it', () => {
  const value = lifetimeValueOf(
    {
      ...parts('USD', {
        receivedMinor: 100_00n,
        refundedMinor: 20_00n,
        disputeLostMinor: 5_00n,
        feeMinor: 3_20n,
        taxMinor: 7_00n,
        paymentCount: 3n,
      }),
      firstPaymentAt: new Date('2026-01-01T00:00:00Z'),
      lastPaymentAt: new Date('2026-01-31T12:00:00Z'),
      months: new Map([['2026-01', 75_00n]]),
    },
    '2026-02-10',
  );
  expect(value).toMatchObject({
    ltv_minor: 7500,
    gross_minor: 10000,
    net_of_fees_minor: 7180,
    ex_tax_minor: 6800,
    payment_count: 3,
    average_minor: 3333,
    rhythm_days: 15.3,
    first_payment_at: '2026-01-01T00:00:00.000Z',
  });
  expect(value.months).toHaveLength(12);
  expect(value.months.slice(-2)).toEqual([
    { month: '2026-01', net_minor: 7500 },
    { month: '2026-02', net_minor: 0 },
  ]);
});

test('more may go back than came in: then the value is negative', () => {
  expect(
    lifetimeValueOf(parts('JPY', { receivedMinor: 500n, disputeLostMinor: 500n, refundedMinor: 500n }), '2026-02-10')
      .ltv_minor,
  ).toBe(-500);
});

describe('figures of one contact', () => {
  test('without money there is one, zero, in their own currency', () => {
    const [value, ...others] = lifetimeValuesOf([parts('EUR', {})], 'GBP', '2026-02-10');
    expect(others).toEqual([]);
    expect(value).toMatchObject({
      currency: 'GBP',
      ltv_minor: 0,
      payment_count: 0,
      average_minor: null,
      rhythm_days: null,
    });
  });
  test('currencies stand beside each other, their own first', () => {
    const values = lifetimeValuesOf(
      [parts('EUR', { receivedMinor: 1n }), parts('USD', { receivedMinor: 2n }), parts('AUD', { receivedMinor: 3n })],
      'USD',
      '2026-02-10',
    );
    expect(values.map(({ currency, ltv_minor }) => [currency, ltv_minor])).toEqual([
      ['USD', 2],
      ['AUD', 3],
      ['EUR', 1],
    ]);
  });
});

test.each([
  [null, null, 0, null],
  ['2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z', 1, null],
  ['2026-01-01T00:00:00Z', '2026-01-08T00:00:00Z', 2, 7],
  ['2026-01-01T00:00:00Z', '2026-01-08T00:00:00Z', 8, 1],
] as const)('from %s to %s with %i payments the rhythm is %s days', (first, last, count, days) => {
  expect(rhythmDays(first && new Date(first), last && new Date(last), count)).toBe(days);
});

test('the last months go back over the turn of the year', () => {
  expect(lastMonths('2026-02-10', 4)).toEqual(['2025-11', '2025-12', '2026-01', '2026-02']);
  expect(firstDayShown('2026-12-31')).toBe('2026-01-01');
});
