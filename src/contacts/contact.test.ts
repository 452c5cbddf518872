import { describe, expect, test } from 'vitest';
import { Failure } from '../foundation/failure.ts';
import {
  changeContactFields,
  changedFields,
  EMPTY_CONTACT,
  isCardNumberInPhone,
  refuseCardNumbersInContact,
} from './contact.ts';
import { type CustomFieldShape, changeCustomValues, keyFromLabel } from './custom-field.ts';

const ANNA = { ...EMPTY_CONTACT, name: 'Anna' };
const CARD = '4242 4242 4242 4242';

describe('card numbers are refused wherever a person can write', () => {
  test.each([
    ['name', { ...ANNA, name: `Anna ${CARD}` }],
    ['external_ref', { ...ANNA, externalRef: CARD }],
    ['billing.line2', { ...ANNA, billing: { ...ANNA.billing, line2: CARD } }],
    ['custom.note', { ...ANNA, custom: { note: CARD } }],
    ['custom.number', { ...ANNA, custom: { number: 4242424242424242 } }],
    ['phone', { ...ANNA, phone: '378282246310005' }],
  ])('%s', (path, contact) => {
    const refused = catchFailure(() => refuseCardNumbersInContact(contact));
    expect(refused.code).toBe('card_number_refused');
    expect(refused.fields[0]?.path).toBe(path);
  });

  test('a long international telephone number is one', () => {
    // Passes Luhn's check, as every tenth number does.
    expect(isCardNumberInPhone('+86 138 0013 8002')).toBe(false);
    expect(isCardNumberInPhone('+378282246310005')).toBe(true);
  });
});

test('absent fields stay, null empties, and only what differs is named', () => {
  const before = { ...ANNA, email: 'anna@example.com', billing: { ...ANNA.billing, city: 'Oslo', line1: 'Gate 1' } };
  const after = changeContactFields(before, { email: null, billing: { city: 'Bergen' }, phone: undefined });
  expect(after).toMatchObject({ name: 'Anna', email: null, phone: null, billing: { city: 'Bergen', line1: 'Gate 1' } });
  expect(changedFields(before, after)).toEqual(['email', 'billing']);
  expect(changedFields(after, changeContactFields(after, {}))).toEqual([]);
});

const FIELDS: CustomFieldShape[] = [
  { key: 'note', label: 'Note', type: 'text', choices: [] },
  { key: 'seats', label: 'Seats', type: 'number', choices: [] },
  { key: 'since', label: 'Since', type: 'date', choices: [] },
  { key: 'plan', label: 'Plan', type: 'choice', choices: ['Basic', 'Full'] },
  { key: 'vip', label: 'VIP', type: 'yes_no', choices: [] },
];

describe('custom values suit their fields', () => {
  test.each<[string, string | number | boolean, boolean]>([
    ['note', 'hello', true],
    ['note', 12, false],
    ['note', 'x'.repeat(501), false],
    ['seats', 4.5, true],
    ['seats', '4', false],
    ['since', '2024-02-29', true],
    ['since', '2023-02-29', false],
    ['since', 'yesterday', false],
    ['plan', 'Full', true],
    ['plan', 'full', false],
    ['vip', true, true],
    ['vip', 'yes', false],
    ['shoe_size', 42, false],
  ])('%s = %s: %s', (key, value, accepted) => {
    if (accepted) expect(changeCustomValues(FIELDS, {}, { [key]: value })).toEqual({ [key]: value });
    else
      expect(catchFailure(() => changeCustomValues(FIELDS, {}, { [key]: value })).fields[0]?.path).toBe(
        `custom.${key}`,
      );
  });

  test('null empties one and leaves the others, even those that suit no field any more', () => {
    expect(changeCustomValues(FIELDS, { note: 'a', old: 'b' }, { note: null })).toEqual({ old: 'b' });
  });
});

test.each([
  ['Favourite colour', 'favourite_colour'],
  ['  2nd Número! ', 'nd_numero'],
  ['生日', null],
])('key of “%s” is %s', (label, key) => {
  expect(keyFromLabel(label)).toBe(key);
});

function catchFailure(work: () => unknown): Failure {
  try {
    work();
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}
