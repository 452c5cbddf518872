import { expect, test } from 'vitest';
import { mailServer } from '../../tests/setup/mail-server.ts';
import { chargeThrough, makeContact, saveTestMethod } from '../../tests/setup/money.ts';
import { testServer } from '../../tests/setup/server.ts';
import type { Message } from '../messages/api.ts';
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
