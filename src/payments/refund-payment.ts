import { readRootsForShare } from '../contacts/read-contact.ts';
import { proportionHalfUp } from '../foundation/allocate.ts';
import { check } from '../foundation/assert.ts';
import { holdsCardNumber } from '../foundation/card-number.ts';
import type { Database, WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import { newId, toPublicId } from '../foundation/id.ts';
import { hashInput } from '../foundation/idempotency.ts';
import { formatMinor, minorToJson } from '../foundation/money.ts';
import type { GatewayRegistry } from '../gateways/registry.ts';
import type { Caller } from '../workspace/caller.ts';
import { recordAudit } from '../workspace/write-audit.ts';
import { dayOf } from './allocate-payment.ts';
import { answerAgain, answerRecorded, type PaymentAnswer } from './answer-request.ts';
import { type PaymentRow, refundableMinor } from './attempt.ts';
import { withinTime } from './await-gateway.ts';
import { freeForRefund, refundWhy } from './move-account.ts';
import { newAttempt } from './new-attempt.ts';
import type { OutcomeRecorder, OutcomeReport, Recorded, RecordedOutcome } from './record-outcome.ts';
import type { ResolveUnknown } from './resolve-unknown.ts';
import { insertPayments, lockPayments, readPaymentsByKey, updatePayments } from './store.ts';
import { readLiveRefundTax } from './store-refunds.ts';

export interface RefundInput {
  readonly paymentId: string;
  readonly amountMinor: bigint;
  readonly reason: string;
  readonly note: string;
}

export interface RefundDependencies {
  readonly database: Database;
  readonly gateways: GatewayRegistry;
  readonly recorder: OutcomeRecorder;
  readonly resolver: ResolveUnknown;
}

type Admission =
  | { readonly kind: 'known'; readonly row: PaymentRow }
  | { readonly kind: 'settled'; readonly recorded: RecordedOutcome }
  | { readonly kind: 'sent'; readonly row: PaymentRow; readonly charge: PaymentRow };

/**
 * Gives money of a charge back, in full or in part, by the way it came. Never more than was received: the charge's row is
 * locked while the refund is admitted, and a check of the table holds the sum. Offline money is paid back by hand, so its
 * refund is recorded as done. Throws payment_not_refundable, refund_above_received, idempotency failures.
 */
export async function refundPayment(
  dependencies: RefundDependencies,
  caller: Caller,
  input: RefundInput,
  key: string,
): Promise<PaymentAnswer> {
  const { database, gateways, recorder, resolver } = dependencies;
  const inputHash = hashInput('refund', input);
  const admission = await database.inWorkspace(caller.workspace.id, (tx) =>
    admitRefund(tx, dependencies, caller, input, key, inputHash),
  );
  if (admission.kind === 'known') {
    return answerAgain(database, caller, await resolver.answerOf(caller, admission.row, inputHash));
  }
  if (admission.kind === 'settled') return answerRecorded(database, caller, admission.recorded);

  const { row, charge } = admission;
  const gateway = gateways.named(charge.gateway);
  check(charge.gateway_ref, 'a settled charge has a reference at its gateway');
  const order = {
    attemptId: row.id,
    chargeRef: charge.gateway_ref,
    amountMinor: row.amount_minor,
    currency: row.currency,
  };
  const outcome = await withinTime(
    gateway.timeoutMs,
    gateway.refund({ workspaceId: caller.workspace.id, now: caller.now }, order),
  );
  return answerRecorded(database, caller, await recorder.record(report(row, outcome, caller, gateway.label)));
}

async function admitRefund(
  tx: WorkspaceTx,
  { gateways, recorder }: RefundDependencies,
  caller: Caller,
  input: RefundInput,
  key: string,
  inputHash: string,
): Promise<Admission> {
  const [[found], [known]] = await Promise.all([lockPayments(tx, [input.paymentId]), readPaymentsByKey(tx, [key])]);
  let charge = found;
  if (known) return { kind: 'known', row: known };
  if (!charge || charge.undone_at) throw new Failure('not_found');
  if (charge.kind !== 'charge' || charge.status !== 'settled') {
    throw new Failure('payment_not_refundable', 'Only a charge that has settled can be refunded.');
  }
  if (holdsCardNumber(input.note)) {
    throw new Failure('card_number_refused', undefined, {
      fields: [{ path: 'note', message: 'Leave card numbers out.' }],
    });
  }
  const left = refundableMinor(charge);
  if (input.amountMinor > left) {
    throw new Failure(
      'refund_above_received',
      `At most ${formatMinor(left, charge.currency, caller.workspace.locale)} can be refunded.`,
      {
        fields: [
          { path: 'amount_minor', message: `At most ${formatMinor(left, charge.currency, caller.workspace.locale)}.` },
        ],
        facts: { refundable_minor: minorToJson(left), currency: charge.currency },
      },
    );
  }
  const row = refundRow(caller, input, key, inputHash, charge, await taxOf(tx, charge, input.amountMinor), gateways);
  const added = await insertPayments(tx, [row]);
  if (added.size === 0) {
    const [winner] = await readPaymentsByKey(tx, [key]);
    check(winner, 'a refund that was not added has one with its key');
    return { kind: 'known', row: winner };
  }
  if (charge.purpose === 'account') {
    // What it had paid is open again by as much as goes back.
    const roots = await readRootsForShare(tx, [charge.contact_id]);
    const moment = { on: dayOf(caller), at: caller.now, by: caller.name, why: refundWhy(row.id) };
    charge = await freeForRefund(tx, charge, input.amountMinor, roots, moment);
  }
  await Promise.all([
    updatePayments(tx, [{ ...charge, refunding_minor: charge.refunding_minor + row.amount_minor }]),
    recordAudit(tx, caller, {
      action: 'refund.confirmed',
      subjectKind: 'payment',
      subjectId: row.id,
      details: {
        charge_id: toPublicId('payment', charge.id),
        amount_minor: minorToJson(row.amount_minor),
        currency: row.currency,
        reason: input.reason,
      },
    }),
  ]);
  if (charge.gateway !== 'manual') return { kind: 'sent', row, charge };
  const outcome = { status: 'settled' as const, gatewayRef: `manual_${row.id}`, feeMinor: 0n };
  const [recorded] = await recorder.recordIn(tx, [{ ...report(row, outcome, caller, caller.name), via: 'staff' }]);
  return { kind: 'settled', recorded: recorded! };
}

function report(row: PaymentRow, outcome: Recorded, caller: Caller, by: string): OutcomeReport {
  return {
    payment: row,
    outcome,
    via: 'reply',
    by: { kind: 'gateway', name: by },
    now: caller.now,
    workspace: caller.workspace,
  };
}

/** The refund's share of the charge's tax; the one that makes it complete takes what is left, so that the parts add up. */
async function taxOf(tx: WorkspaceTx, charge: PaymentRow, amountMinor: bigint): Promise<bigint> {
  if (charge.tax_minor === 0n) return 0n;
  const complete = charge.refunded_minor + charge.refunding_minor + amountMinor === charge.amount_minor;
  const taken = await readLiveRefundTax(tx, charge.id);
  const left = charge.tax_minor > taken ? charge.tax_minor - taken : 0n;
  const share = complete ? left : proportionHalfUp(charge.tax_minor, amountMinor, charge.amount_minor);
  return smallest(share, left, amountMinor);
}

function refundRow(
  caller: Caller,
  input: RefundInput,
  key: string,
  inputHash: string,
  charge: PaymentRow,
  taxMinor: bigint,
  gateways: GatewayRegistry,
): PaymentRow {
  const waitMs = charge.gateway === 'manual' ? 0 : 2 * gateways.named(charge.gateway).timeoutMs;
  return {
    ...newAttempt(caller),
    id: newId(),
    kind: 'refund',
    parent_id: charge.id,
    contact_id: charge.contact_id,
    payment_method_id: charge.payment_method_id,
    gateway: charge.gateway,
    method_kind: charge.method_kind,
    method_label: charge.method_label,
    amount_minor: input.amountMinor,
    currency: charge.currency,
    tax_minor: taxMinor,
    description: input.note || charge.description,
    reason: input.reason,
    source: caller.kind === 'api_key' ? 'api' : charge.source === 'offline' ? 'offline' : 'charge_now',
    idempotency_key: key,
    input_hash: inputHash,
    retry_of_id: null,
    resolve_after: new Date(caller.now.getTime() + waitMs),
    purpose: charge.purpose,
  };
}

const smallest = (...amounts: readonly bigint[]) =>
  amounts.reduce((least, amount) => (amount < least ? amount : least));
