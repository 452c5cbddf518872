import { contactIdsOfRoot, rootOf } from '../contacts/read-contact.ts';
import type { WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import { localDateOf } from '../foundation/local-date.ts';
import { writeOutbox } from '../foundation/outbox.ts';
import { readBilling } from '../invoices/edit-contact-billing.ts';
import { type AutoChargeable, readAutoChargeable } from '../invoices/read-auto-chargeable.ts';
import { type Caller, isSwitchOn, systemCaller } from '../workspace/caller.ts';
import { readWorkspaceFacts } from '../workspace/read-facts.ts';
import { applyAccount } from './apply-account.ts';
import type { PaymentRow } from './attempt.ts';
import type { AutoChargeRow } from './auto-charge-outcome.ts';
import { afterOutcome, FAILED, failureOf, keyOf, LOOK_AGAIN_MS } from './auto-charge-outcome.ts';
import type { PaymentsRoom } from './make-payments-room.ts';
import { readPayments, readPaymentsByKey } from './store.ts';
import { sumOnAccount } from './store-account.ts';
import { claimAutoCharges, enrolAutoCharges, writeAutoCharge } from './store-auto-charges.ts';
import { readMethods } from './store-methods.ts';

const GROUP_SIZE = 50;
/** A try is over long before; whoever died with one is followed by another after it. */
const LEASE_MS = 15 * 60_000;

/**
 * Charges what is due of invoices that are charged by themselves, with the method that the customer agreed to; what failed is
 * tried again by auto-charge-plan.ts. Each try has a key of its own that is the same until its outcome is kept, so that a
 * server that dies in the middle, or two at once, charge once. Answers how many were tried.
 */
export async function chargeDueInvoices(
  room: PaymentsRoom,
  workspaceId: string,
  systemNow: Date,
  signal?: AbortSignal,
): Promise<number> {
  const workspace = await readWorkspaceFacts(room.database, workspaceId);
  if (!workspace) return 0;
  const caller = systemCaller(workspace, systemNow, 'Charged by itself');
  if (!isSwitchOn(caller, 'payments_and_ltv') || !isSwitchOn(caller, 'charge_customers_directly')) return 0;
  const today = localDateOf(caller.now, workspace.timeZone);
  await room.database.inWorkspace(workspaceId, (tx) => enrolAutoCharges(tx, today, caller.now));
  let tried = 0;
  while (!signal?.aborted) {
    const until = new Date(caller.now.getTime() + LEASE_MS);
    const rows = await room.database.inWorkspace(workspaceId, (tx) =>
      claimAutoCharges(tx, caller.now, until, GROUP_SIZE),
    );
    if (rows.length === 0) break;
    await Promise.all(rows.map((row) => tryOne(room, caller, row)));
    tried += rows.length;
  }
  return tried;
}

async function tryOne(room: PaymentsRoom, caller: Caller, row: AutoChargeRow): Promise<void> {
  const { database } = room;
  const today = localDateOf(caller.now, caller.workspace.timeZone);
  const found = await database.inWorkspace(caller.workspace.id, async (tx) => {
    const [due] = await readAutoChargeable(tx, [row.invoice_id], today);
    if (!due) return null;
    const [before] = row.payment_id === null ? [] : await readPayments(tx, [row.payment_id]);
    // The failed try before it is settled by this one, where nobody has seen to it meanwhile.
    const failedId = before?.needs_action && FAILED.has(before.status) ? before.id : null;
    return { due, failedId, methodId: await agreedMethod(tx, due), root: await rootOf(tx, due.contactId) };
  });
  const keep = (next: Partial<AutoChargeRow>) =>
    database.inWorkspace(caller.workspace.id, (tx) => writeAutoCharge(tx, { ...row, ...next }, row.step));
  if (!found) return void (await keep({ next_at: null, ended: 'paid', reason: null }));
  if (found.methodId === null) {
    return void (await keep({
      next_at: null,
      ended: 'no_method',
      reason: 'There is no card that the customer agreed to.',
    }));
  }
  const key = keyOf(row, row.step);
  const after = (payment: PaymentRow) => keepOutcome(room, caller, row, payment);
  try {
    // Whoever died after charging left a payment with this key: its outcome is what this try came to.
    const known = await database.inWorkspace(caller.workspace.id, (tx) => readPaymentsByKey(tx, [key]));
    if (known[0]) return await after(await settledBy(room, caller, known[0]));
    const due = await database.inWorkspace(caller.workspace.id, (tx) => useAccount(tx, caller, found.root, found.due));
    if (!due) return void (await keep({ next_at: null, ended: 'paid', reason: null }));
    const { row: payment } = await room.charges.charge(
      caller,
      {
        contactId: found.root,
        paymentMethodId: found.methodId,
        amountMinor: due.dueMinor,
        currency: due.currency,
        taxMinor: 0n,
        description: `Invoice ${due.number}`,
        retryOfId: found.failedId,
        confirmSameAgain: true,
        confirmEarlyRetry: true,
        allocations: [{ invoiceId: due.invoiceId, amountMinor: due.dueMinor }],
      },
      key,
    );
    await after(payment);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    // Another payment is on its way to it, or another server is at this very try: what came of it is seen then. Everything
    // else is for a person to see.
    const waits = WAITS.has(error.code);
    await keep(
      waits
        ? { next_at: new Date(caller.now.getTime() + LOOK_AGAIN_MS), reason: error.message }
        : { next_at: null, ended: 'refused', reason: error.message },
    );
  }
}

/**
 * Puts what the customer has on account to what is due, as they expect before their card is charged. What is due then; null
 * when that was all. Throws allocation_refused where somebody else put it elsewhere meanwhile.
 */
async function useAccount(
  tx: WorkspaceTx,
  caller: Caller,
  rootId: string,
  due: AutoChargeable,
): Promise<AutoChargeable | null> {
  const sums = await sumOnAccount(tx, await contactIdsOfRoot(tx, rootId));
  const there = sums.find(({ currency }) => currency === due.currency)?.amount_minor ?? 0n;
  if (there === 0n) return due;
  const amountMinor = there < due.dueMinor ? there : due.dueMinor;
  await applyAccount(tx, caller, rootId, {
    paymentId: null,
    allocations: [{ invoiceId: due.invoiceId, amountMinor }],
  });
  const [left] = await readAutoChargeable(tx, [due.invoiceId], localDateOf(caller.now, caller.workspace.timeZone));
  return left ?? null;
}

const WAITS: ReadonlySet<string> = new Set([
  'allocation_refused',
  'idempotency_key_running',
  'idempotency_key_reused',
  'payment_state_conflict',
]);

/** An attempt that was left in the middle, as it is now; the gateway is asked where nobody else is about to. */
async function settledBy(room: PaymentsRoom, caller: Caller, payment: PaymentRow): Promise<PaymentRow> {
  const isLeft = payment.status === 'sent' && (payment.resolve_after === null || payment.resolve_after <= caller.now);
  return isLeft ? room.resolver.resolve(caller, payment) : payment;
}

/** Keeps what a try came to, and plans the next one. The plan counts the tries of this card: another one begins it anew. */
async function keepOutcome(room: PaymentsRoom, caller: Caller, row: AutoChargeRow, payment: PaymentRow): Promise<void> {
  await room.database.inWorkspace(caller.workspace.id, async (tx) => {
    const keys = Array.from({ length: row.step + 1 }, (_, step) => keyOf(row, step));
    const tries = await readPaymentsByKey(tx, keys);
    const ofThisCard = tries.filter(
      ({ payment_method_id, status }) => payment_method_id === payment.payment_method_id && FAILED.has(status),
    );
    const next = { ...row, ...afterOutcome(row, payment, ofThisCard.length, caller.now) };
    if ((await writeAutoCharge(tx, next, row.step)) === 0) return;
    // It will not be paid without the customer: they are told.
    const asks = payment.status === 'needs_customer' && row.payment_id !== payment.id;
    if (next.ended === 'gave_up' || asks)
      await writeOutbox(tx, [{ topic: 'auto_charge.failed', payload: failureOf(next) }], caller.now);
  });
}

/** The method that the customer agreed to, if it can still be charged. */
async function agreedMethod(tx: WorkspaceTx, due: AutoChargeable): Promise<string | null> {
  const root = await rootOf(tx, due.contactId);
  for (const id of await contactIdsOfRoot(tx, root)) {
    const { auto_charge_method_id: methodId } = await readBilling(tx, id);
    if (methodId === null) continue;
    const [method] = await readMethods(tx, [methodId]);
    if (method && method.removed_at === null) return methodId;
  }
  return null;
}
