import { describe, expect, test } from 'vitest';
import { chargeThrough, makeContact, saveTestMethod } from '../../tests/setup/money.ts';
import { type TestWorkspace, testServer } from '../../tests/setup/server.ts';
import type { Home } from '../insights/api.ts';
import type { PaymentMethod } from './api.ts';
import type { ExpiringCard } from './api-upkeep.ts';
import { daysLeft, lastDayOf, monthsEndingBetween, warningDue } from './card-expiry.ts';
import { watchCards } from './watch-cards.ts';

const server = await testServer();
const DAY_MS = 86_400_000;

async function get<T>(workspace: TestWorkspace, url: string): Promise<T> {
  return (await server.call<T>('GET', url, { as: workspace.apiKey })).body;
}
const expiring = async (workspace: TestWorkspace) =>
  (await get<{ data: ExpiringCard[] }>(workspace, '/v1/expiring-cards')).data;
const methods = async (workspace: TestWorkspace, contactId: string) =>
  (await get<{ data: PaymentMethod[] }>(workspace, `/v1/contacts/${contactId}/payment-methods`)).data;
const watch = (workspace: TestWorkspace) => watchCards(server.rooms.payments, workspace.id, server.clock.now());
const told = (workspace: TestWorkspace) =>
  server.database.inWorkspace(workspace.id, (tx) =>
    tx.many<{ days: string }>({
      text: `SELECT payload ->> 'days_ahead' AS days FROM outbox WHERE workspace_id = $1 AND topic = 'card.expiring' ORDER BY created_at`,
      values: [tx.workspaceId],
    }),
  );
/** The clock of the whole server goes to a day; it only goes forward. */
const goTo = (day: string) => server.clock.advanceMs(Date.parse(`${day}T09:00:00Z`) - server.clock.now().getTime());

describe('the days of an expiry', () => {
  test.each([
    [2026, 2, '2026-02-28'],
    [2028, 2, '2028-02-29'],
    [2026, 12, '2026-12-31'],
    [2026, 4, '2026-04-30'],
  ])('a card of %i/%i is good until %s', (year, month, day) => {
    expect(lastDayOf({ year, month })).toBe(day);
  });

  test.each([
    [31, null],
    [30, 30],
    [8, 30],
    [7, 7],
    [0, 7],
    [-1, null],
  ])('with %i days left the warning is %s', (left, warning) => {
    expect(warningDue(left)).toBe(warning);
  });

  test.each([
    ['2026-03-02', '2026-04-01', [2026, 3], [2026, 3]],
    ['2026-03-31', '2026-04-30', [2026, 3], [2026, 4]],
    ['2026-12-15', '2027-01-14', [2026, 12], [2026, 12]],
  ])('between %s and %s end the months from %j to %j', (from, to, first, last) => {
    const months = monthsEndingBetween(from, to);
    expect([months.first.year, months.first.month]).toEqual(first);
    expect([months.last.year, months.last.month]).toEqual(last);
  });

  test('are counted on the calendar', () => {
    expect(daysLeft({ year: 2026, month: 3 }, '2026-03-24')).toBe(7);
    expect(daysLeft({ year: 2026, month: 2 }, '2026-03-02')).toBe(-2);
  });
});

test('a needed card is warned of 30 and 7 days ahead, once each, whatever stops and starts', async () => {
  goTo('2026-03-02');
  const workspace = await server.workspace();
  const contactId = await makeContact(server, workspace);
  const card = await saveTestMethod(server, workspace, contactId, 'expires_soon');
  expect([card.exp_year, card.exp_month]).toEqual([2026, 4]);
  await chargeThrough(server, workspace, contactId, card.id);
  const unneeded = await makeContact(server, workspace, 'Nobody Charged');
  await saveTestMethod(server, workspace, unneeded, 'expires_soon');

  await watch(workspace);
  expect(await expiring(workspace)).toEqual([]);
  goTo('2026-03-31');
  expect(await watch(workspace)).toBe(true);
  expect(await expiring(workspace)).toMatchObject([
    {
      contact: { id: contactId },
      payment_method: { id: card.id },
      expires_on: '2026-04-30',
      days_left: 30,
      needed_for: 'recent_charges',
    },
  ]);
  expect((await get<Home>(workspace, '/v1/home')).expiring_cards).toHaveLength(1);
  expect(await told(workspace)).toEqual([{ days: '30' }]);
  // The same day again, and again after a stop that lost the mark of the day.
  expect(await watch(workspace)).toBe(false);
  await server.database.inWorkspace(workspace.id, (tx) =>
    tx.run({
      text: `UPDATE card_upkeep SET looked_after_on = '2026-03-01' WHERE workspace_id = $1`,
      values: [tx.workspaceId],
    }),
  );
  expect(await watch(workspace)).toBe(true);
  expect(await told(workspace)).toEqual([{ days: '30' }]);
  goTo('2026-04-22');
  await watch(workspace);
  expect(await told(workspace)).toEqual([{ days: '30' }]);
  goTo('2026-04-23');
  await watch(workspace);
  expect(await told(workspace)).toEqual([{ days: '30' }, { days: '7' }]);
  goTo('2026-05-10');
  await watch(workspace);
  expect(await told(workspace)).toHaveLength(2);
  expect(await expiring(workspace)).toMatchObject([{ days_left: -10 }]);
});

test('a card is needed for a failed charge too, also when it is not the default', async () => {
  const workspace = await server.workspace();
  const contactId = await makeContact(server, workspace);
  await saveTestMethod(server, workspace, contactId, 'approved');
  await saveTestMethod(server, workspace, contactId, 'expires_soon');
  const bad = await saveTestMethod(server, workspace, contactId, 'declined_do_not_honor');
  await chargeThrough(server, workspace, contactId, bad.id);
  server.clock.advanceMs(35 * DAY_MS);
  expect(await expiring(workspace)).toMatchObject([{ needed_for: 'failed_charge', last_charged_at: null }]);
});

test('what a network renews is renewed here and unblocked, and a closed card is removed', async () => {
  const workspace = await server.workspace();
  const contactId = await makeContact(server, workspace);
  const renewed = await saveTestMethod(server, workspace, contactId, 'expires_renewed');
  const closed = await saveTestMethod(server, workspace, contactId, 'expires_closed');
  await server.database.inWorkspace(workspace.id, (tx) =>
    tx.run({
      text: `UPDATE payment_methods SET blocked_reason = 'The card has expired.' WHERE workspace_id = $1 AND last4 = '1125'`,
      values: [tx.workspaceId],
    }),
  );
  server.clock.advanceMs(50 * DAY_MS);
  await watch(workspace);
  const after = await methods(workspace, contactId);
  expect(after.find(({ id }) => id === renewed.id)).toMatchObject({
    state: 'usable',
    last4: '7771',
    exp_year: renewed.exp_year! + 4,
  });
  expect(after.find(({ id }) => id === closed.id)).toMatchObject({ state: 'removed', is_default: false });
  const log = await get<{ data: { action: string; details: { method?: string } }[] }>(workspace, '/v1/audit-log');
  expect(log.data.map(({ action }) => action)).toEqual(
    expect.arrayContaining(['payment_method.updated_by_network', 'payment_method.removed_by_gateway']),
  );
});

test('a card whose expiry is years away is told the same after years: the sandbox does not move it along', async () => {
  const workspace = await server.workspace();
  const contactId = await makeContact(server, workspace);
  const card = await saveTestMethod(server, workspace, contactId, 'approved');
  server.clock.advanceMs(400 * DAY_MS);
  const { followMethod } = await import('./follow-method.ts');
  const ref = await server.database.inWorkspace(workspace.id, (tx) =>
    tx.one<{ ref: string }>({
      text: `SELECT gateway_method_ref AS ref FROM payment_methods WHERE workspace_id = $1`,
      values: [tx.workspaceId],
    }),
  );
  expect(await followMethod(server.rooms.payments, await workspace.caller(), 'scripted', ref.ref)).toBe('unchanged');
  expect((await methods(workspace, contactId))[0]).toMatchObject({ exp_year: card.exp_year });
  expect(await followMethod(server.rooms.payments, await workspace.caller(), 'scripted', 'sbm_foreign')).toBe(
    'foreign',
  );
});
