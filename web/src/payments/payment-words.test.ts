import { describe, expect, it } from 'vitest';
import { didNotHappen, signedMinor, statusOf, subjectOf } from './payment-words.ts';

const paid = {
  kind: 'charge' as const,
  status: 'settled' as const,
  needs_action: false,
  amount_minor: 12_000,
  refunded_minor: 0,
  disputed_minor: 0,
};

describe('statusOf', () => {
  it.each([
    [paid, 'Paid', 'quiet'],
    [{ ...paid, refunded_minor: 5_000 }, 'Partly refunded', 'quiet'],
    [{ ...paid, refunded_minor: 12_000 }, 'Refunded', 'hollow'],
    [{ ...paid, disputed_minor: 12_000 }, 'Disputed', 'amber'],
    [{ ...paid, kind: 'refund' as const }, 'Refunded', 'quiet'],
    // Red only while somebody has to act.
    [{ ...paid, status: 'declined' as const, needs_action: true }, 'Declined', 'red'],
    [{ ...paid, status: 'declined' as const }, 'Declined', 'hollow'],
    [{ ...paid, status: 'unknown' as const }, 'Being checked', 'accent'],
    [{ ...paid, kind: 'dispute' as const, status: 'needs_response' as const }, 'Needs an answer', 'red'],
  ])('%# reads as it stands', (payment, words, tone) => {
    expect(statusOf(payment)).toEqual({ words, tone });
  });
});

it('shows what leaves the business as negative, and nothing as minus zero', () => {
  expect(signedMinor({ kind: 'charge', amount_minor: 500 })).toBe(500);
  expect(signedMinor({ kind: 'refund', amount_minor: 500 })).toBe(-500);
  expect(signedMinor({ kind: 'dispute', amount_minor: 500 })).toBe(-500);
  expect(Object.is(signedMinor({ kind: 'refund', amount_minor: 0 }), 0)).toBe(true);
});

it('strikes what did not happen', () => {
  expect(didNotHappen({ status: 'declined' })).toBe(true);
  expect(didNotHappen({ status: 'settled' })).toBe(false);
  expect(didNotHappen({ status: 'pending' })).toBe(false);
});

it('names a movement without a description by its kind and reason', () => {
  expect(subjectOf({ kind: 'refund', description: '', reason: 'requested_by_customer' })).toBe(
    'Refund: requested by customer',
  );
  expect(subjectOf({ kind: 'charge', description: 'Consultation', reason: null })).toBe('Consultation');
});
