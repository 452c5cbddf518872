import type { WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import { toPublicId } from '../foundation/id.ts';
import { minorToJson } from '../foundation/money.ts';
import { ACCOUNTS } from '../ledger/accounts.ts';
import { readLinesOf } from '../ledger/read-balance.ts';
import type { Caller } from '../workspace/caller.ts';
import type { Payment, PaymentDetail } from './api.ts';
import type { PaymentRow } from './attempt.ts';
import { shapePayments } from './list-payments.ts';
import { whereTheMoneyIs } from './shape-payment.ts';
import { firstTransition, readPayments, readPaymentsByKey, readRelated, readTransitions } from './store.ts';
import { readFraudWarnings } from './store-disputes.ts';
import { readEventsOf } from './store-events.ts';
import { readSettlement } from './store-settlements.ts';

/** One payment as a list shows it. Throws not_found. */
export async function readPayment(tx: WorkspaceTx, caller: Caller, id: string): Promise<Payment> {
  const [shaped] = await shapePayments(tx, caller, [await readRow(tx, id)]);
  return shaped!;
}

/** The row itself. Throws not_found. */
export async function readRow(tx: WorkspaceTx, id: string): Promise<PaymentRow> {
  const [row] = await readPayments(tx, [id]);
  if (!row) throw new Failure('not_found');
  return row;
}

/** The attempt that a request with this key made; null when there is none. */
export async function readRowByKey(tx: WorkspaceTx, key: string): Promise<PaymentRow | null> {
  const [row] = await readPaymentsByKey(tx, [key]);
  return row ?? null;
}

/** Everything View Transaction shows. Throws not_found. */
export async function readPaymentDetail(tx: WorkspaceTx, caller: Caller, id: string): Promise<PaymentDetail> {
  const row = await readRow(tx, id);
  const [transitions, lines, events, related, settlement, warnings] = await Promise.all([
    readTransitions(tx, id),
    readLinesOf(tx, [id]),
    readEventsOf(tx, id),
    readRelated(tx, row),
    readSettlement(tx, id),
    row.kind === 'charge' ? readFraudWarnings(tx, [id]) : null,
  ]);
  const others = related.filter((other) => other.id !== id);
  const [shaped, ...shapedOthers] = await shapePayments(tx, caller, [row, ...others]);
  return {
    ...shaped!,
    fraud_warned_at: warnings?.get(id)?.toISOString() ?? null,
    transitions: (row.status === 'sent' ? [firstTransition(row)] : transitions).map((transition) => ({
      from: transition.from_status,
      to: transition.to_status,
      at: transition.at.toISOString(),
      by: transition.by_name,
      via: transition.via,
      why: transition.why,
    })),
    ledger_lines: lines.map((line) => ({
      entry_id: toPublicId('entry', line.entry_id),
      booking: line.booking,
      effective_on: line.effective_on,
      recorded_at: line.recorded_at.toISOString(),
      debit: ACCOUNTS[line.debit_account].label,
      credit: ACCOUNTS[line.credit_account].label,
      amount_minor: minorToJson(line.amount_minor),
      currency: line.currency,
    })),
    events: events.map((event) => ({
      id: toPublicId('event', event.id),
      type: event.type,
      received_at: event.received_at.toISOString(),
      result: event.result,
    })),
    related: shapedOthers,
    settlement: settlement && {
      currency: settlement.settlement_currency,
      gross_minor: minorToJson(settlement.gross_minor),
      fee_minor: minorToJson(settlement.fee_minor),
      net_minor: minorToJson(settlement.net_minor),
      exchange_rate: settlement.exchange_rate,
      balance_ref: settlement.balance_ref,
      payout_ref: settlement.payout_ref,
      available_at: settlement.available_at?.toISOString() ?? null,
    },
    where_now: whereTheMoneyIs(row, caller.workspace.locale),
    idempotency_key: row.idempotency_key,
  };
}
