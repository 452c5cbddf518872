import { describe, expect, test } from 'vitest';
import { chargeThrough, makeContact, saveTestMethod } from '../../tests/setup/money.ts';
import { testServer } from '../../tests/setup/server.ts';
import { newId } from '../foundation/id.ts';
import type { Payment, PaymentTotals } from './api.ts';
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
