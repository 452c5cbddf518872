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

/** The request was not carried out, so that nothing was charged: no answer about the card at all. */
const notSent = (staffWords: string, nextStep: string): Decline => ({
  class: 'retry_later',
  staffWords,
  customerWords: 'The payment could not be made just now. Nothing was charged.',
  nextStep,
  retryAfterHours: 0,
  blocksMethod: false,
});

export const DECLINES: Readonly<Record<string, Decline>> = {
  authentication_failed: askCustomer(
    'The customer did not confirm the payment at their bank.',
    'The payment was not confirmed at your bank.',
    'Send the customer a new link, or ask for another card.',
  ),
  bank_account_restricted: otherCard(
    'The bank account does not allow debits.',
    'The bank account does not allow debits.',
  ),
  no_account: otherCard('There is no such bank account.', 'The bank account could not be found.'),
  debit_disputed: stop('The customer had the debit taken back.'),
  mandate_invalid: otherCard(
    'The permission to debit is no longer valid.',
    'The permission to debit is no longer valid.',
  ),
  customer_deceased: stop('The bank says the account’s owner has died.'),
  incorrect_holder_name: askCustomer(
    'The name on the card was wrong.',
    'The name on the card was wrong.',
    'Ask the customer to enter the card again.',
  ),
  canceled_by_customer: askCustomer(
    'The customer broke off the payment.',
    'The payment was broken off. Nothing was charged.',
    'Ask the customer whether they still want to pay.',
  ),
  payment_expired: askCustomer(
    'The customer did not confirm the payment in time.',
    'The time to confirm the payment has passed. Nothing was charged.',
    'Charge again and send the new link.',
  ),
  duplicate_refund: {
    ...retryLater(
      'The payment gateway refuses a second refund of the same amount within an hour.',
      'The refund could not be started just now.',
      1,
    ),
    nextStep: 'Wait an hour, or refund another amount.',
  },
  refund_not_allowed: {
    ...otherCard(
      'The payment gateway cannot refund this amount of this payment.',
      'The refund could not be made.',
      false,
    ),
    nextStep: 'See at the payment gateway what can still be refunded, or pay the customer back another way.',
  },
  refund_failed: {
    ...askCustomer('The customer’s bank did not take the refund.', 'Your bank did not take the refund.', ''),
    nextStep: 'The money is back with you. Pay the customer back another way.',
  },
  refund_canceled: {
    ...askCustomer('The refund was canceled before it was sent.', 'The refund was canceled.', ''),
    nextStep: 'Refund again if it is still owed.',
  },
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
  bank_account_unusable: otherCard('The bank account cannot be used.', 'The bank account cannot be used.'),
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
  duplicate_transaction: retryLater(
    'The bank saw the same payment a moment ago.',
    'The payment could not be processed just now.',
    24,
  ),
  gateway_busy: notSent('The payment gateway was too busy. Nothing was charged.', 'Try again in a minute.'),
  gateway_not_reached: notSent(
    'The payment gateway could not be reached. Nothing was charged.',
    'Try again in a minute.',
  ),
  gateway_not_connected: notSent(
    'The payment gateway does not accept this workspace’s keys. Nothing was charged.',
    'Enter new keys in Settings → Payments.',
  ),
  amount_not_accepted: notSent(
    'The payment gateway does not take this amount in this currency. Nothing was charged.',
    'Change the amount: it is too small, too large, or ends in a fraction that the gateway does not take.',
  ),
  gateway_refused: notSent(
    'The payment gateway refused the request. Nothing was charged.',
    'Try another card. If it goes on, have a look at the program’s log.',
  ),
  gateway_balance_too_low: notSent(
    'There is not enough money in the gateway’s balance for this refund.',
    'Try again when the next payments have come in.',
  ),
  payment_canceled: notSent(
    'The payment was canceled at the gateway. Nothing was charged.',
    'Charge again if it is still due.',
  ),
  charge_disputed: notSent('The charge is disputed; it cannot be refunded.', 'Answer the dispute instead.'),
  charge_already_refunded: notSent('The charge has been refunded in full already.', 'There is nothing left to refund.'),
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
