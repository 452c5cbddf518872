/** What the stand-in does with a method; by Stripe's own names of test methods, and a few of ours. */
export interface MethodScript {
  readonly type: 'card' | 'us_bank_account' | 'sepa_debit' | 'link';
  readonly brand: string;
  readonly last4: string;
  readonly charge:
    | { readonly does: 'succeed' }
    | { readonly does: 'decline'; readonly code: string; readonly declineCode?: string; readonly advice?: string }
    | { readonly does: 'ask_customer' }
    | { readonly does: 'process'; readonly ends: 'succeed' | string };
  readonly refund?: 'pending' | 'fails_later' | 'refused';
  readonly disputed?: true;
  /** The setup itself wants the customer. */
  readonly setup?: 'asks' | 'declines';
}

const card = (last4: string, charge: MethodScript['charge'], more: Partial<MethodScript> = {}): MethodScript => ({
  type: 'card',
  brand: 'visa',
  last4,
  charge,
  ...more,
});
const SUCCEED = { does: 'succeed' } as const;
const declines = (declineCode: string, last4: string) =>
  card(last4, { does: 'decline', code: 'card_declined', declineCode });
const says = (code: string, last4: string) => card(last4, { does: 'decline', code });

/** Codes that Stripe gives as the error's own code, not as a decline code. */
const OWN_CODES = new Set([
  'expired_card',
  'incorrect_cvc',
  'processing_error',
  'incorrect_number',
  'invalid_expiry_month',
  'invalid_expiry_year',
]);

export const METHOD_SCRIPTS: Readonly<Record<string, MethodScript>> = {
  pm_card_visa: card('4242', SUCCEED),
  pm_card_mastercard: card('4444', SUCCEED, { brand: 'mastercard' }),
  pm_card_amex: card('8431', SUCCEED, { brand: 'amex' }),
  pm_card_visa_chargeDeclined: declines('generic_decline', '0002'),
  pm_card_visa_chargeDeclinedInsufficientFunds: declines('insufficient_funds', '9995'),
  pm_card_visa_chargeDeclinedLostCard: declines('lost_card', '9987'),
  pm_card_visa_chargeDeclinedStolenCard: declines('stolen_card', '9979'),
  pm_card_chargeDeclinedExpiredCard: says('expired_card', '0069'),
  pm_card_chargeDeclinedIncorrectCvc: says('incorrect_cvc', '0127'),
  pm_card_chargeDeclinedProcessingError: says('processing_error', '0119'),
  pm_card_chargeCustomerFail: declines('generic_decline', '0341'),
  pm_card_authenticationRequired: card('3184', { does: 'ask_customer' }),
  pm_card_authenticationRequiredOnSetup: card('3220', SUCCEED, { setup: 'asks' }),
  pm_card_createDispute: card('0259', SUCCEED, { disputed: true }),
  pm_card_pendingRefund: card('7726', SUCCEED, { refund: 'pending' }),
  pm_card_refundFail: card('5126', SUCCEED, { refund: 'fails_later' }),
  pm_card_visa_refundRefused: card('3222', SUCCEED, { refund: 'refused' }),
  pm_card_visa_setupDeclined: card('0341', SUCCEED, { setup: 'declines' }),
  pm_usBankAccount_success: {
    type: 'us_bank_account',
    brand: 'STRIPE TEST BANK',
    last4: '6789',
    charge: { does: 'process', ends: 'succeed' },
  },
  pm_usBankAccount_insufficientFunds: {
    type: 'us_bank_account',
    brand: 'STRIPE TEST BANK',
    last4: '2227',
    charge: { does: 'process', ends: 'insufficient_funds' },
  },
  pm_usBankAccount_accountClosed: {
    type: 'us_bank_account',
    brand: 'STRIPE TEST BANK',
    last4: '1113',
    charge: { does: 'process', ends: 'account_closed' },
  },
};

/** The script of a name; `declined_<code>` and `advised_<code>` (with advice never to try again) make any decline. */
export function methodScript(name: string): MethodScript | null {
  const known = METHOD_SCRIPTS[name];
  if (known) return known;
  const declined = /^declined_(\w+)$/.exec(name)?.[1];
  if (declined) return OWN_CODES.has(declined) ? says(declined, '0002') : declines(declined, '0002');
  const advised = /^advised_(\w+)$/.exec(name)?.[1];
  if (!advised) return null;
  return card('0002', { does: 'decline', code: 'card_declined', declineCode: advised, advice: 'do_not_try_again' });
}
