import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { chargeThrough, makeContact, saveTestMethod } from '../../tests/setup/money.ts';
import { type TestWorkspace, testServer } from '../../tests/setup/server.ts';
import { newId } from '../foundation/id.ts';
import type { Payment } from '../payments/api.ts';
import { EXPORTS } from './registry.ts';

const server = await testServer();
const { call } = server;

type Line = Record<string, string>;

async function take(workspace: TestWorkspace, name: string, query = '', as: string = workspace.apiKey) {
  const answer = await call('GET', `/v1/exports/${name}.csv${query}`, { as });
  const lines = answer.status === 200 ? (parse(answer.text, { columns: true, bom: true }) as Line[]) : [];
  return { ...answer, lines };
}

async function studio(settings: Parameters<typeof server.workspace>[0] = {}) {
  const workspace = await server.workspace(settings);
  const contact = await makeContact(server, workspace, '=HYPERLINK("http://evil")');
  const method = await saveTestMethod(server, workspace, contact);
  const body = { contact_id: contact, lines: [{ name: '=1+1', unit_price: '20' }], issue: true };
  await server.call('POST', '/v1/invoices', { as: workspace.apiKey, body });
  const work = {
    contact_id: contact,
    title: '=1+1',
    lines: [{ name: 'Session', unit_price: '20' }],
    done_on: '2026-02-20',
  };
  await server.call('POST', '/v1/work-items', { as: workspace.apiKey, body: work });
  return { workspace, contact, method };
}

describe.each(Object.keys(EXPORTS))('the export of %s', (name) => {
  test('is a CSV file with a name, not kept by caches, whose every line has every column', async () => {
    const { workspace, contact, method } = await studio();
    await chargeThrough(server, workspace, contact, method.id);
    const { status, headers, text, lines } = await take(workspace, name);
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(headers['cache-control']).toBe('no-store');
    expect(headers['content-disposition']).toMatch(
      new RegExp(`^attachment; filename="TEST-${name}-\\d{4}-\\d\\d-\\d\\d\\.csv"$`),
    );
    expect(lines.length).toBeGreaterThan(0);
    expect(text).toMatch(/\r\n$/);
    expect(text.startsWith('\ufeff')).toBe(false);
    expect((await take(workspace, name, '?bom=true')).text.startsWith('\ufeff')).toBe(true);
  });

  test('says TEST in every line of a sandbox, and runs no formula', async () => {
    const { workspace, contact, method } = await studio();
    await chargeThrough(server, workspace, contact, method.id);
    const { lines, text } = await take(workspace, name);
    expect(new Set(lines.map((line) => line.test))).toEqual(new Set(['TEST']));
    expect(text).toContain("'=HYPERLINK");
    expect(text).not.toMatch(/(^|,|")=HYPERLINK/m);
  });

  test('needs its own right, leaves a trace, and refuses what it does not know', async () => {
    const { workspace } = await studio();
    const refused = await take(workspace, name, '', await workspace.keyWith('contacts.read', 'payments.read'));
    expect([refused.status, refused.body.code]).toEqual([403, 'right_missing']);
    expect((await take(workspace, name, '', await workspace.keyWith('export'))).body.code).toBe('right_missing');
    expect((await take(workspace, name, '?bom=maybe')).status).toBe(422);
    await take(workspace, name);
    const audit = await server.database.inWorkspace(workspace.id, (tx) =>
      tx.many<{ details: { export: string } }>({
        text: `SELECT details FROM audit_log WHERE workspace_id = $1 AND action = 'export.made'`,
        values: [workspace.id],
      }),
    );
    expect(audit.map((row) => row.details.export)).toEqual([name]);
  });
});

describe('transactions', () => {
  test('carry decimal amounts that add up to the totals of the same filter', async () => {
    const { workspace, contact, method } = await studio();
    const charge = await chargeThrough(server, workspace, contact, method.id, { amountMinor: 12_345 });
    await chargeThrough(server, workspace, contact, method.id, { amountMinor: 500, currency: 'JPY' });
    await call('POST', `/v1/payments/${charge.body.id}/refunds`, {
      as: workspace.apiKey,
      key: newId(),
      body: { amount_minor: 45, reason: 'other' },
    });
    const { lines } = await take(workspace, 'transactions');
    expect(lines.map((line) => [line.kind, line.currency, line.amount])).toEqual(
      expect.arrayContaining([
        ['refund', 'USD', '0.45'],
        ['charge', 'JPY', '500'],
        ['charge', 'USD', '123.45'],
      ]),
    );
    const refund = lines.find((line) => line.kind === 'refund');
    expect(refund).toMatchObject({
      net_received: '-0.45',
      parent_id: charge.body.id,
      occurred_at: expect.stringMatching(/Z$/),
    });
    expect((await take(workspace, 'transactions', '?kind=refund')).lines).toHaveLength(1);
    expect((await take(workspace, 'transactions', `?contact=con_${'0'.repeat(26)}`)).status).toBeGreaterThanOrEqual(
      400,
    );
  });

  test('are the same rows as the list, however many pages they were read in', async () => {
    const { workspace, contact, method } = await studio();
    await chargeThrough(server, workspace, contact, method.id);
    // Copies of one settled charge: more than two pages of the export.
    await server.database.asOwner(
      `INSERT INTO payments (workspace_id, id, kind, contact_id, gateway, method_kind, method_label, amount_minor, currency, status, source,
         occurred_at, day, created_at, transition_count, created_by_kind, created_by_name)
       SELECT workspace_id, ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'charge', contact_id, 'manual', 'cash', 'Cash', n, 'USD', 'settled',
         'import', occurred_at - make_interval(mins => n / 7), day, created_at, 1, 'system', 'Test'
       FROM payments, generate_series(1, 1200) n WHERE workspace_id = $1`,
      [workspace.id],
    );
    const { lines } = await take(workspace, 'transactions');
    expect(lines).toHaveLength(1_201);
    expect(new Set(lines.map((line) => line.id)).size).toBe(1_201);
    const listed = await call<{ data: Payment[] }>('GET', '/v1/payments?limit=200', { as: workspace.apiKey });
    expect(lines.slice(0, 200).map((line) => line.id)).toEqual(listed.body.data.map((payment) => payment.id));
  });

  test('are off while payments are off; contacts then come without their worth', async () => {
    const { workspace } = await studio();
    expect(Object.keys((await take(workspace, 'contacts')).lines[0]!)).toContain('lifetime_value_USD');
    await server.database.inWorkspace(workspace.id, (tx) =>
      tx.run({
        text: 'UPDATE workspaces SET switches = $2 WHERE id = $1',
        values: [workspace.id, '{"payments_and_ltv": false}'],
      }),
    );
    expect((await take(workspace, 'transactions')).body.code).toBe('feature_off');
    expect(Object.keys((await take(workspace, 'contacts')).lines[0]!)).not.toContain('lifetime_value_USD');
  });
});

describe('contacts', () => {
  test('have a column of worth per currency, and follow the filters of their list and of smart lists', async () => {
    const { workspace, contact, method } = await studio({ currency: 'USD' });
    await makeContact(server, workspace, 'Other');
    await chargeThrough(server, workspace, contact, method.id, { amountMinor: 1_050 });
    await chargeThrough(server, workspace, contact, method.id, { amountMinor: 7, currency: 'JPY' });
    const { lines } = await take(workspace, 'contacts');
    expect(lines).toHaveLength(2);
    expect(lines.find((line) => line.id === contact)).toMatchObject({
      lifetime_value_USD: '10.50',
      lifetime_value_JPY: '7',
    });
    expect(lines.find((line) => line.id !== contact)).toMatchObject({
      name: 'Other',
      lifetime_value_USD: '0.00',
      lifetime_value_JPY: '0',
    });
    expect((await take(workspace, 'contacts', '?search=other')).lines.map((line) => line.name)).toEqual(['Other']);
    const list = await call('POST', '/v1/smart-lists', {
      as: workspace.apiKey,
      body: { name: 'Paid', filter: { ltv: { currency: 'USD', min_minor: 1 } } },
    });
    expect((await take(workspace, 'contacts', `?smart_list=${list.body.id}`)).lines.map((line) => line.id)).toEqual([
      contact,
    ]);
  });

  test('of a live workspace carry no mark', async () => {
    const workspace = await server.workspace({ mode: 'live' });
    await makeContact(server, workspace, 'Real');
    const { lines, headers } = await take(workspace, 'contacts');
    expect(lines[0]).not.toHaveProperty('test');
    expect(headers['content-disposition']).toContain('filename="contacts-');
  });
});
