import { createHash } from 'node:crypto';
import type { Mandate } from '@mollie/api-client';
import type { GatewayMethod, MethodState } from '../gateway.ts';
import { joinRef } from './mollie-ref.ts';

interface CardDetails {
  readonly cardNumber?: string | null;
  readonly cardLabel?: string | null;
  readonly cardFingerprint?: string | null;
  readonly cardExpiryDate?: string | null;
}
interface DebitDetails {
  readonly consumerAccount?: string | null;
  readonly consumerBic?: string | null;
}

/** A mandate as the method it stands for; null for kinds that are not charged here (PayPal). */
export function methodOfMandate(customerId: string, mandate: Mandate): GatewayMethod | null {
  const refs = { customerRef: customerId, methodRef: joinRef(customerId, mandate.id) };
  if (mandate.method === 'creditcard') {
    const details = mandate.details as CardDetails;
    const expiry = /^(\d{4})-(\d{2})/.exec(details.cardExpiryDate ?? '');
    return {
      ...refs,
      kind: 'card',
      brand: brandOf(details.cardLabel),
      last4: lastFour(details.cardNumber),
      expMonth: expiry ? Number(expiry[2]) : null,
      expYear: expiry ? Number(expiry[1]) : null,
      fingerprint: details.cardFingerprint || mandate.id,
    };
  }
  if (mandate.method === 'directdebit') {
    const details = mandate.details as DebitDetails;
    const account = (details.consumerAccount ?? '').replace(/\s/g, '');
    return {
      ...refs,
      kind: 'bank_debit',
      brand: 'SEPA',
      last4: lastFour(account),
      expMonth: null,
      expYear: null,
      // The same account twice is found without keeping its number.
      fingerprint:
        account === '' ? mandate.id : createHash('sha256').update(`sepa ${account}`).digest('hex').slice(0, 32),
    };
  }
  return null;
}

export function stateOfMandate(customerId: string, mandate: Mandate): MethodState {
  const status = mandate.status as string;
  if (status === 'invalid') return { status: 'detached' };
  const method = methodOfMandate(customerId, mandate);
  return method && (status === 'valid' || status === 'pending')
    ? { status: 'attached', method }
    : { status: 'unknown' };
}

/** The names that cards are drawn by elsewhere in the program; others keep what Mollie calls them. */
const BRANDS: Readonly<Record<string, string>> = {
  Visa: 'visa',
  Mastercard: 'mastercard',
  'American Express': 'amex',
  Discover: 'discover',
  'Diners Club': 'diners',
  JCB: 'jcb',
  UnionPay: 'unionpay',
};

function brandOf(label: string | null | undefined): string {
  return label ? (BRANDS[label] ?? label) : 'Card';
}

function lastFour(text: string | null | undefined): string {
  return (text ?? '').slice(-4);
}
