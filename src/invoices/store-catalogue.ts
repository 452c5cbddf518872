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
  readonly version: number;
}

/** Null while nobody has set anything: the program's own defaults hold. Without the logo, which is read when it is shown. */
export function readInvoicingSettings(tx: WorkspaceTx): Promise<InvoicingSettingsRow | null> {
  return tx.maybe({
    name: 'invoicing_settings_read',
    text: `SELECT tax_rounding, weekend, holidays::text[] AS holidays, colour, footer, payment_details, seller, version
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

/** Writes what may change of a tax: never its rate, which issued documents name by its code. */
export function updateTax(tx: WorkspaceTx, row: TaxRow): Promise<number> {
  return tx.run({
    text: `UPDATE taxes SET label = $3, exemption_reason = $4, is_default = $5, archived_at = $6 WHERE workspace_id = $1 AND id = $2`,
    values: [tx.workspaceId, row.id, row.label, row.exemption_reason, row.is_default, row.archived_at],
  });
}

/** Adds terms; the caller has taken the default from the others. */
export function insertTerms(tx: WorkspaceTx, row: TermsRow, at: Date): Promise<number> {
  return tx.run({
    text: `INSERT INTO payment_terms (workspace_id, id, name, terms, late_fee_text, is_default, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    values: [tx.workspaceId, row.id, row.name, JSON.stringify(row.terms), row.late_fee_text, row.is_default, at],
  });
}

export function updateTerms(tx: WorkspaceTx, row: TermsRow): Promise<number> {
  return tx.run({
    text: `UPDATE payment_terms SET name = $3, terms = $4, late_fee_text = $5, is_default = $6, archived_at = $7
           WHERE workspace_id = $1 AND id = $2`,
    values: [
      tx.workspaceId,
      row.id,
      row.name,
      JSON.stringify(row.terms),
      row.late_fee_text,
      row.is_default,
      row.archived_at,
    ],
  });
}

export function takeDefaultFromTerms(tx: WorkspaceTx): Promise<number> {
  return tx.run({
    text: `UPDATE payment_terms SET is_default = false WHERE workspace_id = $1 AND is_default`,
    values: [tx.workspaceId],
  });
}

/** Writes the whole of the settings; 0 when somebody was quicker (`version` is the one that was read; 0: none was there). */
export function writeInvoicingSettings(tx: WorkspaceTx, row: InvoicingSettingsRow): Promise<number> {
  return tx.run({
    text: `INSERT INTO invoicing_settings AS kept (workspace_id, tax_rounding, weekend, holidays, colour, footer, payment_details, seller,
             version)
           VALUES ($1, $2, $3, $4::date[], $5, $6, $7, $8, 1)
           ON CONFLICT (workspace_id) DO UPDATE SET tax_rounding = excluded.tax_rounding, weekend = excluded.weekend,
             holidays = excluded.holidays, colour = excluded.colour, footer = excluded.footer,
             payment_details = excluded.payment_details, seller = excluded.seller, version = kept.version + 1
           WHERE kept.version = $9`,
    values: [
      tx.workspaceId,
      row.tax_rounding,
      row.weekend,
      row.holidays,
      row.colour,
      row.footer,
      JSON.stringify(row.payment_details),
      JSON.stringify(row.seller),
      row.version,
    ],
  });
}

/** Keeps or takes away (null) the logo; PNG or JPEG, checked by the caller. */
export function writeLogo(tx: WorkspaceTx, logo: { bytes: Buffer; type: string } | null): Promise<number> {
  return tx.run({
    text: `INSERT INTO invoicing_settings AS kept (workspace_id, logo, logo_type) VALUES ($1, $2, $3)
           ON CONFLICT (workspace_id) DO UPDATE SET logo = excluded.logo, logo_type = excluded.logo_type, version = kept.version + 1`,
    values: [tx.workspaceId, logo?.bytes ?? null, logo?.type ?? null],
  });
}

export function readLogo(tx: WorkspaceTx): Promise<{ logo: Buffer; logo_type: string } | null> {
  return tx.maybe({
    text: `SELECT logo, logo_type FROM invoicing_settings WHERE workspace_id = $1 AND logo IS NOT NULL`,
    values: [tx.workspaceId],
  });
}

export function writeContactBilling(tx: WorkspaceTx, row: ContactBillingRow): Promise<number> {
  return tx.run({
    text: `INSERT INTO contact_billing AS kept (workspace_id, contact_id, terms_id, auto_charge_method_id, auto_charge_consent)
           VALUES ($1, $2, $3, $4, $5)
           ON CONFLICT (workspace_id, contact_id) DO UPDATE SET terms_id = excluded.terms_id,
             auto_charge_method_id = excluded.auto_charge_method_id, auto_charge_consent = excluded.auto_charge_consent,
             version = kept.version + 1`,
    values: [
      tx.workspaceId,
      row.contact_id,
      row.terms_id,
      row.auto_charge_method_id,
      row.auto_charge_consent === null ? null : JSON.stringify(row.auto_charge_consent),
    ],
  });
}
