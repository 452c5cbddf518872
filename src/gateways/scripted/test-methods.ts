/**
 * The sandbox's named test methods. Each has one fixed, stated outcome; there is no field for a card number. Numbers
 * shown are last four digits of well-known test cards only for looks.
 */
export interface TestMethod {
  readonly name: string;
  readonly label: string;
  readonly kind: 'card' | 'bank_debit';
  readonly brand: string;
  readonly last4: string;
  /** Expiry relative to the moment it is added: years ahead (negative: already expired). */
  readonly expiresInYears: number | null;
  /** Set for cards that expire soon: months ahead instead of years. */
  readonly expiresInMonths?: number;
  /** What its network does about it in the last weeks before it expires. */
  readonly nearExpiry?: 'renewed' | 'closed';
  readonly outcome: ChargeScript;
  readonly refund?: RefundScript;
}

export type ChargeScript =
  | { readonly charge: 'settled' }
  | { readonly charge: 'declined'; readonly code: string }
  | { readonly charge: 'needs_customer'; readonly later: 'settled' | 'declined' }
  | {
      readonly charge: 'pending';
      readonly later: 'settled' | 'declined' | 'settled_then_returned';
      readonly afterHours: number;
    }
  /** The gateway takes the money, and its answer is lost on the way. */
  | { readonly charge: 'settled_reply_lost' }
  /** The request is lost before the gateway sees it. */
  | { readonly charge: 'never_arrives' }
  | {
      readonly charge: 'settled_then_disputed';
      readonly afterHours: number;
      readonly ends: 'won' | 'lost';
      /** `needs_response`: the bank asks first, and the money is taken a day later. */
      readonly opens?: 'needs_response';
    }
  | { readonly charge: 'settled_then_warned'; readonly afterHours: number };

export type RefundScript = 'settled' | 'pending' | 'declined' | 'settled_then_returned';

const card = (
  name: string,
  label: string,
  brand: string,
  last4: string,
  outcome: ChargeScript,
  more: Partial<TestMethod> = {},
): TestMethod => ({
  name,
  label,
  kind: 'card',
  brand,
  last4,
  expiresInYears: 3,
  outcome,
  ...more,
});
const declined = (code: string, label: string, last4: string) =>
  card(`declined_${code}`, label, 'visa', last4, { charge: 'declined', code });
const debit = (
  name: string,
  label: string,
  last4: string,
  later: 'settled' | 'declined' | 'settled_then_returned',
): TestMethod => ({
  name,
  label,
  kind: 'bank_debit',
  brand: 'bank debit',
  last4,
  expiresInYears: null,
  outcome: { charge: 'pending', later, afterHours: 72 },
});

export const TEST_METHODS: readonly TestMethod[] = [
  card('approved', 'Approved', 'visa', '4242', { charge: 'settled' }),
  card('approved_mastercard', 'Approved (second card)', 'mastercard', '4444', { charge: 'settled' }),
  card('approved_amex', 'Approved (third card)', 'amex', '0005', { charge: 'settled' }),
  declined('insufficient_funds', 'Declined: insufficient funds', '9995'),
  declined('do_not_honor', 'Declined: no reason given', '0002'),
  declined('processing_error', 'Declined: processing error', '0119'),
  declined('issuer_not_available', 'Declined: bank not reachable', '0390'),
  declined('expired_card', 'Declined: bank says expired', '0069'),
  declined('incorrect_cvc', 'Declined: wrong security code', '0127'),
  declined('lost_card', 'Declined: lost card', '9987'),
  declined('stolen_card', 'Declined: stolen card', '9979'),
  declined('fraudulent', 'Declined: suspected fraud', '0019'),
  declined('card_not_supported', 'Declined: card not supported', '3155'),
  declined('restricted_card', 'Declined: restricted card', '3063'),
  card('authentication_required', 'Needs the customer, who confirms', 'visa', '3184', {
    charge: 'needs_customer',
    later: 'settled',
  }),
  card('authentication_refused', 'Needs the customer, who refuses', 'visa', '1629', {
    charge: 'needs_customer',
    later: 'declined',
  }),
  debit('debit_paid', 'Bank debit: paid after three days', '6789', 'settled'),
  debit('debit_fails', 'Bank debit: fails after three days', '0116', 'declined'),
  debit('debit_returned', 'Bank debit: paid, then returned', '0117', 'settled_then_returned'),
  card('timeout_after_success', 'Charged, but the answer is lost', 'visa', '0200', { charge: 'settled_reply_lost' }),
  card('timeout_before_arrival', 'The request is lost on the way', 'visa', '0201', { charge: 'never_arrives' }),
  card('dispute_lost', 'Approved, disputed later, lost', 'visa', '0259', {
    charge: 'settled_then_disputed',
    afterHours: 72,
    ends: 'lost',
  }),
  card('dispute_won', 'Approved, disputed later, won', 'visa', '2685', {
    charge: 'settled_then_disputed',
    afterHours: 72,
    ends: 'won',
  }),
  card('dispute_asked_lost', 'Approved; asked about, then lost', 'visa', '1976', {
    charge: 'settled_then_disputed',
    afterHours: 72,
    ends: 'lost',
    opens: 'needs_response',
  }),
  card('dispute_asked_won', 'Approved; asked about, then won', 'visa', '1984', {
    charge: 'settled_then_disputed',
    afterHours: 72,
    ends: 'won',
    opens: 'needs_response',
  }),
  card('fraud_warning', 'Approved; called a fraud a day later', 'visa', '5423', {
    charge: 'settled_then_warned',
    afterHours: 24,
  }),
  card('refund_pending', 'Approved; refunds take a day', 'visa', '7726', { charge: 'settled' }, { refund: 'pending' }),
  card(
    'refund_declined',
    'Approved; refunds are refused',
    'visa',
    '3222',
    { charge: 'settled' },
    { refund: 'declined' },
  ),
  card(
    'refund_returned',
    'Approved; refunds bounce later',
    'visa',
    '5126',
    { charge: 'settled' },
    { refund: 'settled_then_returned' },
  ),
  card(
    'expired',
    'Already expired',
    'visa',
    '1881',
    { charge: 'declined', code: 'expired_card' },
    { expiresInYears: -1 },
  ),
  card(
    'expires_soon',
    'Expires at the end of next month',
    'visa',
    '1117',
    { charge: 'settled' },
    { expiresInMonths: 1 },
  ),
  card(
    'expires_renewed',
    'Expires soon, and its bank renews it',
    'visa',
    '1125',
    { charge: 'settled' },
    { expiresInMonths: 1, nearExpiry: 'renewed' },
  ),
  card(
    'expires_closed',
    'Expires soon, and its bank closes it',
    'visa',
    '1133',
    { charge: 'settled' },
    { expiresInMonths: 1, nearExpiry: 'closed' },
  ),
];

const byName = new Map(TEST_METHODS.map((method) => [method.name, method]));

export function testMethodNamed(name: string): TestMethod | null {
  return byName.get(name) ?? null;
}
