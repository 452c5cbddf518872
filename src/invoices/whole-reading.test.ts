import { expect, test } from 'vitest';
import { makeContact } from '../../tests/setup/money.ts';
import { type TestWorkspace, testServer } from '../../tests/setup/server.ts';
import type { WorkspaceTx } from '../foundation/database.ts';
import { verifyBooks } from '../ledger/verify-books.ts';
import { ageingFilter, ageingQuery } from './api-ageing.ts';
import { readAgeing, streamAgeing } from './read-ageing.ts';
import { verifyInvoices } from './verify-invoices.ts';

const server = await testServer();
const INVOICES = 40;

async function fill(workspace: TestWorkspace): Promise<void> {
  const contact = await makeContact(server, workspace);
  const body = { contact_id: contact, lines: [{ name: 'Consultation', unit_price: '100' }], issue: true };
  for (let n = 0; n < INVOICES; n += 1) {
    const { status } = await server.call('POST', '/v1/invoices', { as: workspace.apiKey, body });
    expect(status).toBe(201);
  }
}

/** Rows of tables and indexes that this transaction has looked at so far. */
async function rowsRead(tx: WorkspaceTx): Promise<number> {
  const row = await tx.one<{ count: number }>({
    text: `SELECT sum(coalesce(idx_tup_fetch, 0) + seq_tup_read)::int AS count FROM pg_stat_xact_user_tables
           WHERE relname IN ('ledger_transfers', 'ledger_entries', 'invoices', 'allocations')`,
  });
  return row.count;
}

test('what reads a whole workspace reads each table once, also where statistics know nothing of it', async () => {
  // Statistics are of a time when all rows were another's: the planner takes this workspace for empty.
  await fill(await server.workspace());
  await server.database.asOwner('ANALYZE');
  const workspace = await server.workspace();
  await fill(workspace);
  const caller = await workspace.caller();
  const readings: Record<string, (tx: WorkspaceTx) => Promise<unknown>> = {
    books: verifyBooks,
    invoices: verifyInvoices,
    ageing: (tx) => readAgeing(tx, caller, ageingQuery.parse({})),
    'a file of it': async (tx) => {
      for await (const _ of streamAgeing(tx, caller, ageingFilter.parse({}), 100));
    },
  };
  for (const [name, read] of Object.entries(readings)) {
    const count = await server.database.inWorkspace(workspace.id, async (tx) => {
      const before = await rowsRead(tx);
      await read(tx);
      return (await rowsRead(tx)) - before;
    });
    // A handful of readings of a table are some hundred rows; each row beside each other one would be thousands.
    expect([name, count < 30 * INVOICES, count]).toEqual([name, true, count]);
  }
});
