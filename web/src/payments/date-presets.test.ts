import { expect, it } from 'vitest';
import { calendarDayOf, datePresets } from './date-presets.ts';

it('ends every range where it should, across months and years', () => {
  const ranges = Object.fromEntries(datePresets('2026-03-01').map((one) => [one.label, [one.from, one.to]]));
  expect(ranges).toMatchObject({
    Today: ['2026-03-01', '2026-03-01'],
    Yesterday: ['2026-02-28', '2026-02-28'],
    'Last 7 days': ['2026-02-23', '2026-03-01'],
    'Last 30 days': ['2026-01-31', '2026-03-01'],
    'This month': ['2026-03-01', '2026-03-01'],
    'Last month': ['2026-02-01', '2026-02-28'],
    'This year': ['2026-01-01', '2026-03-01'],
  });
});

it('takes the day of the zone, not of UTC', () => {
  expect(calendarDayOf(new Date('2026-03-01T02:00:00Z'), 'America/New_York')).toBe('2026-02-28');
});
