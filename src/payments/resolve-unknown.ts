import type { Database } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import type { GatewayRegistry } from '../gateways/registry.ts';
import { type Caller, systemCaller } from '../workspace/caller.ts';
import { readWorkspaceFacts } from '../workspace/read-facts.ts';
import { type PaymentRow, UNRESOLVED } from './attempt.ts';
import { withinTime } from './await-gateway.ts';
import { RESEND_WITHIN_MS } from './limits.ts';
import { readAttemptReference } from './read-attempt-reference.ts';
import { isOpen, type OutcomeRecorder, type Recorded } from './record-outcome.ts';
import { readPayments } from './store.ts';
import { readMethods } from './store-methods.ts';
import { claimUnresolved, listUnresolvedWorkspaces } from './store-resolve.ts';

/**
 * The owner of every attempt whose outcome is not known: because an answer was lost, or because the program stopped
 * between asking and recording. It asks the gateway by our own reference; what never arrived is sent again under the same
 * key while that is still what the person expects, and is given up as "not charged" later. Nothing can be charged twice:
 * the gateway knows the key, and a late arrival is still recorded when the gateway tells of it.
 */
export interface ResolveUnknown {
  /** What a repeated request with a known key is answered. */
  answerOf(caller: Caller, row: PaymentRow, inputHash: string): Promise<PaymentRow>;
  /** Asks the gateway about one attempt now. The row unchanged when its outcome is known already. */
  resolve(caller: Caller, row: PaymentRow): Promise<PaymentRow>;
  /** Resolves what is due everywhere. Returns how many were asked about. */
  resolveDue(systemNow: Date): Promise<number>;
}

/** Attempts of one workspace asked about in one go, one after the other: a gateway in trouble should not be flooded. */
const RESOLVED_AT_ONCE_MAX = 50;

/** Claimed attempts are left alone by other servers for this long. */
const CLAIM_MS = 30_000;

export function makeResolveUnknown(dependencies: {
  database: Database;
  gateways: GatewayRegistry;
  recorder: OutcomeRecorder;
}): ResolveUnknown {
  const { database, gateways, recorder } = dependencies;

  async function ask(caller: Caller, row: PaymentRow): Promise<Recorded> {
    const gateway = gateways.named(row.gateway);
    const context = { workspaceId: caller.workspace.id, now: caller.now };
    const reference = await database.inWorkspace(caller.workspace.id, (tx) => readAttemptReference(tx, row));
    const found = await withinTime(gateway.timeoutMs, gateway.lookUp(context, reference));
    if (found.status !== 'never_arrived') return found;
    // The gateway had it and told us so: it is not ours to send again or to give up.
    if (!UNRESOLVED.includes(row.status)) return { status: 'unknown', why: 'The gateway does not find it now.' };
    const ageMs = caller.now.getTime() - row.created_at.getTime();
    if (ageMs > Math.min(RESEND_WITHIN_MS, gateway.keyRetentionMs)) {
      return { status: 'canceled', why: 'The request never reached the gateway. Nothing was charged.' };
    }
    return (
      (await sendAgain(caller, row)) ?? {
        status: 'canceled',
        why: 'The request never reached the gateway and cannot be sent again.',
      }
    );
  }

  async function sendAgain(caller: Caller, row: PaymentRow) {
    const gateway = gateways.named(row.gateway);
    const context = { workspaceId: caller.workspace.id, now: caller.now };
    const { methods, parent } = await database.inWorkspace(caller.workspace.id, async (tx) => ({
      methods: row.payment_method_id === null ? [] : await readMethods(tx, [row.payment_method_id]),
      parent: row.parent_id === null ? [] : await readPayments(tx, [row.parent_id]),
    }));
    const money = { attemptId: row.id, amountMinor: row.amount_minor, currency: row.currency };
    if (row.kind === 'refund') {
      const chargeRef = parent[0]?.gateway_ref;
      return chargeRef ? withinTime(gateway.timeoutMs, gateway.refund(context, { ...money, chargeRef })) : null;
    }
    const [method] = methods;
    if (!method || method.removed_at) return null;
    const order = {
      ...money,
      customerRef: method.gateway_customer_ref,
      methodRef: method.gateway_method_ref,
      description: row.description,
      // As it was sent first: the same key with another order would be refused.
      customerPresent: row.source === 'card_link',
    };
    return withinTime(gateway.timeoutMs, gateway.charge(context, order));
  }

  async function resolve(caller: Caller, row: PaymentRow): Promise<PaymentRow> {
    if (!isOpen(row.status)) return row;
    const outcome = await ask(caller, row);
    const by = { kind: 'gateway' as const, name: gateways.named(row.gateway).label };
    const recorded = await recorder.record({
      payment: row,
      outcome,
      via: 'lookup',
      by,
      now: caller.now,
      workspace: caller.workspace,
    });
    return recorded.row;
  }

  return {
    resolve,
    async answerOf(caller, row, inputHash) {
      if (row.input_hash !== inputHash) throw new Failure('idempotency_key_reused');
      if (row.status !== 'sent') return row;
      // Still with the request that began it, as far as anybody can know.
      if (row.resolve_after !== null && row.resolve_after > caller.now) throw new Failure('idempotency_key_running');
      return resolve(caller, row);
    },
    async resolveDue(systemNow) {
      let asked = 0;
      // One that fails is told of at the end and asked about again later; the others do not wait for it.
      const errors: unknown[] = [];
      for (const workspaceId of await database.acrossWorkspaces((tx) => listUnresolvedWorkspaces(tx, systemNow))) {
        const workspace = await readWorkspaceFacts(database, workspaceId);
        if (!workspace) continue;
        const caller = systemCaller(workspace, systemNow);
        const due = await database.inWorkspace(workspaceId, (tx) =>
          claimUnresolved(tx, caller.now, new Date(caller.now.getTime() + CLAIM_MS), RESOLVED_AT_ONCE_MAX),
        );
        for (const row of due) {
          await resolve(caller, row).catch((error) => errors.push(error));
          asked += 1;
        }
      }
      if (errors.length > 0)
        throw new AggregateError(errors, `${errors.length} of ${asked} payments could not be asked about.`);
      return asked;
    },
  };
}
