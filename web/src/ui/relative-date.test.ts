import { describe, expect, it } from 'vitest';
import { calendarDate, exactDate, relativeDate } from './relative-date.ts';

const NOW = new Date('2026-11-22T12:00:00Z');

describe('relativeDate', () => {
  it.each([
    ['2026-11-22T11:59:40Z', 'now'],
    ['2026-11-22T11:45:00Z', '15 minutes ago'],
    ['2026-11-22T09:00:00Z', '3 hours ago'],
    // Yesterday by the calendar, although fewer than 24 hours ago.
    ['2026-11-21T20:00:00Z', 'yesterday'],
    ['2026-11-20T12:00:00Z', '2 days ago'],
    ['2026-11-25T12:00:00Z', 'in 3 days'],
    ['2026-11-12T12:00:00Z', 'Nov 12'],
    ['2025-05-12T12:00:00Z', 'May 12, 2025'],
  ])('%s reads "%s"', (at, words) => {
    expect(relativeDate(new Date(at), NOW, 'en-US', 'UTC')).toBe(words);
  });

  it('counts days where the reader is, not in UTC', () => {
    // 23:30 on the 20th in New York, already the 21st in UTC.
    const at = new Date('2026-11-21T04:30:00Z');
    expect(relativeDate(at, NOW, 'en-US', 'America/New_York')).toBe('2 days ago');
    expect(relativeDate(at, NOW, 'en-US', 'UTC')).toBe('yesterday');
  });

  it('writes the exact moment with its zone, and calendar dates without one', () => {
    expect(exactDate(new Date('2026-05-12T08:05:09Z'), 'en-GB', 'UTC')).toMatch(/Tue.*12 May 2026.*08:05:09 UTC/);
    expect(calendarDate('2026-05-12', 'en-GB')).toBe('12 May 2026');
  });
});
