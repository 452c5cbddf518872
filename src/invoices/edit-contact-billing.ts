import type { WorkspaceTx } from '../foundation/database.ts';
import {
  type ContactBillingRow,
  readContactBilling,
  readTermsRows,
  type TermsRow,
  writeContactBilling,
} from './store-catalogue.ts';

export type { ContactBillingRow } from './store-catalogue.ts';

/** What a customer agreed to, kept with the method that may be charged. */
export interface AutoChargeConsent {
  readonly channel: 'web' | 'phone' | 'paper';
  /** When it was noted, and by whom. */
  readonly at: string;
  readonly by: string;
  /** The day on which the customer said so, and the version of the words; absent where that was not kept yet. */
  readonly agreedOn?: string;
  readonly textVersion?: string;
}

/** How a contact is billed; nothing set answers nulls. */
export async function readBilling(tx: WorkspaceTx, contactId: string): Promise<ContactBillingRow> {
  const [row] = await readContactBilling(tx, [contactId]);
  return (
    row ?? { contact_id: contactId, terms_id: null, auto_charge_method_id: null, auto_charge_consent: null, version: 0 }
  );
}

export async function writeBilling(tx: WorkspaceTx, row: ContactBillingRow): Promise<void> {
  await writeContactBilling(tx, row);
}

/** Terms of the library that can still be chosen. */
export async function readUsableTerms(tx: WorkspaceTx): Promise<TermsRow[]> {
  return (await readTermsRows(tx)).filter((row) => row.archived_at === null);
}
