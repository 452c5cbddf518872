/** A link by which a customer sees their own page without an account: the row of `customer_links`. */
export interface CustomerLinkRow {
  readonly id: string;
  readonly contact_id: string;
  /** Where it confirms an address instead of leading to the page. */
  readonly new_email: string | null;
  readonly created_by: string;
  readonly created_at: Date;
  readonly expires_at: Date;
  readonly opened_at: Date | null;
  readonly used_at: Date | null;
  readonly revoked_at: Date | null;
  readonly revoked_by: string | null;
}

/** The row of `customer_page_settings`. */
export interface CustomerPageSettings {
  readonly valid_days: number;
  readonly sends_on_request: boolean;
  readonly edits_details: boolean;
  readonly version: number;
}

/** What holds while nobody has set anything. A page that can pay with saved cards is not open for ever. */
export const SETTINGS_BY_DEFAULT: CustomerPageSettings = {
  valid_days: 30,
  sends_on_request: true,
  edits_details: true,
  version: 0,
};
export const VALID_DAYS_MAX = 365;
/** A link that was asked for is used at once; one that lies in a mailbox for long is a risk for nothing. */
export const ASKED_HOURS = 24;

export type CustomerLinkState = 'open' | 'expired' | 'revoked';

/** Where a link stands at `asOf`. */
export function customerLinkState(row: CustomerLinkRow, asOf: Date): CustomerLinkState {
  if (row.revoked_at || row.used_at) return 'revoked';
  return asOf >= row.expires_at ? 'expired' : 'open';
}

/** Where customers of a business ask for their link. */
export const askAddress = (publicUrl: string, workspaceId: string) => `${publicUrl}/my/of/${workspaceId}`;
