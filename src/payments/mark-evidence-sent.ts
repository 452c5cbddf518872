import type { WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import type { Caller } from '../workspace/caller.ts';
import { recordAudit } from '../workspace/write-audit.ts';
import { lockPayments, updatePayments } from './store.ts';
import { keepEvidenceSent } from './store-disputes.ts';

/**
 * Says that evidence for a dispute was sent to the gateway, with a note of what; the dispute waits for its decision then. With
 * null it is taken back and the task is open again. Throws not_found, payment_state_conflict.
 */
export async function markEvidenceSent(
  tx: WorkspaceTx,
  caller: Caller,
  disputeId: string,
  sent: { readonly note: string } | null,
): Promise<void> {
  const [row] = await lockPayments(tx, [disputeId]);
  if (!row) throw new Failure('not_found');
  if (row.kind !== 'dispute') throw new Failure('payment_state_conflict', 'Evidence is sent for disputes only.');
  if (row.status !== 'needs_response' && row.status !== 'withdrawn')
    throw new Failure('payment_state_conflict', 'This dispute is decided; no evidence is taken any more.');
  await keepEvidenceSent(tx, disputeId, sent && { at: caller.now, by: caller.name, note: sent.note });
  await updatePayments(tx, [{ ...row, needs_action: sent === null }]);
  await recordAudit(tx, caller, {
    action: sent ? 'dispute.evidence_sent' : 'dispute.evidence_taken_back',
    subjectKind: 'payment',
    subjectId: disputeId,
    ...(sent ? { details: { note: sent.note } } : {}),
  });
}
