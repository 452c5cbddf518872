import type { WorkspaceTx } from '../foundation/database.ts';
import type { TermsBody } from './api.ts';
import type { TaxCategory, TaxRounding } from './invoice-amounts.ts';
import type { BusinessCalendar } from './terms.ts';

export interface TaxRow {
  readonly id: string;
  readonly code: string;
  readonly label: string;
  /** Per cent with four decimals. */
  readonly rate: bigint;
  readonly inclusive: boolean;
  readonly category: TaxCategory;
  readonly exemption_reason: string | null;
  readonly is_default: boolean;
  readonly archived_at: Date | null;
}

export function readTaxes(tx: WorkspaceTx): Promise<TaxRow[]> {
  return tx.many({
    name: 'taxes_read',
    text: `SELECT id, code, label, rate, inclusive, category, exemption_reason, is_default, archived_at FROM taxes
           WHERE workspace_id = $1 ORDER BY code`,
    values: [tx.workspaceId],
  });
}

/** Adds a tax; 0 when its code is taken. */
export function insertTax(tx: WorkspaceTx, row: TaxRow, at: Date): Promise<number> {
  return tx.run({
    text: `INSERT INTO taxes (workspace_id, id, code, label, rate, inclusive, category, exemption_reason, is_default, created_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING`,
    values: [
      tx.workspaceId,
      row.id,
      row.code,
      row.label,
      row.rate,
      row.inclusive,
      row.category,
      row.exemption_reason,
      row.is_default,
      at,
    ],
  });
}

export interface TermsRow {
  readonly id: string;
  readonly name: string;
  readonly terms: TermsBody;
  readonly late_fee_text: string;
  readonly is_default: boolean;
  readonly archived_at: Date | null;
}

export function readTermsRows(tx: WorkspaceTx): Promise<TermsRow[]> {
  return tx.many({
    name: 'payment_terms_read',
    text: `SELECT id, name, terms, late_fee_text, is_default, archived_at FROM payment_terms WHERE workspace_id = $1 ORDER BY name, id`,
    values: [tx.workspaceId],
  });
}

export interface InvoicingSettingsRow {
  readonly tax_rounding: TaxRounding;
  readonly weekend: number[];
  readonly holidays: string[];
  readonly colour: string;
  readonly footer: string;
  readonly payment_details: Readonly<Record<string, string>>;
  readonly seller: Readonly<Record<string, string>>;
  readonly e_mail_subject: string;
  readonly e_mail_body: string;
  readonly version: number;
}

/** Null while nobody has set anything: the program's own defaults hold. Without the logo, which is read when it is shown. */
export function readInvoicingSettings(tx: WorkspaceTx): Promise<InvoicingSettingsRow | null> {
  return tx.maybe({
    name: 'invoicing_settings_read',
    text: `SELECT tax_rounding, weekend, holidays::text[] AS holidays, colour, footer, payment_details, seller, e_mail_subject, e_mail_body, version
           FROM invoicing_settings WHERE workspace_id = $1`,
    values: [tx.workspaceId],
  });
}

export interface ContactBillingRow {
  readonly contact_id: string;
  readonly terms_id: string | null;
  readonly auto_charge_method_id: string | null;
  readonly auto_charge_consent: unknown;
  readonly version: number;
}

export function readContactBilling(tx: WorkspaceTx, contactIds: readonly string[]): Promise<ContactBillingRow[]> {
  return tx.many({
    name: 'contact_billing_read',
    text: `SELECT contact_id, terms_id, auto_charge_method_id, auto_charge_consent, version FROM contact_billing
           WHERE workspace_id = $1 AND contact_id = ANY($2::uuid[])`,
    values: [tx.workspaceId, contactIds],
  });
}

/** The days on which nothing is due; Saturday and Sunday where nothing was set. */
export function calendarOf(settings: Pick<InvoicingSettingsRow, 'weekend' | 'holidays'> | null): BusinessCalendar {
  return { weekend: settings?.weekend ?? [6, 7], holidays: new Set(settings?.holidays ?? []) };
}
