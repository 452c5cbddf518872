import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type DocumentObject, MONEY_ROUTES, type Operation, VERSIONED_ROUTES } from '../src/app/complete-open-api.ts';
import { newId, toPublicId } from '../src/foundation/id.ts';
import { attach, SMALL_FILES } from './setup/files.ts';
import { chargeThrough, makeContact, saveTestMethod } from './setup/money.ts';
import { type Asker, type Method, testServer } from './setup/server.ts';

/** The document that the server serves is compared with the server that serves it. */
const server = await testServer();
const { body: document } = await server.call<DocumentObject>('GET', '/openapi.json');
const operations = Object.entries(document.paths).flatMap(([url, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ key: `${method.toUpperCase()} ${url}`, operation })),
);
/** A workspace in which every list has something. */
const { workspace, ids, declined } = await furnished();
const operationOf = (key: string): Operation => operations.find((one) => one.key === key)!.operation;

describe('the document is OpenAPI 3.1', () => {
  test('names itself, its paths and who may ask', () => {
    expect(document.openapi).toMatch(/^3\.1\.\d+$/);
    expect(document).toMatchObject({ info: { title: 'Counterfoil', version: expect.any(String) } });
    expect(Object.keys(document.paths).filter((path) => !path.startsWith('/v1/'))).toEqual([]);
    expect(operations.length).toBeGreaterThan(80);
  });

  test.each(operations)('$key is described', ({ key, operation }) => {
    const [, url = ''] = key.split(' ');
    expect(operation.summary?.length).toBeGreaterThan(5);
    expect(operation.operationId).toMatch(/^[a-z][A-Za-z0-9]+$/);
    expect(operation.tags?.length).toBe(1);
    expect(document.tags).toContainEqual({ name: operation.tags![0] });
    for (const need of operation.security!) {
      for (const name of Object.keys(need)) expect(Object.keys(document.components.securitySchemes)).toContain(name);
    }
    const inTemplate = [...url.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    const inPath = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path');
    expect(inPath.map(({ name }) => name).sort()).toEqual(inTemplate.sort());
    for (const parameter of inPath) expect(parameter.required).toBe(true);
    for (const parameter of operation.parameters ?? []) schemaOf(parameter.schema);
    for (const { schema } of Object.values(operation.requestBody?.content ?? {})) schemaOf(schema);
  });

  test.each(operations)('$key says what it answers', ({ operation }) => {
    const statuses = Object.keys(operation.responses);
    expect(statuses.filter((status) => /^2\d\d$/.test(status))).toHaveLength(1);
    expect(statuses).toContain('500');
    for (const [status, answer] of Object.entries(operation.responses)) {
      if (Number(status) >= 400) {
        expect(answer).toEqual({ $ref: `#/components/responses/Problem${status}` });
        continue;
      }
      const { description, content } = answer as Exclude<typeof answer, { $ref: string }>;
      expect(description).not.toBe('Default Response');
      if (status !== '204') expect(Object.keys(content ?? {})).toHaveLength(1);
      for (const { schema } of Object.values(content ?? {})) schemaOf(schema);
    }
  });

  test('operation ids are unique', () => {
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });

  test('every reference leads somewhere', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference]) => reference!);
    expect(references.length).toBeGreaterThan(100);
    for (const reference of new Set(references)) {
      const found = reference
        .replace(/^#\//, '')
        .split('/')
        .reduce<unknown>((place, name) => (place as Record<string, unknown> | undefined)?.[name], document);
      expect([reference, typeof found]).toEqual([reference, 'object']);
    }
  });

  test('refusals are problem+json with their codes', () => {
    const answer = document.components.responses!.Problem409 as { content: Record<string, unknown> };
    expect(Object.keys(answer.content)).toEqual(['application/problem+json']);
    expect(JSON.stringify(answer)).toContain('same_charge_recently');
  });
});

describe('the document and the routes are the same', () => {
  test('no route is missing and none is invented', () => {
    const routes = routesOf(server.app.printRoutes({ commonPrefix: false }));
    expect(operations.map(({ key }) => key).sort()).toEqual(routes.filter((key) => key.includes(' /v1/')).sort());
  });

  test.each(operations.filter(({ operation }) => operation.security!.length > 0))(
    '$key is there and asks who is calling',
    async ({ key }) => {
      const [method, url] = key.split(' ') as [Method, string];
      const { status, headers } = await server.call(method, url.replace(/\{\w+\}/g, 'x'));
      expect([status, headers['content-type']]).toEqual([401, 'application/problem+json; charset=utf-8']);
      expect(Object.keys(operationOf(key).responses)).toContain('401');
    },
  );

  test('doors that ask for an Idempotency-Key are those that the document names', () => {
    expect(countInDoors('idempotencyKeyOf(request)')).toBe(MONEY_ROUTES.length);
    const documented = operations.filter(({ operation }) =>
      operation.parameters?.some(({ name, required }) => name === 'Idempotency-Key' && required),
    );
    expect(documented.map(({ key }) => key).sort()).toEqual([...MONEY_ROUTES].sort());
    for (const { operation } of documented) {
      expect(operation.responses['201']).toMatchObject({ headers: { 'Idempotent-Replayed': expect.anything() } });
    }
  });

  test('doors that compare versions are those that the document names', () => {
    expect(countInDoors('expectedVersionOf(request)')).toBe(VERSIONED_ROUTES.length);
    for (const key of VERSIONED_ROUTES) expect(Object.keys(operationOf(key).responses)).toContain('412');
  });
});

/** Fills a workspace; `ids` by the noun of the address that asks for them. */
async function furnished() {
  const workspace = await server.workspace();
  const as = workspace.apiKey;
  const made = async (method: Method, url: string, body?: unknown, key?: string) => {
    const answer = await server.call<{ id: string }>(method, url, { as, body, key });
    expect([url, answer.status < 300, answer.text]).toEqual([url, true, answer.text]);
    return answer.body.id;
  };
  const contact = await makeContact(server, workspace);
  const other = await makeContact(server, workspace, 'Countess of Lovelace');
  const card = await saveTestMethod(server, workspace, contact);
  const failing = await saveTestMethod(server, workspace, contact, 'declined_insufficient_funds');
  const charge = await chargeThrough(server, workspace, contact, card.id);
  expect(charge.body.status).toBe('settled');
  const declined = await chargeThrough(server, workspace, contact, failing.id, {
    amountMinor: 900,
    key: 'a-key-of-ours',
  });
  expect(declined.body.status).toBe('declined');
  const refund = { amount_minor: 500, reason: 'requested_by_customer' };
  await made('POST', `/v1/payments/${charge.body.id}/refunds`, refund, newId());
  const company = await made('POST', '/v1/companies', { name: 'Analytical Engines' });
  await made('POST', `/v1/contacts/${contact}/notes`, { body: 'Prefers mornings.' });
  await made('POST', '/v1/custom-fields', { label: 'Shoe size', type: 'number' });
  const list = await made('POST', '/v1/smart-lists', { name: 'All with a card', filter: { has_card: true } });
  await made('POST', '/v1/invitations', { email: 'grace@example.com', role: 'staff' });
  const form = await made('POST', `/v1/contacts/${contact}/card-forms`, { consent_channel: 'web' });
  await made('POST', `/v1/contacts/${contact}/merges`, { merged_contact_id: other });
  const lines = [{ name: 'Consultation', unit_price: '120.00' }];
  const invoice = await made('POST', '/v1/invoices', { contact_id: contact, lines });
  await attach(server, as, invoice, 'plan.pdf', SMALL_FILES.pdf);
  await made('POST', `/v1/invoices/${invoice}/issuance`, {});
  const message = await made('POST', `/v1/invoices/${invoice}/sendings`, {});
  await made('POST', `/v1/invoices/${invoice}/links`);
  await made('POST', `/v1/contacts/${contact}/customer-links`, {});
  const recurring = await made('POST', '/v1/recurring-invoices', {
    ...{ contact_id: contact, name: 'Retainer', lines },
    schedule: { unit: 'month', starts_on: '2030-01-31' },
  });
  const work = await made('POST', '/v1/work-items', {
    ...{ contact_id: contact, title: 'Portrait', lines, done_on: '2026-02-20' },
  });
  const ids: Record<string, string> = {
    contacts: contact,
    payments: charge.body.id,
    companies: company,
    'smart-lists': list,
    'card-forms': form,
    invoices: invoice,
    messages: message,
    'recurring-invoices': recurring,
    'work-items': work,
  };
  return { workspace, ids, declined: declined.body.id };
}

/** Addresses whose answer needs more than a furnished workspace; their own tests look at them. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  'GET /v1/sign-in-links/{token}': 'src/workspace/sign-in.test.ts',
  'GET /v1/invitations-by-token/{token}': 'src/workspace/members.test.ts',
  'GET /v1/imports/{id}': 'src/imports/imports.test.ts',
  'GET /v1/invoices/{id}/document.xml': 'src/invoices/documents.test.ts',
  'GET /v1/invoices/{id}/attachments/{attachment}': 'src/invoices/attachments.test.ts',
  'GET /v1/recurring-invoices/{id}/attachments/{attachment}': 'src/invoices/recurring-files.test.ts',
  'GET /v1/imports/{id}/preview': 'src/imports/imports.test.ts',
  'GET /v1/imports/{id}/errors.csv': 'src/imports/imports.test.ts',
};

test('answers are what the document says', async () => {
  const asked: string[] = [];
  for (const { key, operation } of operations) {
    if (!key.startsWith('GET ') || ELSEWHERE[key]) continue;
    const url = key
      .slice(4)
      .replace('{key}', 'a-key-of-ours')
      .replace('/gateways/{name}', '/gateways/scripted')
      .replace(/\/([\w-]+)\/\{id\}/, (whole, noun: string) => whole.replace('{id}', ids[noun] ?? 'nothing'))
      .replace(/\/payments\/\w+\/card-update/, `/payments/${declined}/card-update`);
    const isOfPerson = operation.security!.length === 1;
    const as: Asker = isOfPerson ? workspace.owner : workspace.apiKey;
    const { status, body, headers, text } = await server.call('GET', url, { as });
    expect([key, status, status === 200 ? '' : text]).toEqual([key, 200, '']);
    const answer = operation.responses['200']!;
    if ('$ref' in answer) throw new Error(`${key} answers with a problem`);
    const [[type, { schema }] = ['', { schema: {} }]] = Object.entries(answer.content!);
    expect(String(headers['content-type'])).toContain(type);
    if (type === 'application/json') expect([key, schemaOf(schema).safeParse(body).error]).toEqual([key, undefined]);
    asked.push(key);
  }
  expect(asked.length).toBeGreaterThan(35);
  expect(Object.keys(ELSEWHERE).filter((key) => !operations.some((one) => one.key === key))).toEqual([]);
});

test.each([...MONEY_ROUTES])('%s takes nothing without an Idempotency-Key', async (key) => {
  const [method, url] = key.split(' ') as [Method, string];
  const { data } = (
    await server.call<{ data: { id: string }[] }>('GET', `/v1/contacts/${ids.contacts}/payment-methods`, {
      as: workspace.apiKey,
    })
  ).body;
  const money = { amount_minor: 700, currency: 'USD' };
  const bodies: Record<string, unknown> = {
    charges: { ...money, payment_method_id: data[0]!.id },
    'offline-payments': { ...money, method_kind: 'cash', received_on: '2026-03-01' },
    refunds: { amount_minor: 700, reason: 'requested_by_customer' },
  };
  const noun = url.split('/').at(-1)!;
  const address = url.replace(/\/([\w-]+)\/\{id\}/, (whole, name: string) => whole.replace('{id}', ids[name]!));
  const refused = await server.call(method, address, { as: workspace.apiKey, body: bodies[noun] });
  expect([refused.status, refused.body.code]).toEqual([400, 'idempotency_key_missing']);
  const taken = await server.call(method, address, { as: workspace.apiKey, body: bodies[noun], key: newId() });
  expect(taken.status).toBe(201);
});

test('what is refused is refused with a status that the document names', async () => {
  const workspace = await server.workspace();
  const powerless = await workspace.keyWith();
  for (const { key, operation } of operations) {
    const right = /Needs the right `([^`]+)`/.exec(operation.description ?? '')?.[1];
    if (!right) continue;
    const [method, url] = key.split(' ') as [Method, string];
    const address = url.replace(/\{\w+\}/g, toPublicId('contact', newId()));
    const withoutRight = await server.call(method, address, { as: powerless });
    expect([key, withoutRight.status]).toEqual([key, 403]);
    const notThere = await server.call(method, address, {
      as: workspace.apiKey,
      body: method === 'GET' ? undefined : {},
    });
    if (notThere.status < 300) continue;
    const named = Object.keys(operation.responses);
    expect([key, notThere.status, named.includes(String(notThere.status))]).toEqual([key, notThere.status, true]);
  }
});

test('the page to read it is served', async () => {
  const page = await server.call('GET', '/docs/');
  expect([page.status, page.headers['content-type']]).toEqual([200, expect.stringContaining('text/html')]);
});

describe('a date that somebody gives', () => {
  // The database has no year 0000, and a list would break on it.
  const dated = operations.flatMap(({ key, operation }) =>
    (operation.parameters ?? [])
      .filter(({ schema }) => JSON.stringify(schema).includes('"format":"date"'))
      .map(({ name }) => ({ key, name })),
  );
  test.each(dated)('$key refuses $name of a year that none can mean', async ({ key, name }) => {
    const [method, url] = key.split(' ') as [Method, string];
    const address = url.replace(/\/([\w-]+)\/\{id\}/, (whole, noun: string) => whole.replace('{id}', ids[noun]!));
    for (const date of ['0000-01-01', '0999-12-31', '1899-12-31', '2200-01-01', '9999-12-31']) {
      const refused = await server.call(method, `${address}?${name}=${date}`, { as: workspace.apiKey });
      expect([date, refused.status, refused.body.fields]).toEqual([
        date,
        422,
        [expect.objectContaining({ path: name })],
      ]);
    }
    for (const date of ['1900-01-01', '2199-12-31']) {
      const { status } = await server.call(method, `${address}?${name}=${date}`, { as: workspace.apiKey });
      expect([date, status < 500]).toEqual([date, true]);
    }
  });

  test('has its years said wherever a body asks for one', () => {
    const bare: string[] = [];
    let found = 0;
    const look = (schema: unknown, path: string, seen: readonly string[]): void => {
      if (typeof schema !== 'object' || schema === null) return;
      const { $ref: reference, format, description } = schema as Record<string, unknown>;
      if (typeof reference === 'string' && !seen.includes(reference)) {
        look(document.components.schemas?.[reference.split('/').at(-1)!], path, [...seen, reference]);
      }
      if (format === 'date') {
        found += 1;
        if (description !== 'A date from 1900-01-01 to 2199-12-31.') bare.push(path);
      }
      for (const [name, part] of Object.entries(schema)) look(part, `${path}.${name}`, seen);
    };
    for (const { key, operation } of operations) look(operation.requestBody, key, []);
    expect(bare).toEqual([]);
    expect(found).toBeGreaterThan(15);
  });
});

/** A schema of the document as one that can check: what it refers to is put beside it. */
function schemaOf(schema: object): z.ZodType {
  const whole = { ...schema, $defs: document.components.schemas };
  return z.fromJSONSchema(JSON.parse(JSON.stringify(whole).replaceAll('#/components/schemas/', '#/$defs/')));
}

/** `METHOD /address/{name}` of every route in Fastify's own drawing of them. HEAD comes with each GET and is left out. */
function routesOf(drawing: string): string[] {
  const parts: string[] = [];
  return drawing.split('\n').flatMap((line) => {
    const found = /^((?:[│ ] {3})*)[├└]── (.+?)(?: \(([A-Z, ]+)\))?$/.exec(line);
    if (!found) return [];
    const [, indent = '', part = '', methods = ''] = found;
    const depth = indent.length / 4;
    parts.splice(depth, parts.length, part);
    const url = parts.join('').replace(/:(\w+)/g, '{$1}');
    return methods
      .split(', ')
      .filter((method) => method !== '' && method !== 'HEAD')
      .map((method) => `${method} ${url}`);
  });
}

function countInDoors(code: string): number {
  const src = join(import.meta.dirname, '../src');
  return readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\/http[\w-]*\.ts$/.test(path) && !path.endsWith('.test.ts'))
    .reduce((count, path) => count + readFileSync(join(src, path), 'utf8').split(code).length - 1, 0);
}
