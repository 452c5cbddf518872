import { expect, test } from 'vitest';
import { makeContact } from '../../tests/setup/money.ts';
import { testServer } from '../../tests/setup/server.ts';
import { payerOf, readContactForCharge } from '../contacts/read-contact.ts';
import { fromPublicId, newId } from '../foundation/id.ts';
import { verifyBooks } from '../ledger/verify-books.ts';
import type { PaymentPurpose, PaymentRow } from './attempt.ts';
import { newAttempt } from './new-attempt.ts';
import { recordMovementFacts } from './record-movement-facts.ts';
import { insertPayments, readPayments } from './store.ts';
import { verifyPayments } from './verify-payments.ts';

const server = await testServer();

/** An attempt that was sent and whose outcome nobody knows yet, with what its sender knows of the payer. */
async function sentAttempt(purpose: PaymentPurpose) {
  const workspace = await server.workspace();
  const caller = await workspace.caller();
  const contactId = fromPublicId('contact', await makeContact(server, workspace))!;
  const row: PaymentRow = {
    ...newAttempt(caller),
    id: newId(),
    kind: 'charge',
    parent_id: null,
    contact_id: contactId,
    payment_method_id: null,
    gateway: 'scripted',
    method_kind: 'card',
    method_label: 'Visa ••4242',
    amount_minor: 10_000n,
    currency: 'USD',
    tax_minor: 0n,
    description: 'Consultation',
    source: 'api',
    idempotency_key: newId(),
    input_hash: 'hash',
    retry_of_id: null,
    resolve_after: caller.now,
    purpose,
  };
  const payer = await server.database.inWorkspace(workspace.id, async (tx) => {
    await insertPayments(tx, [row]);
    return payerOf((await readContactForCharge(tx, [contactId])).get(contactId)!);
  });
  return { workspace, caller, row, payer };
}

test.each(['sale', 'account'] as const)(
  'facts that are told before and after the outcome of a charge (%s) book its fee once',
  async (purpose) => {
    const { workspace, caller, row, payer } = await sentAttempt(purpose);
    const tell = (feeMinor: bigint) =>
      server.database.inWorkspace(workspace.id, (tx) => {
        const facts = {
          settlementCurrency: 'USD',
          grossMinor: 10_000n,
          feeMinor,
          netMinor: 10_000n - feeMinor,
          exchangeRate: null,
          payoutRef: null,
          availableAt: null,
          balanceRef: null,
        };
        const at = { now: caller.now, timeZone: 'UTC' };
        return recordMovementFacts(tx, [{ paymentId: row.id, facts }], at);
      });
    const state = () =>
      server.database.inWorkspace(workspace.id, async (tx) => {
        const [payment] = await readPayments(tx, [row.id]);
        const { booked } = await tx.one<{ booked: bigint }>({
          text: `SELECT coalesce(sum(CASE WHEN debit_account = 'gateway_fees' THEN amount_minor ELSE -amount_minor END), 0)::bigint AS booked
                 FROM ledger_transfers WHERE workspace_id = $1 AND 'gateway_fees' IN (debit_account, credit_account)`,
          values: [workspace.id],
        });
        const differences = [...(await verifyBooks(tx)), ...(await verifyPayments(tx))];
        return { status: payment!.status, fee: payment!.fee_minor, booked, differences };
      });

    await tell(320n);
    expect(await state()).toEqual({ status: 'sent', fee: 0n, booked: 0n, differences: [] });
    await server.rooms.payments.recorder.record({
      payment: row,
      outcome: { status: 'settled', gatewayRef: `ch_${row.id}`, feeMinor: 300n },
      via: 'reply',
      by: { kind: 'gateway', name: 'Sandbox' },
      now: caller.now,
      workspace: caller.workspace,
      sent: { row, payer },
    });
    expect(await state()).toEqual({ status: 'settled', fee: 300n, booked: 300n, differences: [] });
    for (const repeated of [320n, 320n]) await tell(repeated);
    expect(await state()).toEqual({ status: 'settled', fee: 320n, booked: 320n, differences: [] });
  },
);
