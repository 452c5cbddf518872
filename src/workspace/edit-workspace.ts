import { refuseCardNumbers } from '../foundation/card-number.ts';
import type { Database } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import type { Caller } from './caller.ts';
import type { LegalDetails } from './facts.ts';
import { hasPayments, lockWorkspaceRow, updateWorkspace, type WorkspaceDetails } from './store-workspaces.ts';
import { recordAudit } from './write-audit.ts';

/**
 * Changes name, currency, time zone, language or legal details. `expectedVersion` is what the editor had read; null
 * overwrites. Throws edit_conflict, card_number_refused, and invalid_request for another currency once money was moved.
 */
export async function editWorkspace(
  database: Database,
  caller: Caller,
  changes: Partial<WorkspaceDetails>,
  expectedVersion: number | null,
): Promise<void> {
  const { name, address, tax_id } = changes.legal ?? {};
  refuseCardNumbers({ name: changes.name, 'legal.name': name, 'legal.address': address, 'legal.tax_id': tax_id });
  await database.inWorkspace(caller.workspace.id, async (tx) => {
    const row = await lockWorkspaceRow(tx);
    if (expectedVersion !== null && expectedVersion !== row.version) throw new Failure('edit_conflict');
    const before: WorkspaceDetails = {
      name: row.name,
      currency: row.currency,
      timeZone: row.time_zone,
      locale: row.locale,
      legal: row.legal,
    };
    const after = { ...before, ...changes };
    if (after.currency !== before.currency && (await hasPayments(tx))) {
      throw new Failure('invalid_request', 'The currency can no longer be changed: money was already moved in it.', {
        fields: [{ path: 'currency', message: `Stays ${before.currency} since the first payment.` }],
      });
    }
    const changed = (Object.keys(before) as (keyof WorkspaceDetails)[]).filter(
      (name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]),
    );
    if (changed.length === 0) return;
    await updateWorkspace(tx, after);
    await recordAudit(tx, caller, {
      action: 'workspace.edited',
      subjectKind: 'workspace',
      subjectId: caller.workspace.id,
      details: Object.fromEntries(changed.map((name) => [name, { from: plain(before[name]), to: plain(after[name]) }])),
    });
  });
}

function plain(value: string | LegalDetails) {
  return typeof value === 'string' ? value : { ...value };
}
