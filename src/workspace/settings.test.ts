import { describe, expect, test } from 'vitest';
import { testServer } from '../../tests/setup/server.ts';
import type { Workspace } from './api.ts';

const server = await testServer();
const { call, clock, database } = server;

describe('the workspace', () => {
  test('is edited, and two editors do not overwrite each other', async () => {
    const { owner } = await server.workspace({ name: 'Before' });
    const read = await call<Workspace>('GET', '/v1/workspace', { as: owner });
    expect(read.headers.etag).toBe('"v1"');
    const legal = { name: 'Harbour Ltd', address: '1 Quay\nBristol', tax_id: 'GB123' };
    const body = { name: 'After', time_zone: 'Europe/Berlin', locale: 'de-DE', currency: 'EUR', legal };
    const edited = await call<Workspace>('PATCH', '/v1/workspace', { as: owner, body, ifMatch: '"v1"' });
    expect(edited).toMatchObject({ status: 200, body: { ...body, version: 2 }, headers: { etag: '"v2"' } });
    const late = await call('PATCH', '/v1/workspace', { as: owner, body: { name: 'Late' }, ifMatch: '"v1"' });
    expect(late).toMatchObject({ status: 412, body: { code: 'edit_conflict' } });
    const unconditional = await call<Workspace>('PATCH', '/v1/workspace', { as: owner, body: { name: 'Last' } });
    expect(unconditional.body).toMatchObject({ name: 'Last', version: 3 });
  });

  test.each<[string, unknown, string]>([
    ['an empty name', { name: '  ' }, 'name'],
    ['a time zone that is none', { time_zone: 'Mars/Olympus' }, 'time_zone'],
    ['a currency that is none', { currency: 'XXX' }, 'currency'],
    ['a language that is none', { locale: '!!' }, 'locale'],
    ['another mode', { mode: 'live' }, 'body'],
    ['control characters', { name: 'a\u0000b' }, 'name'],
    ['a legal field that is none', { legal: { vat: '1' } }, 'legal'],
    ['wrong types', { name: 7 }, 'name'],
  ])('refuses %s', async (_case, body, path) => {
    const { owner } = await server.workspace();
    const answer = await call('PATCH', '/v1/workspace', { as: owner, body });
    expect(answer).toMatchObject({ status: 422, body: { code: 'invalid_request', fields: [{ path }] } });
  });

  test('keeps its currency once money was moved', async () => {
    const { owner, id } = await server.workspace();
    await database.asOwner(
      `INSERT INTO contacts (workspace_id, id, root_id, name, sort_name, created_at, updated_at)
      VALUES ($1, $1, $1, 'A', 'a', now(), now())`,
      [id],
    );
    await database.asOwner(
      `INSERT INTO payments (workspace_id, id, kind, contact_id, gateway, method_kind, method_label, amount_minor, currency,
        status, source, occurred_at, day, created_at, created_by_kind, created_by_name, transition_count)
       VALUES ($1, $1, 'charge', $1, 'manual', 'cash', 'Cash', 100, 'USD', 'settled', 'offline', now(), now(), now(), 'member', 'A', 1)`,
      [id],
    );
    const answer = await call('PATCH', '/v1/workspace', { as: owner, body: { currency: 'EUR' } });
    expect(answer.body).toMatchObject({ code: 'invalid_request', fields: [{ path: 'currency' }] });
    expect((await call('GET', '/v1/workspace', { as: owner })).body.currency_can_change).toBe(false);
  });
});

describe('switches', () => {
  test('flip at once, and tell when and by whom', async () => {
    const { owner, apiKey } = await server.workspace();
    const before = await call('GET', '/v1/switches', { as: apiKey });
    expect(before.body).toEqual({
      data: [
        {
          name: 'payments_and_ltv',
          label: 'Payments and Customer LTV',
          enabled: true,
          changed_at: null,
          changed_by: null,
        },
        {
          name: 'charge_customers_directly',
          label: 'Charge Customers Directly',
          enabled: true,
          changed_at: null,
          changed_by: null,
        },
      ],
    });
    const flip = (enabled: boolean) =>
      call('PUT', '/v1/switches/charge_customers_directly', { as: owner, body: { enabled } });
    expect((await flip(false)).body).toMatchObject({
      enabled: false,
      changed_at: clock.now().toISOString(),
      changed_by: 'Olive Owner',
    });
    expect((await call<Workspace>('GET', '/v1/workspace', { as: apiKey })).body.switches).toEqual({
      payments_and_ltv: true,
      charge_customers_directly: false,
    });
    await flip(false);
    await flip(true);
    const log = await call<{ data: { details: unknown }[] }>('GET', '/v1/audit-log?action=switch', { as: owner });
    expect(log.body.data.map(({ details }) => details)).toEqual(
      [true, false].map((enabled) => ({ switch: 'charge_customers_directly', enabled })),
    );
  });

  test.each([
    ['an unknown switch', 'fly', { enabled: true }, 404],
    ['a name of the language', 'constructor', { enabled: true }, 404],
    ['no state', 'payments_and_ltv', {}, 422],
    ['a word', 'payments_and_ltv', { enabled: 'yes' }, 422],
  ])('%s is refused', async (_case, name, body, status) => {
    const { owner } = await server.workspace();
    expect((await call('PUT', `/v1/switches/${name}`, { as: owner, body })).status).toBe(status);
  });

  test('flipped at the same moment lose nothing', async () => {
    const { owner } = await server.workspace();
    await Promise.all(
      ['payments_and_ltv', 'charge_customers_directly'].map((name) =>
        call('PUT', `/v1/switches/${name}`, { as: owner, body: { enabled: false } }),
      ),
    );
    const { body } = await call<Workspace>('GET', '/v1/workspace', { as: owner });
    expect(Object.values(body.switches)).toEqual([false, false]);
  });
});

test('charge limits are replaced as a whole, and wrong ones refused', async () => {
  const { owner } = await server.workspace();
  const limits = { workspace: { USD: 500_000 }, staff: { USD: 20_000, JPY: 30_000 } };
  expect((await call('PUT', '/v1/charge-limits', { as: owner, body: limits })).body).toEqual(limits);
  expect((await call('GET', '/v1/charge-limits', { as: owner })).body).toEqual(limits);
  for (const body of [
    { boss: {} },
    { staff: { USD: 1.5 } },
    { staff: { USD: -1 } },
    { staff: { usd: 1 } },
    { staff: 5 },
  ]) {
    expect((await call('PUT', '/v1/charge-limits', { as: owner, body })).status).toBe(422);
  }
  expect((await call('PUT', '/v1/charge-limits', { as: owner, body: {} })).body).toEqual({});
});

describe('the clock of a sandbox', () => {
  const move = (as: Awaited<ReturnType<typeof server.workspace>>['owner'], body: unknown) =>
    call('PUT', '/v1/sandbox/clock', { as, body });

  test('moves forward, for this workspace alone', async () => {
    const { owner } = await server.workspace();
    const other = await server.workspace();
    const start = clock.now().getTime();
    const week = 7 * 86_400;
    expect((await move(owner, { advance_seconds: week })).body).toEqual({
      now: new Date(start + week * 1000).toISOString(),
      offset_seconds: week,
    });
    const to = new Date(start + 30 * 86_400_000).toISOString();
    expect((await move(owner, { now: to })).body.now).toBe(to);
    expect((await call('GET', '/v1/sandbox/clock', { as: owner })).body.now).toBe(to);
    expect((await call('GET', '/v1/workspace', { as: owner })).body.now).toBe(to);
    expect((await call('GET', '/v1/sandbox/clock', { as: other.owner })).body.offset_seconds).toBe(0);
  });

  test.each<[string, unknown]>([
    ['back', { now: '2001-01-01T00:00:00.000Z' }],
    ['a negative number of seconds', { advance_seconds: -1 }],
    ['both ways', { now: '2030-01-01T00:00:00.000Z', advance_seconds: 1 }],
    ['nowhere', {}],
    ['a century ahead', { now: '2126-01-01T00:00:00.000Z' }],
    ['no moment', { now: 'tomorrow' }],
  ])('does not move %s', async (_case, body) => {
    const { owner } = await server.workspace();
    expect(await move(owner, body)).toMatchObject({ status: 422, body: { code: 'invalid_request' } });
  });

  test('is not there in a live workspace', async () => {
    const { owner } = await server.workspace({ mode: 'live' });
    expect((await move(owner, { advance_seconds: 1 })).body.code).toBe('sandbox_only');
    expect((await call('GET', '/v1/sandbox/clock', { as: owner })).body.code).toBe('sandbox_only');
  });
});

describe('API keys', () => {
  test('show their token once, keep a hash, and name their world', async () => {
    const { owner, id } = await server.workspace({ mode: 'live' });
    const body = { name: 'Shop', rights: ['contacts.read', 'contacts.read', 'settings.read'] };
    const made = await call('POST', '/v1/api-keys', { as: owner, body });
    const token = String(made.body.token);
    expect(made).toMatchObject({ status: 201, body: { hint: token.slice(-4), created_by: 'Olive Owner' } });
    expect(token).toMatch(/^cfk_live_/);
    const listed = await call<{ data: { name: string; rights: string[] }[] }>('GET', '/v1/api-keys', { as: owner });
    expect(listed.text).not.toContain(token);
    expect(listed.body.data.find(({ name }) => name === 'Shop')!.rights).toEqual(['contacts.read', 'settings.read']);
    const stored = await database.asOwner('SELECT k::text FROM api_keys k WHERE workspace_id = $1', [id]);
    expect(JSON.stringify(stored)).not.toContain(token);
    expect((await call('GET', '/v1/workspace', { as: token })).status).toBe(200);
    expect((await call('GET', '/v1/audit-log', { as: token })).body.code).toBe('right_missing');
  });

  test.each<[string, unknown]>([
    ['no rights', { name: 'Shop', rights: [] }],
    ['an unknown right', { name: 'Shop', rights: ['everything'] }],
    ['no name', { name: '', rights: ['export'] }],
  ])('%s is refused', async (_case, body) => {
    const { owner } = await server.workspace();
    expect((await call('POST', '/v1/api-keys', { as: owner, body })).status).toBe(422);
  });
});
