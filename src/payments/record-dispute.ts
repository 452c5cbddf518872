import type { Database, WorkspaceTx } from '../foundation/database.ts';
import { newId } from '../foundation/id.ts';
import type { Gateway, GatewayDispute } from '../gateways/gateway.ts';
import type { Caller } from '../workspace/caller.ts';
import type { PaymentRow } from './attempt.ts';
import { newAttempt } from './new-attempt.ts';
import type { OutcomeRecorder } from './record-outcome.ts';
import { firstTransition, insertPayments, insertTransitions, lockPayments, updatePayments } from './store.ts';
import { keepEvidenceDue, readDisputeTasks } from './store-disputes.ts';
import { readPaymentByGatewayRef } from './store-events.ts';
import { addToDayTotals, totalsDelta } from './store-totals.ts';

export interface DisputeDependencies {
  readonly database: Database;
  readonly recorder: OutcomeRecorder;
  readonly totalsSlot: number;
}

/**
 * Brings our row of a dispute to what the gateway has now; makes it when it is new. Books, counters of the charge, lifetime
 * value and the task follow in the same transaction. Returns the dispute's payment id; null when its charge is not ours.
 */
export function recordDispute(
  dependencies: DisputeDependencies,
  caller: Caller,
  gateway: Pick<Gateway, 'name' | 'label'>,
  dispute: GatewayDispute,
): Promise<string | null> {
  return dependencies.database.inWorkspace(caller.workspace.id, (tx) =>
    recordDisputeIn(tx, dependencies, caller, gateway, dispute),
  );
}

/** The same in a transaction that is open. Null when its charge is not ours. */
export async function recordDisputeIn(
  tx: WorkspaceTx,
  { recorder, totalsSlot }: Pick<DisputeDependencies, 'recorder' | 'totalsSlot'>,
  caller: Caller,
  gateway: Pick<Gateway, 'name' | 'label'>,
  dispute: GatewayDispute,
): Promise<string | null> {
  const charge = await readPaymentByGatewayRef(tx, gateway.name, dispute.chargeRef);
  if (!charge) return null;
  const row = await findOrAddDispute(tx, caller, gateway, dispute, charge, totalsSlot);
  if (dispute.evidenceDueAt) await keepEvidenceDue(tx, row.id, dispute.evidenceDueAt);
  if (dispute.status === 'needs_response') return row.id;
  const by = { kind: 'gateway' as const, name: gateway.label };
  const outcome = { status: dispute.status, feeMinor: dispute.feeMinor };
  const [recorded] = await recorder.recordIn(tx, [
    { payment: row, outcome, via: 'event', by, now: caller.now, workspace: caller.workspace },
  ]);
  if (recorded?.row.status === 'withdrawn' && recorded.row.needs_action) await restAfterEvidence(tx, row.id);
  return row.id;
}

/** Evidence that was sent stays sent when the money is taken afterwards: nobody has to do anything until the decision. */
async function restAfterEvidence(tx: WorkspaceTx, disputeId: string): Promise<void> {
  const task = (await readDisputeTasks(tx, [disputeId])).get(disputeId);
  if (!task?.evidence_sent_at) return;
  const [row] = await lockPayments(tx, [disputeId]);
  if (row?.needs_action) await updatePayments(tx, [{ ...row, needs_action: false }]);
}

async function findOrAddDispute(
  tx: WorkspaceTx,
  caller: Caller,
  gateway: Pick<Gateway, 'name' | 'label'>,
  dispute: GatewayDispute,
  charge: PaymentRow,
  totalsSlot: number,
): Promise<PaymentRow> {
  const known = await readPaymentByGatewayRef(tx, gateway.name, dispute.disputeRef);
  if (known) return known;
  const row: PaymentRow = {
    ...newAttempt(caller),
    id: newId(),
    kind: 'dispute',
    status: 'needs_response',
    parent_id: charge.id,
    contact_id: charge.contact_id,
    payment_method_id: charge.payment_method_id,
    gateway: gateway.name,
    method_kind: charge.method_kind,
    method_label: charge.method_label,
    amount_minor: dispute.amountMinor,
    currency: dispute.currency,
    tax_minor: 0n,
    description: charge.description,
    reason: dispute.reason,
    source: 'gateway',
    idempotency_key: null,
    input_hash: null,
    retry_of_id: null,
    gateway_ref: dispute.disputeRef,
    needs_action: true,
    resolve_after: null,
    created_by_kind: 'gateway',
    created_by_id: null,
    created_by_name: gateway.label,
    purpose: charge.purpose,
  };
  const added = await insertPayments(tx, [row]);
  if (added.size === 0) return (await readPaymentByGatewayRef(tx, gateway.name, dispute.disputeRef)) ?? row;
  await insertTransitions(tx, [{ ...firstTransition(row), via: 'event' }]);
  await addToDayTotals(tx, [totalsDelta(row, row.status, 1n)], totalsSlot);
  return row;
}
