import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { pause } from '../../src/foundation/clock.ts';
import { fromPublicId } from '../../src/foundation/id.ts';
import { verifyInvoices } from '../../src/invoices/verify-invoices.ts';
import { verifyBooks } from '../../src/ledger/verify-books.ts';
import { bundleProgram, runProgram } from '../setup/child-program.ts';
import { makeContact } from '../setup/money.ts';
import { TEST_SECRET, testServer } from '../setup/server.ts';

const server = await testServer();
const program = await bundleProgram(join(import.meta.dirname, 'whole-server-program.ts'), { call: 'runWholeServer' });
afterAll(program.remove);

const SCHEDULES = 400;
/** Invoices that are there when a server is killed: at the first one, in the middle, and near the end. */
const KILLED_AT = [1, 150, 390];

test('a monthly run whose servers are killed again and again makes each invoice once', {
  timeout: 120_000,
}, async () => {
  const workspace = await server.workspace();
  const contact = fromPublicId('contact', await makeContact(server, workspace))!;
  const line = { name: 'Membership', description: '', quantity: '1', unit: '', unit_code: 'C62', unit_price: '49.00' };
  const lines = [{ ...line, discount: null, taxes: [] }];
  const rule = { unit: 'month', every: 1, trialUntil: null, countMax: null, endsOn: null, pauses: [], skips: [] };
  await server.database.asOwner(
    `INSERT INTO recurring_invoices (workspace_id, id, contact_id, name, currency, recurrence, revisions, auto_send, next_on,
       created_at, created_by, updated_at)
     SELECT $1, gen_random_uuid(), $2, 'Membership ' || n, 'USD', $3::jsonb || jsonb_build_object('startsOn', current_date),
       jsonb_build_array(jsonb_build_object('from', current_date, 'content', $4::jsonb)), false, current_date, now(), 'Test', now()
     FROM generate_series(1, $5::int) n`,
    [
      workspace.id,
      contact,
      JSON.stringify(rule),
      JSON.stringify({ lines, meters: [], discount: null, notes: '', reference: null }),
      SCHEDULES,
    ],
  );
  const count = async () =>
    Number(
      (
        await server.database.asOwner<{ n: string }>('SELECT count(*) AS n FROM invoices WHERE workspace_id = $1', [
          workspace.id,
        ])
      )[0]!.n,
    );
  const runUntil = async (enough: number) => {
    const running = runProgram(program.path, [JSON.stringify(server.database.connection), TEST_SECRET]);
    while ((await count()) < enough) await pause(2);
    running.child.kill('SIGKILL');
    expect(await running.ended).toBe('SIGKILL');
  };
  const left: number[] = [];
  for (const enough of KILLED_AT) {
    await runUntil(enough);
    left.push(SCHEDULES - (await count()));
  }
  // At least one of them was killed with work before it, or this shows nothing.
  expect(left[0]).toBeGreaterThan(0);
  await runUntil(SCHEDULES);
  const [made] = await server.database.asOwner<{ invoices: string; schedules: string; last: string }>(
    `SELECT count(*) AS invoices, count(DISTINCT recurring_id) AS schedules, max(series_number) AS last
     FROM invoices WHERE workspace_id = $1 AND recurring_number = 1 AND issued_at IS NOT NULL`,
    [workspace.id],
  );
  expect(made).toEqual({ invoices: String(SCHEDULES), schedules: String(SCHEDULES), last: String(SCHEDULES) });
  const differences = await server.database.inWorkspace(workspace.id, async (tx) => [
    ...(await verifyBooks(tx)),
    ...(await verifyInvoices(tx)),
  ]);
  expect(differences).toEqual([]);
});
