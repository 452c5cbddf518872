import { readContactForCharge } from '../contacts/read-contact.ts';
import { check } from '../foundation/assert.ts';
import { makeBatcher } from '../foundation/batch.ts';
import { holdsCardNumber } from '../foundation/card-number.ts';
import type { Database, WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import { newId, toPublicId } from '../foundation/id.ts';
import { hashInput } from '../foundation/idempotency.ts';
import { localDateOf } from '../foundation/local-date.ts';
import { formatMinor, minorToJson } from '../foundation/money.ts';
import type { GatewayRegistry } from '../gateways/registry.ts';
import type { Caller } from '../workspace/caller.ts';
import { auditRow, recordAudits } from '../workspace/write-audit.ts';
import type { PaymentRow, PaymentSource } from './attempt.ts';
import { withinTime } from './await-gateway.ts';
import { mustBeCounted, NETWORK_WINDOW_MS, networkRefusal, waitsUntil } from './failed-tries.ts';
import { chargeLimitOf, SAME_CHARGE_WITHIN_MS } from './limits.ts';
import { type MethodRow, methodLabel, methodState } from './payment-method.ts';
import type { OutcomeRecorder } from './record-outcome.ts';
import type { ResolveUnknown } from './resolve-unknown.ts';
import { insertPayments, type RecentChargeRow, readPayments, readPaymentsByKey, readRecentCharges } from './store.ts';
import { countFailedTries, endRetryWait, readMethods } from './store-methods.ts';
import { readRunningRetries } from './store-resolve.ts';

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
}

interface ChargeRequest {
  readonly caller: Caller;
  readonly input: ChargeInput;
  readonly key: string;
  readonly inputHash: string;
}

/** What the first transaction decided about one request. */
type Admission =
  | { readonly kind: 'sent'; readonly row: PaymentRow; readonly method: MethodRow }
  | { readonly kind: 'known'; readonly row: PaymentRow }
  | { readonly kind: 'refused'; readonly failure: Failure };

/** What a group of requests reads before it is decided. */
interface Facts {
  readonly contacts: Awaited<ReturnType<typeof readContactForCharge>>;
  readonly methods: ReadonlyMap<string, MethodRow>;
  readonly methodRoots: ReadonlyMap<string, string>;
  readonly known: Map<string, PaymentRow>;
  readonly recent: RecentChargeRow[];
  readonly retried: ReadonlyMap<string, PaymentRow>;
  readonly retriedRoots: ReadonlyMap<string, string>;
  /** Payments that are being tried again, with an outcome that nobody knows yet. */
  readonly running: Set<string>;
  /** By fingerprint, of cards that failed lately. */
  readonly failedTries: ReadonlyMap<string, number>;
}

export interface ChargeAnswer {
  readonly row: PaymentRow;
  /** Known when the charge was made just now; null for a repeated request, which has to read it. */
  readonly contactName: string | null;
}

export interface ChargeSavedMethod {
  /**
   * Charges a saved method once. The answer is the payment with its outcome; a decline is an answer, not an error. The
   * same key with the same input gives the same payment again. Throws Failures: idempotency_key_reused, …_running,
   * contact_archived, contact_merged, not_found, method_not_usable, retry_too_early, retry_limit_reached, amount_above_limit,
   * same_charge_recently, …
   */
  charge(caller: Caller, input: ChargeInput, key: string): Promise<ChargeAnswer>;
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
    database.inWorkspace(workspaceId, (tx) => admitGroup(tx, requests, dependencies)),
  );

  return {
    async charge(caller, input, key) {
      const request: ChargeRequest = { caller, input, key, inputHash: hashInput('charge', input) };
      const admission = await admissions.write(caller.workspace.id, request);
      if (admission.kind === 'refused') throw admission.failure;
      if (admission.kind === 'known') {
        return { row: await resolver.answerOf(caller, admission.row, request.inputHash), contactName: null };
      }

      const { row, method } = admission;
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
      });
      if (recorded.row.status === 'settled' && method.retry_after !== null)
        await database.inWorkspace(caller.workspace.id, (tx) => endRetryWait(tx, method.id));
      return recorded;
    },
  };
}

async function admitGroup(
  tx: WorkspaceTx,
  requests: readonly ChargeRequest[],
  { gateways }: ChargeDependencies,
): Promise<Admission[]> {
  const facts = await readFacts(tx, requests);
  const admissions = requests.map((request) => admit(request, facts, gateways));
  const sent = admissions.flatMap((admission) => (admission.kind === 'sent' ? [admission.row] : []));
  if (sent.length === 0) return admissions;
  const added = await insertPayments(tx, sent);
  // A key taken between our look and our insert: somebody else's first press won, and is what this one gets.
  if (added.size < sent.length) {
    const winners = new Map(
      (
        await readPaymentsByKey(
          tx,
          requests.map(({ key }) => key),
        )
      ).map((row) => [row.idempotency_key, row]),
    );
    for (const [index, admission] of admissions.entries()) {
      if (admission.kind !== 'sent' || added.has(admission.row.id)) continue;
      const row = winners.get(requests[index]!.key);
      check(row, 'an attempt that was not added has one with its key');
      admissions[index] = { kind: 'known', row };
    }
  }
  tx.alongCommit(
    recordAudits(
      tx,
      requests.flatMap((request, index) => auditOf(request, admissions[index]!)),
    ),
  );
  return admissions;
}

async function readFacts(tx: WorkspaceTx, requests: readonly ChargeRequest[]): Promise<Facts> {
  const contactIds = [...new Set(requests.map(({ input }) => input.contactId))];
  const since = new Date(Math.min(...requests.map(({ caller }) => caller.now.getTime())) - SAME_CHARGE_WITHIN_MS);
  const retriedIds = requests.flatMap(({ input }) => (input.retryOfId === null ? [] : [input.retryOfId]));
  // The lock on the contacts comes first: whoever charges the same contact now is seen by the reads that follow it.
  const [contacts, methods, known, recent, retried] = await Promise.all([
    readContactForCharge(tx, contactIds, { lock: true }),
    readMethods(
      tx,
      requests.map(({ input }) => input.paymentMethodId),
    ),
    readPaymentsByKey(
      tx,
      requests.map(({ key }) => key),
    ),
    readRecentCharges(tx, contactIds, since),
    retriedIds.length > 0 ? readPayments(tx, retriedIds) : [],
  ]);
  // Cards and failed charges of a merged contact belong to the surviving one as well.
  const foreign = [...methods, ...retried].map((row) => row.contact_id).filter((id) => !contacts.has(id));
  const others = foreign.length > 0 ? await readContactForCharge(tx, foreign) : new Map();
  const rootOf = (id: string): string => contacts.get(id)?.root_id ?? others.get(id)?.root_id ?? id;
  const running = retriedIds.length > 0 ? await readRunningRetries(tx, retriedIds) : new Set<string>();
  const failed = methods.filter((method) => requests.some(({ caller }) => mustBeCounted(method, caller.now)));
  const windowFrom = new Date(Math.min(...requests.map(({ caller }) => caller.now.getTime())) - NETWORK_WINDOW_MS);
  const fingerprints = [...new Set(failed.map((method) => method.fingerprint))];
  return {
    contacts,
    running,
    failedTries: failed.length > 0 ? await countFailedTries(tx, fingerprints, windowFrom) : new Map(),
    methods: new Map(methods.map((method) => [method.id, method])),
    methodRoots: new Map(methods.map((method) => [method.id, rootOf(method.contact_id)])),
    known: new Map(known.map((row) => [row.idempotency_key!, row])),
    recent,
    retried: new Map(retried.map((row) => [row.id, row])),
    retriedRoots: new Map(retried.map((row) => [row.id, rootOf(row.contact_id)])),
  };
}

/** Decides one request: one refusal per line, top down. */
function admit(request: ChargeRequest, facts: Facts, gateways: GatewayRegistry): Admission {
  const { caller, input, key } = request;
  const known = facts.known.get(key);
  if (known) return { kind: 'known', row: known };

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
      charge.contact_id === contact.id &&
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
  const row = attemptOf(request, method, gateways.named(method.gateway).timeoutMs);
  facts.known.set(key, row);
  if (retried) facts.running.add(retried.id);
  facts.recent.push(row);
  return { kind: 'sent', row, method };
}

function refuse(failure: Failure): Admission {
  return { kind: 'refused', failure };
}

function field(path: string, message: string): Failure {
  return new Failure('invalid_request', `${path}: ${message}`, { fields: [{ path, message }] });
}

function tooEarly(method: MethodRow, until: Date, { workspace }: Caller): Failure {
  const when = new Intl.DateTimeFormat(workspace.locale, {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone: workspace.timeZone,
  }).format(until);
  return new Failure(
    'retry_too_early',
    `${methodLabel(method)} failed a short while ago. Its bank is not likely to say yes before ${when}.`,
    { facts: { retry_after: until.toISOString() } },
  );
}

export function mergedInto(rootId: string): Failure {
  return new Failure('contact_merged', undefined, { facts: { merged_into: toPublicId('contact', rootId) } });
}

function attemptOf({ caller, input, key, inputHash }: ChargeRequest, method: MethodRow, timeoutMs: number): PaymentRow {
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
  };
}

/** What every attempt begins with. */
export function newAttempt(caller: Caller) {
  return {
    status: 'sent',
    fee_minor: 0n,
    reference: null,
    reason: null,
    import_id: null,
    external_ref: null,
    gateway_ref: null,
    decline_code: null,
    decline_class: null,
    customer_link: null,
    needs_action: false,
    refunded_minor: 0n,
    refunding_minor: 0n,
    disputed_minor: 0n,
    occurred_at: caller.now,
    day: localDateOf(caller.now, caller.workspace.timeZone),
    created_at: caller.now,
    sent_at: caller.now,
    settled_at: null,
    resolve_count: 0,
    transition_count: 1,
    undone_at: null,
    created_by_kind: caller.kind,
    created_by_id: caller.id,
    created_by_name: caller.name,
  } as const satisfies Partial<PaymentRow>;
}

function auditOf({ caller }: ChargeRequest, admission: Admission) {
  if (admission.kind !== 'sent') return [];
  const { row } = admission;
  const details = {
    amount_minor: minorToJson(row.amount_minor),
    currency: row.currency,
    method: row.method_label,
    contact_id: toPublicId('contact', row.contact_id),
  };
  return [auditRow(caller, { action: 'charge.confirmed', subjectKind: 'payment', subjectId: row.id, details })];
}
