/**
 * One table: decline code → class → words for staff, words for the customer, next step, when a retry is allowed. The codes
 * are those of the gateways and of SEPA returns; what they mean comes from their documentation.
 */
export type DeclineClass = 'retry_later' | 'other_card' | 'ask_customer' | 'stop';

export interface Decline {
  readonly class: DeclineClass;
  /** Plain reason for the person at the desk. */
  readonly staffWords: string;
  /** What may be said to the payer; neutral for lost, stolen and fraud. */
  readonly customerWords: string;
  readonly nextStep: string;
  /** Hours until the same card may be tried again; null never. */
  readonly retryAfterHours: number | null;
  /** Whether the card is not charged again until it is replaced. */
  readonly blocksMethod: boolean;
}

const NEUTRAL = 'Your bank did not allow the payment. Please use another card or ask your bank.';

const retryLater = (staffWords: string, customerWords: string, hours: number): Decline => ({
  class: 'retry_later',
  staffWords,
  customerWords,
  nextStep: 'Try again later, or use another card now.',
  retryAfterHours: hours,
  blocksMethod: false,
});
const otherCard = (staffWords: string, customerWords: string = NEUTRAL, blocksMethod = true): Decline => ({
  class: 'other_card',
  staffWords,
  customerWords,
  nextStep: 'Use another card; this one will not work.',
  retryAfterHours: null,
  blocksMethod,
});
const askCustomer = (staffWords: string, customerWords: string, nextStep: string): Decline => ({
  class: 'ask_customer',
  staffWords,
  customerWords,
  nextStep,
  retryAfterHours: null,
  blocksMethod: false,
});
const stop = (staffWords: string): Decline => ({
  class: 'stop',
  staffWords,
  customerWords: NEUTRAL,
  nextStep: 'Do not try this card again. Ask for another way to pay.',
  retryAfterHours: null,
  blocksMethod: true,
});

export const DECLINES: Readonly<Record<string, Decline>> = {
  insufficient_funds: retryLater('Insufficient funds.', 'There was not enough money in the account.', 24),
  card_velocity_exceeded: retryLater(
    'The card has reached its limit for now.',
    'Your card has reached its limit for now.',
    24,
  ),
  withdrawal_count_limit_exceeded: retryLater(
    'The card has reached its limit for now.',
    'Your card has reached its limit for now.',
    24,
  ),
  try_again_later: retryLater('The bank asks to try again later.', 'Your bank could not answer just now.', 1),
  issuer_not_available: retryLater('The card’s bank could not be reached.', 'Your bank could not be reached.', 1),
  processing_error: retryLater('The bank had a processing error.', 'The payment could not be processed just now.', 1),
  reenter_transaction: retryLater(
    'The bank asks for the payment to be sent again.',
    'The payment could not be processed just now.',
    1,
  ),
  approve_with_id: retryLater('The payment was not approved.', NEUTRAL, 24),
  no_action_taken: retryLater('The bank took no action.', 'The payment could not be processed just now.', 24),
  do_not_honor: retryLater('The bank declined without a reason.', NEUTRAL, 72),
  generic_decline: retryLater('The bank declined without a reason.', NEUTRAL, 72),
  call_issuer: retryLater('The customer should call their bank.', 'Please call your bank about this payment.', 72),
  authentication_required: askCustomer(
    'The bank wants the customer to confirm the payment.',
    'Your bank asks you to confirm this payment.',
    'Send the customer the link to confirm it.',
  ),
  expired_card: askCustomer('The card has expired.', 'Your card has expired.', 'Ask the customer for a new card.'),
  incorrect_cvc: askCustomer(
    'The security code was wrong.',
    'The security code was wrong.',
    'Ask the customer to enter the card again.',
  ),
  invalid_expiry_month: askCustomer(
    'The expiry date was wrong.',
    'The expiry date was wrong.',
    'Ask the customer to enter the card again.',
  ),
  invalid_expiry_year: askCustomer(
    'The expiry date was wrong.',
    'The expiry date was wrong.',
    'Ask the customer to enter the card again.',
  ),
  lost_card: stop('The card was reported lost.'),
  stolen_card: stop('The card was reported stolen.'),
  pickup_card: stop('The bank has withdrawn the card.'),
  fraudulent: stop('The bank suspects fraud.'),
  merchant_blacklist: stop('The payment matches a block list.'),
  security_violation: stop('The bank refused for security reasons.'),
  stop_payment_order: stop('The customer stopped payments to this business.'),
  revocation_of_authorization: stop('The customer withdrew their permission.'),
  revocation_of_authorizations: stop('The customer withdrew their permission for all payments.'),
  do_not_try_again: stop('The bank asks not to try again.'),
  restricted_card: otherCard('The card is restricted.'),
  incorrect_number: otherCard('The card number is wrong.', 'The card number is wrong.'),
  invalid_account: otherCard('The card’s account is not valid.'),
  card_not_supported: otherCard(
    'The card does not support this kind of payment.',
    'Your card does not support this payment.',
  ),
  invalid_number: otherCard('The card number is wrong.', 'The card number is wrong.'),
  currency_not_supported: otherCard(
    'The card does not support this currency.',
    'Your card does not support this currency.',
    false,
  ),
  not_permitted: otherCard('The card may not make this payment.'),
  transaction_not_allowed: otherCard('The card may not make this payment.'),
  service_not_allowed: otherCard('The card may not make this payment.'),
  debit_not_authorized: otherCard('The customer has not allowed this debit.', 'The debit was not authorised.'),
  account_closed: otherCard('The bank account is closed.', 'The bank account is closed.'),
  bank_account_restricted: otherCard(
    'The bank account does not allow debits.',
    'The bank account does not allow debits.',
  ),
  bank_account_unusable: otherCard('The bank account cannot be used.', 'The bank account cannot be used.'),
  no_account: otherCard('There is no such bank account.', 'The bank account could not be found.'),
  pin_try_exceeded: otherCard('The PIN was entered wrong too often.', NEUTRAL, false),
  new_account_information_available: askCustomer(
    'The card was replaced by its bank.',
    'Your card seems to have been replaced.',
    'Ask the customer for the new card.',
  ),
  invalid_cvc: askCustomer(
    'The security code was wrong.',
    'The security code was wrong.',
    'Ask the customer to enter the card again.',
  ),
  authentication_not_handled: askCustomer(
    'The bank wants the customer to confirm the payment.',
    'Your bank asks you to confirm this payment.',
    'Send the customer the link to confirm it.',
  ),
  authentication_failed: askCustomer(
    'The customer did not confirm the payment at their bank.',
    'The payment was not confirmed at your bank.',
    'Send the customer a new link, or ask for another card.',
  ),
  duplicate_transaction: retryLater(
    'The bank saw the same payment a moment ago.',
    'The payment could not be processed just now.',
    24,
  ),
  debit_disputed: stop('The customer had the debit taken back.'),
  mandate_invalid: otherCard(
    'The permission to debit is no longer valid.',
    'The permission to debit is no longer valid.',
  ),
};

/** What a gateway reports of a decline; names as Stripe calls them, absent where a gateway has no such thing. */
export interface ReportedDecline {
  readonly code?: string | null;
  readonly declineCode?: string | null;
  readonly adviceCode?: string | null;
}

/**
 * The one code that a decline is kept under: the most precise of those reported, except that the network's advice never to
 * try again stands above every reason.
 */
export function codeOfDecline({ code, declineCode, adviceCode }: ReportedDecline): string {
  if (adviceCode === 'do_not_try_again') return 'do_not_try_again';
  return declineCode || code || 'generic_decline';
}

/** The table's row for a code; codes a newer gateway may send are treated with care, not crashed on. */
export function declineFor(code: string | null): Decline {
  return (code !== null && DECLINES[code]) || DECLINES.generic_decline!;
}
