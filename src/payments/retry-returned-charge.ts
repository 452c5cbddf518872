import type { Clock } from '../foundation/clock.ts';
import type { Database } from '../foundation/database.ts';
import { fromPublicId } from '../foundation/id.ts';
import { localDateOf } from '../foundation/local-date.ts';
import { writeOutbox } from '../foundation/outbox.ts';
import { readAutoChargeable } from '../invoices/read-auto-chargeable.ts';
import { systemCaller } from '../workspace/caller.ts';
import { readWorkspaceFacts } from '../workspace/read-facts.ts';
import { afterOutcome, FAILED, failureOf, keyOf } from './auto-charge-outcome.ts';
import { readPayments, readPaymentsByKey } from './store.ts';
import { readAutoChargesOf, readInvoiceOfAutoCharge, reopenAutoCharge } from './store-auto-charges.ts';

/**
 * A payment that was charged by itself, had arrived, and came back: its invoice is open again, and the plan goes on as
 * after any other failure, once. Nothing happens where something else is planned already, and for every other payment.
 */
export async function retryReturnedCharge(
  { database, clock }: { readonly database: Database; readonly clock: Clock },
  workspaceId: string,
  publicPaymentId: string,
): Promise<void> {
  const workspace = await readWorkspaceFacts(database, workspaceId);
  const paymentId = fromPublicId('payment', publicPaymentId);
  if (!workspace || paymentId === null) return;
  const { now } = systemCaller(workspace, clock.now(), 'Charged by itself');
  await database.inWorkspace(workspaceId, async (tx) => {
    const invoiceId = await readInvoiceOfAutoCharge(tx, paymentId);
    const [payment] = invoiceId === null ? [] : await readPayments(tx, [paymentId]);
    if (invoiceId === null || payment?.status !== 'returned') return;
    // A try of the latest date asks for all that is due.
    const latest = (await readAutoChargesOf(tx, invoiceId)).at(-1);
    if (latest?.ended !== 'paid') return;
    if ((await readAutoChargeable(tx, [invoiceId], localDateOf(now, workspace.timeZone))).length === 0) return;
    const keys = Array.from({ length: latest.step + 1 }, (_, step) => keyOf(latest, step));
    const failed = (await readPaymentsByKey(tx, keys)).filter(
      (one) => one.payment_method_id === payment.payment_method_id && FAILED.has(one.status),
    );
    const outcome = afterOutcome(latest, payment, Math.max(1, failed.length), now);
    // What was paid while it was on its way ended its plan before its try was counted.
    const isCounted = (await readPaymentsByKey(tx, [keyOf(latest, latest.step)])).length === 0;
    const step = latest.step + (isCounted ? 0 : 1);
    const next = { ...latest, ...outcome, step, series: latest.series + 1 };
    if ((await reopenAutoCharge(tx, next)) === 0 || next.ended !== 'gave_up') return;
    await writeOutbox(tx, [{ topic: 'auto_charge.failed', payload: failureOf(next) }], now);
  });
}
