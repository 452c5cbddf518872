import type { Payment } from '@mollie/api-client';

/**
 * From Mollie's reasons to the codes of the decline table (src/gateways/declines.ts). Cards carry a word in
 * `details.failureReason`; bank debits the code of the European Payments Council in `details.bankReasonCode`, which
 * chargebacks carry as `reason.code`.
 */
const BY_CARD_REASON: Readonly<Record<string, string>> = {
  authentication_abandoned: 'authentication_failed',
  authentication_failed: 'authentication_failed',
  authentication_required: 'authentication_required',
  authentication_unavailable_acs: 'issuer_not_available',
  card_declined: 'generic_decline',
  card_expired: 'expired_card',
  inactive_card: 'restricted_card',
  insufficient_funds: 'insufficient_funds',
  invalid_cvv: 'incorrect_cvc',
  invalid_card_holder_name: 'incorrect_holder_name',
  invalid_card_number: 'incorrect_number',
  invalid_card_type: 'card_not_supported',
  possible_fraud: 'fraudulent',
  refused_by_issuer: 'do_not_honor',
  unknown_reason: 'generic_decline',
};

const BY_BANK_REASON: Readonly<Record<string, string>> = {
  AC01: 'no_account',
  AC04: 'account_closed',
  AC06: 'bank_account_restricted',
  AC13: 'invalid_account',
  AG01: 'bank_account_restricted',
  AG02: 'processing_error',
  AM04: 'insufficient_funds',
  AM05: 'processing_error',
  BE05: 'processing_error',
  FF01: 'processing_error',
  MD01: 'mandate_invalid',
  MD02: 'mandate_invalid',
  MD06: 'debit_disputed',
  MD07: 'customer_deceased',
  MS02: 'stop_payment_order',
  MS03: 'generic_decline',
  RC01: 'invalid_account',
  SL01: 'bank_account_restricted',
  TM01: 'processing_error',
};

/** The code for a failed payment; `generic_decline` where Mollie gives no reason or a newer one. */
export function codeOfFailure(payment: Pick<Payment, 'details'>): string {
  const details = (payment.details ?? {}) as { failureReason?: unknown; bankReasonCode?: unknown };
  return codeOfReason(details.failureReason) ?? codeOfBankReason(details.bankReasonCode) ?? 'generic_decline';
}

/** The code for a bank debit that came back after it was paid. */
export function codeOfReturn(chargeback: { readonly reason?: { readonly code?: string } | null } | undefined): string {
  return codeOfBankReason(chargeback?.reason?.code) ?? 'debit_disputed';
}

function codeOfReason(reason: unknown): string | null {
  return (typeof reason === 'string' && BY_CARD_REASON[reason]) || null;
}

function codeOfBankReason(reason: unknown): string | null {
  return (typeof reason === 'string' && BY_BANK_REASON[reason.toUpperCase()]) || null;
}

/** The code for a request that Mollie refused: nothing was charged or refunded. */
export function codeOfRefusal(
  kind: 'charge' | 'refund',
  refused: { readonly code: number; readonly field: string | null; readonly detail: string },
): string {
  const { code, field, detail } = refused;
  if (code === 401 || code === 403) return 'gateway_not_connected';
  if (field === 'amount.currency' || /\bcurrency\b/i.test(detail)) return 'currency_not_supported';
  if (kind === 'refund') return /\bbalance\b/i.test(detail) ? 'gateway_balance_too_low' : 'refund_not_allowed';
  if (field?.startsWith('amount')) return 'amount_not_accepted';
  if (field === 'mandateId' || field === 'customerId' || /\bmandates?\b/i.test(detail)) return 'mandate_invalid';
  if (code === 404 || code === 410) return 'invalid_account';
  return 'gateway_refused';
}
