import { describe, expect, test } from 'vitest';
import { chargeThrough, makeContact, saveTestMethod } from '../../tests/setup/money.ts';
import { type TestWorkspace, testServer } from '../../tests/setup/server.ts';
import { sql, type WorkspaceTx } from '../foundation/database.ts';
import { fromPublicId, newId } from '../foundation/id.ts';
import type { Payment, PaymentTotals } from './api.ts';
import { readNewestDays } from './store-days.ts';
import { type SumRow, subtractSums } from './store-list.ts';

const server = await testServer();
const { call } = server;

/** The zones farthest from UTC on either side: their days begin and end most away from its. */
describe.each(['Pacific/Kiritimati', 'Pacific/Pago_Pago', 'UTC'])('days as filter in %s', (timeZone) => {
  test('a day’s page and totals hold its first and its last moment and nothing of the days beside it', async () => {
    const workspace = await server.workspace({ timeZone });
    const contact = await makeContact(server, workspace, 'Ada');
    const days = ['2026-01-28', '2026-01-29', '2026-01-30'];
    for (const [index, day] of days.entries()) {
      const answer = await call('POST', `/v1/contacts/${contact}/offline-payments`, {
        as: workspace.apiKey,
        key: newId(),
        body: { amount_minor: 1_000 + index, currency: 'USD', method_kind: 'cash', received_on: day },
      });
      expect(answer.status).toBe(201);
    }
    // Moved to the edges of their days, as charges may fall.
    await server.database.inWorkspace(workspace.id, async (tx) => {
      for (const [day, second] of [
        [days[0], '23:59:59.999'],
        [days[2], '00:00:00'],
      ]) {
        await tx.run({
          text: 'UPDATE payments SET occurred_at = ($2 || $3)::timestamp AT TIME ZONE $4 WHERE workspace_id = $1 AND day = $2::date',
          values: [workspace.id, day, ` ${second}`, timeZone],
        });
      }
    });
    for (const [index, day] of days.entries()) {
      const query = `from=${day}&to=${day}`;
      const page = await call('GET', `/v1/payments?${query}`, { as: workspace.apiKey });
      expect((page.body.data as Payment[]).map((row) => row.amount_minor)).toEqual([1_000 + index]);
      const totals = await call('GET', `/v1/payment-totals?${query}&amount_min=1`, { as: workspace.apiKey });
      expect((totals.body as PaymentTotals).data).toMatchObject([{ count: 1, charged_minor: 1_000 + index }]);
    }
  });
});

test('one amount is found as one, and what needs nobody is everything less what does', async () => {
  const workspace = await server.workspace();
  const contact = await makeContact(server, workspace, 'Ada');
  const good = await saveTestMethod(server, workspace, contact);
  await chargeThrough(server, workspace, contact, good.id);
  const bad = await saveTestMethod(server, workspace, contact, 'declined_insufficient_funds');
  await chargeThrough(server, workspace, contact, bad.id, { amountMinor: 13_000 });
  const list = async (query: string) =>
    (await call('GET', `/v1/payments?${query}`, { as: workspace.apiKey })).body.data as Payment[];
  const totals = async (query: string) =>
    ((await call('GET', `/v1/payment-totals?${query}`, { as: workspace.apiKey })).body as PaymentTotals).data;

  const [failed] = await list('needs_action=true');
  const [settled] = await list('needs_action=false');
  expect([failed!.status, settled!.status]).toEqual(['declined', 'settled']);
  const amount = settled!.amount_minor;
  expect(await list(`amount_min=${amount}&amount_max=${amount}&status=settled`)).toEqual([settled]);
  expect(await list(`amount_min=${amount + 1}&amount_max=${amount + 1}`)).toEqual([]);
  expect(await totals('needs_action=false')).toMatchObject([{ currency: 'USD', count: 1, charged_minor: amount }]);
  expect(await totals('needs_action=false&status=declined')).toEqual([]);
});

describe('sums less sums', () => {
  const sum = (currency: string, count: bigint, charged: bigint): SumRow => ({
    currency,
    count,
    charged_minor: charged,
    refunded_minor: 0n,
    disputed_minor: 0n,
  });
  const cases: [string, SumRow[], SumRow[], SumRow[]][] = [
    ['nothing less nothing', [], [], []],
    [
      'per currency',
      [sum('EUR', 2n, 5n), sum('USD', 3n, 9n)],
      [sum('USD', 1n, 4n)],
      [sum('EUR', 2n, 5n), sum('USD', 2n, 5n)],
    ],
    ['a currency without rows goes', [sum('USD', 1n, 4n)], [sum('USD', 1n, 4n)], []],
  ];
  test.each(cases)('%s', (_, all, less, left) => expect(subtractSums(all, less)).toEqual(left));
});

/** Payments of four hundred days with their totals; cash is never declined, cheques are on three days only. */
async function fillPayments(workspace: TestWorkspace, count: number): Promise<void> {
  const contact = fromPublicId('contact', await makeContact(server, workspace, 'Ada'));
  await server.database.asOwner(
    `INSERT INTO payments (workspace_id, id, kind, contact_id, gateway, method_kind, method_label, amount_minor, currency, status,
       source, occurred_at, day, created_at, transition_count, created_by_kind, created_by_name)
     SELECT $1::uuid, gen_random_uuid(), 'charge', $2::uuid, CASE method WHEN 'card' THEN 'scripted' ELSE 'manual' END, method, method, g,
       CASE WHEN g % 7 = 0 THEN 'EUR' ELSE 'USD' END,
       CASE WHEN method = 'card' AND g % 10 = 3 THEN 'declined' WHEN method = 'card' AND g % 50 = 4 THEN 'returned' ELSE 'settled' END,
       CASE WHEN g % 3 = 0 THEN 'api' ELSE 'charge_now' END, at, (at AT TIME ZONE 'Pacific/Kiritimati')::date, at, 1, 'system', 'test'
     FROM (SELECT g, timestamptz '2025-01-01' + g * interval '400 days' / ${count} AS at,
             CASE WHEN g % ${Math.floor(count / 3)} = 5 THEN 'cheque' WHEN g % 4 = 0 THEN 'cash' ELSE 'card' END AS method
           FROM generate_series(1, ${count}) g) made`,
    [workspace.id, contact],
  );
  await server.database.asOwner(
    `INSERT INTO payment_day_totals (workspace_id, day, kind, status, currency, method_kind, gateway, source, slot, count, amount_minor)
     SELECT workspace_id, day, kind, status, currency, method_kind, gateway, source, 3, count(*), sum(amount_minor)
     FROM payments WHERE workspace_id = $1 GROUP BY 1, 2, 3, 4, 5, 6, 7, 8`,
    [workspace.id],
  );
}

describe('a page of several columns at once', async () => {
  const workspace = await server.workspace({ timeZone: 'Pacific/Kiritimati' });
  await fillPayments(workspace, 4_000);
  const cases: [string, string][] = [
    ['status=declined&method=cash', `status = 'declined' AND method_kind = 'cash'`],
    ['status=settled&method=cheque', `status = 'settled' AND method_kind = 'cheque'`],
    ['status=declined,returned', `status IN ('declined', 'returned')`],
    ['status=returned&currency=EUR', `status = 'returned' AND currency = 'EUR'`],
    ['method=card&source=api&currency=EUR', `method_kind = 'card' AND source = 'api' AND currency = 'EUR'`],
    ['gateway=manual&currency=EUR', `gateway = 'manual' AND currency = 'EUR'`],
    ['kind=refund,dispute&method=card', 'false'],
    [
      'status=declined&source=api&from=2025-03-01&to=2025-05-31',
      `status = 'declined' AND source = 'api' AND day BETWEEN '2025-03-01' AND '2025-05-31'`,
    ],
  ];
  test.each(cases)('%s: page by page the same rows as read at once', async (query, condition) => {
    const expected = await server.database.inWorkspace(workspace.id, (tx) =>
      tx.many<{ id: string }>({
        text: `SELECT id FROM payments WHERE workspace_id = $1 AND ${condition} ORDER BY occurred_at DESC, id DESC`,
        values: [tx.workspaceId],
      }),
    );
    const seen: string[] = [];
    let cursor = '';
    do {
      const answer = await call('GET', `/v1/payments?${query}&limit=90${cursor}`, { as: workspace.apiKey });
      expect(answer.status, answer.text).toBe(200);
      seen.push(...(answer.body.data as Payment[]).map((row) => fromPublicId('payment', row.id)!));
      cursor = answer.body.next_cursor === null ? '' : `&cursor=${answer.body.next_cursor}`;
    } while (cursor !== '');
    expect(seen).toEqual(expected.map((row) => row.id));
  });

  test('a charge that waits for its gateway’s answer is not in the totals, and listed', async () => {
    const moved = await server.database.inWorkspace(workspace.id, (tx) =>
      tx.many<{ id: string }>({
        text: `UPDATE payments SET status = 'sent', resolve_after = $2, day = '2026-06-01', occurred_at = '2026-06-01T12:00Z'
               WHERE workspace_id = $1 AND method_kind = 'cheque' AND amount_minor = 5 RETURNING id`,
        values: [tx.workspaceId, new Date()],
      }),
    );
    for (const query of ['method=cheque&gateway=manual', 'status=sent,unknown', 'status=sent&method=cheque']) {
      const { body } = await call('GET', `/v1/payments?${query}&limit=1`, { as: workspace.apiKey });
      expect((body.data as Payment[]).map((row) => fromPublicId('payment', row.id))).toEqual([moved[0]!.id]);
    }
  });

  test('the days are found by steps from one combination of values to the next', async () => {
    const plan = await server.database.inWorkspace(workspace.id, async (tx) => {
      let text = '';
      const watched: WorkspaceTx = {
        ...tx,
        many: async (query) => {
          const rows = await tx.many<{ 'QUERY PLAN': string }>(
            sql`EXPLAIN ${query as ReturnType<typeof sql<unknown>>}`,
          );
          text = rows.map((row) => row['QUERY PLAN']).join('\n');
          return tx.many(query);
        },
      };
      await readNewestDays(watched, [sql`p.status = 'declined'`], { from: null, until: null }, 54);
      return text;
    });
    expect(plan).toContain('payment_day_totals_by_values');
    expect(plan).not.toMatch(/Seq Scan on payment/);
  });
});
