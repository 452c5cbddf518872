import { describe, expect, test } from 'vitest';
import { dueWords, taskWords } from './dispute-words.ts';

const NOW = new Date('2026-03-02T09:00:00Z');
const due = (evidence_due_at: string | null, evidence_sent_at: string | null = null) => ({
  dispute: { evidence_due_at, evidence_sent_at, evidence_sent_by: null, evidence_note: '' },
});

describe('how long evidence may still be sent', () => {
  test.each([
    ['2026-03-09T09:00:00Z', '7 days left'],
    ['2026-03-03T09:00:00Z', '1 day left'],
    ['2026-03-02T20:00:00Z', 'due today'],
    ['2026-03-02T08:59:00Z', '1 day overdue'],
    ['2026-02-27T08:00:00Z', '4 days overdue'],
  ])('due %s: %s', (at, words) => {
    expect(dueWords(due(at), NOW)).toBe(words);
  });

  test('nothing is due without a day, and once it was sent', () => {
    expect(dueWords(due(null), NOW)).toBeNull();
    expect(dueWords(due('2026-03-09T09:00:00Z', '2026-03-01T09:00:00Z'), NOW)).toBeNull();
    expect(dueWords({ dispute: null }, NOW)).toBeNull();
  });
});

test.each([
  ['dispute', 'needs_response', 'Send evidence · 7 days left'],
  ['dispute', 'lost', 'Dispute lost: owed again'],
  ['refund', 'declined', null],
] as const)('a %s that is %s asks: %s', (kind, status, words) => {
  expect(taskWords({ kind, status, fraud_warned_at: null, ...due('2026-03-09T09:00:00Z') }, NOW)).toBe(words);
});
