import { readContactForCharge } from '../contacts/read-contact.ts';
import { check } from '../foundation/assert.ts';
import { holdsCardNumber } from '../foundation/card-number.ts';
import type { Database, WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import { newId } from '../foundation/id.ts';
import { hashInput } from '../foundation/idempotency.ts';
import { type LocalDate, localDateOf, startOfLocalDate } from '../foundation/local-date.ts';
import { minorToJson } from '../foundation/money.ts';
import { intendMoney } from '../invoices/allocate-money.ts';
import type { Caller } from '../workspace/caller.ts';
import { recordAudit } from '../workspace/write-audit.ts';
import { type AskedAllocation, refuseUnfitAllocations, wantedOf } from './allocate-payment.ts';
import { answerAgain, answerRecorded, type PaymentAnswer } from './answer-request.ts';
import type { MethodKind, PaymentRow } from './attempt.ts';
import { mergedInto } from './charge-saved-method.ts';
import { newAttempt } from './new-attempt.ts';
import type { OutcomeRecorder } from './record-outcome.ts';
import type { ResolveUnknown } from './resolve-unknown.ts';
import { insertPayments, readPaymentsByKey } from './store.ts';

export interface OfflinePaymentInput {
  readonly contactId: string;
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly taxMinor: bigint;
  readonly methodKind: MethodKind & ('cash' | 'cheque' | 'bank_transfer' | 'other');
  readonly receivedOn: LocalDate;
  readonly reference: string;
  readonly description: string;
  /** As for charges: null is a sale of its own. */
  readonly allocations: readonly AskedAllocation[] | null;
}

const METHOD_LABELS = { cash: 'Cash', cheque: 'Cheque', bank_transfer: 'Bank transfer', other: 'Other' } as const;

/**
 * Records money that came in without a gateway, at the day it was received. One transaction: there is nobody to ask.
 * Throws contact_archived, card_number_refused, invalid_request (a day in the future), idempotency failures.
 */
export async function recordOfflinePayment(
  dependencies: { database: Database; recorder: OutcomeRecorder; resolver: ResolveUnknown },
  caller: Caller,
  input: OfflinePaymentInput,
  key: string,
): Promise<PaymentAnswer> {
  const { database, recorder, resolver } = dependencies;
  const inputHash = hashInput('offline payment', input);
  const { known, recorded } = await database.inWorkspace(caller.workspace.id, async (tx) => {
    const [before] = await readPaymentsByKey(tx, [key]);
    if (before) return { known: before };
    const rootId = await refuseUnfit(tx, caller, input);
    const allocations = input.allocations ?? [];
    const [failure] = await refuseUnfitAllocations(tx, [{ ...input, rootId, allocations, caller }]);
    if (failure) throw failure;
    const attempt = attemptOf(caller, input, key, inputHash);
    const added = await insertPayments(tx, [attempt]);
    if (added.size === 0) {
      const [winner] = await readPaymentsByKey(tx, [key]);
      check(winner, 'a payment that was not added has one with its key');
      return { known: winner };
    }
    await Promise.all([
      intendMoney(tx, wantedOf(attempt.id, allocations)),
      recordAudit(tx, caller, {
        action: 'offline_payment.recorded',
        subjectKind: 'payment',
        subjectId: attempt.id,
        details: { amount_minor: minorToJson(input.amountMinor), currency: input.currency, method: input.methodKind },
      }),
    ]);
    const outcome = { status: 'settled' as const, gatewayRef: `manual_${attempt.id}`, feeMinor: 0n };
    const [recorded] = await recorder.recordIn(tx, [
      { payment: attempt, outcome, via: 'staff', by: caller, now: caller.now, workspace: caller.workspace },
    ]);
    return { recorded };
  });
  if (recorded) return answerRecorded(database, caller, recorded);
  check(known, 'what was not recorded is known');
  return answerAgain(database, caller, await resolver.answerOf(caller, known, inputHash));
}

async function refuseUnfit(tx: WorkspaceTx, caller: Caller, input: OfflinePaymentInput): Promise<string> {
  const contact = (await readContactForCharge(tx, [input.contactId])).get(input.contactId);
  if (!contact || contact.deleted_at) throw new Failure('not_found');
  if (contact.root_id !== contact.id) throw mergedInto(contact.root_id);
  if (contact.archived_at) throw new Failure('contact_archived');
  for (const path of ['description', 'reference'] as const) {
    if (!holdsCardNumber(input[path])) continue;
    throw new Failure('card_number_refused', undefined, { fields: [{ path, message: 'Leave card numbers out.' }] });
  }
  if (input.taxMinor > input.amountMinor) throw field('tax_minor', 'The tax cannot be more than the amount.');
  const today = localDateOf(caller.now, caller.workspace.timeZone);
  if (input.receivedOn > today) throw field('received_on', `Money cannot have been received after today (${today}).`);
  return contact.root_id;
}

function field(path: string, message: string): Failure {
  return new Failure('invalid_request', `${path}: ${message}`, { fields: [{ path, message }] });
}

function attemptOf(caller: Caller, input: OfflinePaymentInput, key: string, inputHash: string): PaymentRow {
  const today = localDateOf(caller.now, caller.workspace.timeZone);
  return {
    ...newAttempt(caller),
    id: newId(),
    kind: 'charge',
    parent_id: null,
    contact_id: input.contactId,
    payment_method_id: null,
    gateway: 'manual',
    method_kind: input.methodKind,
    method_label: METHOD_LABELS[input.methodKind],
    amount_minor: input.amountMinor,
    currency: input.currency,
    tax_minor: input.taxMinor,
    description: input.description,
    reference: input.reference || null,
    source: 'offline',
    idempotency_key: key,
    input_hash: inputHash,
    retry_of_id: null,
    resolve_after: null,
    // Today's money stands at its moment; earlier money at the start of its day.
    occurred_at:
      input.receivedOn === today ? caller.now : startOfLocalDate(input.receivedOn, caller.workspace.timeZone),
    day: input.receivedOn,
    purpose: input.allocations === null ? 'sale' : 'account',
  };
}
