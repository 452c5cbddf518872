import { beforeAll, describe, expect, it } from 'vitest';
import { testServer } from '../setup/server.ts';
import { makeScene, type Refusal, refusalFaults, type Scene, type WrongRequest } from './bad-input.ts';

let scene: Scene;
beforeAll(async () => {
  scene = await makeScene(await testServer());
});

const invalid = (path: string): Refusal => ({ status: 422, code: 'invalid_request', path });
const malformed: Refusal = { status: 400, code: 'malformed_request' };
const notFound: Refusal = { status: 404, code: 'not_found' };

/** A charge that would be taken, with something wrong in its body. */
function charge(wrong: Record<string, unknown>): (scene: Scene) => WrongRequest {
  return ({ contact, method }) => ({
    url: `/v1/contacts/${contact}/charges`,
    body: { amount_minor: 1_234, currency: 'USD', payment_method_id: method, description: 'Consultation', ...wrong },
  });
}

type Case = readonly [name: string, request: (scene: Scene) => WrongRequest, expected: Refusal];

const AMOUNTS: Case[] = [
  ['amount 0', charge({ amount_minor: 0 }), invalid('amount_minor')],
  ['a negative amount', charge({ amount_minor: -5 }), invalid('amount_minor')],
  ['half a cent', charge({ amount_minor: 12.5 }), invalid('amount_minor')],
  ['an amount as text', charge({ amount_minor: '1234' }), invalid('amount_minor')],
  ['an amount too large', charge({ amount_minor: 1_000_000_000_000 }), invalid('amount_minor')],
  ['an amount beyond exact integers', charge({ amount_minor: 2 ** 53 }), invalid('amount_minor')],
  ['an amount of null', charge({ amount_minor: null }), invalid('amount_minor')],
  ['an amount in a list', charge({ amount_minor: [1234] }), invalid('amount_minor')],
  ['an unknown currency', charge({ currency: 'XXX' }), invalid('currency')],
  ['a currency in lower case', charge({ currency: 'usd' }), invalid('currency')],
  ['a currency as number', charge({ currency: 840 }), invalid('currency')],
  ['more tax than amount', charge({ tax_minor: 2_000 }), invalid('tax_minor')],
  ['negative tax', charge({ tax_minor: -1 }), invalid('tax_minor')],
];

const WHOM: Case[] = [
  [
    'a method of another contact',
    ({ contact, other }) => charge({ payment_method_id: other.method })({ ...scene, contact }),
    invalid('payment_method_id'),
  ],
  [
    'a method of another workspace',
    ({ foreign }) => charge({ payment_method_id: foreign.method })(scene),
    invalid('payment_method_id'),
  ],
  [
    'an id of another kind as method',
    ({ payment }) => charge({ payment_method_id: payment })(scene),
    invalid('payment_method_id'),
  ],
  [
    'an id that is too long a number',
    charge({ payment_method_id: `pmt_${'z'.repeat(26)}` }),
    invalid('payment_method_id'),
  ],
  ['a contact of another workspace', ({ foreign }) => charge({})({ ...scene, contact: foreign.contact }), notFound],
  ['an id of another kind as contact', ({ payment }) => charge({})({ ...scene, contact: payment }), notFound],
  [
    'an archived contact',
    ({ archived }) => charge({})({ ...scene, ...archived }),
    { status: 409, code: 'contact_archived' },
  ],
  ['a merged contact', ({ merged }) => charge({})({ ...scene, ...merged }), { status: 409, code: 'contact_merged' }],
  [
    'a retry of a payment of another workspace',
    ({ foreign }) => charge({ retry_of: foreign.payment })(scene),
    invalid('retry_of'),
  ],
  [
    'a retry of what has settled',
    ({ payment }) => charge({ retry_of: payment })(scene),
    { status: 409, code: 'payment_state_conflict' },
  ],
];

const raw = (payload: string | Buffer, headers?: Record<string, string>) => (scene: Scene) => ({
  url: charge({})(scene).url,
  raw: payload,
  headers: { 'content-type': 'application/json', ...headers },
});
const json = (scene: Scene) => JSON.stringify(charge({})(scene).body);

const BODIES: Case[] = [
  [
    'a description of 10 MB',
    charge({ description: 'x'.repeat(10_000_000) }),
    { status: 413, code: 'payload_too_large' },
  ],
  ['a description of 501 characters', charge({ description: 'x'.repeat(501) }), invalid('description')],
  ['a NUL in the description', charge({ description: 'a\u0000b' }), invalid('description')],
  ['a control character in the description', charge({ description: 'a\u001bb' }), invalid('description')],
  ['half a surrogate pair', charge({ description: 'a\ud83d' }), invalid('description')],
  ['broken UTF-8', raw(Buffer.from('{"description":"\xff\xfe"}', 'latin1')), malformed],
  ['an unknown field', charge({ ammount_minor: 5 }), { status: 422, code: 'invalid_request' }],
  ['a description as object', charge({ description: { text: 'x' } }), invalid('description')],
  ['confirm_same_again as text', charge({ confirm_same_again: 'yes' }), invalid('confirm_same_again')],
  [
    '__proto__ in the body',
    (scene) => raw(`{"__proto__":{"amount_minor":1},${json(scene).slice(1)}`)(scene),
    malformed,
  ],
  [
    'constructor.prototype in the body',
    (scene) => raw(`{"constructor":{"prototype":{"a":1}},${json(scene).slice(1)}`)(scene),
    malformed,
  ],
  ['JSON that ends too early', raw('{"amount_minor": 12'), malformed],
  ['a list instead of an object', raw('[]'), { status: 422, code: 'invalid_request' }],
  ['a number instead of an object', raw('5'), { status: 422, code: 'invalid_request' }],
  ['null instead of an object', raw('null'), { status: 422, code: 'invalid_request' }],
  ['an empty body', raw(''), { status: 422, code: 'invalid_request' }],
  ['no body at all', (scene) => ({ url: charge({})(scene).url }), { status: 422, code: 'invalid_request' }],
  [
    'a form instead of JSON',
    raw('amount_minor=5', { 'content-type': 'application/x-www-form-urlencoded' }),
    { status: 415, code: 'unsupported_media_type' },
  ],
  [
    'XML instead of JSON',
    raw('<charge/>', { 'content-type': 'application/xml' }),
    { status: 415, code: 'unsupported_media_type' },
  ],
];

const KEYS: Case[] = [
  [
    'no Idempotency-Key',
    (scene) => ({ ...charge({})(scene), key: null }),
    { status: 400, code: 'idempotency_key_missing' },
  ],
  [
    'an empty Idempotency-Key',
    (scene) => ({ ...charge({})(scene), key: '' }),
    { status: 400, code: 'idempotency_key_missing' },
  ],
  [
    'an Idempotency-Key of 256 characters',
    (scene) => ({ ...charge({})(scene), key: 'k'.repeat(256) }),
    { ...malformed, path: 'Idempotency-Key' },
  ],
  [
    'an Idempotency-Key with a space',
    (scene) => ({ ...charge({})(scene), key: 'a b' }),
    { ...malformed, path: 'Idempotency-Key' },
  ],
];

const refund = (wrong: Record<string, unknown>, payment?: (scene: Scene) => string) => (scene: Scene) => ({
  url: `/v1/payments/${payment?.(scene) ?? scene.payment}/refunds`,
  body: { amount_minor: 100, reason: 'other', ...wrong },
});
const offline = (wrong: Record<string, unknown>, contact?: (scene: Scene) => string) => (scene: Scene) => ({
  url: `/v1/contacts/${contact?.(scene) ?? scene.contact}/offline-payments`,
  body: { amount_minor: 100, currency: 'JPY', method_kind: 'cash', received_on: '2026-03-01', ...wrong },
});

const OTHER_MONEY: Case[] = [
  ['a refund of 0', refund({ amount_minor: 0 }), invalid('amount_minor')],
  ['a refund of half a cent', refund({ amount_minor: 0.5 }), invalid('amount_minor')],
  [
    'a refund above what came in',
    refund({ amount_minor: 778 }),
    { status: 409, code: 'refund_above_received', path: 'amount_minor' },
  ],
  ['a refund for an unknown reason', refund({ reason: 'mood' }), invalid('reason')],
  ['a refund of a payment of another workspace', refund({}, ({ foreign }) => foreign.payment), notFound],
  ['a refund of a contact', refund({}, ({ contact }) => contact), notFound],
  [
    'a refund without key',
    (scene) => ({ ...refund({})(scene), key: null }),
    { status: 400, code: 'idempotency_key_missing' },
  ],
  ['offline money of 0', offline({ amount_minor: 0 }), invalid('amount_minor')],
  ['offline money by card', offline({ method_kind: 'card' }), invalid('method_kind')],
  ['offline money from the future', offline({ received_on: '2026-12-24' }), invalid('received_on')],
  ['offline money on 30 February', offline({ received_on: '2026-02-30' }), invalid('received_on')],
  ['offline money in an unknown currency', offline({ currency: 'JPX' }), invalid('currency')],
  [
    'offline money of an archived contact',
    offline({}, ({ archived }) => archived.contact),
    { status: 409, code: 'contact_archived' },
  ],
  [
    'offline money of a merged contact',
    offline({}, ({ merged }) => merged.contact),
    { status: 409, code: 'contact_merged' },
  ],
  ['offline money of another workspace', offline({}, ({ foreign }) => foreign.contact), notFound],
  [
    'offline money without key',
    (scene) => ({ ...offline({})(scene), key: null }),
    { status: 400, code: 'idempotency_key_missing' },
  ],
];

describe.each([
  ['amounts', AMOUNTS],
  ['whom and by which method', WHOM],
  ['bodies', BODIES],
  ['keys', KEYS],
  ['refunds and offline money', OTHER_MONEY],
] as const)('refused, with nothing written: %s', (_what, cases) => {
  it.each(cases)('%s', async (_name, request, expected) => {
    expect(await refusalFaults(scene, request(scene), expected)).toEqual([]);
  });
});
