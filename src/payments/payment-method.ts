/** A saved method as we keep it: what tells it apart, never what could charge it elsewhere. */
export interface MethodRow {
  readonly id: string;
  readonly contact_id: string;
  readonly gateway: string;
  readonly gateway_customer_ref: string;
  readonly gateway_method_ref: string;
  readonly kind: 'card' | 'bank_debit';
  readonly brand: string;
  readonly last4: string;
  readonly exp_month: number | null;
  readonly exp_year: number | null;
  readonly fingerprint: string;
  readonly label: string | null;
  readonly is_default: boolean;
  readonly blocked_reason: string | null;
  /** The last failed try of this card, here or where else it is saved. */
  readonly failed_at: Date | null;
  /** Before this a try is early; null when any time is right. */
  readonly retry_after: Date | null;
  readonly consent_text_version: string;
  readonly consent_channel: 'web' | 'phone' | 'paper';
  readonly consent_at: Date;
  readonly consent_ip: string | null;
  readonly added_by: string;
  readonly added_at: Date;
  readonly removed_at: Date | null;
  readonly removed_by: string | null;
  /** The account at the gateway that it belongs to, while that is not connected. */
  readonly away_account: string | null;
}

export type MethodState = 'usable' | 'expired' | 'removed' | 'blocked';

const BRAND_NAMES: Record<string, string> = {
  visa: 'Visa',
  mastercard: 'Mastercard',
  amex: 'American Express',
  discover: 'Discover',
  diners: 'Diners Club',
  jcb: 'JCB',
  unionpay: 'UnionPay',
  'bank debit': 'Bank debit',
};

/** Why a method of a disconnected account cannot be chosen. */
const AWAY_REASON =
  'Its gateway account is disconnected. Connect it again in Settings → Payments, or ask for a new card.';

/** "Visa ·· 4242": what a method is called on screens, receipts and in transactions. */
export function methodLabel(method: Pick<MethodRow, 'brand' | 'last4'>): string {
  return `${BRAND_NAMES[method.brand] ?? method.brand} ·· ${method.last4}`;
}

/** Whether the method can be charged at `asOf`, and if not, why in words. A card is good through its expiry month. */
export function methodState(method: MethodRow, asOf: Date): { state: MethodState; reason: string | null } {
  if (method.removed_at) return { state: 'removed', reason: 'Removed.' };
  if (method.away_account !== null) return { state: 'blocked', reason: AWAY_REASON };
  if (method.exp_year !== null && method.exp_month !== null) {
    const firstInvalid = Date.UTC(method.exp_year, method.exp_month, 1);
    if (asOf.getTime() >= firstInvalid) {
      return { state: 'expired', reason: `Expired ${String(method.exp_month).padStart(2, '0')}/${method.exp_year}.` };
    }
  }
  if (method.blocked_reason) return { state: 'blocked', reason: method.blocked_reason };
  return { state: 'usable', reason: null };
}
