import { describe, expect, test } from 'vitest';
import { codeOfDecline, DECLINES, type DeclineClass, declineFor } from './declines.ts';

/** Every code that gateways document, with what it means for the card: whether it is blocked, and when it may be tried again. */
const DOCUMENTED: Record<'never' | 'customer' | 'later', string> = {
  never:
    'lost_card stolen_card pickup_card restricted_card fraudulent incorrect_number invalid_account card_not_supported ' +
    'currency_not_supported not_permitted transaction_not_allowed service_not_allowed security_violation stop_payment_order ' +
    'revocation_of_authorization revocation_of_authorizations merchant_blacklist do_not_try_again',
  customer: 'authentication_required expired_card incorrect_cvc invalid_expiry_month invalid_expiry_year',
  later:
    'insufficient_funds card_velocity_exceeded withdrawal_count_limit_exceeded try_again_later issuer_not_available ' +
    'processing_error reenter_transaction approve_with_id no_action_taken do_not_honor generic_decline call_issuer',
};
const CLASSES: Record<keyof typeof DOCUMENTED, readonly DeclineClass[]> = {
  never: ['stop', 'other_card'],
  customer: ['ask_customer'],
  later: ['retry_later'],
};
const cases = (Object.keys(DOCUMENTED) as (keyof typeof DOCUMENTED)[]).flatMap((group) =>
  DOCUMENTED[group].split(' ').map((code) => [code, group] as const),
);

describe('every documented decline code', () => {
  test.each(cases)('%s is in the table and may be tried again: %s', (code, group) => {
    const decline = DECLINES[code];
    expect(decline, code).toBeDefined();
    expect(CLASSES[group]).toContain(decline!.class);
    expect(decline!.retryAfterHours !== null).toBe(group === 'later');
  });

  test.each(Object.entries(DECLINES))('%s has words for the desk and for the customer', (_code, decline) => {
    for (const words of [decline.staffWords, decline.customerWords, decline.nextStep])
      expect(words).toMatch(/^[A-Z].+\.$/);
    if (decline.class === 'stop') expect(decline.blocksMethod).toBe(true);
    if (decline.class === 'retry_later' || decline.class === 'ask_customer') expect(decline.blocksMethod).toBe(false);
  });

  test.each(Object.entries(DECLINES).filter(([, decline]) => decline.class === 'stop'))(
    'the customer is not told of %s',
    (_code, decline) => {
      expect(decline.customerWords).not.toMatch(/lost|stolen|fraud|block|security|reported/i);
    },
  );
});

test.each([
  [{ code: 'card_declined', declineCode: 'insufficient_funds' }, 'insufficient_funds'],
  [{ code: 'expired_card' }, 'expired_card'],
  [{ code: 'card_declined', declineCode: null }, 'card_declined'],
  [{}, 'generic_decline'],
  // The network's advice stands above every reason.
  [{ declineCode: 'insufficient_funds', adviceCode: 'do_not_try_again' }, 'do_not_try_again'],
  [{ code: 'processing_error', adviceCode: 'do_not_try_again' }, 'do_not_try_again'],
  [{ declineCode: 'do_not_honor', adviceCode: 'try_again_later' }, 'do_not_honor'],
])('of %j the code %s is kept', (reported, code) => {
  expect(codeOfDecline(reported)).toBe(code);
});

test('a code that nobody has heard of is treated with care', () => {
  expect(declineFor('a_code_of_next_year')).toBe(DECLINES.generic_decline);
  expect(declineFor(null)).toBe(DECLINES.generic_decline);
});
