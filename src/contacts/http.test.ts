import { beforeAll, describe, expect, test } from 'vitest';
import { type TestWorkspace, testServer } from '../../tests/setup/server.ts';
import { newId, toPublicId } from '../foundation/id.ts';
import type { Company, Contact, CustomField, Note } from './api.ts';

const server = await testServer();
const { call } = server;
let home: TestWorkspace;
let elsewhere: TestWorkspace;

beforeAll(async () => {
  home = await server.workspace();
  elsewhere = await server.workspace({ name: 'Another' });
});

const add = async (body: Record<string, unknown>, workspace = home) => {
  const answer = await call<Contact>('POST', '/v1/contacts', { as: workspace.apiKey, body });
  expect(answer.status, answer.text).toBe(201);
  return answer.body;
};
const names = async (query: string, workspace = home) => {
  const answer = await call<{ data: Contact[] }>('GET', `/v1/contacts?${query}`, { as: workspace.apiKey });
  expect(answer.status, answer.text).toBe(200);
  return answer.body.data.map((contact) => contact.name);
};
/** What the audit log says happened to a contact, oldest first. */
async function auditOf(publicId: string): Promise<string[]> {
  type Page = { data: { action: string }[] };
  const answer = await call<Page>('GET', `/v1/audit-log?subject=${publicId}`, { as: home.apiKey });
  return answer.body.data.map((row) => row.action).reverse();
}

test('a contact with everything comes back as it was given', async () => {
  const company = await call<Company>('POST', '/v1/companies', { as: home.apiKey, body: { name: 'Acme' } });
  expect(company.status).toBe(201);
  const contact = await add({
    name: 'Zoë Full',
    email: 'zoe@example.com',
    phone: '+44 20 7946 0018',
    company_id: company.body.id,
    owner_id: toPublicId('member', home.owner.memberId!),
    tags: ['VIP', 'vip', 'north'],
    country: 'GB',
    billing: { line1: '1 Quay', city: 'Bristol', postal_code: 'BS1', tax_id: 'GB123' },
    currency: 'GBP',
    locale: 'en-GB',
    time_zone: 'Europe/London',
    external_ref: 'Z-1',
  });
  expect(contact).toMatchObject({
    company: { id: company.body.id, name: 'Acme' },
    owner: { name: 'Olive Owner' },
    tags: ['north', 'vip'],
    billing: { line1: '1 Quay', line2: null, city: 'Bristol', region: null, postal_code: 'BS1', tax_id: 'GB123' },
    merged_into: null,
    archived_at: null,
    version: 1,
  });
  const read = await call<Contact>('GET', `/v1/contacts/${contact.id}`, { as: home.apiKey });
  expect(read.body).toEqual(contact);
  expect(read.headers.etag).toBe('"v1"');
  for (const query of [
    'search=zoe',
    'search=acme',
    'search=z-1',
    'tag=VIP',
    'country=GB',
    `company=${company.body.id}`,
    `owner=${contact.owner!.id}`,
  ]) {
    expect(await names(query), query).toEqual(['Zoë Full']);
  }
  const renamed = await call('PATCH', `/v1/companies/${company.body.id}`, { as: home.apiKey, body: { name: 'Bolt' } });
  expect(renamed.status).toBe(200);
  expect(await names('search=acme')).toEqual([]);
  expect(await names('search=bolt')).toEqual(['Zoë Full']);
});

describe('what is refused, with the field', () => {
  test.each<[Record<string, unknown>, string, string]>([
    [{}, 'invalid_request', 'name'],
    [{ name: '  ' }, 'invalid_request', 'name'],
    [{ name: 'x'.repeat(201) }, 'invalid_request', 'name'],
    [{ name: 'A', email: 'nobody' }, 'invalid_request', 'email'],
    [{ name: 'A', phone: 'call me' }, 'invalid_request', 'phone'],
    [{ name: 'A', country: 'ZZ' }, 'invalid_request', 'country'],
    [{ name: 'A', currency: 'XXX' }, 'invalid_request', 'currency'],
    [{ name: 'A', time_zone: 'Mars/Olympus' }, 'invalid_request', 'time_zone'],
    [{ name: 'A', locale: 'not a locale' }, 'invalid_request', 'locale'],
    [{ name: 'A', custom: { unknown: 'x' } }, 'invalid_request', 'custom.unknown'],
    [{ name: 'A', owner_id: toPublicId('member', newId()) }, 'invalid_request', 'owner_id'],
    [{ name: 'A', company_id: toPublicId('company', newId()) }, 'invalid_request', 'company_id'],
    [{ name: '4242 4242 4242 4242' }, 'card_number_refused', 'name'],
    [{ name: 'A', billing: { line1: '4242424242424242' } }, 'card_number_refused', 'billing.line1'],
    [{ name: 'A', tags: ['4242424242424242'] }, 'card_number_refused', 'tags.0'],
  ])('%o', async (body, code, path) => {
    const answer = await call<{ code: string; fields: { path: string }[] }>('POST', '/v1/contacts', {
      as: home.apiKey,
      body,
    });
    expect(answer.status, answer.text).toBe(422);
    expect(answer.body.code).toBe(code);
    expect(answer.body.fields.map((field) => field.path)).toContain(path);
  });

  test('unknown fields, an owner of another workspace, a reference that is taken', async () => {
    expect((await call('POST', '/v1/contacts', { as: home.apiKey, body: { name: 'A', nickname: 'B' } })).status).toBe(
      422,
    );
    const owner_id = toPublicId('member', elsewhere.owner.memberId!);
    expect((await call('POST', '/v1/contacts', { as: home.apiKey, body: { name: 'A', owner_id } })).status).toBe(422);
    await add({ name: 'First', external_ref: 'R-1' });
    const second = await call('POST', '/v1/contacts', {
      as: home.apiKey,
      body: { name: 'Second', external_ref: 'R-1' },
    });
    expect([second.status, second.body.code]).toEqual([409, 'duplicate_name']);
    const third = await add({ name: 'Third' });
    const taken = await call('PATCH', `/v1/contacts/${third.id}`, { as: home.apiKey, body: { external_ref: 'R-1' } });
    expect([taken.status, taken.body.code]).toEqual([409, 'duplicate_name']);
    expect(await names('search=second')).toEqual([]);
  });
});

test('edits change what they name, and refuse to overwrite somebody else', async () => {
  const contact = await add({ name: 'Ed It', email: 'ed@example.com', billing: { city: 'Oslo', line1: 'Gate 1' } });
  const path = `/v1/contacts/${contact.id}`;
  const first = await call<Contact>('PATCH', path, {
    as: home.apiKey,
    body: { billing: { city: null } },
    ifMatch: '"v1"',
  });
  expect(first.body).toMatchObject({ email: 'ed@example.com', billing: { city: null, line1: 'Gate 1' }, version: 2 });
  const stale = await call('PATCH', path, { as: home.apiKey, body: { name: 'Lost' }, ifMatch: '"v1"' });
  expect([stale.status, stale.body.code]).toEqual([412, 'edit_conflict']);
  const same = await call<Contact>('PATCH', path, { as: home.apiKey, body: { email: 'ed@example.com' } });
  expect(same.body.version).toBe(2);
  await call('PATCH', path, { as: home.apiKey, body: { name: 'Renamed Person' } });
  expect(await names('search=ed+it')).toEqual([]);
  expect(await names('search=renamed')).toEqual(['Renamed Person']);
  expect(await auditOf(contact.id)).toEqual(['contact.created', 'contact.edited', 'contact.edited']);
});

test('archived contacts leave the list and come back', async () => {
  const contact = await add({ name: 'Archie' });
  const path = `/v1/contacts/${contact.id}/archival`;
  expect((await call<Contact>('POST', path, { as: home.apiKey })).body.archived_at).not.toBeNull();
  expect((await call<Contact>('POST', path, { as: home.apiKey })).body.version).toBe(2);
  expect(await names('search=archie')).toEqual([]);
  expect(await names('search=archie&archived=only')).toEqual(['Archie']);
  expect(await names('search=archie&archived=all')).toEqual(['Archie']);
  expect((await call<Contact>('DELETE', path, { as: home.apiKey })).body.archived_at).toBeNull();
  expect(await names('search=archie')).toEqual(['Archie']);
  expect(await auditOf(contact.id)).toEqual(['contact.created', 'contact.archived', 'contact.restored']);
});

test('tags are put and taken, lower case, once', async () => {
  const contact = await add({ name: 'Tagged' });
  const path = `/v1/contacts/${contact.id}/tags`;
  expect((await call<Contact>('PUT', `${path}/Gold`, { as: home.apiKey })).body.tags).toEqual(['gold']);
  expect((await call<Contact>('PUT', `${path}/gold`, { as: home.apiKey })).body.tags).toEqual(['gold']);
  expect((await call<{ data: string[] }>('GET', '/v1/tags', { as: home.apiKey })).body.data).toContain('gold');
  expect((await call<Contact>('DELETE', `${path}/GOLD`, { as: home.apiKey })).body.tags).toEqual([]);
  expect((await call('PUT', `${path}/a%2Cb`, { as: home.apiKey })).status).toBe(422);
});

test('notes are written, edited, taken away and brought back', async () => {
  const contact = await add({ name: 'Noted' });
  const path = `/v1/contacts/${contact.id}/notes`;
  const note = await call<Note>('POST', path, { as: home.apiKey, body: { body: 'First\nline' } });
  expect(note.status).toBe(201);
  const edited = await call<Note>('PATCH', `/v1/notes/${note.body.id}`, {
    as: home.apiKey,
    body: { body: 'Second' },
    ifMatch: '"v1"',
  });
  expect(edited.body).toMatchObject({ body: 'Second', version: 2 });
  const stale = await call('PATCH', `/v1/notes/${note.body.id}`, {
    as: home.apiKey,
    body: { body: 'Lost' },
    ifMatch: '"v1"',
  });
  expect(stale.status).toBe(412);
  await call('DELETE', `/v1/notes/${note.body.id}`, { as: home.apiKey });
  expect((await call<{ data: Note[] }>('GET', path, { as: home.apiKey })).body.data).toEqual([]);
  await call('POST', `/v1/notes/${note.body.id}/restoration`, { as: home.apiKey });
  const list = await call<{ data: Note[] }>('GET', path, { as: home.apiKey });
  expect(list.body.data).toMatchObject([{ body: 'Second', author_name: 'Test' }]);
  const card = await call('POST', path, { as: home.apiKey, body: { body: 'card 4242-4242-4242-4242' } });
  expect([card.status, card.body.code]).toEqual([422, 'card_number_refused']);
  for (const body of ['', '   ', 'x'.repeat(10_001)]) {
    expect((await call('POST', path, { as: home.apiKey, body: { body } })).status).toBe(422);
  }
  expect(await auditOf(contact.id)).toEqual([
    'contact.created',
    'note.written',
    'note.edited',
    'note.deleted',
    'note.restored',
  ]);
});

test('custom fields are added, filled, removed and brought back with their values', async () => {
  const body = { label: 'Plan', type: 'choice', choices: ['Basic', 'Full'] };
  const field = await call<CustomField>('POST', '/v1/custom-fields', { as: home.apiKey, body });
  expect(field.body).toMatchObject({ key: 'plan', choices: ['Basic', 'Full'], version: 1 });
  expect((await call('POST', '/v1/custom-fields', { as: home.apiKey, body })).status).toBe(409);
  expect(
    (await call('POST', '/v1/custom-fields', { as: home.apiKey, body: { label: 'X', type: 'choice' } })).status,
  ).toBe(422);
  const contact = await add({ name: 'Custom', custom: { plan: 'Full' } });
  const wrong = await call('PATCH', `/v1/contacts/${contact.id}`, {
    as: home.apiKey,
    body: { custom: { plan: 'Huge' } },
  });
  expect(wrong.status).toBe(422);
  expect((await call('DELETE', `/v1/custom-fields/${field.body.id}`, { as: home.apiKey })).status).toBe(204);
  const read = async () => (await call<Contact>('GET', `/v1/contacts/${contact.id}`, { as: home.apiKey })).body.custom;
  expect(await read()).toEqual({});
  expect((await call('POST', '/v1/custom-fields', { as: home.apiKey, body })).status).toBe(201);
  expect(await read()).toEqual({ plan: 'Full' });
});

test('companies: one per name, by name, by pages', async () => {
  for (const name of ['Delta 1', 'Delta 2', 'Delta 3'])
    await call('POST', '/v1/companies', { as: home.apiKey, body: { name } });
  const again = await call('POST', '/v1/companies', { as: home.apiKey, body: { name: 'délta 1' } });
  expect([again.status, again.body.code]).toEqual([409, 'duplicate_name']);
  type Page = { data: Company[]; next_cursor: string | null };
  const first = await call<Page>('GET', '/v1/companies?search=delta&limit=2', { as: home.apiKey });
  expect(first.body.data.map((each) => each.name)).toEqual(['Delta 1', 'Delta 2']);
  const next = await call<Page>('GET', `/v1/companies?search=delta&limit=2&cursor=${first.body.next_cursor}`, {
    as: home.apiKey,
  });
  expect(next.body.data.map((each) => each.name)).toEqual(['Delta 3']);
  expect(next.body.next_cursor).toBeNull();
});

test('duplicates are found by address, number and name', async () => {
  const one = await add({ name: 'Dora Double', email: 'Dora@Example.com', phone: '+44 161 496 0000' });
  const two = await add({ name: 'Dora  DOUBLE', email: 'dora@example.com', phone: '0044161 4960000' });
  await add({ name: 'Dora Else' });
  type List = { data: { id: string; reasons: string[] }[] };
  const found = await call<List>('GET', `/v1/contacts/${one.id}/duplicates`, { as: home.apiKey });
  expect(found.body.data.map(({ id, reasons }) => ({ id, reasons }))).toEqual([
    { id: two.id, reasons: ['email', 'phone', 'name'] },
  ]);
});

test('nothing of one workspace is seen or changed from another, nor without the right', async () => {
  const contact = await add({ name: 'Private Person' });
  for (const [method, path, body] of [
    ['GET', `/v1/contacts/${contact.id}`, undefined],
    ['PATCH', `/v1/contacts/${contact.id}`, { name: 'Stolen' }],
    ['POST', `/v1/contacts/${contact.id}/archival`, undefined],
    ['POST', `/v1/contacts/${contact.id}/notes`, { body: 'x' }],
    ['GET', `/v1/contacts/${contact.id}/notes`, undefined],
    ['GET', `/v1/contacts/${contact.id}/duplicates`, undefined],
    ['GET', `/v1/contacts/${contact.id}/merges`, undefined],
  ] as const) {
    expect((await call(method, path, { as: elsewhere.apiKey, body })).status, `${method} ${path}`).toBe(404);
  }
  expect(await names('search=private', elsewhere)).toEqual([]);
  const reader = await home.keyWith('contacts.read');
  expect((await call('PATCH', `/v1/contacts/${contact.id}`, { as: reader, body: { name: 'X' } })).status).toBe(403);
  expect((await call('GET', `/v1/contacts/${contact.id}`, { as: reader })).status).toBe(200);
  const [row] = (await call<{ data: Record<string, unknown>[] }>('GET', '/v1/contacts?search=private', { as: reader }))
    .body.data;
  expect(row).not.toHaveProperty('ltv');
  expect((await call('GET', '/v1/contacts?sort=ltv&currency=USD', { as: reader })).status).toBe(403);
});

test.each([
  ['sort=ltv', 'currency'],
  ['sort=shoe', 'sort'],
  ['limit=0', 'limit'],
  ['limit=201', 'limit'],
  ['colour=red', 'querystring'],
  ['cursor=nonsense', 'cursor'],
  [`cursor=${Buffer.from('["created","2026","x"]').toString('base64url')}`, 'cursor'],
])('the list refuses ?%s', async (query, path) => {
  const answer = await call<{ fields: { path: string }[] }>('GET', `/v1/contacts?${query}`, { as: home.apiKey });
  expect(answer.status, answer.text).toBe(422);
  expect(answer.body.fields[0]?.path).toBe(path);
});
