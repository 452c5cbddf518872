import type { WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import type { Caller } from '../workspace/caller.ts';
import { recordAudit } from '../workspace/write-audit.ts';
import { type CustomerPageSettings, SETTINGS_BY_DEFAULT } from './customer-link.ts';
import { readPageSettingsRow, writePageSettingsRow } from './store-customer-links.ts';

/** How this workspace lets its customers in. */
export async function readCustomerPage(tx: WorkspaceTx): Promise<CustomerPageSettings> {
  return (await readPageSettingsRow(tx)) ?? SETTINGS_BY_DEFAULT;
}

/** Changes it, for links to come. Throws edit_conflict when `expectedVersion` is not the newest. */
export async function editCustomerPage(
  tx: WorkspaceTx,
  caller: Caller,
  changes: { [K in keyof Omit<CustomerPageSettings, 'version'>]?: CustomerPageSettings[K] | undefined },
  expectedVersion: number | null,
): Promise<CustomerPageSettings> {
  const before = await readCustomerPage(tx);
  if (expectedVersion !== null && expectedVersion !== before.version) throw new Failure('edit_conflict');
  const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
  const row: CustomerPageSettings = { ...before, ...given, version: before.version + 1 };
  await writePageSettingsRow(tx, row);
  await recordAudit(tx, caller, {
    action: 'customer_page.changed',
    subjectKind: 'workspace',
    subjectId: tx.workspaceId,
    details: { fields: Object.keys(given) },
  });
  return row;
}
