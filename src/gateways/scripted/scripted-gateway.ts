import { createHmac, timingSafeEqual } from 'node:crypto';
import { check } from '../../foundation/assert.ts';
import { makeBatcher } from '../../foundation/batch.ts';
import type { Database, WorkspaceTx } from '../../foundation/database.ts';
import { hashSecret, newId, newSecret } from '../../foundation/id.ts';
import type { CardFormState, Gateway, GatewayContext, GatewayEvent, LookUp, Outcome } from '../gateway.ts';
import { gatewayMethod, methodStateAt } from './method.ts';
import {
  evidenceDueAt,
  type FirstStep,
  feeOf,
  firstStepOfCharge,
  firstStepOfRefund,
  inputHashOf,
  type Movement,
  outcomeOf,
  stepOn,
} from './movement.ts';
import {
  closeForm,
  detachMethod,
  type FaultRow,
  insertForm,
  insertMethod,
  insertMovements,
  lockDueMovements,
  lockFaults,
  lockMovement,
  type PlainStep,
  readForm,
  readMethods,
  readMovementByRef,
  readMovementsByKey,
  spendFaults,
  sumRefunds,
  takePlainCharges,
  updateMovement,
} from './store.ts';
import { TEST_METHODS, type TestMethod, testMethodNamed } from './test-methods.ts';

/** Carries the signature of the sandbox's messages. */
export const SIGNATURE_HEADER = 'sandbox-signature';

/** A reply that is late but still in time. */
const SLOW_MS = 1_500;
/** Movements moved on in one transaction. */
const DUE_MOVEMENTS_MAX = 200;

export interface ScriptedGateway extends Gateway {
  /** The customer chose a test method in the gateway's form. Null when the form is not open or the secret is wrong. */
  completeForm(workspaceId: string, formRef: string, secret: string, testMethod: string, now: Date): Promise<boolean>;
  /** The customer confirmed or refused a payment on the gateway's page. */
  answerAuthentication(workspaceId: string, movementRef: string, confirmed: boolean, now: Date): Promise<boolean>;
  /** Moves on everything whose time has come and tells about it. Returns how many. */
  moveOnDue(workspaceId: string, now: Date): Promise<number>;
  readMovement(workspaceId: string, ref: string): Promise<Movement | null>;
}

export interface ScriptedGatewayOptions {
  readonly database: Database;
  readonly signingSecret: string;
  /** Address of this program: the sandbox's pages are served by it. */
  readonly publicUrl: () => string;
  /** Carries the gateway's signed messages to whoever listens, as HTTP would. */
  readonly deliver: (workspaceId: string, rawBody: string, signature: string) => Promise<void>;
  readonly pause: (ms: number) => Promise<void>;
}

interface ChargeItem {
  context: GatewayContext;
  order: Parameters<Gateway['charge']>[1];
}

interface Reply {
  outcome: Outcome;
  slow: boolean;
}

/**
 * The sandbox gateway: it behaves as a real one does (own store, idempotency by key, outcomes that arrive later, signed
 * events) and lives in the same database in its own tables, which nothing else reads.
 *
 * Its transactions do not wait for the disk at COMMIT. That is safe here and only here: its rows and the payments they
 * answer for are in one write-ahead log, which is kept in order, so the book can never hold an outcome that the gateway
 * has lost; an attempt whose movement was lost in a power cut is simply sent again under the same key.
 */
export function makeScriptedGateway(options: ScriptedGatewayOptions): ScriptedGateway {
  const { database } = options;
  const linkTo = (workspaceId: string) => (ref: string) =>
    `${options.publicUrl()}/sandbox-gateway/confirm/${workspaceId}/${ref}`;

  const charges = makeBatcher<ChargeItem, Reply>(async (workspaceId, items) => {
    const link = linkTo(workspaceId);
    const orders = items.map(({ context, order }) => movementOf(order, NO_STEP, context.now));
    const { answer } = await database.inWorkspace(
      workspaceId,
      async (tx) => {
        const answer = takePlainCharges(tx, orders, PLAIN_STEPS);
        tx.alongCommit(answer);
        return { answer };
      },
      { asyncCommit: true },
    );
    const taken = await answer;
    const left = items.filter(({ order }) => !taken.has(order.attemptId));
    const others =
      left.length === 0
        ? []
        : await database.inWorkspace(workspaceId, (tx) => takeCharges(tx, left, link), { asyncCommit: true });
    return items.map((item, index) => {
      const step = taken.get(item.order.attemptId);
      return step ? replyWith(outcomeOf({ ...orders[index]!, ...step }, link), null) : others[left.indexOf(item)]!;
    });
  });

  async function emit(
    workspaceId: string,
    movements: readonly Movement[],
    now: Date,
    faults: readonly string[],
  ): Promise<void> {
    if (faults.includes('events_missing')) return;
    const copies = faults.includes('events_doubled') ? 2 : 1;
    for (const movement of movements) {
      const body = JSON.stringify(eventBody(movement));
      for (let copy = 0; copy < copies; copy += 1)
        await options.deliver(workspaceId, body, sign(body, now, options.signingSecret));
    }
  }

  /** Changes movements in one transaction and tells about them after it. */
  async function change(
    workspaceId: string,
    now: Date,
    work: (tx: WorkspaceTx) => Promise<Movement[]>,
  ): Promise<number> {
    const { moved, faults } = await database.inWorkspace(workspaceId, async (tx) => {
      const moved = await work(tx);
      const faults = moved.length > 0 ? await takeFaults(tx, 'event', 1) : [];
      return { moved, faults };
    });
    await emit(
      workspaceId,
      moved,
      now,
      faults.filter((fault) => fault !== null),
    );
    return moved.length;
  }

  return {
    name: 'scripted',
    label: 'Sandbox',
    modes: ['sandbox'],
    timeoutMs: 5_000,
    keyRetentionMs: 24 * 3_600_000,
    connecting: null,
    cardFormDisplay: 'frame',
    listEvents: null,
    readPayout: null,
    history: null,

    async openCardForm(context, form) {
      const formRef = `sbf_${newId()}`;
      const secret = newSecret();
      const customerRef = form.customerRef ?? `sbc_${form.contactRef}`;
      await database.inWorkspace(context.workspaceId, (tx) =>
        insertForm(tx, { ref: formRef, secretHash: hashSecret(secret), customerRef, at: context.now }),
      );
      return { formRef, url: `/sandbox-gateway/forms/${context.workspaceId}/${formRef}?secret=${secret}` };
    },

    readCardForm: (context, formRef) => database.inWorkspace(context.workspaceId, (tx) => formState(tx, formRef)),

    async charge(context, order) {
      const reply = await charges.write(context.workspaceId, { context, order });
      if (reply.slow) await options.pause(SLOW_MS);
      return reply.outcome;
    },

    async refund(context, order) {
      const reply = await database.inWorkspace(context.workspaceId, (tx) =>
        giveRefund(tx, context, order, linkTo(context.workspaceId)),
      );
      if (reply.slow) await options.pause(SLOW_MS);
      return reply.outcome;
    },

    lookUp: (context, attempt) =>
      database.inWorkspace(context.workspaceId, async (tx): Promise<LookUp> => {
        const [fault] = await takeFaults(tx, 'lookup', 1);
        if (fault) return { status: 'unknown', why: 'The sandbox gateway did not answer the look-up (scripted).' };
        const movement = (await readMovementsByKey(tx, [attempt.attemptId])).get(attempt.attemptId);
        return movement ? outcomeOf(movement, linkTo(context.workspaceId)) : { status: 'never_arrived' };
      }),

    readDispute: (context, disputeRef) =>
      database.inWorkspace(context.workspaceId, async (tx) => {
        const movement = await readMovementByRef(tx, disputeRef);
        if (movement?.kind !== 'dispute' || movement.parentRef === null) return null;
        const { status } = movement;
        if (status !== 'needs_response' && status !== 'withdrawn' && status !== 'won' && status !== 'lost') return null;
        const script = await scriptOf(tx, movement);
        return {
          disputeRef,
          chargeRef: movement.parentRef,
          status,
          amountMinor: movement.amountMinor,
          currency: movement.currency,
          // The sandbox gives its fee back with the money.
          feeMinor: status === 'won' ? 0n : movement.feeMinor,
          reason: 'The cardholder says they did not make this payment.',
          evidenceDueAt: evidenceDueAt(movement, script?.outcome ?? null),
        };
      }),

    readMethod: (context, methodRef) =>
      database.inWorkspace(context.workspaceId, async (tx) => {
        const method = (await readMethods(tx, [methodRef])).get(methodRef);
        const script = method && testMethodNamed(method.test_method);
        if (!script) return { status: 'unknown' };
        if (method.detached_at) return { status: 'detached' };
        const added = gatewayMethod(method.ref, method.customer_ref, script, method.created_at);
        return methodStateAt(added, script, context.now);
      }),

    async detachMethod(context, methodRef) {
      await database.inWorkspace(context.workspaceId, (tx) => detachMethod(tx, methodRef, context.now));
    },

    parseEvent: async (context, { rawBody, header }) =>
      parseEvent(rawBody, header(SIGNATURE_HEADER) ?? '', context.now, options.signingSecret),

    completeForm: (workspaceId, formRef, secret, testMethod, now) =>
      database.inWorkspace(workspaceId, async (tx) => {
        const form = await readForm(tx, formRef);
        if (form?.status !== 'open' || form.secret_hash !== hashSecret(secret) || !testMethodNamed(testMethod))
          return false;
        const ref = `sbm_${newId()}`;
        await insertMethod(tx, { ref, customerRef: form.customer_ref, testMethod, at: now });
        await closeForm(tx, formRef, 'completed', ref);
        return true;
      }),

    async answerAuthentication(workspaceId, movementRef, confirmed, now) {
      const changed = await change(workspaceId, now, async (tx) => {
        const movement = await lockMovement(tx, movementRef);
        if (movement?.status !== 'needs_customer') return [];
        const next = confirmed
          ? { status: 'settled' as const, code: null, nextStatus: null, nextAt: null }
          : { status: 'declined' as const, code: 'authentication_required', nextStatus: null, nextAt: null };
        await updateMovement(tx, movementRef, next);
        return [{ ...movement, ...next }];
      });
      return changed > 0;
    },

    moveOnDue: (workspaceId, now) =>
      change(workspaceId, now, async (tx) => {
        const due = await lockDueMovements(tx, now, DUE_MOVEMENTS_MAX);
        const moved: Movement[] = [];
        for (const movement of due) {
          const script = await scriptOf(tx, movement);
          const next = stepOn(movement, script?.outcome ?? null);
          await updateMovement(tx, movement.ref, next);
          moved.push({ ...movement, ...next });
        }
        return moved;
      }),

    readMovement: (workspaceId, ref) => database.inWorkspace(workspaceId, (tx) => readMovementByRef(tx, ref)),
  };
}

/** First steps that depend on the test method alone: nothing comes later and the answer is heard. */
const PLAIN_STEPS: Readonly<Record<string, PlainStep>> = Object.fromEntries(
  TEST_METHODS.flatMap(({ name, outcome }) => {
    const { status, code, nextAt, later, replyLost } = firstStepOfCharge(outcome, new Date(0));
    return nextAt || later || replyLost ? [] : [[name, { status, code }]];
  }),
);
const NO_STEP = { status: 'settled', code: null, nextStatus: null, nextAt: null } as const;

function movementOf(
  order: ChargeItem['order'],
  step: Pick<Movement, 'status' | 'code' | 'nextStatus' | 'nextAt'>,
  now: Date,
): Movement {
  return {
    idempotencyKey: order.attemptId,
    ref: `sbp_${order.attemptId}`,
    kind: 'charge',
    parentRef: null,
    methodRef: order.methodRef,
    amountMinor: order.amountMinor,
    currency: order.currency,
    feeMinor: feeOf(order.amountMinor, order.currency),
    inputHash: inputHashOf([order.methodRef, order.amountMinor, order.currency]),
    createdAt: now,
    status: step.status,
    code: step.code,
    nextStatus: step.nextStatus,
    nextAt: step.nextAt,
  };
}

/** A group of charges in one transaction: read what they need together, add the new ones, answer all. */
async function takeCharges(
  tx: WorkspaceTx,
  items: readonly ChargeItem[],
  link: (ref: string) => string,
): Promise<Reply[]> {
  const keys = items.map(({ order }) => order.attemptId);
  const [existing, methods, faultRows] = await Promise.all([
    readMovementsByKey(tx, keys),
    readMethods(
      tx,
      items.map(({ order }) => order.methodRef),
    ),
    lockFaults(tx),
  ]);
  const faults = await chooseFaults(tx, faultRows, 'charge', items.length);
  const fresh = new Map<string, Movement>();
  const followers: Movement[] = [];
  const replies: Reply[] = [];

  for (const [index, { context, order }] of items.entries()) {
    const before = fresh.get(order.attemptId) ?? existing.get(order.attemptId);
    const fault = faults[index] ?? null;
    if (before && before.status !== 'lost_on_the_way') {
      check(
        before.inputHash === inputHashOf([order.methodRef, order.amountMinor, order.currency]),
        'an attempt id is used for one charge only',
      );
      replies.push(replyWith(outcomeOf(before, link), fault));
      continue;
    }
    const method = methods.get(order.methodRef);
    const script = method && !method.detached_at ? testMethodNamed(method.test_method) : null;
    const step =
      before || !script
        ? firstStepOfCharge(
            script ? { charge: 'settled' } : { charge: 'declined', code: 'invalid_account' },
            context.now,
          )
        : firstStepOfCharge(fault === 'request_lost' ? { charge: 'never_arrives' } : script.outcome, context.now);
    const movement = movementOf(order, step, context.now);
    if (before) await updateMovement(tx, before.ref, movement);
    else fresh.set(order.attemptId, movement);
    if (step.later) followers.push(scheduledFollower(movement, step.later));
    const lost = step.replyLost || fault === 'reply_lost';
    replies.push(lost ? REPLY_LOST : replyWith(outcomeOf(movement, link), fault));
  }
  const added = [...fresh.values(), ...followers];
  if (added.length > 0) await insertMovements(tx, added);
  return replies;
}

const REPLY_LOST: Reply = {
  outcome: { status: 'unknown', why: 'The connection to the sandbox gateway broke before its answer came (scripted).' },
  slow: false,
};

function replyWith(outcome: LookUp, fault: string | null): Reply {
  if (outcome.status === 'never_arrived' || fault === 'reply_lost') return REPLY_LOST;
  return { outcome, slow: fault === 'slow' };
}

async function giveRefund(
  tx: WorkspaceTx,
  context: GatewayContext,
  order: Parameters<Gateway['refund']>[1],
  link: (ref: string) => string,
): Promise<Reply> {
  const [fault = null] = await takeFaults(tx, 'refund', 1);
  const charge = await lockMovement(tx, order.chargeRef);
  const before = (await readMovementsByKey(tx, [order.attemptId])).get(order.attemptId);
  if (before && before.status !== 'lost_on_the_way') return replyWith(outcomeOf(before, link), fault);
  const script = charge && (await scriptOf(tx, charge));
  const refunded = charge ? await sumRefunds(tx, charge.ref) : 0n;
  const refundable = charge?.status === 'settled' && refunded + order.amountMinor <= charge.amountMinor;
  const step =
    fault === 'request_lost'
      ? { ...firstStepOfRefund('settled', context.now), status: 'lost_on_the_way' as const, replyLost: true }
      : firstStepOfRefund(refundable ? (script?.refund ?? 'settled') : 'declined', context.now);
  const movement: Movement = {
    idempotencyKey: order.attemptId,
    ref: `sbr_${order.attemptId}`,
    kind: 'refund',
    parentRef: order.chargeRef,
    methodRef: charge?.methodRef ?? null,
    amountMinor: order.amountMinor,
    currency: order.currency,
    feeMinor: 0n,
    inputHash: inputHashOf([order.chargeRef, order.amountMinor, order.currency]),
    createdAt: context.now,
    status: step.status,
    code: step.code,
    nextStatus: step.nextStatus,
    nextAt: step.nextAt,
  };
  if (before) await updateMovement(tx, before.ref, movement);
  else await insertMovements(tx, [movement]);
  return step.replyLost || fault === 'reply_lost' ? REPLY_LOST : replyWith(outcomeOf(movement, link), fault);
}

/** A dispute or warning that will come of a charge. */
function scheduledFollower(charge: Movement, { kind, at, opens }: NonNullable<FirstStep['later']>): Movement {
  const isDispute = kind === 'dispute';
  return {
    ...charge,
    idempotencyKey: `${isDispute ? 'dispute' : 'warning'} of ${charge.ref}`,
    ref: charge.ref.replace('sbp_', isDispute ? 'sbd_' : 'sbw_'),
    kind,
    parentRef: charge.ref,
    feeMinor: isDispute && 1500n < charge.amountMinor ? 1500n : 0n,
    status: 'scheduled',
    nextStatus: opens,
    nextAt: at,
  };
}

async function scriptOf(tx: WorkspaceTx, movement: Movement): Promise<TestMethod | null> {
  const methodRef = movement.methodRef;
  const method = methodRef === null ? undefined : (await readMethods(tx, [methodRef])).get(methodRef);
  return method ? testMethodNamed(method.test_method) : null;
}

async function formState(tx: WorkspaceTx, formRef: string): Promise<CardFormState> {
  const form = await readForm(tx, formRef);
  if (form?.status !== 'completed' || form.method_ref === null) {
    return form?.status === 'open'
      ? { status: 'open' }
      : { status: 'refused', reason: 'The form was closed without a card.' };
  }
  const method = (await readMethods(tx, [form.method_ref])).get(form.method_ref);
  const script = method && testMethodNamed(method.test_method);
  check(method && script, 'a completed form has a method');
  return { status: 'completed', method: gatewayMethod(method.ref, method.customer_ref, script, method.created_at) };
}

async function takeFaults(tx: WorkspaceTx, operation: string, count: number): Promise<(string | null)[]> {
  return chooseFaults(tx, await lockFaults(tx), operation, count);
}

/** The scripted fault (or null) for each of the next `count` calls of an operation. */
async function chooseFaults(
  tx: WorkspaceTx,
  rows: readonly FaultRow[],
  operation: string,
  count: number,
): Promise<(string | null)[]> {
  const chosen: (string | null)[] = [];
  const used = new Map<string, number>();
  for (const row of rows) {
    if (row.operation !== operation) continue;
    while (chosen.length < count && (used.get(row.id) ?? 0) < row.remaining) {
      chosen.push(row.fault);
      used.set(row.id, (used.get(row.id) ?? 0) + 1);
    }
  }
  if (used.size > 0) await spendFaults(tx, [...used.keys()], [...used.values()]);
  return chosen;
}

function eventBody(movement: Movement) {
  return {
    id: `sbe_${movement.ref}_${movement.status}`,
    type: `${movement.kind}.${movement.status}`,
    object: {
      kind: movement.kind,
      ref: movement.ref,
      reference: movement.idempotencyKey,
      of: movement.parentRef ?? '',
    },
  };
}

function sign(body: string, now: Date, secret: string): string {
  const at = Math.floor(now.getTime() / 1000);
  return `t=${at},v1=${createHmac('sha256', secret).update(`${at}.${body}`).digest('hex')}`;
}

/** Messages older than this are not believed: somebody may have kept one to play it back. */
const EVENT_TOLERANCE_S = 300;

function parseEvent(rawBody: string, signature: string, now: Date, secret: string): GatewayEvent | null {
  const match = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(signature);
  if (!match || Math.abs(now.getTime() / 1000 - Number(match[1])) > EVENT_TOLERANCE_S) return null;
  const expected = createHmac('sha256', secret).update(`${match[1]}.${rawBody}`).digest();
  if (!timingSafeEqual(expected, Buffer.from(match[2]!, 'hex'))) return null;
  const event = JSON.parse(rawBody) as ReturnType<typeof eventBody>;
  const { kind, ref, reference, of } = event.object;
  return {
    eventRef: event.id,
    type: event.type,
    createdAt: new Date(Number(match[1]) * 1000),
    about:
      kind === 'dispute'
        ? { kind, disputeRef: ref }
        : kind === 'fraud_warning'
          ? { kind, warningRef: ref, chargeRef: of }
          : { kind, attemptId: reference },
  };
}
