import type { ConnectionCheck, ConnectionField, ConnectionKind, ConnectionValues } from '../connection.ts';
import { ACCESS_TOKEN, API_KEY, FIRST_PAYMENT, type MollieAccount } from './mollie-account.ts';

const FIELDS: readonly ConnectionField[] = [
  {
    name: API_KEY,
    label: 'API key',
    secret: true,
    required: true,
    example: 'test_… or live_…',
  },
  {
    name: ACCESS_TOKEN,
    label: 'Organization access token, for payouts',
    secret: true,
    required: false,
    example: 'access_…',
  },
  {
    name: FIRST_PAYMENT,
    label: 'What saving a method takes, in euro (0.00: cards only; 0.01: bank accounts too)',
    secret: false,
    required: false,
    example: '0.00',
  },
];

const KEY = /^(test|live)_[A-Za-z0-9]{20,200}$/;
const TOKEN = /^access_[A-Za-z0-9]{20,200}$/;
/** A verification payment is a few cents; more would be a sale that nobody booked. */
const FIRST = /^0\.\d{2}$/;

export const FIRST_PAYMENT_CURRENCY = 'EUR';

/** Reads the setting of the first payment: the amount as Mollie writes it. */
export function firstPaymentValue(values: ConnectionValues): string {
  return values[FIRST_PAYMENT] || '0.00';
}

/** How Mollie is connected: one key, told apart by how it begins, and asked for the profile it belongs to. */
export function mollieConnection(account: MollieAccount): ConnectionKind {
  return {
    fields: FIELDS,
    // Every payment is made with its own webhook address; nothing is subscribed to.
    eventTypes: [],
    check: (values) => checkConnection(account, values),
  };
}

async function checkConnection(account: MollieAccount, values: ConnectionValues): Promise<ConnectionCheck> {
  const refused = (field: string | null, reason: string): ConnectionCheck => ({ status: 'refused', field, reason });
  const key = KEY.exec(values[API_KEY] ?? '');
  if (!key) return refused(API_KEY, 'A key of Mollie begins with test_ or live_.');
  const token = values[ACCESS_TOKEN];
  if (token && !TOKEN.test(token)) return refused(ACCESS_TOKEN, 'An access token of Mollie begins with access_.');
  if (values[FIRST_PAYMENT] && !FIRST.test(values[FIRST_PAYMENT])) {
    return refused(FIRST_PAYMENT, 'An amount from 0.00 to 0.99 is expected, with a dot.');
  }
  const profile = await account.askWith(values, (client) => client.profiles.getCurrent());
  if (profile.status === 'refused') return refused(API_KEY, 'Mollie does not accept this key.');
  if (profile.status !== 'ok') return { status: 'unreachable', reason: profile.why };
  const mode = key[1] === 'live' ? 'live' : 'sandbox';
  const { id, name, status } = profile.value;
  if (mode === 'live' && status === 'blocked') return refused(API_KEY, 'Mollie has blocked the profile of this key.');
  if (token) {
    const settled = await account.askWith(values, (client) => client.settlements.page({ limit: 1 }), {
      credential: 'access_token',
    });
    if (settled.status === 'refused') {
      return refused(ACCESS_TOKEN, 'Mollie does not accept this token, or it may not read settlements.');
    }
    if (settled.status !== 'ok') return { status: 'unreachable', reason: settled.why };
  }
  return { status: 'connected', account: { accountRef: id, accountName: name, mode } };
}
