import { expect, it } from 'vitest';
import { chargeThrough, makeContact, saveTestMethod } from '../../tests/setup/money.ts';
import { testServer } from '../../tests/setup/server.ts';
import type { WorkspaceTx } from '../foundation/database.ts';
import { fromPublicId, newId } from '../foundation/id.ts';
import { takePlainCharges } from '../gateways/scripted/store.ts';
import { readChargeFactRows } from './store-charge.ts';
import { readPaymentByGatewayRef } from './store-events.ts';
import { lockChargesByGatewayRef, readKnownMovements } from './store-gateway-history.ts';
import { writeOutcomes } from './store-outcome.ts';

const MANY = 3_000;

/** Rows that this transaction has read of each table so far. */
async function rowsRead(tx: WorkspaceTx): Promise<Map<string, number>> {
  const rows = await tx.many<{ name: string; count: number }>({
    text: `SELECT relname AS name, (coalesce(idx_tup_fetch, 0) + seq_tup_read)::int AS count FROM pg_stat_xact_user_tables`,
  });
  return new Map(rows.map((row) => [row.name, row.count]));
}

/** Ten of each, as a workspace that has grown since this connection made its plans. */
async function grow(tx: WorkspaceTx, contactId: string, methodRef: string): Promise<void> {
  const values = [tx.workspaceId, MANY];
  await tx.run({
    text: `INSERT INTO contacts SELECT (jsonb_populate_record(c, jsonb_build_object('id', n.id, 'root_id', n.id))).*
           FROM contacts c, (SELECT gen_random_uuid() AS id FROM generate_series(1, $2::int)) n
           WHERE c.workspace_id = $1 AND c.id = $3`,
    values: [...values, contactId],
  });
  await tx.run({
    text: `INSERT INTO payments SELECT (jsonb_populate_record(p, jsonb_build_object('id', gen_random_uuid(), 'contact_id', c.id,
             'idempotency_key', c.id, 'gateway_ref', c.id))).*
           FROM payments p, contacts c WHERE p.workspace_id = $1 AND p.contact_id = $2 AND c.workspace_id = $1 AND c.id <> $2`,
    values: [tx.workspaceId, contactId],
  });
  await tx.run({
    text: `INSERT INTO scripted_methods SELECT (jsonb_populate_record(m, jsonb_build_object('ref', gen_random_uuid()))).*
           FROM scripted_methods m, generate_series(1, $2::int) WHERE m.workspace_id = $1 AND m.ref = $3`,
    values: [...values, methodRef],
  });
}

it('calls whose plans were made while a workspace was small read a handful of rows when it has thousands', async () => {
  const server = await testServer();
  const workspace = await server.workspace();
  const contact = await makeContact(server, workspace);
  const method = await saveTestMethod(server, workspace, contact);
  const charged = await chargeThrough(server, workspace, contact, method.id);
  const contactId = fromPublicId('contact', contact)!;
  const paymentId = fromPublicId('payment', charged.body.id)!;

  await server.database.inWorkspace(workspace.id, async (tx) => {
    const { methodRef, version } = await tx.one<{ methodRef: string; version: number }>({
      text: `SELECT m.gateway_method_ref AS "methodRef", c.version FROM payment_methods m, contacts c
             WHERE m.workspace_id = $1 AND c.workspace_id = $1 AND c.id = $2`,
      values: [workspace.id, contactId],
    });
    const now = server.clock.now();
    const settled = { status: 'settled', code: null } as const;
    const calls = {
      facts: () =>
        readChargeFactRows(tx, {
          contactIds: [contactId],
          methodIds: [fromPublicId('paymentMethod', method.id)!],
          keys: [newId()],
          amounts: [BigInt(charged.body.amount_minor)],
          since: new Date(now.getTime() - 600_000),
        }),
      take: () => {
        const ref = newId();
        const money = { amountMinor: 1n, currency: 'USD', feeMinor: 0n, inputHash: '', createdAt: now };
        const movement = { ...money, kind: 'charge', parentRef: null, nextStatus: null, nextAt: null } as const;
        return takePlainCharges(tx, [{ ...movement, idempotencyKey: ref, ref, methodRef }], { approved: settled });
      },
      record: () =>
        writeOutcomes(tx, 0, {
          payments: [
            {
              ...{ id: paymentId, was_status: 'settled', was_count: 2, status: 'settled', transition_count: 2 },
              ...{ gateway_ref: null, fee_minor: 0n, decline_code: null, decline_class: null, customer_link: null },
              ...{ needs_action: false, refunded_minor: 0n, refunding_minor: 0n, disputed_minor: 0n },
              ...{ settled_at: now, resolve_after: null, resolve_count: 0 },
            } as const,
          ],
          payers: [{ id: contactId, root_id: contactId, version }],
          ...{ transitions: [], posted: null, totals: [], receipts: [], outbox: [], answers: [] },
        }),
    };
    const gateway = 'scripted';
    const lookUps = {
      known: () => readKnownMovements(tx, gateway, ['nothing of ours', 'nor this'], []),
      ofEvent: () => readPaymentByGatewayRef(tx, gateway, 'nothing of ours'),
      parents: () => lockChargesByGatewayRef(tx, gateway, ['nothing of ours', 'nor this']),
    };
    const all = { ...calls, ...lookUps };
    for (const call of Object.values(all)) await call();
    await grow(tx, contactId, methodRef);
    for (const [name, call] of Object.entries(all)) {
      const before = await rowsRead(tx);
      await call();
      const more = [...(await rowsRead(tx))].map(
        ([table, count]) => [table, count - (before.get(table) ?? 0)] as const,
      );
      expect([name, more.filter(([, count]) => count > 10)]).toEqual([name, []]);
    }
    expect((await calls.facts()).recent).toHaveLength(1);
  });
});
