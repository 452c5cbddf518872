import { describe, expect, it } from 'vitest';
import { chipsOf, readTransactionSearch, searchOf } from './transaction-search.ts';

const CONTACT = 'con_01h455vb4pex5vsknk084sn02q';

describe('readTransactionSearch', () => {
  it.each([
    [{ status: 'declined,returned' }, { status: 'declined,returned' }],
    [{ status: 'declined,nonsense' }, { status: 'declined' }],
    [{ status: 'nonsense', kind: 7 }, {}],
    [
      { amount_min: '1200', amount_max: 5_000 },
      { amount_min: 1_200, amount_max: 5_000 },
    ],
    [{ amount_min: -1, amount_max: 1.5 }, {}],
    [{ from: '2026-11-01', to: 'yesterday' }, { from: '2026-11-01' }],
    [{ needs_action: 'true' }, { needs_action: true }],
    // A part of a lifetime value means nothing without whose it is.
    [{ ltv_part: 'received' }, {}],
    [
      { ltv_part: 'received', contact: CONTACT },
      { ltv_part: 'received', contact: CONTACT },
    ],
    [{ contact: 'con_x', currency: 'usd', gateway: 'a b' }, {}],
  ])('%# keeps what it knows and drops the rest', (address, expected) => {
    expect(readTransactionSearch(address)).toEqual(expected);
  });
});

it('comes back from chips as it went in', () => {
  const search = {
    kind: 'charge',
    status: 'declined,returned',
    gateway: 'scripted',
    contact: CONTACT,
    currency: 'USD',
    from: '2026-11-01',
    amount_min: 1_200,
    needs_action: true,
    ltv_part: 'fee',
  };
  expect(searchOf(chipsOf(search, 'Harbour Studio'))).toEqual(search);
});
