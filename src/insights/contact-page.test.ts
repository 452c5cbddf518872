import { describe, expect, test } from 'vitest';
import { chargeThrough, makeContact, saveTestMethod } from '../../tests/setup/money.ts';
import { type TestWorkspace, testServer } from '../../tests/setup/server.ts';
import { newId } from '../foundation/id.ts';
import type { Payment } from '../payments/api.ts';
import type { ContactOverview, LifetimeValue } from './api.ts';
import type { TimelineItem } from './read-timeline.ts';

const server = await testServer();
const { call, clock } = server;

const overviewOf = async (workspace: TestWorkspace, id: string, as: string = workspace.apiKey) =>
  (await call<ContactOverview>('GET', `/v1/contacts/${id}/overview`, { as })).body;
const valuesOf = async (workspace: TestWorkspace, id: string) =>
  (await call<{ data: LifetimeValue[] }>('GET', `/v1/contacts/${id}/lifetime-value`, { as: workspace.apiKey })).body
    .data;

async function flip(workspace: TestWorkspace, name: string, value: boolean) {
  await server.database.inWorkspace(workspace.id, (tx) =>
    tx.run({
      text: 'UPDATE workspaces SET switches = switches || $2::jsonb WHERE id = $1',
      values: [workspace.id, JSON.stringify({ [name]: value })],
    }),
  );
}

async function studio() {
  const workspace = await server.workspace();
  const contact = await makeContact(server, workspace);
  const method = await saveTestMethod(server, workspace, contact);
  return { workspace, contact, method };
}

describe('a contact’s page', () => {
  test('without money is worth 0 in the workspace’s currency', async () => {
    const workspace = await server.workspace({ currency: 'JPY' });
    const contact = await makeContact(server, workspace);
    const { money } = await overviewOf(workspace, contact);
    expect(money?.lifetime_values).toMatchObject([{ currency: 'JPY', ltv_minor: 0, payment_count: 0 }]);
    expect(money).toMatchObject({ can_charge: true, outstanding: [], failed_charges: [], recent_payments: [] });
  });

  test('shows worth, parts, cards, what failed and what is recent', async () => {
    const { workspace, contact, method } = await studio();
    const first = await chargeThrough(server, workspace, contact, method.id, {
      amountMinor: 10_000,
      body: { tax_minor: 1_000 },
    });
    clock.advanceMs(10 * 86_400_000);
    await chargeThrough(server, workspace, contact, method.id, { amountMinor: 5_000 });
    await chargeThrough(server, workspace, contact, method.id, { amountMinor: 700, currency: 'EUR' });
    const refund = await call('POST', `/v1/payments/${first.body.id}/refunds`, {
      as: workspace.apiKey,
      key: newId(),
      body: { amount_minor: 2_500, reason: 'other' },
    });
    expect(refund.body).toMatchObject({ kind: 'refund', status: 'settled' });
    const bad = await saveTestMethod(server, workspace, contact, 'declined_insufficient_funds');
    const failed = await chargeThrough(server, workspace, contact, bad.id, { amountMinor: 333 });
    expect(failed.body.status).toBe('declined');

    const { money } = await overviewOf(workspace, contact);
    expect(money?.lifetime_values).toMatchObject([
      {
        currency: 'USD',
        ltv_minor: 12_500,
        received_minor: 15_000,
        refunded_minor: 2_500,
        payment_count: 2,
        average_minor: 7_500,
        rhythm_days: 10,
        first_payment_at: first.body.occurred_at,
      },
      { currency: 'EUR', ltv_minor: 700, payment_count: 1, rhythm_days: null },
    ]);
    const months = money!.lifetime_values[0]!.months;
    expect(months.reduce((sum, month) => sum + month.net_minor, 0)).toBe(12_500);
    expect(money?.outstanding).toMatchObject([{ currency: 'USD', amount_minor: 333, count: 1 }]);
    expect(money?.failed_charges.map((payment) => payment.id)).toEqual([failed.body.id]);
    expect(money?.payment_methods).toHaveLength(2);
    expect(money?.recent_payments).toHaveLength(5);
    expect(money?.recent_payments[0]?.id).toBe(failed.body.id);
    expect(await valuesOf(workspace, contact)).toEqual(money?.lifetime_values);
  });

  test('counts what a failed charge was to pay of an invoice once: it is open on the invoice', async () => {
    const workspace = await server.workspace();
    const contact = await makeContact(server, workspace);
    const bad = await saveTestMethod(server, workspace, contact, 'declined_insufficient_funds');
    const lines = [{ name: 'Work', unit_price: '194.50' }];
    const invoice = await call<{ id: string }>('POST', '/v1/invoices', {
      as: workspace.apiKey,
      body: { contact_id: contact, lines, issue: true },
    });
    const failed = await call<{ id: string; status: string }>('POST', `/v1/contacts/${contact}/charges`, {
      as: workspace.apiKey,
      key: newId(),
      body: {
        ...{ payment_method_id: bad.id, amount_minor: 19_450, currency: 'USD', description: 'Invoice' },
        allocations: [{ invoice_id: invoice.body.id, amount_minor: 19_450 }],
      },
    });
    expect(failed.body.status).toBe('declined');
    const { money } = await overviewOf(workspace, contact);
    expect(money?.account).toMatchObject([{ currency: 'USD', open_minor: 19_450 }]);
    expect(money?.outstanding).toEqual([]);
    expect(money?.failed_charges.map(({ id }) => id)).toEqual([failed.body.id]);
  });

  test('each part of the value is exactly the transactions that it opens to', async () => {
    const { workspace, contact, method } = await studio();
    const charge = await chargeThrough(server, workspace, contact, method.id, {
      amountMinor: 9_000,
      body: { tax_minor: 900 },
    });
    await call('POST', `/v1/payments/${charge.body.id}/refunds`, {
      as: workspace.apiKey,
      key: newId(),
      body: { amount_minor: 1_000, reason: 'other' },
    });
    const [value] = await valuesOf(workspace, contact);
    const sumOf = async (part: string, amount: (payment: Payment) => number) => {
      const { body } = await call<{ data: Payment[] }>(
        'GET',
        `/v1/payments?contact=${contact}&currency=USD&ltv_part=${part}`,
        { as: workspace.apiKey },
      );
      return body.data.reduce((sum, payment) => sum + amount(payment), 0);
    };
    expect(await sumOf('received', (payment) => payment.amount_minor)).toBe(value?.received_minor);
    expect(await sumOf('refunded', (payment) => payment.amount_minor)).toBe(value?.refunded_minor);
    expect(await sumOf('fee', (payment) => payment.fee_minor)).toBe(value?.fee_minor);
    expect(await sumOf('tax', (payment) => (payment.kind === 'charge' ? payment.tax_minor : -payment.tax_minor))).toBe(
      value?.tax_minor,
    );
  });

  test('a merged pair is one customer, seen from either', async () => {
    const { workspace, contact, method } = await studio();
    const other = await makeContact(server, workspace, 'Ada L.');
    const otherMethod = await saveTestMethod(server, workspace, other, 'approved_amex');
    await chargeThrough(server, workspace, contact, method.id, { amountMinor: 1_000 });
    await chargeThrough(server, workspace, other, otherMethod.id, { amountMinor: 200 });
    await call('POST', `/v1/contacts/${contact}/merges`, { as: workspace.apiKey, body: { merged_contact_id: other } });
    for (const id of [contact, other]) {
      const { money } = await overviewOf(workspace, id);
      expect(money?.lifetime_values).toMatchObject([{ ltv_minor: 1_200, payment_count: 2 }]);
      expect(money?.payment_methods).toHaveLength(2);
      expect(money?.recent_payments).toHaveLength(2);
      expect(money?.can_charge).toBe(id === contact);
    }
  });

  test('with payments off the page stays and the money is not on it; on again it is all back', async () => {
    const { workspace, contact, method } = await studio();
    await chargeThrough(server, workspace, contact, method.id, { amountMinor: 1_000 });
    const before = await overviewOf(workspace, contact);
    await flip(workspace, 'payments_and_ltv', false);
    expect(await overviewOf(workspace, contact)).toEqual({ contact: before.contact, money: null });
    const refused = await call('GET', `/v1/contacts/${contact}/lifetime-value`, { as: workspace.apiKey });
    expect([refused.status, refused.body.code]).toEqual([403, 'feature_off']);
    await flip(workspace, 'payments_and_ltv', true);
    expect(await overviewOf(workspace, contact)).toEqual(before);
  });

  test('nobody is charged from it without the switch, the right, or a living contact', async () => {
    const { workspace, contact } = await studio();
    const canCharge = async (as?: string) => (await overviewOf(workspace, contact, as)).money?.can_charge;
    expect(await canCharge()).toBe(true);
    expect(await canCharge(await workspace.keyWith('contacts.read', 'payments.read'))).toBe(false);
    expect((await overviewOf(workspace, contact, await workspace.keyWith('contacts.read'))).money).toBeNull();
    await flip(workspace, 'charge_customers_directly', false);
    expect(await canCharge()).toBe(false);
    await flip(workspace, 'charge_customers_directly', true);
    await call('POST', `/v1/contacts/${contact}/archival`, { as: workspace.apiKey });
    expect(await canCharge()).toBe(false);
  });

  test('of another workspace is not found', async () => {
    const { contact } = await studio();
    const stranger = await server.workspace();
    for (const page of ['overview', 'lifetime-value', 'timeline']) {
      expect((await call('GET', `/v1/contacts/${contact}/${page}`, { as: stranger.apiKey })).status).toBe(404);
    }
  });
});

describe('the timeline', () => {
  async function walk(workspace: TestWorkspace, contact: string, limit: number) {
    const items: TimelineItem[] = [];
    let cursor: string | null = null;
    do {
      const query: string = `limit=${limit}${cursor ? `&cursor=${cursor}` : ''}`;
      const { body, status } = await call<{ data: TimelineItem[]; next_cursor: string | null }>(
        'GET',
        `/v1/contacts/${contact}/timeline?${query}`,
        { as: workspace.apiKey },
      );
      expect(status).toBe(200);
      items.push(...body.data);
      cursor = body.next_cursor;
    } while (cursor);
    return items;
  }

  test('mixes notes, payments and cards, newest first, the same in pages of any size', async () => {
    const { workspace, contact, method } = await studio();
    const note = (body: string) =>
      call('POST', `/v1/contacts/${contact}/notes`, { as: workspace.apiKey, body: { body } });
    // Several things at one and the same moment, so that pages end between them.
    await note('first');
    await chargeThrough(server, workspace, contact, method.id, { amountMinor: 100 });
    await note('second');
    await chargeThrough(server, workspace, contact, method.id, { amountMinor: 200 });
    clock.advanceMs(60_000);
    await note('third');
    await call('DELETE', `/v1/payment-methods/${method.id}`, { as: workspace.apiKey });

    const whole = await walk(workspace, contact, 50);
    expect(whole.map((item) => item.type).sort()).toEqual([
      'card',
      'card',
      'note',
      'note',
      'note',
      'payment',
      'payment',
    ]);
    expect(whole.map((item) => item.at)).toEqual(
      whole
        .map((item) => item.at)
        .toSorted()
        .reverse(),
    );
    for (const limit of [1, 2, 3]) expect(await walk(workspace, contact, limit)).toEqual(whole);
  });

  test('is notes alone while payments are off', async () => {
    const { workspace, contact, method } = await studio();
    await chargeThrough(server, workspace, contact, method.id);
    await call('POST', `/v1/contacts/${contact}/notes`, { as: workspace.apiKey, body: { body: 'hello' } });
    await flip(workspace, 'payments_and_ltv', false);
    expect((await walk(workspace, contact, 50)).map((item) => item.type)).toEqual(['note']);
  });

  test('refuses a cursor that it did not give out', async () => {
    const { workspace, contact } = await studio();
    const answer = await call('GET', `/v1/contacts/${contact}/timeline?cursor=abc`, { as: workspace.apiKey });
    expect([answer.status, answer.body.code]).toEqual([422, 'invalid_request']);
  });
});

test('the timeline shows messages in their place, to whoever may see money, one by one over pages', async () => {
  const { workspace, contact, method } = await studio();
  const as = workspace.apiKey;
  const lines = [{ name: 'Lesson', unit_price: '10.00' }];
  const invoice = await call<{ id: string }>('POST', '/v1/invoices', {
    as,
    body: { contact_id: contact, lines, issue: true },
  });
  const send = () => call('POST', `/v1/invoices/${invoice.body.id}/sendings`, { as, body: {}, key: newId() });
  clock.advanceMs(1_000);
  await send();
  // At one and the same moment as the second message.
  clock.advanceMs(1_000);
  await chargeThrough(server, workspace, contact, method.id);
  await send();
  const seen: string[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page: { data: TimelineItem[]; next_cursor: string | null } = (
      await call<{ data: TimelineItem[]; next_cursor: string | null }>(
        'GET',
        `/v1/contacts/${contact}/timeline?limit=1${cursor === '' ? '' : `&cursor=${cursor}`}`,
        { as },
      )
    ).body;
    for (const item of page.data) seen.push(item.type === 'message' ? `message ${item.message.state}` : item.type);
    cursor = page.next_cursor;
  }
  expect(seen).toEqual(['message queued', 'payment', 'message queued', 'card']);
  const blind = await workspace.keyWith('contacts.read');
  const { body } = await call<{ data: TimelineItem[] }>('GET', `/v1/contacts/${contact}/timeline`, { as: blind });
  expect(body.data).toEqual([]);
});
