import { beforeAll, describe, expect, it } from 'vitest';
import { chargeThrough, makeContact, readBook, readGateway, saveTestMethod } from '../../tests/setup/money.ts';
import { type TestServer, type TestWorkspace, testServer } from '../../tests/setup/server.ts';
import { newId } from '../foundation/id.ts';
import { verifyBooks } from '../ledger/verify-books.ts';
import { verifyPayments } from './verify-payments.ts';

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
});

async function differences(workspace: TestWorkspace) {
  return server.database.inWorkspace(
    workspace.id,
    async (tx) => [...(await verifyBooks(tx)), ...(await verifyPayments(tx))],
    {
      snapshot: true,
    },
  );
}

describe('what a charge becomes, by test method', () => {
  const cases = [
    ['approved', 'settled', null, true],
    ['declined_insufficient_funds', 'declined', 'retry_later', false],
    ['declined_lost_card', 'declined', 'stop', false],
    ['declined_expired_card', 'declined', 'ask_customer', false],
    ['declined_card_not_supported', 'declined', 'other_card', false],
    ['authentication_required', 'needs_customer', null, false],
    ['debit_paid', 'pending', null, false],
    ['timeout_after_success', 'unknown', null, false],
    ['timeout_before_arrival', 'unknown', null, false],
  ] as const;
  it.each(cases)('%s → %s', async (testMethod, status, declineClass, inBooks) => {
    const workspace = await server.workspace();
    const contact = await makeContact(server, workspace);
    const method = await saveTestMethod(server, workspace, contact, testMethod);
    const { status: http, body } = await chargeThrough(server, workspace, contact, method.id);
    expect({ http, status: body.status, declineClass: body.decline?.class ?? null }).toEqual({
      http: 201,
      status,
      declineClass,
    });
    const [book] = await readBook(server, workspace);
    expect(book?.received ?? 0n).toBe(inBooks ? 12_000n : 0n);
    expect(body.has_receipt).toBe(inBooks);
    expect(await differences(workspace)).toEqual([]);
  });
});

describe('one confirmation is one charge', () => {
  it('gives the same payment for the same key, and refuses the key with other input', async () => {
    const workspace = await server.workspace();
    const contact = await makeContact(server, workspace);
    const method = await saveTestMethod(server, workspace, contact);
    const key = newId();
    const first = await chargeThrough(server, workspace, contact, method.id, { key });
    const again = await chargeThrough(server, workspace, contact, method.id, { key });
    expect(again.body).toEqual(first.body);
    const other = await chargeThrough(server, workspace, contact, method.id, { key, amountMinor: 1 });
    expect([other.status, (other.body as unknown as { code: string }).code]).toEqual([422, 'idempotency_key_reused']);
    const missing = await server.call('POST', `/v1/contacts/${contact}/charges`, { as: workspace.apiKey, body: {} });
    expect([missing.status, missing.body.code]).toEqual([422, 'invalid_request']);
    expect((await readBook(server, workspace))[0]?.count).toBe(1n);
  });

  it('charges once when thirty presses arrive together', async () => {
    const workspace = await server.workspace();
    const contact = await makeContact(server, workspace);
    const method = await saveTestMethod(server, workspace, contact);
    const key = newId();
    const answers = await Promise.all(
      Array.from({ length: 30 }, () => chargeThrough(server, workspace, contact, method.id, { key })),
    );
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([201, 409]));
    expect((await readGateway(server, workspace)).map((row) => row.count)).toEqual([1n]);
    expect((await readBook(server, workspace))[0]).toMatchObject({ count: 1n, received: 12_000n });
    expect(await differences(workspace)).toEqual([]);
  });

  it('charges forty contacts at once, each once, and the books balance', async () => {
    const workspace = await server.workspace();
    const people = await Promise.all(
      Array.from({ length: 40 }, async (_, index) => {
        const contact = await makeContact(server, workspace, `Contact ${index}`);
        return {
          contact,
          method: await saveTestMethod(
            server,
            workspace,
            contact,
            index % 4 === 3 ? 'declined_do_not_honor' : 'approved',
          ),
        };
      }),
    );
    const answers = await Promise.all(
      people.map(({ contact, method }) => chargeThrough(server, workspace, contact, method.id)),
    );
    expect(answers.filter((answer) => answer.body.status === 'settled')).toHaveLength(30);
    expect((await readBook(server, workspace))[0]).toMatchObject({ count: 30n, received: 360_000n });
    expect(await differences(workspace)).toEqual([]);
  });

  it('resolves a lost answer by asking, and one that never arrived by sending it again', async () => {
    for (const testMethod of ['timeout_after_success', 'timeout_before_arrival']) {
      const workspace = await server.workspace();
      const contact = await makeContact(server, workspace);
      const method = await saveTestMethod(server, workspace, contact, testMethod);
      const key = newId();
      const { body } = await chargeThrough(server, workspace, contact, method.id, { key });
      expect(body.status).toBe('unknown');
      server.clock.advanceMs(10_000);
      await server.rooms.payments.resolver.resolveDue(server.clock.now());
      const after = await server.call('GET', `/v1/payments/${body.id}`, { as: workspace.apiKey });
      expect(after.body.status).toBe('settled');
      expect((await readGateway(server, workspace)).map((row) => [row.status, row.count])).toEqual([['settled', 1n]]);
      expect(await differences(workspace)).toEqual([]);
    }
  });

  it('asks again about the same amount within ten minutes', async () => {
    const workspace = await server.workspace();
    const contact = await makeContact(server, workspace);
    const method = await saveTestMethod(server, workspace, contact);
    await chargeThrough(server, workspace, contact, method.id);
    const again = await chargeThrough(server, workspace, contact, method.id);
    expect([again.status, again.body]).toEqual([
      409,
      expect.objectContaining({ code: 'same_charge_recently', status: 409, payment_status: 'settled' }),
    ]);
    const meant = await chargeThrough(server, workspace, contact, method.id, { body: { confirm_same_again: true } });
    expect(meant.body.status).toBe('settled');
    server.clock.advanceMs(10 * 60_000);
    expect((await chargeThrough(server, workspace, contact, method.id)).status).toBe(201);
  });

  it('asks again as well when it was a contact merged into this one who was charged, and not for a stranger', async () => {
    const workspace = await server.workspace();
    const [kept, merged, deeper, stranger] = await Promise.all(
      ['Ada', 'Ada L.', 'A. Lovelace', 'Grace'].map((name) => makeContact(server, workspace, name)),
    );
    const cards = new Map<string, string>();
    for (const contact of [kept!, merged!, deeper!, stranger!]) {
      cards.set(contact, (await saveTestMethod(server, workspace, contact)).id);
    }
    const charged = (contact: string, amountMinor: number, by = contact) =>
      chargeThrough(server, workspace, by, cards.get(contact)!, { amountMinor });
    const first = await charged(merged!, 5_000);
    const second = await charged(deeper!, 6_000);
    const merge = (into: string, contact: string) =>
      server.call<{ id: string }>('POST', `/v1/contacts/${into}/merges`, {
        as: workspace.apiKey,
        body: { merged_contact_id: contact },
      });
    await merge(merged!, deeper!);
    const { body } = await merge(kept!, merged!);
    for (const [amount, payment] of [
      [5_000, first],
      [6_000, second],
    ] as const) {
      // With the card of the survivor, and with one that came along.
      for (const card of [kept!, merged!]) {
        const again = await charged(card, amount, kept!);
        expect([again.status, again.body]).toEqual([
          409,
          expect.objectContaining({ code: 'same_charge_recently', payment_id: payment.body.id }),
        ]);
      }
    }
    expect((await charged(kept!, 7_000)).status).toBe(201);
    expect((await charged(stranger!, 5_000)).status).toBe(201);
    // Parted again, each stands for itself.
    const parted = await server.call('DELETE', `/v1/merges/${body.id}`, { as: workspace.apiKey });
    expect(parted.status).toBeLessThan(300);
    expect((await charged(kept!, 5_000)).status).toBe(201);
    expect((await charged(merged!, 6_000)).status).toBe(409);
  });
});

describe('what changed since the last request of a key is noticed by its next charge, on another server too', () => {
  const cases: [
    what: string,
    change: (other: TestServer, workspace: TestWorkspace, keyId: string) => Promise<{ status: number }>,
    status: number,
    code: string | undefined,
  ][] = [
    ['nothing', async () => ({ status: 200 }), 201, undefined],
    [
      'a switch that is off',
      (other, workspace) =>
        other.call('PUT', '/v1/switches/charge_customers_directly', { as: workspace.apiKey, body: { enabled: false } }),
      403,
      'feature_off',
    ],
    [
      'payments that are off as a whole',
      (other, workspace) =>
        other.call('PUT', '/v1/switches/payments_and_ltv', { as: workspace.apiKey, body: { enabled: false } }),
      403,
      'feature_off',
    ],
    [
      'a lower limit',
      (other, workspace) =>
        other.call('PUT', '/v1/charge-limits', { as: workspace.apiKey, body: { workspace: { USD: 100 } } }),
      422,
      'amount_above_limit',
    ],
    [
      'a key that was revoked',
      (other, workspace, keyId) => other.call('DELETE', `/v1/api-keys/${keyId}`, { as: workspace.apiKey }),
      401,
      'not_signed_in',
    ],
    [
      'a right that is gone',
      async (other, workspace) => {
        await other.database.inWorkspace(workspace.id, (tx) =>
          tx.run({
            text: `UPDATE api_keys SET rights = '{payments.read}' WHERE workspace_id = $1 AND name = 'Till'`,
            values: [workspace.id],
          }),
        );
        return { status: 200 };
      },
      403,
      'right_missing',
    ],
  ];
  it.each(cases)('%s', async (_what, change, status, code) => {
    const other = await testServer({ database: server.database });
    other.clock.moveTo(server.clock.now());
    const workspace = await server.workspace();
    const contact = await makeContact(server, workspace);
    const method = await saveTestMethod(server, workspace, contact);
    const made = await server.call<{ id: string; token: string }>('POST', '/v1/api-keys', {
      as: workspace.apiKey,
      body: { name: 'Till', rights: ['payments.read', 'payments.charge'] },
    });
    const till = { ...workspace, apiKey: made.body.token };
    expect((await chargeThrough(server, till, contact, method.id, { amountMinor: 500 })).status).toBe(201);
    expect((await change(other, workspace, made.body.id)).status).toBeLessThan(300);
    const next = await chargeThrough(server, till, contact, method.id, { amountMinor: 600 });
    expect([next.status, (next.body as unknown as { code?: string }).code]).toEqual([status, code]);
    const [gateway] = await readGateway(server, workspace);
    expect(gateway?.count).toBe(status === 201 ? 2n : 1n);
    // And what is on again is on again, without anybody having been forgotten for good.
    await server.call('PUT', '/v1/switches/payments_and_ltv', { as: workspace.apiKey, body: { enabled: true } });
    await server.call('PUT', '/v1/switches/charge_customers_directly', {
      as: workspace.apiKey,
      body: { enabled: true },
    });
    const last = await chargeThrough(server, till, contact, method.id, { amountMinor: 700 });
    expect(last.status).toBe(code === 'feature_off' ? 201 : status);
  });

  it('the clock of a sandbox that was moved', async () => {
    const other = await testServer({ database: server.database });
    other.clock.moveTo(server.clock.now());
    const workspace = await server.workspace();
    const contact = await makeContact(server, workspace);
    const method = await saveTestMethod(server, workspace, contact);
    const first = await chargeThrough(server, workspace, contact, method.id);
    await other.call('PUT', '/v1/sandbox/clock', { as: workspace.apiKey, body: { advance_seconds: 3_600 } });
    const second = await chargeThrough(server, workspace, contact, method.id);
    expect(second.status).toBe(201);
    expect(Date.parse(second.body.created_at) - Date.parse(first.body.created_at)).toBe(3_600_000);
  });
});

describe('trying again', () => {
  it('takes the place of the failed charge: one debt is owed once, and not any more when it is paid', async () => {
    const workspace = await server.workspace();
    const contact = await makeContact(server, workspace);
    const tryWith = async (testMethod: string, retryOf?: string) => {
      const method = await saveTestMethod(server, workspace, contact, testMethod);
      const body = retryOf ? { retry_of: retryOf } : {};
      return (await chargeThrough(server, workspace, contact, method.id, { body })).body;
    };
    const needing = async () => {
      const { body } = await server.call<{ data: { id: string }[] }>('GET', '/v1/payments?needs_action=true', {
        as: workspace.apiKey,
      });
      return body.data.map(({ id }) => id);
    };
    const first = await tryWith('declined_insufficient_funds');
    expect(await needing()).toEqual([first.id]);
    const second = await tryWith('declined_do_not_honor', first.id);
    expect(await needing()).toEqual([second.id]);
    const third = await tryWith('debit_fails', second.id);
    expect([third.status, await needing()]).toEqual(['pending', []]);
    await server.call('PUT', '/v1/sandbox/clock', { as: workspace.apiKey, body: { advance_seconds: 3 * 86_400 } });
    expect(await needing()).toEqual([third.id]);
    const fourth = await tryWith('approved', third.id);
    expect([fourth.status, await needing()]).toEqual(['settled', []]);
    expect(await differences(workspace)).toEqual([]);
  });
});

describe('money that moves later', () => {
  it('a bank debit is paid after three days, another fails, a third comes back', async () => {
    const workspace = await server.workspace();
    const outcomes: Record<string, string> = {};
    const paymentIds: Record<string, string> = {};
    for (const testMethod of ['debit_paid', 'debit_fails', 'debit_returned']) {
      const contact = await makeContact(server, workspace, testMethod);
      const method = await saveTestMethod(server, workspace, contact, testMethod);
      paymentIds[testMethod] = (await chargeThrough(server, workspace, contact, method.id)).body.id;
    }
    const move = (days: number) =>
      server.call('PUT', '/v1/sandbox/clock', { as: workspace.apiKey, body: { advance_seconds: days * 86_400 } });
    const look = async () => {
      for (const [name, id] of Object.entries(paymentIds)) {
        outcomes[name] = String((await server.call('GET', `/v1/payments/${id}`, { as: workspace.apiKey })).body.status);
      }
      return { ...outcomes };
    };
    expect(await look()).toEqual({ debit_paid: 'pending', debit_fails: 'pending', debit_returned: 'pending' });
    await move(3);
    expect(await look()).toEqual({ debit_paid: 'settled', debit_fails: 'declined', debit_returned: 'settled' });
    expect((await readBook(server, workspace))[0]).toMatchObject({ received: 24_000n });
    await move(3);
    expect(await look()).toEqual({ debit_paid: 'settled', debit_fails: 'declined', debit_returned: 'returned' });
    expect((await readBook(server, workspace))[0]).toMatchObject({ received: 12_000n, ltv: 12_000n });
    expect(await differences(workspace)).toEqual([]);
  });

  it('a dispute takes the money when it is withdrawn and gives it back when it is won', async () => {
    const workspace = await server.workspace();
    for (const [testMethod, ltv] of [
      ['dispute_lost', 0n],
      ['dispute_won', 12_000n],
    ] as const) {
      const own = await server.workspace();
      const contact = await makeContact(server, own);
      const method = await saveTestMethod(server, own, contact, testMethod);
      await chargeThrough(server, own, contact, method.id);
      await server.call('PUT', '/v1/sandbox/clock', { as: own.apiKey, body: { advance_seconds: 3 * 86_400 } });
      expect((await readBook(server, own))[0]).toMatchObject({ ltv: 0n, disputed: 12_000n });
      await server.call('PUT', '/v1/sandbox/clock', { as: own.apiKey, body: { advance_seconds: 10 * 86_400 } });
      expect((await readBook(server, own))[0]).toMatchObject({ ltv, disputed: 12_000n - ltv });
      expect(await differences(own)).toEqual([]);
    }
    expect(await differences(workspace)).toEqual([]);
  });
});
