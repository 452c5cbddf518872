import { expect, it } from 'vitest';
import { chipsOf, filterOf } from './smart-list-chips.ts';

it.each([
  [{}],
  [{ ltv: { currency: 'USD', min_minor: 100_000, max_minor: 500_001 } }],
  [{ last_payment: { before: '2026-06-01' } }],
  [{ last_payment: { never: true as const } }],
  [{ last_payment: { after: '2026-01-01', before: '2026-03-01' }, has_failed_charge: true }],
  [{ has_card: false, tag: 'vip', country: 'GB', created: { after: '2026-01-01' } }],
  [{ card_expires_within_days: 0 }],
])('%j comes back from chips as it went in', (filter) => {
  expect(filterOf(chipsOf(filter))).toEqual(filter);
});

it('shows half-open bands by what is still inside', () => {
  expect(chipsOf({ last_payment: { before: '2026-03-01' } }).last_payment).toEqual({ kind: 'dates', to: '2026-02-28' });
});
