import type { RecurringRowAnswer } from '../../../src/invoices/api-recurring.ts';
import type { StatusTone } from '../ui/status-dot.tsx';

export const RECURRING_STATUS: Readonly<Record<RecurringRowAnswer['status'], { tone: StatusTone; words: string }>> = {
  active: { tone: 'accent', words: 'Active' },
  trial: { tone: 'quiet', words: 'Trial' },
  paused: { tone: 'hollow', words: 'Paused' },
  waiting: { tone: 'red', words: 'Waiting' },
  ended: { tone: 'hollow', words: 'Ended' },
};

const UNITS = {
  day: ['day', 'days'],
  week: ['week', 'weeks'],
  month: ['month', 'months'],
  quarter: ['quarter', 'quarters'],
  year: ['year', 'years'],
} as const;

/** "Every month", "Every 2 weeks". */
export function everyWords({ unit, every }: Pick<RecurringRowAnswer['schedule'], 'unit' | 'every'>): string {
  return every === 1 ? `Every ${UNITS[unit][0]}` : `Every ${every} ${UNITS[unit][1]}`;
}
