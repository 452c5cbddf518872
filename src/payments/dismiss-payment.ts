import type { WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import type { Caller } from '../workspace/caller.ts';
import { recordAudit } from '../workspace/write-audit.ts';
import { lockPayments, updatePayments } from './store.ts';

/** Says that nothing has to be done about a failed payment any more. Doing it twice changes nothing. Throws not_found. */
export async function dismissPayment(tx: WorkspaceTx, caller: Caller, id: string): Promise<void> {
  const [row] = await lockPayments(tx, [id]);
  if (!row) throw new Failure('not_found');
  if (!row.needs_action) return;
  await updatePayments(tx, [{ ...row, needs_action: false }]);
  await recordAudit(tx, caller, { action: 'payment.dismissed', subjectKind: 'payment', subjectId: id });
}
