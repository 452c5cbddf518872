import { describe, expect, test } from 'vitest';
import { chargeThrough, makeContact, saveTestMethod } from '../../tests/setup/money.ts';
import { testServer } from '../../tests/setup/server.ts';
import { fromPublicId, newId } from '../foundation/id.ts';
import type { PaymentMethod } from './api.ts';
import { NETWORK_TRIES_MAX, networkRefusal } from './failed-tries.ts';
import { readMethods } from './store-methods.ts';

const server = await testServer();
const workspace = await server.workspace();

const stateOf = async (contactId: string, methodId: string) => {
  const { body } = await server.call<{ data: PaymentMethod[] }>('GET', `/v1/contacts/${contactId}/payment-methods`, {
    as: workspace.apiKey,
  });
  return body.data.find((method) => method.id === methodId)?.state;
};

/** Failed tries that are in the books already, spread over the last days. */
async function addFailedTries(contactId: string, methodId: string, count: number) {
  const [contact, method] = [fromPublicId('contact', contactId), fromPublicId('paymentMethod', methodId)];
  const first = await chargeThrough(server, workspace, contactId, methodId, { amountMinor: 4_242 });
  expect(first.body.status).toBe('declined');
  await server.database.inWorkspace(workspace.id, async (tx) => {
    const columns = await tx.many<{ name: string }>({
      text: `SELECT column_name::text AS name FROM information_schema.columns WHERE table_name = 'payments'
             AND column_name NOT IN ('workspace_id', 'id', 'gateway_ref', 'idempotency_key')`,
    });
    const list = columns.map(({ name }) => name).join(', ');
    for (let index = 1; index < count; index += 1) {
      await tx.run({
        text: `INSERT INTO payments (workspace_id, id, ${list}) SELECT $1::uuid, $2, ${list} FROM payments
               WHERE workspace_id = $1 AND contact_id = $3 AND payment_method_id = $4 AND amount_minor = 4242 LIMIT 1`,
        values: [tx.workspaceId, newId(), contact, method],
      });
    }
  });
}

describe('a card that failed a short while ago', () => {
  test('is refused before its bank may say yes, with the time, and tried when somebody insists', async () => {
    const contactId = await makeContact(server, workspace);
    const card = await saveTestMethod(server, workspace, contactId, 'declined_insufficient_funds');
    const first = await chargeThrough(server, workspace, contactId, card.id);
    expect(first.body.status).toBe('declined');
    const early = await chargeThrough(server, workspace, contactId, card.id, { body: { retry_of: first.body.id } });
    expect(early.body).toMatchObject({
      code: 'retry_too_early',
      status: 409,
      retry_after: first.body.decline!.retry_after,
    });
    expect((early.body as unknown as { detail: string }).detail).toContain('Mar 3, 2026');
    const key = newId();
    const insisted = await chargeThrough(server, workspace, contactId, card.id, {
      key,
      body: { retry_of: first.body.id, confirm_early_retry: true },
    });
    expect(insisted.body).toMatchObject({ status: 'declined', retry_of: first.body.id });
    server.clock.advanceMs(24 * 3_600_000 + 1_000);
    const later = await chargeThrough(server, workspace, contactId, card.id, { body: { retry_of: insisted.body.id } });
    expect(later.body.status).toBe('declined');
  });

  test('may be charged at once again after money has come by it', async () => {
    const contactId = await makeContact(server, workspace);
    const card = await saveTestMethod(server, workspace, contactId, 'approved');
    const until = new Date(server.clock.now().getTime() + 3_600_000);
    await server.database.inWorkspace(workspace.id, (tx) =>
      tx.run({
        text: 'UPDATE payment_methods SET retry_after = $3, failed_at = $4 WHERE workspace_id = $1 AND id = $2',
        values: [tx.workspaceId, fromPublicId('paymentMethod', card.id), until, server.clock.now()],
      }),
    );
    expect((await chargeThrough(server, workspace, contactId, card.id)).body).toMatchObject({
      code: 'retry_too_early',
    });
    const insisted = await chargeThrough(server, workspace, contactId, card.id, {
      body: { confirm_early_retry: true },
    });
    expect(insisted.body.status).toBe('settled');
    const next = await chargeThrough(server, workspace, contactId, card.id, { amountMinor: 700 });
    expect(next.body.status).toBe('settled');
  });

  test.each(['lost_card', 'stolen_card', 'fraudulent', 'card_not_supported'])(
    'and was declined for good (%s) stays blocked, whatever is said',
    async (code) => {
      const contactId = await makeContact(server, workspace);
      const card = await saveTestMethod(server, workspace, contactId, `declined_${code}`);
      const first = await chargeThrough(server, workspace, contactId, card.id);
      expect(await stateOf(contactId, card.id)).toBe('blocked');
      const again = await chargeThrough(server, workspace, contactId, card.id, {
        body: { retry_of: first.body.id, confirm_early_retry: true, confirm_same_again: true },
      });
      expect(again.body).toMatchObject({ code: 'method_not_usable', state: 'blocked' });
    },
  );
});

test('a blocked card that is added again through the gateway’s form takes the blocked one’s place', async () => {
  const contactId = await makeContact(server, workspace);
  const card = await saveTestMethod(server, workspace, contactId, 'declined_lost_card');
  await chargeThrough(server, workspace, contactId, card.id);
  const anew = await saveTestMethod(server, workspace, contactId, 'declined_lost_card');
  expect(anew.id).not.toBe(card.id);
  expect(anew).toMatchObject({ state: 'usable', is_default: true });
  expect(await stateOf(contactId, card.id)).toBe('removed');
  // Its network has not forgotten.
  const [row] = await server.database.inWorkspace(workspace.id, (tx) =>
    readMethods(tx, [fromPublicId('paymentMethod', anew.id)!]),
  );
  expect(row?.failed_at).toEqual(server.clock.now());
});

describe('what a network allows within 30 days', () => {
  test.each([
    ['visa', 19, false],
    ['visa', 20, true],
    ['mastercard', 34, false],
    ['mastercard', 35, true],
    ['amex', 500, false],
  ])('%s after %i failed tries: refused %s', (brand, tries, refused) => {
    expect(networkRefusal({ brand, last4: '0002' }, tries) !== null).toBe(refused);
  });

  test('is counted by the card, wherever it is saved, and refused with a code of its own', async () => {
    const contactId = await makeContact(server, workspace);
    const card = await saveTestMethod(server, workspace, contactId, 'declined_processing_error');
    await addFailedTries(contactId, card.id, NETWORK_TRIES_MAX.visa! - 1);
    server.clock.advanceMs(2 * 3_600_000);
    const last = await chargeThrough(server, workspace, contactId, card.id, { amountMinor: 1 });
    expect(last.body.status).toBe('declined');
    server.clock.advanceMs(2 * 3_600_000);
    const refused = await chargeThrough(server, workspace, contactId, card.id, {
      amountMinor: 2,
      body: { confirm_early_retry: true },
    });
    expect(refused.body).toMatchObject({ code: 'retry_limit_reached', status: 409 });

    // The same card of somebody else: made the same by its fingerprint, as a real gateway would say.
    const other = await makeContact(server, workspace, 'Grace Hopper');
    const sameCard = await saveTestMethod(server, workspace, other, 'approved');
    await server.database.inWorkspace(workspace.id, (tx) =>
      tx.run({
        text: `UPDATE payment_methods m SET fingerprint = o.fingerprint, failed_at = o.failed_at FROM payment_methods o
               WHERE m.workspace_id = $1 AND o.workspace_id = $1 AND m.id = $2 AND o.id = $3`,
        values: [tx.workspaceId, fromPublicId('paymentMethod', sameCard.id), fromPublicId('paymentMethod', card.id)],
      }),
    );
    expect((await chargeThrough(server, workspace, other, sameCard.id)).body).toMatchObject({
      code: 'retry_limit_reached',
    });

    server.clock.advanceMs(31 * 24 * 3_600_000);
    expect((await chargeThrough(server, workspace, other, sameCard.id)).body.status).toBe('settled');
  });

  test('is not asked about cards that have not failed', async () => {
    const contactId = await makeContact(server, workspace);
    const card = await saveTestMethod(server, workspace, contactId, 'approved');
    await chargeThrough(server, workspace, contactId, card.id);
    const [row] = await server.database.inWorkspace(workspace.id, (tx) =>
      readMethods(tx, [fromPublicId('paymentMethod', card.id)!]),
    );
    expect(row).toMatchObject({ failed_at: null, retry_after: null });
  });
});
