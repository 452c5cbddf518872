import { beforeAll, expect, it } from 'vitest';
import { testServer } from '../setup/server.ts';
import { makeScene, refusalFaults, type Scene, type WrongRequest } from './bad-input.ts';

let scene: Scene;
let note: string;
let company: string;
let customField: string;
beforeAll(async () => {
  scene = await makeScene(await testServer());
  const { server, workspace, contact } = scene;
  const as = workspace.apiKey;
  const make = async (url: string, body: unknown) =>
    (await server.call<{ id: string }>('POST', url, { as, body })).body.id;
  note = await make(`/v1/contacts/${contact}/notes`, { body: 'Likes tea.' });
  company = await make('/v1/companies', { name: 'Tea & Co' });
  customField = await make('/v1/custom-fields', { label: 'Favourite', key: 'favourite', type: 'text' });
});

/** Well-known test numbers as people write them: whatever passes for a card number is refused, not only the plain form. */
const NUMBERS = ['4242424242424242', '4242 4242 4242 4242', '3782-822463-10005', '４２４２４２４２４２４２４２４２'];

type Case = readonly [name: string, request: (text: string) => WrongRequest, path: string];

const CASES: Case[] = [
  [
    'description of a charge',
    (description) => ({
      url: `/v1/contacts/${scene.contact}/charges`,
      body: { amount_minor: 5, currency: 'USD', payment_method_id: scene.method, description },
    }),
    'description',
  ],
  [
    'note of a refund',
    (text) => ({
      url: `/v1/payments/${scene.payment}/refunds`,
      body: { amount_minor: 5, reason: 'other', note: text },
    }),
    'note',
  ],
  ...(['reference', 'description'] as const).map(
    (path): Case => [
      `${path} of offline money`,
      (text) => ({
        url: `/v1/contacts/${scene.contact}/offline-payments`,
        body: { amount_minor: 5, currency: 'USD', method_kind: 'cash', received_on: '2026-03-01', [path]: text },
      }),
      path,
    ],
  ),
  [
    'label of a saved method',
    (label) => ({ method: 'PATCH', url: `/v1/payment-methods/${scene.method}`, body: { label } }),
    'label',
  ],
  [
    'label of a card form',
    (label) => ({ url: `/v1/contacts/${scene.contact}/card-forms`, body: { consent_channel: 'phone', label } }),
    'label',
  ],
  [
    'label of a test method',
    (label) => ({ url: `/v1/contacts/${scene.contact}/sandbox-methods`, body: { test_method: 'approved', label } }),
    'label',
  ],
  ['name of a new contact', (name) => ({ url: '/v1/contacts', body: { name } }), 'name'],
  ['name of a contact', (name) => ({ method: 'PATCH', url: `/v1/contacts/${scene.contact}`, body: { name } }), 'name'],
  [
    'reference of a contact',
    (text) => ({ url: '/v1/contacts', body: { name: 'A', external_ref: text } }),
    'external_ref',
  ],
  [
    'address of a contact',
    (line1) => ({ url: '/v1/contacts', body: { name: 'A', billing: { line1 } } }),
    'billing.line1',
  ],
  [
    'tax id of a contact',
    (tax_id) => ({ url: '/v1/contacts', body: { name: 'A', billing: { tax_id } } }),
    'billing.tax_id',
  ],
  [
    'custom field of a contact',
    (favourite) => ({ url: '/v1/contacts', body: { name: 'A', custom: { favourite } } }),
    'custom.favourite',
  ],
  ['tag of a new contact', (tag) => ({ url: '/v1/contacts', body: { name: 'A', tags: [tag] } }), 'tags.0'],
  ['tag', (tag) => ({ method: 'PUT', url: `/v1/contacts/${scene.contact}/tags/${encodeURIComponent(tag)}` }), 'tag'],
  [
    'note',
    (text) => ({ url: `/v1/contacts/${scene.contact}/notes`, body: { body: `Card: ${text}, says she.` } }),
    'body',
  ],
  ['edited note', (text) => ({ method: 'PATCH', url: `/v1/notes/${note}`, body: { body: text } }), 'body'],
  ['name of a company', (name) => ({ url: '/v1/companies', body: { name } }), 'name'],
  [
    'edited name of a company',
    (name) => ({ method: 'PATCH', url: `/v1/companies/${company}`, body: { name } }),
    'name',
  ],
  ['label of a custom field', (label) => ({ url: '/v1/custom-fields', body: { label, type: 'text' } }), 'label'],
  [
    'edited label of a custom field',
    (label) => ({ method: 'PATCH', url: `/v1/custom-fields/${customField}`, body: { label } }),
    'label',
  ],
  [
    'choice of a custom field',
    (text) => ({ url: '/v1/custom-fields', body: { label: 'Size', type: 'choice', choices: ['S', text] } }),
    'choices.1',
  ],
  ['name of a smart list', (name) => ({ url: '/v1/smart-lists', body: { name, filter: {} } }), 'name'],
  ['name of the workspace', (name) => ({ method: 'PATCH', url: '/v1/workspace', body: { name } }), 'name'],
  [
    'legal address',
    (address) => ({ method: 'PATCH', url: '/v1/workspace', body: { legal: { address } } }),
    'legal.address',
  ],
  ['name of an API key', (name) => ({ url: '/v1/api-keys', body: { name, rights: ['audit.read'] } }), 'name'],
];

it.each(CASES)('a card number is refused in: %s', async (_name, request, path) => {
  for (const number of NUMBERS) {
    const faults = await refusalFaults(scene, request(number), { status: 422, code: 'card_number_refused', path });
    expect(faults, number).toEqual([]);
  }
});

it('no card number is kept anywhere in the database, the audit log included', async () => {
  const { database } = scene.server;
  const columns = await database.asOwner<{ at: string; name: string }>(
    `SELECT table_name AS at, column_name AS name FROM information_schema.columns
     WHERE table_schema = 'public' AND data_type IN ('text', 'jsonb', 'character varying', 'ARRAY')`,
  );
  const holding = columns.map(
    ({ at, name }) =>
      `SELECT '${at}.${name}' AS place FROM ${at} WHERE regexp_replace(${name}::text, '[ -]', '', 'g') ~ '4242424242424242|378282246310005'`,
  );
  expect(await database.asOwner(holding.join(' UNION ALL '))).toEqual([]);
});
