import { payerOf } from '../contacts/read-contact.ts';
import { check } from '../foundation/assert.ts';
import { makeBatcher } from '../foundation/batch.ts';
import { holdsCardNumber } from '../foundation/card-number.ts';
import type { Database, WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import { newId, toPublicId } from '../foundation/id.ts';
import { hashInput } from '../foundation/idempotency.ts';
import { formatMinor, minorToJson } from '../foundation/money.ts';
import type { GatewayRegistry } from '../gateways/registry.ts';
import { intendMoney } from '../invoices/allocate-money.ts';
import { type Caller, requireRight, requireSwitch } from '../workspace/caller.ts';
import { auditRecords, auditRow } from '../workspace/write-audit.ts';
import { type AskedAllocation, refuseUnfitAllocations, wantedOf } from './allocate-payment.ts';
import { answerAgain, answerRecorded, type PaymentAnswer } from './answer-request.ts';
import type { PaymentRow, PaymentSource } from './attempt.ts';
import { withinTime } from './await-gateway.ts';
import { networkRefusal, tooEarly, waitsUntil } from './failed-tries.ts';
import { chargeLimitOf, SAME_CHARGE_WITHIN_MS } from './limits.ts';
import { newAttempt } from './new-attempt.ts';
import { type MethodRow, methodLabel, methodState } from './payment-method.ts';
import { type ChargeFacts, readChargeFacts } from './read-charge-facts.ts';
import { meantAsBefore } from './read-meant-as-before.ts';
import type { OutcomeRecorder, OutcomeReport } from './record-outcome.ts';
import type { ResolveUnknown } from './resolve-unknown.ts';
import { readPaymentsByKey } from './store.ts';
import { sendCharges } from './store-charge.ts';
import { endRetryWait } from './store-methods.ts';

/** A charge as a person or program confirmed it. Amounts in minor units. */
export interface ChargeInput {
  readonly contactId: string;
  readonly paymentMethodId: string;
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly taxMinor: bigint;
  readonly description: string;
  readonly retryOfId: string | null;
  readonly confirmSameAgain: boolean;
  /** Absent where it was not said. */
  readonly confirmEarlyRetry?: true;
  /** The customer pays by themselves on a page of ours. */
  readonly byCustomer?: true;
  /**
   * Invoices that it pays; what is left over stays on the customer's account. Null: a sale of its own, or what the charge
   * that is tried again was.
   */
  readonly allocations: readonly AskedAllocation[] | null;
}

interface ChargeRequest {
  readonly caller: Caller;
  readonly input: ChargeInput;
  readonly key: string;
  readonly inputHash: string;
}

/** What the first transaction decided about one request. */
type Admission =
  | {
      readonly kind: 'sent';
      readonly row: PaymentRow;
      readonly method: MethodRow;
      readonly payer: NonNullable<OutcomeReport['sent']>['payer'];
      /** As the first transaction found them. */
      readonly caller: Caller;
    }
  | { readonly kind: 'known'; readonly row: PaymentRow; readonly caller: Caller }
  | { readonly kind: 'refused'; readonly failure: Failure };

export interface ChargeSavedMethod {
  /**
   * Charges a saved method once. The answer is the payment with its outcome; a decline is an answer, not an error. The
   * same key with the same input gives the same answer again. Throws Failures: idempotency_key_reused, …_running,
   * contact_archived, contact_merged, not_found, method_not_usable, retry_too_early, retry_limit_reached,
   * amount_above_limit, same_charge_recently, …; and for
   * a caller who is remembered from an earlier request also not_signed_in, right_missing, feature_off.
   */
  charge(caller: Caller, input: ChargeInput, key: string): Promise<PaymentAnswer>;
}

export interface ChargeDependencies {
  readonly database: Database;
  readonly gateways: GatewayRegistry;
  readonly recorder: OutcomeRecorder;
  readonly resolver: ResolveUnknown;
  readonly totalsSlot: number;
}

/** Makes the verb; requests that arrive together are admitted in one transaction. */
export function makeChargeSavedMethod(dependencies: ChargeDependencies): ChargeSavedMethod {
  const { database, gateways, recorder, resolver } = dependencies;
  const admissions = makeBatcher<ChargeRequest, Admission>((workspaceId, requests) =>
    admitGroup(database, workspaceId, requests, gateways),
  );

  return {
    async charge(asking, input, key) {
      const request: ChargeRequest = { caller: asking, input, key, inputHash: hashInput('charge', input) };
      const admission = await admissions.write(asking.workspace.id, request);
      if (admission.kind === 'refused') throw admission.failure;
      const { caller, row } = admission;
      if (admission.kind === 'known') {
        return answerAgain(database, caller, await resolver.answerOf(caller, row, request.inputHash));
      }

      const { method, payer } = admission;
      const gateway = gateways.named(method.gateway);
      const outcome = await withinTime(
        gateway.timeoutMs,
        gateway.charge(
          { workspaceId: caller.workspace.id, now: caller.now },
          {
            attemptId: row.id,
            customerRef: method.gateway_customer_ref,
            methodRef: method.gateway_method_ref,
            amountMinor: row.amount_minor,
            currency: row.currency,
            description: row.description,
            customerPresent: row.source === 'card_link',
          },
        ),
      );
      const recorded = await recorder.record({
        payment: row,
        outcome,
        via: 'reply',
        by: { kind: 'gateway', name: gateway.label },
        now: caller.now,
        workspace: caller.workspace,
        sent: { row, payer },
      });
      if (recorded.row.status === 'settled' && method.retry_after !== null)
        await database.inWorkspace(caller.workspace.id, (tx) => endRetryWait(tx, method.id));
      return answerRecorded(database, caller, recorded);
    },
  };
}

/** The first transaction, for all that arrived together: read, decide each, write what is admitted. */
async function admitGroup(
  database: Database,
  workspaceId: string,
  asked: readonly ChargeRequest[],
  gateways: GatewayRegistry,
): Promise<Admission[]> {
  const { admissions, added } = await database.inWorkspace(workspaceId, async (tx) => {
    const facts = await readChargeFacts(tx, asked);
    const inputs = asked.map(({ input }) => input);
    const meant = await meantAsBefore(tx, inputs, facts.retried);
    const requests = asked.map((request, index) => ({ ...request, input: meant[index]! }));
    const admissions = requests.map((request, index) => admit(request, facts.callers[index]!, facts, gateways));
    await refuseAllocations(tx, requests, admissions);
    return { admissions, added: await send(tx, requests, admissions) };
  });
  const ids = await added.ids;
  if (admissions.every((admission) => admission.kind !== 'sent' || ids.has(admission.row.id))) return admissions;
  // A key taken between our look and our insert: somebody else's first press won, and is what this one gets.
  const keys = asked.map(({ key }) => key);
  const winners = await database.inWorkspace(workspaceId, (tx) => readPaymentsByKey(tx, keys));
  return admissions.map((admission, index) => {
    if (admission.kind !== 'sent' || ids.has(admission.row.id)) return admission;
    const row = winners.find((winner) => winner.idempotency_key === keys[index]);
    check(row, 'an attempt that was not added has one with its key');
    return { kind: 'known', row, caller: admission.caller };
  });
}

/**
 * Writes what was admitted along with COMMIT; the ids that were added are known once that is answered. What charges are
 * meant for is written before it, because it refers to them.
 */
async function send(
  tx: WorkspaceTx,
  requests: readonly ChargeRequest[],
  admissions: readonly Admission[],
): Promise<{ readonly ids: Promise<ReadonlySet<string>> }> {
  const sent = admissions.flatMap((admission) => (admission.kind === 'sent' ? [admission] : []));
  if (sent.length === 0) return { ids: Promise.resolve(new Set()) };
  const ids = sendCharges(
    tx,
    sent.map(({ row }) => row),
    auditRecords(
      tx,
      sent.map(({ row, caller }) => auditOf(row, caller)),
    ),
  );
  const wanted = admissions.flatMap((admission, index) =>
    admission.kind === 'sent' ? wantedOf(admission.row.id, requests[index]!.input.allocations ?? []) : [],
  );
  if (wanted.length === 0) tx.alongCommit(ids);
  else {
    const added = await ids;
    await intendMoney(
      tx,
      wanted.filter(({ paymentId }) => added.has(paymentId)),
    );
  }
  return { ids };
}

/** Decides one request: one refusal per line, top down. */
function admit(
  request: ChargeRequest,
  caller: Caller | Failure,
  facts: ChargeFacts,
  gateways: GatewayRegistry,
): Admission {
  if (caller instanceof Failure) return refuse(caller);
  const off = offFor(caller);
  if (off) return refuse(off);
  const { input, key } = request;
  const known = facts.known.get(key);
  if (known) return { kind: 'known', row: known, caller };

  const contact = facts.contacts.get(input.contactId);
  if (!contact || contact.deleted_at) return refuse(new Failure('not_found'));
  if (contact.root_id !== contact.id) return refuse(mergedInto(contact.root_id));
  if (contact.archived_at)
    return refuse(new Failure('contact_archived', `${contact.name} is archived; restore the contact to charge it.`));

  const method = facts.methods.get(input.paymentMethodId);
  if (!method || facts.methodRoots.get(method.id) !== contact.id) {
    return refuse(field('payment_method_id', `This is not a saved method of ${contact.name}.`));
  }
  const { state, reason } = methodState(method, caller.now);
  if (state !== 'usable')
    return refuse(
      new Failure('method_not_usable', `${methodLabel(method)} cannot be charged. ${reason ?? ''}`.trim(), {
        facts: { state },
      }),
    );
  if (!gateways.named(method.gateway).modes.includes(caller.workspace.mode)) {
    return refuse(new Failure('method_not_usable', `${methodLabel(method)} belongs to another kind of workspace.`));
  }
  const overused = networkRefusal(method, facts.failedTries.get(method.fingerprint) ?? 0);
  if (overused !== null) return refuse(new Failure('retry_limit_reached', overused));
  const until = waitsUntil(method, caller.now);
  if (until !== null && !input.confirmEarlyRetry) return refuse(tooEarly(method, until, caller));
  if (input.taxMinor > input.amountMinor) return refuse(field('tax_minor', 'The tax cannot be more than the amount.'));
  if (holdsCardNumber(input.description)) {
    return refuse(
      new Failure('card_number_refused', undefined, {
        fields: [{ path: 'description', message: 'Leave card numbers out.' }],
      }),
    );
  }
  const limit = chargeLimitOf(caller, input.currency);
  if (limit !== null && input.amountMinor > limit) {
    return refuse(
      new Failure('amount_above_limit', undefined, {
        fields: [
          {
            path: 'amount_minor',
            message: `At most ${formatMinor(limit, input.currency, caller.workspace.locale)} in one charge.`,
          },
        ],
        facts: { limit_minor: minorToJson(limit), currency: input.currency },
      }),
    );
  }
  const retried = input.retryOfId === null ? null : facts.retried.get(input.retryOfId);
  if (retried === undefined) return refuse(field('retry_of', 'This payment does not exist.'));
  const isOwed = retried && (retried.kind === 'charge' || (retried.kind === 'dispute' && retried.status === 'lost'));
  if (retried && (!isOwed || facts.retriedRoots.get(retried.id) !== contact.id))
    return refuse(field('retry_of', `This is not a charge of ${contact.name}.`));
  if (retried && (!retried.needs_action || retried.status === 'settled')) {
    return refuse(
      new Failure('payment_state_conflict', 'The payment to be tried again has been settled or dismissed meanwhile.'),
    );
  }
  if (retried && facts.running.has(retried.id)) {
    return refuse(
      new Failure('payment_state_conflict', 'This payment is being tried again already; its outcome is not known yet.'),
    );
  }
  const same = facts.recent.find(
    (charge) =>
      charge.root_id === contact.id &&
      charge.amount_minor === input.amountMinor &&
      charge.currency === input.currency &&
      caller.now.getTime() - charge.created_at.getTime() < SAME_CHARGE_WITHIN_MS,
  );
  if (same && !input.confirmSameAgain) {
    return refuse(
      new Failure('same_charge_recently', `${contact.name} was charged the same amount less than ten minutes ago.`, {
        facts: {
          payment_id: toPublicId('payment', same.id),
          charged_at: same.created_at.toISOString(),
          payment_status: same.status,
        },
      }),
    );
  }
  const row = attemptOf(request, caller, method, gateways.named(method.gateway).timeoutMs);
  facts.known.set(key, row);
  if (retried) facts.running.add(retried.id);
  facts.recent.push({ ...row, root_id: contact.id });
  return { kind: 'sent', row, method, payer: payerOf(contact), caller };
}

/** Charges that are meant for invoices: the invoices are held, and what cannot be paid is refused. */
async function refuseAllocations(
  tx: WorkspaceTx,
  requests: readonly ChargeRequest[],
  admissions: Admission[],
): Promise<void> {
  const meant = admissions.flatMap((admission, index) => {
    const { input } = requests[index]!;
    return admission.kind === 'sent' && (input.allocations ?? []).length > 0
      ? [{ index, caller: admission.caller, input, allocations: input.allocations! }]
      : [];
  });
  if (meant.length === 0) return;
  const failures = await refuseUnfitAllocations(
    tx,
    meant.map(({ caller, input, allocations }) => ({
      rootId: input.contactId,
      currency: input.currency,
      amountMinor: input.amountMinor,
      allocations,
      caller,
    })),
  );
  for (const [place, failure] of failures.entries()) if (failure) admissions[meant[place]!.index] = refuse(failure);
}

/** What has been switched off or taken away since the guard let a remembered caller through. */
function offFor(caller: Caller): Failure | null {
  try {
    requireRight(caller, 'payments.charge');
    requireSwitch(caller, 'charge_customers_directly');
    return null;
  } catch (failure) {
    if (failure instanceof Failure) return failure;
    throw failure;
  }
}

function refuse(failure: Failure): Admission {
  return { kind: 'refused', failure };
}

function field(path: string, message: string): Failure {
  return new Failure('invalid_request', `${path}: ${message}`, { fields: [{ path, message }] });
}

export function mergedInto(rootId: string): Failure {
  return new Failure('contact_merged', undefined, { facts: { merged_into: toPublicId('contact', rootId) } });
}

function attemptOf(
  { input, key, inputHash }: ChargeRequest,
  caller: Caller,
  method: MethodRow,
  timeoutMs: number,
): PaymentRow {
  const source: PaymentSource = input.byCustomer ? 'card_link' : caller.kind === 'api_key' ? 'api' : 'charge_now';
  return {
    id: newId(),
    kind: 'charge',
    parent_id: null,
    contact_id: input.contactId,
    payment_method_id: method.id,
    gateway: method.gateway,
    method_kind: method.kind,
    method_label: methodLabel(method),
    amount_minor: input.amountMinor,
    currency: input.currency,
    tax_minor: input.taxMinor,
    description: input.description,
    source,
    idempotency_key: key,
    input_hash: inputHash,
    retry_of_id: input.retryOfId,
    // Twice the time a call may take: until then the request is running and nobody else touches it.
    resolve_after: new Date(caller.now.getTime() + 2 * timeoutMs),
    ...newAttempt(caller),
    purpose: input.allocations === null ? 'sale' : 'account',
  };
}

function auditOf(row: PaymentRow, caller: Caller) {
  const details = {
    amount_minor: minorToJson(row.amount_minor),
    currency: row.currency,
    method: row.method_label,
    contact_id: toPublicId('contact', row.contact_id),
  };
  return auditRow(caller, { action: 'charge.confirmed', subjectKind: 'payment', subjectId: row.id, details });
}
