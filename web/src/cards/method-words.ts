import type { PaymentMethod } from '../../../src/payments/api.ts';
import { methodLabel } from '../../../src/payments/payment-method.ts';

type Shown = Pick<PaymentMethod, 'brand' | 'last4' | 'exp_month' | 'exp_year' | 'label'>;

/** "Visa ·· 4242", as on receipts. */
export function methodName(method: Shown): string {
  return methodLabel(method);
}

/** "08/27"; empty for what does not expire. */
export function expiryOf(method: Shown): string {
  if (method.exp_month === null || method.exp_year === null) return '';
  return `${String(method.exp_month).padStart(2, '0')}/${String(method.exp_year % 100).padStart(2, '0')}`;
}

/** What stands quieter beside a method's name: its label, its expiry, or why it cannot be chosen. */
export function methodDetail(method: Shown & Pick<PaymentMethod, 'state' | 'state_reason' | 'is_default'>): string {
  const expiry = expiryOf(method);
  const parts =
    method.state === 'usable'
      ? [method.label ?? '', expiry === '' ? '' : `expires ${expiry}`, method.is_default ? 'default' : '']
      : [method.label ?? '', method.state_reason ?? method.state];
  return parts.filter((part) => part !== '').join(' · ');
}

/** What one can choose from: the default first, then the newest; those that cannot be charged last. Removed ones never. */
export function chargeable(methods: readonly PaymentMethod[]): PaymentMethod[] {
  return methods.filter((method) => method.state !== 'removed').toSorted((a, b) => rank(a) - rank(b));
}

function rank(method: PaymentMethod): number {
  if (method.state !== 'usable') return 2;
  return method.is_default ? 0 : 1;
}
