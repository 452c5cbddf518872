import { expect, test } from 'vitest';
import { firstDayNeeded, takingsOf } from './takings.ts';

const day = (date: string, netMinor: bigint, currency = 'USD', count = 1n) => ({
  day: date,
  currency,
  netMinor,
  count,
});

test('a new workspace has taken nothing, in its own currency', () => {
  expect(takingsOf([], 'GBP', '2026-03-02')).toMatchObject([
    { currency: 'GBP', today_minor: 0, today_count: 0, last_30_days_minor: 0 },
  ]);
});

test('periods end with today, follow one another, and never add currencies', () => {
  const today = '2026-03-31';
  const takings = takingsOf(
    [
      day('2026-03-31', 1n, 'USD', 2n),
      day('2026-03-30', 10n),
      day('2026-03-25', 100n),
      day('2026-03-24', 1_000n),
      day('2026-03-02', 10_000n),
      day('2026-03-01', 100_000n),
      day('2026-01-31', 1_000_000n),
      day('2026-03-31', -7n, 'EUR', 0n),
    ],
    'USD',
    today,
  );
  expect(takings.map(({ currency }) => currency)).toEqual(['USD', 'EUR']);
  expect(takings[0]).toMatchObject({
    today_minor: 1,
    today_count: 2,
    yesterday_minor: 10,
    last_7_days_minor: 111,
    last_30_days_minor: 11_111,
    previous_30_days_minor: 1_100_000,
  });
  expect(takings[1]).toMatchObject({ today_minor: -7, today_count: 0 });
  expect(takings[0]!.days).toHaveLength(30);
  expect(takings[0]!.days.at(-1)).toEqual({ day: today, net_minor: 1 });
  expect(firstDayNeeded(today)).toBe('2026-01-31');
});
