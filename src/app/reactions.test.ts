import { describe, expect, test } from 'vitest';
import { mailServer } from '../../tests/setup/mail-server.ts';
import { chargeThrough, makeContact, saveTestMethod } from '../../tests/setup/money.ts';
import { readPdf } from '../../tests/setup/pdf.ts';
import { testServer } from '../../tests/setup/server.ts';
import { newId } from '../foundation/id.ts';
import type { Invoice } from '../invoices/api.ts';
import type { Message } from '../messages/api.ts';
import { chargeDueInvoices } from '../payments/charge-due-invoices.ts';
import { makeReactions } from './reactions.ts';
import { relayOutbox } from './relay-outbox.ts';

const post = await mailServer();
const server = await testServer({
  mail: { server: post.smtp, from: { name: '', address: 'mail@counterfoil.test' }, bounceAddress: null },
});
const { database, clock, rooms } = server;
const reactions = makeReactions({ messages: rooms.messages, renderPdf: null });
const relay = () =>
  relayOutbox({
    database,
    clock,
    reactions,
    onError: (error) => {
      throw error;
    },
  });

test('a payment that settles brings its receipt, a decline tells staff; each once, and only where it is wished', async () => {
  const workspace = await server.workspace();
  const as = workspace.apiKey;
  const contact = await makeContact(server, workspace);
  const good = await saveTestMethod(server, workspace, contact);
  const bad = await saveTestMethod(server, workspace, contact, 'declined_insufficient_funds');
  const messages = async () => (await server.call<{ data: Message[] }>('GET', '/v1/messages', { as })).body.data;

  // A sandbox tells nobody until somebody says so.
  await chargeThrough(server, workspace, contact, good.id);
  await relay();
  expect(await messages()).toEqual([]);

  const wish = { receipts: true, declined_notices: true, sandbox_sends: true };
  const without = await server.call('PATCH', '/v1/mail-settings', { as, body: wish });
  expect(without.body).toMatchObject({ fields: [{ path: 'staff_address' }] });
  await server.call('PATCH', '/v1/mail-settings', { as, body: { ...wish, staff_address: 'till@example.com' } });
  const paid = await chargeThrough(server, workspace, contact, good.id, { amountMinor: 4_200 });
  const declined = await chargeThrough(server, workspace, contact, bad.id, { amountMinor: 900 });
  await relay();
  // As after a crash between telling and marking.
  await database.inWorkspace(workspace.id, (tx) =>
    tx.run({
      text: 'UPDATE outbox SET handed_at = NULL, try_after = NULL WHERE workspace_id = $1',
      values: [tx.workspaceId],
    }),
  );
  await relay();
  // The rows told of again include the first charge, whose receipt nobody wished then and somebody does now.
  const found = await messages();
  expect(found.map(({ kind, to }) => `${kind} ${to}`).sort()).toEqual([
    'declined_notice till@example.com',
    'receipt ada@example.com',
    'receipt ada@example.com',
  ]);
  await rooms.messages.outbox.sendOf(workspace.id);
  const receipt = post.taken.find(({ mail }) => mail.text?.includes('$42.00'))!;
  expect(receipt.mail.subject).toMatch(/^\[TEST\] Receipt R-\w{10} from Harbour Studio$/);
  expect(receipt.mail.attachments[0]?.content.subarray(0, 5).toString()).toBe('%PDF-');
  const notice = post.taken.find(({ to }) => to[0] === 'till@example.com')!;
  expect(notice.mail.text).toContain(`/w/${workspace.publicId}/payments/transactions/${declined.body.id}`);
  expect(paid.body.status).toBe('settled');
});

test('a receipt goes out in the customer’s language: its mail and its PDF, also of cash', async () => {
  post.taken.length = 0;
  const workspace = await server.workspace();
  const as = workspace.apiKey;
  const contact = await makeContact(server, workspace);
  await server.call('PATCH', `/v1/contacts/${contact}`, { as, body: { locale: 'de-DE' } });
  await server.call('PATCH', '/v1/mail-settings', { as, body: { receipts: true, sandbox_sends: true } });
  const paid = await server.call('POST', `/v1/contacts/${contact}/offline-payments`, {
    as,
    key: newId(),
    body: {
      amount_minor: 123_456,
      currency: 'USD',
      method_kind: 'cash',
      received_on: '2026-03-02',
      description: 'Unterricht',
    },
  });
  expect(paid.status).toBe(201);
  await relay();
  await rooms.messages.outbox.sendOf(workspace.id);
  const [{ mail }] = post.taken as [(typeof post.taken)[number]];
  expect(mail.subject).toMatch(/^\[TEST\] Beleg R-\w{10} von Harbour Studio$/);
  expect(mail.text).toContain('wir haben 1.234,56\u00a0$ für „Unterricht“ erhalten (Bar). Ihr Beleg ist angehängt.');
  expect(mail.text).toContain('Das ist ein Test. Hier muss nichts bezahlt werden.');
  const pdf = readPdf(mail.attachments[0]!.content).text;
  expect(pdf).toContain('Zahlungsbeleg');
  expect(pdf).toContain('1.234,56 USD');
});

/** As after a crash between telling and marking. */
async function relayAgain(workspaceId: string) {
  await database.inWorkspace(workspaceId, (tx) =>
    tx.run({
      text: 'UPDATE outbox SET handed_at = NULL, try_after = NULL WHERE workspace_id = $1',
      values: [tx.workspaceId],
    }),
  );
  await relay();
}

describe('a customer whose invoice cannot be charged by itself', () => {
  async function business(testMethod: string, locale: string | null = null) {
    post.taken.length = 0;
    const workspace = await server.workspace();
    const as = workspace.apiKey;
    const contact = await makeContact(server, workspace);
    await server.call('PATCH', '/v1/mail-settings', { as, body: { sandbox_sends: true } });
    const agree = async (method: string) => {
      const { id } = await saveTestMethod(server, workspace, contact, method);
      const auto_charge = { payment_method_id: id, consent_channel: 'phone' };
      await server.call('PATCH', `/v1/contacts/${contact}/billing`, { as, body: { auto_charge } });
    };
    await server.call('PATCH', `/v1/contacts/${contact}`, { as, body: { locale } });
    await agree(testMethod);
    const invoice = await server.call<Invoice>('POST', '/v1/invoices', {
      as,
      body: {
        contact_id: contact,
        lines: [{ name: 'Work', unit_price: '60' }],
        terms: { due: { kind: 'immediate' } },
        ...{ issue: true, auto_charge: true },
      },
    });
    const charge = async () => {
      await chargeDueInvoices(rooms.payments, workspace.id, clock.now());
      await relay();
      await rooms.messages.outbox.sendOf(workspace.id);
      return post.taken.length;
    };
    const move = (days: number) =>
      server.call('PUT', '/v1/sandbox/clock', { as, body: { advance_seconds: days * 86_400 } });
    return { as, contact, workspace, invoice: invoice.body, agree, charge, move };
  }

  test('is told once in each series of tries, with the link where it is paid', async () => {
    const one = await business('declined_stolen_card');
    expect([await one.charge(), await one.charge()]).toEqual([1, 1]);
    const [{ mail, to }] = post.taken as [(typeof post.taken)[number]];
    expect([to, mail.subject]).toEqual([['ada@example.com'], `[TEST] ${one.invoice.number} could not be charged`]);
    expect(mail.text).toContain('we charged $60.00 for invoice');
    expect(mail.text).toContain('Your bank did not allow the payment.');
    expect(mail.text).not.toMatch(/stolen|confirm/i);
    const [path] = /\/d\/[\w-]{43}/.exec(mail.text ?? '')!;
    expect((await server.call('GET', path)).text).toContain('Still to pay: $60.00');
    await one.agree('declined_lost_card');
    expect([await one.charge(), await one.charge()]).toEqual([2, 2]);
  });

  test('is told in their language, and why in words that they may read', async () => {
    const one = await business('declined_stolen_card', 'fr-FR');
    await one.charge();
    const [french] = post.taken as [(typeof post.taken)[number]];
    expect(french.mail.subject).toBe(`[TEST] ${one.invoice.number} n’a pas pu être débitée`);
    expect(french.mail.text).toContain('Il n’a pas abouti. Votre banque');
    expect(french.mail.text).toContain('Voir la facture:\n');
  });

  test('is not told while it is tried again, only when it is given up', async () => {
    const one = await business('declined_insufficient_funds');
    const told: number[] = [await one.charge()];
    for (const days of [1, 3, 5, 7]) {
      await one.move(days);
      told.push(await one.charge());
    }
    expect(told).toEqual([0, 0, 0, 0, 1]);
  });

  test('is told where to confirm it, once, also when it is refused there', async () => {
    const one = await business('authentication_refused');
    expect(await one.charge()).toBe(1);
    const { mail } = post.taken[0]!;
    expect(mail.subject).toBe(`[TEST] Please confirm the payment of ${one.invoice.number}`);
    expect(mail.text).toContain('Your bank asks you to confirm it: http');
    await one.move(1);
    expect(await one.charge()).toBe(1);
  });

  test('a debit that was paid and came back is tried again by the plan, once, and told of when it is given up', async () => {
    const one = await business('debit_returned');
    const invoices = () => server.call<Invoice>('GET', `/v1/invoices/${one.invoice.id}`, { as: one.as });
    const payments = async () =>
      (await server.call<{ data: { status: string }[] }>('GET', '/v1/payments', { as: one.as })).body.data.map(
        ({ status }) => status,
      );
    await one.charge();
    await one.move(4);
    await one.charge();
    expect([(await invoices()).body.status, await payments()]).toEqual(['paid', ['settled']]);
    await one.move(2);
    await one.charge();
    expect(await payments()).toEqual(['returned']);
    expect((await invoices()).body).toMatchObject({ status: 'overdue', open_minor: 6_000 });
    const plan = async () =>
      (
        await server.call<{ data: { tries: number; next_at: string | null; ended: string | null }[] }>(
          'GET',
          `/v1/invoices/${one.invoice.id}/auto-charges`,
          { as: one.as },
        )
      ).body.data;
    // A day after it came back, and however often it is told of that.
    expect(await plan()).toMatchObject([{ ended: null, next_at: expect.any(String) }]);
    await Promise.all([1, 2, 3].map(() => relayAgain(one.workspace.id)));
    await one.charge();
    expect(await payments()).toHaveLength(1);
    await one.move(1);
    await one.charge();
    expect(await payments()).toEqual(['pending', 'returned']);
    // Each time it comes back the plan goes a step on: after 1, 3, 5 and 7 days, and then it is given up and told.
    const told: number[] = [];
    for (let days = 0; days < 45; days += 1) {
      await one.move(1);
      told.push(await one.charge());
    }
    expect(await payments()).toEqual(Array.from({ length: 5 }, () => 'returned'));
    expect(await plan()).toMatchObject([{ ended: 'gave_up', next_at: null }]);
    expect([told.at(0), told.at(-1)]).toEqual([0, 1]);
    expect(post.taken[0]!.mail.subject).toContain('could not be charged');
    expect((await invoices()).body).toMatchObject({ open_minor: 6_000, paid_minor: 0 });
  });

  test('a debit that came back of an invoice that was paid otherwise since is not charged again', async () => {
    const one = await business('debit_returned');
    await one.charge();
    await one.move(4);
    await one.charge();
    await one.move(2);
    await server.call('GET', '/v1/payments', { as: one.as });
    const { status } = await server.call('POST', `/v1/contacts/${one.contact}/offline-payments`, {
      ...{ as: one.as, key: newId() },
      body: {
        ...{ amount_minor: 6_000, currency: 'USD', method_kind: 'cash', received_on: '2026-03-02' },
        allocations: [{ invoice_id: one.invoice.id, amount_minor: 6_000 }],
      },
    });
    expect(status).toBe(201);
    await one.charge();
    await one.move(3);
    await one.charge();
    const { data } = (await server.call<{ data: unknown[] }>('GET', '/v1/payments', { as: one.as })).body;
    expect(data).toHaveLength(2);
  });

  test.each(['paid meanwhile', 'without an address', 'not wished in Settings → Mail'])(
    'is told nothing: %s',
    async (why) => {
      const one = await business('declined_stolen_card');
      await chargeDueInvoices(rooms.payments, one.workspace.id, clock.now());
      if (why === 'paid meanwhile') {
        const { status } = await server.call('POST', `/v1/contacts/${one.contact}/offline-payments`, {
          ...{ as: one.as, key: newId() },
          body: {
            ...{ amount_minor: 6_000, currency: 'USD', method_kind: 'cash', received_on: '2026-03-02' },
            allocations: [{ invoice_id: one.invoice.id, amount_minor: 6_000 }],
          },
        });
        expect(status).toBe(201);
      } else if (why.startsWith('not wished')) {
        const before = await server.call('GET', '/v1/mail-settings', { as: one.as });
        expect(before.body).toMatchObject({ failed_charge_notices: true });
        const body = { failed_charge_notices: false };
        const off = await server.call('PATCH', '/v1/mail-settings', { as: one.as, body });
        expect(off.body).toMatchObject(body);
      } else await server.call('PATCH', `/v1/contacts/${one.contact}`, { as: one.as, body: { email: null } });
      expect(await one.charge()).toBe(0);
    },
  );
});
