/** A link by which a customer saves a card without an account: the row of `card_links`. */
export interface CardLinkRow {
  readonly id: string;
  readonly contact_id: string;
  /** The failed charge that it was made for. */
  readonly payment_id: string | null;
  readonly created_by: string;
  readonly created_at: Date;
  readonly expires_at: Date;
  readonly revoked_at: Date | null;
  readonly revoked_by: string | null;
  readonly opened_at: Date | null;
  readonly visit_hash: string | null;
  readonly visit_until: Date | null;
  readonly card_form_id: string | null;
  readonly used_at: Date | null;
  readonly payment_method_id: string | null;
}

/** Long enough for somebody who reads their mail at the weekend. */
export const LINK_HOURS_DEFAULT = 7 * 24;
/** A month-old request for a card is asked anew. */
export const LINK_HOURS_MAX = 30 * 24;
/** How long the browser that agreed may go on: to the gateway's form, and to paying afterwards. */
export const VISIT_MS = 30 * 60_000;

export type CardLinkState = 'open' | 'used' | 'expired' | 'revoked';

/** Where a link stands at `asOf`. */
export function linkState(row: CardLinkRow, asOf: Date): CardLinkState {
  if (row.revoked_at) return 'revoked';
  if (row.used_at) return 'used';
  return asOf >= row.expires_at ? 'expired' : 'open';
}

/** Whether the browser with this visit's hash may go on at `asOf`. A revoked link ends its visit too. */
export function isVisit(row: CardLinkRow, visitHash: string | null, asOf: Date): boolean {
  return (
    row.revoked_at === null &&
    visitHash !== null &&
    row.visit_hash === visitHash &&
    row.visit_until !== null &&
    asOf < row.visit_until
  );
}

/** The key that a failed charge is paid under through a link: pressed twice, it is one payment. */
export function paymentKeyOf(linkId: string, paymentId: string): string {
  return `card-link:${linkId}:${paymentId}`;
}
