import type { Database, WorkspaceTx } from '../foundation/database.ts';
import { newId } from '../foundation/id.ts';
import type { Gateway } from '../gateways/gateway.ts';
import type { GatewayRegistry } from '../gateways/registry.ts';
import type { PaymentRow } from './attempt.ts';
import { recordMovementFacts } from './record-movement-facts.ts';
import type { OutcomeRecorder, OutcomeReport } from './record-outcome.ts';
import { nextReminderMs, type ReminderKind } from './reminder-plan.ts';
import { insertEvents, type NewEvent } from './store-events.ts';

/**
 * A recorder that also keeps what came with an outcome beside the money: fee, net, payout, rate. They are written after
 * the outcome, in a transaction of their own: a stop between the two loses nothing, because the gateway's message about
 * the same payment, the sweep of its messages or a note to ask again brings them once more.
 */
export function keepMovementFacts(
  recorder: OutcomeRecorder,
  { database, gateways }: { readonly database: Database; readonly gateways: GatewayRegistry },
): OutcomeRecorder {
  return {
    ...recorder,
    async record(report) {
      const recorded = await recorder.record(report);
      if (report.outcome.status !== 'settled') return recorded;
      const gateway = gateways.all.find((one) => one.name === recorded.row.gateway);
      if (!gateway) return recorded;
      const { facts } = report.outcome;
      const notes = recorded.applied ? notesOf(recorded.row, gateway, report) : [];
      if (facts || notes.length > 0) {
        await database.inWorkspace(report.workspace.id, async (tx) => {
          if (notes.length > 0) await insertEvents(tx, notes);
          if (facts) await keepFacts(tx, report, facts);
        });
      }
      return recorded;
    },
  };
}

function keepFacts(
  tx: WorkspaceTx,
  { payment, now, workspace }: OutcomeReport,
  facts: Parameters<typeof recordMovementFacts>[1][number]['facts'],
): Promise<void> {
  return recordMovementFacts(tx, [{ paymentId: payment.id, facts }], { now, timeZone: workspace.timeZone });
}

/** Notes to ask again about a payment that has just settled. */
function notesOf(row: PaymentRow, gateway: Gateway, { outcome, now }: OutcomeReport): NewEvent[] {
  const kinds: ReminderKind[] = [];
  const isReal = gateway.connecting !== null;
  if (isReal && outcome.status === 'settled' && !outcome.facts) kinds.push('reminder.facts');
  if (isReal && gateway.listEvents === null && row.kind === 'charge' && row.method_kind === 'bank_debit') {
    kinds.push('reminder.return');
  }
  return kinds.map((kind) => ({
    id: newId(),
    gateway: gateway.name,
    event: {
      eventRef: `${kind}:${row.id}:${row.transition_count}`,
      type: kind,
      createdAt: null,
      about: { kind: row.kind === 'refund' ? 'refund' : 'charge', attemptId: row.id },
    },
    rawBody: '',
    receivedAt: now,
    delayMs: null,
    foundBy: 'reminder',
    tryAfter: new Date(now.getTime() + (nextReminderMs(kind, 0) ?? 0)),
  }));
}
