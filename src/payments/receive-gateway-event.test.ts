import { createHmac } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import { chargeThrough, makeContact, saveTestMethod } from '../../tests/setup/money.ts';
import { TEST_SECRET, type TestWorkspace, testServer } from '../../tests/setup/server.ts';
import { fromPublicId, hashSecret, newSecret } from '../foundation/id.ts';
import { SIGNATURE_HEADER } from '../gateways/scripted/scripted-gateway.ts';
import { insertEventAddress } from '../gateways/store-connections.ts';
import type { GatewayHealth } from './api.ts';

/** Messages as a gateway sends them: over HTTP, signed, to an address that was given out. */
const server = await testServer();
const { database, clock } = server;
const SIGNING_SECRET = createHmac('sha256', TEST_SECRET).update('sandbox gateway events').digest('hex');
let workspace: TestWorkspace;
let token: string;
let contact: string;

beforeEach(async () => {
  workspace = await server.workspace();
  token = newSecret();
  await database.inGlobal((tx) => insertEventAddress(tx, hashSecret(token), workspace.id, 'scripted'));
  contact = await makeContact(server, workspace);
});

const nowS = () => Math.floor(clock.now().getTime() / 1000);
const sign = (body: string, at = nowS(), secret = SIGNING_SECRET) =>
  `t=${at},v1=${createHmac('sha256', secret).update(`${at}.${body}`).digest('hex')}`;

async function post(body: string | Buffer, signature: string | null, to = token) {
  const response = await server.app.inject({
    method: 'POST',
    url: `/gateway-events/scripted/${to}`,
    headers: { 'content-type': 'application/json', ...(signature === null ? {} : { [SIGNATURE_HEADER]: signature }) },
    payload: body,
  });
  return response.statusCode;
}
const tell = (body: string) => post(body, sign(body));
const idle = () => server.rooms.payments.events.idle();
const stored = () =>
  database.asOwner<{ event_ref: string; body: string; result: string | null; processed: boolean; delay_ms: string }>(
    `SELECT event_ref, body, result, processed_at IS NOT NULL AS processed, delay_ms FROM gateway_events
     WHERE workspace_id = $1 ORDER BY received_at, event_ref`,
    [workspace.id],
  );
async function health(): Promise<GatewayHealth> {
  await idle();
  return (await server.call<GatewayHealth>('GET', '/v1/gateways/scripted/health', { as: workspace.apiKey })).body;
}

/** A bank debit that is under way, and the message that the gateway would send about it. */
async function pendingDebit() {
  const method = (await saveTestMethod(server, workspace, contact, 'debit_paid')).id;
  const { body: payment } = await chargeThrough(server, workspace, contact, method);
  const reference = fromPublicId('payment', payment.id)!;
  const ref = `sbp_${reference}`;
  const settle = () =>
    database.asOwner(`UPDATE scripted_movements SET status = 'settled', next_at = NULL WHERE ref = $1`, [ref]);
  const message = (id = 'one') =>
    JSON.stringify({ id: `evt_${id}`, type: 'charge.settled', object: { kind: 'charge', ref, reference } });
  const status = async () =>
    (await server.call<{ status: string }>('GET', `/v1/payments/${payment.id}`, { as: workspace.apiKey })).body.status;
  return { settle, message, status };
}

describe('a message', () => {
  test('is kept byte for byte, answered when it is stored, and worked on after that', async () => {
    const debit = await pendingDebit();
    await debit.settle();
    const body = `{ "id":"evt_odd" ,\n "type":"charge.settled", "number":1.00, "more":"é\\u00e9", ${debit
      .message()
      .slice(1)
      .replace(/"id":"[^"]+","type":"[^"]+",/, '')}`;
    expect(await tell(body)).toBe(200);
    expect((await stored()).map((row) => [row.event_ref, row.body])).toEqual([['evt_odd', body]]);
    await idle();
    expect(await debit.status()).toBe('settled');
    expect(await stored()).toMatchObject([{ result: 'done', processed: true }]);
  });

  test('is taken once by its id, however often and wherever it comes at the same time', async () => {
    const debit = await pendingDebit();
    await debit.settle();
    const answers = await Promise.all(Array.from({ length: 20 }, () => tell(debit.message())));
    expect(new Set(answers)).toEqual(new Set([200]));
    await idle();
    expect(await stored()).toHaveLength(1);
    expect(await health()).toMatchObject({ received: 1, repeated: 19, not_believed: 0, waiting: 0 });
    const lines = await database.asOwner(`SELECT 1 FROM ledger_entries WHERE workspace_id = $1`, [workspace.id]);
    expect(lines).toHaveLength(1);
  });

  test('about what has not happened yet changes nothing, whatever it says', async () => {
    const debit = await pendingDebit();
    expect(await tell(debit.message())).toBe(200);
    await idle();
    expect(await debit.status()).toBe('pending');
  });

  test('tells how long it was on its way', async () => {
    const debit = await pendingDebit();
    const body = debit.message();
    expect(await post(body, sign(body, nowS() - 90))).toBe(200);
    expect((await health()).last_event).toEqual({
      type: 'charge.settled',
      received_at: clock.now().toISOString(),
      delay_ms: 90_000,
    });
  });
});

describe('a message that is not believed changes nothing and is counted:', () => {
  const cases: [string, (body: string) => [string | Buffer, string | null]][] = [
    ['signed with another secret', (body) => [body, sign(body, nowS(), 'another secret')]],
    ['not signed', (body) => [body, null]],
    ['changed by one byte', (body) => [body.replace('evt_one', 'evt_two'), sign(body)]],
    ['older than five minutes', (body) => [body, sign(body, nowS() - 301)]],
    ['from the future', (body) => [body, sign(body, nowS() + 301)]],
    ['with a signature that is none', (body) => [body, 't=now,v1=abc']],
  ];
  test.each(cases)('%s', async (_what, forge) => {
    const debit = await pendingDebit();
    await debit.settle();
    expect(await post(...forge(debit.message()))).toBe(400);
    expect(await stored()).toEqual([]);
    expect(await health()).toMatchObject({ received: 0, not_believed: 1, last_not_believed_at: expect.any(String) });
    expect(await debit.status()).toBe('pending');
  });

  test('no text at all', async () => {
    expect(await post(Buffer.from([0xff, 0xfe, 0x00]), sign(''))).toBe(400);
    expect(await stored()).toEqual([]);
  });

  test('five minutes are believed still', async () => {
    const debit = await pendingDebit();
    expect(await post(debit.message(), sign(debit.message(), nowS() - 299))).toBe(200);
  });
});

describe('an address', () => {
  test('that was never given out, or is another gateway’s, leads nowhere', async () => {
    const debit = await pendingDebit();
    const body = debit.message();
    expect(await post(body, sign(body), newSecret())).toBe(404);
    const elsewhere = await server.app.inject({
      method: 'POST',
      url: `/gateway-events/nobody/${token}`,
      payload: body,
    });
    expect(elsewhere.statusCode).toBe(404);
  });

  test('takes no message larger than a gateway sends', async () => {
    expect(await tell(JSON.stringify({ id: 'x'.repeat(300_000) }))).toBe(413);
  });
});

test('what the gateway gives no answer about waits, and is asked again ever more patiently', async () => {
  const debit = await pendingDebit();
  await debit.settle();
  await server.call('POST', '/v1/sandbox/faults', {
    as: workspace.apiKey,
    body: { operation: 'lookup', fault: 'reply_lost', count: 2 },
  });
  await tell(debit.message());
  expect(await health()).toMatchObject({ waiting: 1 });
  const work = () => server.rooms.payments.events.processWaiting(clock.now());
  expect(await work()).toBe(0);
  clock.advanceMs(2_000);
  expect(await work()).toBe(1);
  expect(await debit.status()).toBe('pending');
  clock.advanceMs(2_000);
  expect(await work()).toBe(0);
  clock.advanceMs(2_000);
  expect(await work()).toBe(1);
  expect(await debit.status()).toBe('settled');
});

test('a form that nobody watches is finished when the gateway says so', async () => {
  const opened = await server.call<{ id: string; url: string }>('POST', `/v1/contacts/${contact}/card-forms`, {
    as: workspace.apiKey,
    body: { consent_channel: 'phone' },
  });
  const url = new URL(opened.body.url, 'http://counterfoil.test');
  const [, , , , formRef = ''] = url.pathname.split('/');
  const { sandbox, payments } = server.rooms;
  const secret = url.searchParams.get('secret')!;
  expect(await sandbox.completeForm(workspace.id, formRef, secret, 'approved', clock.now())).toBe(true);
  const methods = () =>
    server.call<{ data: unknown[] }>('GET', `/v1/contacts/${contact}/payment-methods`, { as: workspace.apiKey });
  expect((await methods()).body.data).toEqual([]);
  await database.asOwner(
    `INSERT INTO gateway_events (workspace_id, id, gateway, event_ref, type, object_ref, body, received_at)
     VALUES ($1, $2, 'scripted', 'evt_form', 'form.completed', $3, '', $4)`,
    [
      workspace.id,
      fromPublicId('cardForm', opened.body.id),
      JSON.stringify({ kind: 'card_form', formRef }),
      clock.now(),
    ],
  );
  expect(await payments.events.processWaiting(clock.now())).toBe(1);
  expect((await methods()).body.data).toHaveLength(1);
});
