import { beforeAll, describe, expect, it } from 'vitest';
import { chargeThrough, makeContact, readBook, saveTestMethod } from '../../tests/setup/money.ts';
import { type TestServer, type TestWorkspace, testServer } from '../../tests/setup/server.ts';
import { verifyBooks } from '../ledger/verify-books.ts';
import { verifyPayments } from './verify-payments.ts';

const HOUR_S = 3_600;
const DAY_S = 86_400;

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
});

async function charged(testMethod: string) {
  const workspace = await server.workspace();
  const contact = await makeContact(server, workspace);
  const method = await saveTestMethod(server, workspace, contact, testMethod);
  const { body } = await chargeThrough(server, workspace, contact, method.id);
  return { workspace, payment: body };
}

async function passTime(workspace: TestWorkspace, seconds: number) {
  await server.call('PUT', '/v1/sandbox/clock', { as: workspace.apiKey, body: { advance_seconds: seconds } });
}

function script(workspace: TestWorkspace, operation: string, fault: string) {
  return server.call('POST', '/v1/sandbox/faults', { as: workspace.apiKey, body: { operation, fault } });
}

async function statusOf(workspace: TestWorkspace, id: string) {
  return (await server.call('GET', `/v1/payments/${id}`, { as: workspace.apiKey })).body.status;
}

const resolveDue = () => server.rooms.payments.resolver.resolveDue(server.clock.now());

async function expectBalanced(workspace: TestWorkspace) {
  const found = await server.database.inWorkspace(workspace.id, async (tx) => [
    ...(await verifyBooks(tx)),
    ...(await verifyPayments(tx)),
  ]);
  expect(found).toEqual([]);
}

describe('what the gateway told and nobody heard', () => {
  it('a bank debit that was paid is found out by asking', async () => {
    const { workspace, payment } = await charged('debit_paid');
    await script(workspace, 'event', 'events_missing');
    await passTime(workspace, 3 * DAY_S);
    expect(await statusOf(workspace, payment.id)).toBe('pending');
    await resolveDue();
    expect(await statusOf(workspace, payment.id)).toBe('settled');
    expect((await readBook(server, workspace))[0]?.received).toBe(12_000n);
    await expectBalanced(workspace);
  });

  it('a bank debit that is still on its way is asked about more and more rarely', async () => {
    const { workspace, payment } = await charged('debit_paid');
    const askedAfter: number[] = [];
    for (let hour = 1; hour <= 20; hour += 1) {
      await passTime(workspace, HOUR_S);
      if ((await resolveDue()) > 0) askedAfter.push(hour);
    }
    expect(askedAfter).toEqual([1, 3, 7, 15]);
    expect(await statusOf(workspace, payment.id)).toBe('pending');
    await expectBalanced(workspace);
  });

  it('a payment that the customer confirmed is found out by asking', async () => {
    const { workspace, payment } = await charged('authentication_required');
    await script(workspace, 'event', 'events_missing');
    await server.rooms.sandbox.answerAuthentication(workspace.id, payment.gateway_ref!, true, server.clock.now());
    expect(await statusOf(workspace, payment.id)).toBe('needs_customer');
    const asked = await server.call('POST', `/v1/payments/${payment.id}/lookups`, { as: workspace.apiKey });
    expect(asked.body.status).toBe('settled');
    await expectBalanced(workspace);
  });

  it.each([
    ['debit_returned', 'pending'],
    ['debit_returned', 'unknown'],
  ])(
    '%s that was paid and came back while it was %s here is returned, and was never money',
    async (testMethod, status) => {
      const workspace = await server.workspace();
      const contact = await makeContact(server, workspace);
      const method = await saveTestMethod(server, workspace, contact, testMethod);
      if (status === 'unknown') await script(workspace, 'charge', 'reply_lost');
      const { body: payment } = await chargeThrough(server, workspace, contact, method.id);
      expect(payment.status).toBe(status);
      await script(workspace, 'event', 'events_missing');
      await script(workspace, 'event', 'events_missing');
      await passTime(workspace, 10 * DAY_S);
      await resolveDue();
      expect(await statusOf(workspace, payment.id)).toBe('returned');
      expect((await readBook(server, workspace))[0]?.received ?? 0n).toBe(0n);
      await expectBalanced(workspace);
    },
  );

  it('a refund that bounced before its answer was known is returned, and can be made again', async () => {
    const { workspace, payment } = await charged('refund_returned');
    await script(workspace, 'refund', 'reply_lost');
    await script(workspace, 'event', 'events_missing');
    const refund = await server.call<{ id: string; status: string }>('POST', `/v1/payments/${payment.id}/refunds`, {
      as: workspace.apiKey,
      key: 'the-first-refund',
      body: { amount_minor: 12_000, reason: 'other' },
    });
    expect(refund.body.status).toBe('unknown');
    await passTime(workspace, 2 * DAY_S);
    await resolveDue();
    expect(await statusOf(workspace, refund.body.id)).toBe('returned');
    const after = await server.call('GET', `/v1/payments/${payment.id}`, { as: workspace.apiKey });
    expect(after.body).toMatchObject({ refunding_minor: 0, refunded_minor: 0, refundable_minor: 12_000 });
    await expectBalanced(workspace);
  });

  it('a message whose look-up failed is not forgotten', async () => {
    const { workspace, payment } = await charged('debit_returned');
    await passTime(workspace, 3 * DAY_S);
    expect(await statusOf(workspace, payment.id)).toBe('settled');
    await script(workspace, 'lookup', 'reply_lost');
    await passTime(workspace, 2 * DAY_S);
    expect(await statusOf(workspace, payment.id)).toBe('settled');
    await server.rooms.payments.events.processWaiting(server.clock.now());
    expect(await statusOf(workspace, payment.id)).toBe('returned');
    expect((await readBook(server, workspace))[0]?.received).toBe(0n);
    await expectBalanced(workspace);
  });
});

it('one attempt that cannot be asked about does not hold up the others', async () => {
  const stuck = await charged('timeout_after_success');
  const lost = await charged('timeout_after_success');
  await server.database.asOwner('UPDATE payments SET gateway = $2 WHERE workspace_id = $1', [
    stuck.workspace.id,
    'a gateway that was removed',
  ]);
  server.clock.advanceMs(60_000);
  await expect(resolveDue()).rejects.toThrow();
  expect(await statusOf(lost.workspace, lost.payment.id)).toBe('settled');
});

it('a failed charge of a merged contact is tried again from the one it was merged into', async () => {
  const { workspace, payment } = await charged('declined_insufficient_funds');
  const kept = await makeContact(server, workspace, 'Ada King');
  await server.call('POST', `/v1/contacts/${kept}/merges`, {
    as: workspace.apiKey,
    body: { merged_contact_id: payment.contact.id },
  });
  const other = await saveTestMethod(server, workspace, kept);
  const again = await chargeThrough(server, workspace, kept, other.id, { body: { retry_of: payment.id } });
  expect([again.status, again.body.status]).toEqual([201, 'settled']);
  expect((await server.call('GET', `/v1/payments/${payment.id}`, { as: workspace.apiKey })).body.needs_action).toBe(
    false,
  );
});
