import type Stripe from 'stripe';
import type { GatewayMethod } from '../gateway.ts';

/** Bank debits by Stripe's own names; all of them are started now and paid or failed days later. */
const BANK_DEBITS = [
  'us_bank_account',
  'sepa_debit',
  'bacs_debit',
  'au_becs_debit',
  'acss_debit',
  'nz_bank_account',
] as const;

export function kindOf(type: string): GatewayMethod['kind'] | null {
  if (type === 'card') return 'card';
  return (BANK_DEBITS as readonly string[]).includes(type) ? 'bank_debit' : null;
}

/** A saved method as the contract has it; null when it belongs to nobody or is of a kind that cannot be charged here. */
export function methodOf(method: Stripe.PaymentMethod): GatewayMethod | null {
  const customerRef = idOf(method.customer);
  const kind = kindOf(method.type);
  if (customerRef === null || kind === null) return null;
  const base = { customerRef, methodRef: method.id, kind };
  if (kind === 'card') {
    const card = method.card;
    if (!card) return null;
    return {
      ...base,
      brand: card.brand,
      last4: card.last4,
      expMonth: card.exp_month,
      expYear: card.exp_year,
      fingerprint: card.fingerprint ?? method.id,
    };
  }
  const account = (method as unknown as Record<string, BankAccount | undefined>)[method.type];
  if (!account) return null;
  return {
    ...base,
    brand: account.bank_name ?? 'bank debit',
    last4: account.last4 ?? '',
    expMonth: null,
    expYear: null,
    fingerprint: account.fingerprint ?? method.id,
  };
}

interface BankAccount {
  readonly bank_name?: string | null;
  readonly last4?: string | null;
  readonly fingerprint?: string | null;
}

/** The id of what Stripe may have expanded. */
export function idOf(value: string | { readonly id: string } | null | undefined): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === 'string' ? value : value.id;
}
