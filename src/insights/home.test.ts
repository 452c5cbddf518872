import { expect, test } from 'vitest';
import { chargeThrough, makeContact, saveTestMethod } from '../../tests/setup/money.ts';
import { type TestWorkspace, testServer } from '../../tests/setup/server.ts';
import { newId } from '../foundation/id.ts';
import type { Home } from './api.ts';

const server = await testServer();
const { call, clock } = server;
const homeOf = async (workspace: TestWorkspace, as = workspace.apiKey) =>
  (await call<Home>('GET', '/v1/home', { as })).body;
const done = (home: Home) => home.first_steps.filter((step) => step.done).map((step) => step.name);

test('Home counts what was taken, what needs somebody and which first steps are done', async () => {
  const workspace = await server.workspace({ timeZone: 'Pacific/Auckland' });
  const empty = await homeOf(workspace);
  expect(empty).toMatchObject({
    has_contacts: false,
    attention: [],
    attention_count: 0,
    recent: [],
    sample_present: false,
  });
  expect(empty.takings).toMatchObject([{ currency: 'USD', today_minor: 0 }]);
  expect(done(empty)).toEqual([]);

  const contact = await makeContact(server, workspace);
  const method = await saveTestMethod(server, workspace, contact);
  const bad = await saveTestMethod(server, workspace, contact, 'declined_insufficient_funds');
  const early = await chargeThrough(server, workspace, contact, method.id, { amountMinor: 1_000 });
  clock.advanceMs(86_400_000);
  await chargeThrough(server, workspace, contact, method.id, { amountMinor: 700 });
  await chargeThrough(server, workspace, contact, bad.id, { amountMinor: 99 });
  await call('POST', `/v1/payments/${early.body.id}/refunds`, {
    as: workspace.apiKey,
    key: newId(),
    body: { amount_minor: 200, reason: 'other' },
  });

  const work = { contact_id: contact, title: 'Portrait', done_on: '2026-03-01' };
  await call('POST', '/v1/work-items', { as: workspace.apiKey, body: work });

  const home = await homeOf(workspace);
  expect(home.to_invoice_count).toBe(1);
  expect(home.today).toBe('2026-03-03');
  expect(home.takings).toMatchObject([
    { currency: 'USD', today_minor: 500, today_count: 1, yesterday_minor: 1_000, last_7_days_minor: 1_500 },
  ]);
  expect(home.attention).toMatchObject([{ status: 'declined', amount_minor: 99 }]);
  expect(home).toMatchObject({ attention_count: 1, has_contacts: true });
  expect(home.recent).toHaveLength(4);
  expect(done(home)).toEqual(['contact', 'card', 'charge']);

  const withoutMoney = await homeOf(workspace, await workspace.keyWith('contacts.read'));
  expect(withoutMoney).toMatchObject({
    takings: [],
    attention: [],
    attention_count: 0,
    to_invoice_count: 0,
    recent: [],
    has_contacts: true,
  });
});
