import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import { makeContact, saveTestMethod } from '../../tests/setup/money.ts';
import { TEST_START, type TestWorkspace, testServer } from '../../tests/setup/server.ts';
import { movableClock } from '../foundation/clock.ts';
import { fromPublicId, hashSecret } from '../foundation/id.ts';
import { makeSecretBox } from '../foundation/secret-box.ts';
import { METHODS_OF_ACCOUNTS } from '../payments/mark-methods-of-accounts.ts';
import {
  chooseGateway,
  connectGateway,
  disconnectGateway,
  OLD_SIGNING_SECRET_MS,
  rotateGatewayKeys,
} from './connect-gateway.ts';
import type { ConnectionCheck, ConnectionValues } from './connection.ts';
import type { Gateway } from './gateway.ts';
import { makeConnections } from './keep-connections.ts';
import { listConnections, listGateways } from './read-connection.ts';
import { makeRegistry } from './registry.ts';
import { readEventAddress } from './store-connections.ts';

const server = await testServer();
const { database } = server;
const box = makeSecretBox([createHash('sha256').update('a key').digest()]);
const clock = movableClock(TEST_START);
const SECRET = 'sk_test_abcdefghijklmnop4711';
const SIGNING = 'whsec_qrstuvwxyz0123456789';

/** An account that somebody has at a gateway which is the sandbox in everything but that it has to be connected. */
let check: (values: ConnectionValues) => ConnectionCheck;
const gateway: Gateway = {
  ...server.rooms.sandbox,
  name: 'bank',
  label: 'Bank',
  modes: ['sandbox', 'live'],
  connecting: {
    fields: [
      { name: 'secret_key', label: 'Secret key', secret: true, required: true, example: 'sk_test_…' },
      {
        name: 'signing_secret',
        label: 'Signing secret',
        secret: true,
        required: false,
        example: 'whsec_…',
        signs: true,
      },
      { name: 'region', label: 'Region', secret: false, required: false, example: 'eu' },
    ],
    eventTypes: ['payment.paid'],
    check: async (values) => check(values),
  },
};
/** What another server of the same database has in its own memory. */
const makeDependencies = () => {
  const connections = makeConnections({ database, box, clock });
  const gateways = makeRegistry([server.rooms.sandbox, gateway], connections);
  const publicUrl = () => 'https://crm.example.com';
  return { database, clock, box, gateways, connections, methods: METHODS_OF_ACCOUNTS, publicUrl };
};
const here = makeDependencies();
let workspace: TestWorkspace;

beforeEach(async () => {
  workspace = await server.workspace();
  check = ({ secret_key = '' }) => ({
    status: 'connected',
    account: {
      accountRef: `acct_${secret_key.slice(-4)}`,
      accountName: 'Harbour Bank Account',
      mode: secret_key.startsWith('sk_live_') ? 'live' : 'sandbox',
    },
  });
});

const connect = async (values: Record<string, string> = { secret_key: SECRET }) =>
  connectGateway(here, await workspace.caller(), 'bank', values);
const read = () => here.connections.reader('bank')(workspace.id);
const actions = async () =>
  (
    await database.asOwner<{ action: string }>(
      `SELECT action FROM audit_log WHERE workspace_id = $1 AND action LIKE 'gateway.%' ORDER BY at, id`,
      [workspace.id],
    )
  ).map(({ action }) => action);

describe('connecting', () => {
  test('keeps the keys sealed, shows them masked and gives them to calls', async () => {
    await connect({ secret_key: ` ${SECRET} `, signing_secret: SIGNING, region: 'eu' });
    expect(await read()).toEqual({
      accountRef: 'acct_4711',
      values: { secret_key: SECRET, signing_secret: SIGNING, region: 'eu' },
      signingSecrets: [SIGNING],
    });
    const [shown] = await listConnections(here, await workspace.caller());
    expect(shown).toMatchObject({
      account: { ref: 'acct_4711', name: 'Harbour Bank Account' },
      mode: 'sandbox',
      values: { secret_key: 'sk_test_••••4711', signing_secret: 'whsec_••••6789', region: 'eu' },
    });
    for (const table of ['gateway_connections', 'gateway_signing_secrets', 'gateway_event_directory', 'audit_log']) {
      const rows = await database.asOwner<{ text: string }>(`SELECT t::text AS text FROM ${table} t`);
      for (const { text } of rows) for (const secret of [SECRET, SIGNING]) expect(text).not.toContain(secret);
    }
    expect(await actions()).toEqual(['gateway.connected']);
  });

  test('gives the gateway an address that leads to this workspace and nowhere else', async () => {
    await connect();
    const [shown] = await listConnections(here, await workspace.caller());
    const [, token = ''] = /^https:\/\/crm\.example\.com\/gateway-events\/bank\/([\w-]{43})$/.exec(
      shown!.event_address!,
    )!;
    expect(await database.inGlobal((tx) => readEventAddress(tx, hashSecret(token)))).toEqual({
      workspace_id: workspace.id,
      gateway: 'bank',
    });
    const mayOnlyRead = { ...(await workspace.caller()), rights: new Set(['settings.read'] as const) };
    expect((await listConnections(here, mayOnlyRead))[0]!.event_address).toBeNull();
  });

  test.each<[string, Record<string, string>, object]>([
    ['nothing entered', {}, { code: 'invalid_request', fields: [{ path: 'values.secret_key' }] }],
    [
      'two words',
      { secret_key: 'sk_test_one two' },
      { code: 'invalid_request', fields: [{ path: 'values.secret_key' }] },
    ],
    [
      'an unknown field',
      { secret_key: SECRET, pin: '1' },
      { code: 'invalid_request', fields: [{ path: 'values.pin' }] },
    ],
    ['live keys in a sandbox', { secret_key: 'sk_live_abcdefgh' }, { code: 'gateway_wrong_mode' }],
  ])('refuses %s and keeps nothing', async (_what, values, refusal) => {
    await expect(connect(values)).rejects.toMatchObject(refusal);
    expect(await read()).toBeNull();
    expect(await actions()).toEqual([]);
  });

  test('refuses test keys in a live workspace', async () => {
    workspace = await server.workspace({ mode: 'live' });
    await expect(connect()).rejects.toMatchObject({
      code: 'gateway_wrong_mode',
      message: 'These are test keys of Bank, and this is a live workspace.',
    });
    await connect({ secret_key: 'sk_live_abcdefgh0001' });
    expect(await here.gateways.usable((await workspace.caller()).workspace)).toEqual([gateway]);
  });

  test.each<[ConnectionCheck, object]>([
    [
      { status: 'refused', field: 'secret_key', reason: 'Bank does not know this key.' },
      {
        code: 'gateway_keys_refused',
        fields: [{ path: 'values.secret_key', message: 'Bank does not know this key.' }],
      },
    ],
    [
      { status: 'unreachable', reason: 'Bank did not answer.' },
      { code: 'gateway_unreachable', message: 'Bank did not answer.' },
    ],
  ])('tells what the gateway said: %j', async (answer, refusal) => {
    check = () => answer;
    await expect(connect()).rejects.toMatchObject(refusal);
    expect(await read()).toBeNull();
  });

  test('twice is one connection, also at the same moment', async () => {
    const both = await Promise.allSettled([connect(), connect()]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await expect(connect()).rejects.toMatchObject({ code: 'gateway_connected' });
    expect(await listConnections(here, await workspace.caller())).toHaveLength(1);
  });

  test('the same account may be connected by two workspaces, each with its own address', async () => {
    await connect();
    const first = workspace;
    workspace = await server.workspace();
    await connect();
    const addressOf = async (one: TestWorkspace) => (await listConnections(here, await one.caller()))[0]!.event_address;
    expect(await addressOf(first)).not.toBe(await addressOf(workspace));
  });
});

describe('rotating', () => {
  test('exchanges what was entered, keeps the rest, and accepts the old signing secret for a day', async () => {
    const id = await connect({ secret_key: SECRET, signing_secret: SIGNING, region: 'eu' });
    await read();
    await rotateGatewayKeys(here, await workspace.caller(), id, {
      signing_secret: 'whsec_new_secret_0001',
      region: '',
    });
    expect(await read()).toMatchObject({
      values: { secret_key: SECRET, signing_secret: 'whsec_new_secret_0001' },
      signingSecrets: ['whsec_new_secret_0001', SIGNING],
    });
    expect((await read())!.values).not.toHaveProperty('region');
    clock.advanceMs(OLD_SIGNING_SECRET_MS);
    expect((await read())!.signingSecrets).toEqual(['whsec_new_secret_0001']);
    expect(await actions()).toEqual(['gateway.connected', 'gateway.keys_rotated']);
  });

  test('acts at once here, and within seconds in another server', async () => {
    const there = makeDependencies();
    const id = await connect();
    const elsewhere = () => there.connections.reader('bank')(workspace.id);
    expect((await elsewhere())!.values.secret_key).toBe(SECRET);
    const next = 'sk_test_zyxwvutsrqpo4711';
    await rotateGatewayKeys(here, await workspace.caller(), id, { secret_key: next });
    expect((await read())!.values.secret_key).toBe(next);
    clock.advanceMs(3_000);
    expect((await elsewhere())!.values.secret_key).toBe(next);
  });

  test('refuses the keys of another account', async () => {
    const id = await connect();
    await expect(
      rotateGatewayKeys(here, await workspace.caller(), id, { secret_key: 'sk_test_other_account_9999' }),
    ).rejects.toMatchObject({ code: 'gateway_keys_refused', message: expect.stringContaining('another account') });
    expect((await read())!.values.secret_key).toBe(SECRET);
  });

  test('by two people at once keeps one of them and tells the other', async () => {
    const id = await connect();
    const caller = await workspace.caller();
    const both = await Promise.allSettled(
      ['sk_test_first_of_two_4711', 'sk_test_second_of_two_4711'].map((secret_key) =>
        rotateGatewayKeys(here, caller, id, { secret_key }),
      ),
    );
    const refused = both.filter((one) => one.status === 'rejected');
    expect(refused.length).toBeLessThanOrEqual(1);
    for (const one of refused) expect(one.reason).toMatchObject({ code: 'edit_conflict' });
  });
});

describe('disconnecting', () => {
  test('forgets the keys and the address, and keeps who it was', async () => {
    const id = await connect({ secret_key: SECRET, signing_secret: SIGNING });
    const [shown] = await listConnections(here, await workspace.caller());
    await disconnectGateway(here, await workspace.caller(), id);
    expect(await read()).toBeNull();
    const token = shown!.event_address!.split('/').at(-1)!;
    expect(await database.inGlobal((tx) => readEventAddress(tx, hashSecret(token)))).toBeNull();
    expect(
      await database.asOwner('SELECT 1 FROM gateway_signing_secrets WHERE workspace_id = $1', [workspace.id]),
    ).toEqual([]);
    expect(await listConnections(here, await workspace.caller())).toMatchObject([
      { account: { ref: 'acct_4711' }, values: {}, event_address: null, disconnected_by: 'Counterfoil' },
    ]);
    await expect(disconnectGateway(here, await workspace.caller(), id)).rejects.toMatchObject({
      code: 'gateway_not_connected',
    });
    await expect(rotateGatewayKeys(here, await workspace.caller(), id, {})).rejects.toMatchObject({
      code: 'gateway_not_connected',
    });
    expect(await actions()).toEqual(['gateway.connected', 'gateway.disconnected']);
  });

  test('leaves its saved methods to be seen, not charged, until the same account is connected again', async () => {
    const contact = await makeContact(server, workspace);
    const method = await saveTestMethod(server, workspace, contact);
    const methodOf = async () => {
      const { body } = await server.call<{ data: { id: string; state: string; state_reason: string | null }[] }>(
        'GET',
        `/v1/contacts/${contact}/payment-methods`,
        { as: workspace.apiKey },
      );
      return body.data.find(({ id }) => id === method.id)!;
    };
    await database.asOwner(`UPDATE payment_methods SET gateway = 'bank' WHERE id = $1`, [
      fromPublicId('paymentMethod', method.id),
    ]);
    const first = await connect();
    await disconnectGateway(here, await workspace.caller(), first);
    expect(await methodOf()).toMatchObject({ state: 'blocked', state_reason: expect.stringContaining('disconnected') });
    const charge = await server.call('POST', `/v1/contacts/${contact}/charges`, {
      as: workspace.apiKey,
      key: 'away',
      body: { amount_minor: 100, currency: 'USD', payment_method_id: method.id },
    });
    expect([charge.status, charge.body.code]).toEqual([409, 'method_not_usable']);

    const other = await connect({ secret_key: 'sk_test_another_account_0002' });
    expect(await methodOf()).toMatchObject({ state: 'blocked' });
    await disconnectGateway(here, await workspace.caller(), other);
    await connect();
    expect(await methodOf()).toMatchObject({ state: 'usable', state_reason: null });
  });
});

test('where the envelope key is missing the account is shown, nothing goes through it, and it can be connected anew', async () => {
  const id = await connect({ secret_key: SECRET, signing_secret: SIGNING });
  const caller = await workspace.caller();
  const otherBox = makeSecretBox([createHash('sha256').update('another key').digest()]);
  const connections = makeConnections({ database, box: otherBox, clock });
  const gateways = makeRegistry([server.rooms.sandbox, gateway], connections);
  const there = { ...here, box: otherBox, connections, gateways };
  expect(await connections.reader('bank')(workspace.id)).toBeNull();
  expect((await listGateways(there, caller)).find(({ name }) => name === 'bank')).toMatchObject({
    usable: false,
    connection: { account: { ref: 'acct_4711' }, keys_readable: false, event_address: null },
  });
  await expect(rotateGatewayKeys(there, caller, id, { secret_key: SECRET })).rejects.toMatchObject({
    code: 'gateway_not_connected',
    message: expect.stringContaining('envelope key is missing'),
  });
  await disconnectGateway(there, caller, id);
  expect(
    await database.asOwner('SELECT 1 FROM gateway_event_directory WHERE workspace_id = $1', [workspace.id]),
  ).toEqual([]);
  await connectGateway(there, caller, 'bank', { secret_key: SECRET });
  expect((await listGateways(there, caller)).find(({ name }) => name === 'bank')).toMatchObject({
    usable: true,
    connection: { keys_readable: true },
  });
});

describe('new cards go', () => {
  const chosen = async () => (await here.gateways.forNewCards((await workspace.caller()).workspace))?.name ?? null;

  test('to the sandbox, to what is connected, or to what was chosen', async () => {
    expect(await chosen()).toBe('scripted');
    const id = await connect();
    expect(await chosen()).toBe('bank');
    await chooseGateway(here, await workspace.caller(), 'scripted');
    expect(await chosen()).toBe('scripted');
    await chooseGateway(here, await workspace.caller(), 'bank');
    expect(
      (await listGateways(here, await workspace.caller())).map(({ name, usable, is_default }) => [
        name,
        usable,
        is_default,
      ]),
    ).toEqual([
      ['scripted', true, false],
      ['bank', true, true],
    ]);
    await disconnectGateway(here, await workspace.caller(), id);
    expect(await chosen()).toBe('scripted');
    await expect(chooseGateway(here, await workspace.caller(), 'bank')).rejects.toMatchObject({
      code: 'gateway_not_connected',
    });
  });

  test('nowhere in a live workspace without a connection', async () => {
    workspace = await server.workspace({ mode: 'live' });
    expect(await chosen()).toBeNull();
  });
});

describe('through the doors', () => {
  test('whoever may read settings sees gateways, and only whoever may change them connects', async () => {
    const reader = await workspace.keyWith('settings.read');
    const { status, body } = await server.call<{ data: { name: string }[] }>('GET', '/v1/gateways', { as: reader });
    expect([status, body.data.map(({ name }) => name)]).toEqual([200, expect.arrayContaining(['scripted'])]);
    const attempt = { as: reader, body: { gateway: 'scripted', values: {} } };
    expect((await server.call('POST', '/v1/gateway-connections', attempt)).status).toBe(403);
    const refused = await server.call('POST', '/v1/gateway-connections', { ...attempt, as: workspace.apiKey });
    expect([refused.status, refused.body.code]).toEqual([422, 'invalid_request']);
  });
});
