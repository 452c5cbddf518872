import { describe, expect, test } from 'vitest';
import type { Contact, CustomField } from '../../../src/contacts/api.ts';
import { changesBetween, NO_VALUES, newContactOf, valuesOf } from './contact-values.ts';

const field = (key: string, type: CustomField['type']): CustomField => ({
  id: `fld_${key}`,
  key,
  label: key,
  type,
  choices: [],
  position: 0,
  created_at: '2026-01-01T00:00:00.000Z',
  version: 1,
});
const FIELDS = [field('plan', 'choice'), field('seats', 'number'), field('signed', 'yes_no')];

const CONTACT: Contact = {
  id: 'con_00000000000000000000000000',
  name: 'Harbour Studio',
  email: 'hello@harbour.example',
  phone: null,
  company: null,
  owner: null,
  tags: ['vip'],
  country: 'GB',
  billing: { line1: '12 Quay Street', line2: null, city: null, region: null, postal_code: null, tax_id: null },
  currency: null,
  locale: null,
  time_zone: null,
  custom: { seats: 4, signed: true },
  external_ref: null,
  created_at: '2026-01-01T00:00:00.000Z',
  updated_at: '2026-01-01T00:00:00.000Z',
  archived_at: null,
  merged_into: null,
  version: 3,
};
const before = valuesOf(CONTACT, FIELDS);

describe('what an edited form sends', () => {
  test.each([
    ['nothing for an untouched form', {}, null],
    ['nothing for a blank at the end', { name: 'Harbour Studio ' }, null],
    ['only what changed', { phone: '+44 20 7946 0018' }, { phone: '+44 20 7946 0018' }],
    ['null for what was emptied', { email: '' }, { email: null }],
    [
      'only the changed part of the address',
      { billing: { ...before.billing, city: 'Bristol' } },
      { billing: { city: 'Bristol' } },
    ],
    [
      'custom values by their type',
      { custom: { plan: 'Plus', seats: '2,5', signed: 'no' } },
      { custom: { plan: 'Plus', seats: 2.5, signed: false } },
    ],
    [
      'what is no number as it is, for the server to refuse by field',
      { custom: { ...before.custom, seats: 'many' } },
      { custom: { seats: 'many' } },
    ],
    ['null for an emptied custom value', { custom: { ...before.custom, seats: '' } }, { custom: { seats: null } }],
  ])('%s', (_what, edit, changes) => {
    expect(changesBetween(before, { ...before, ...edit }, FIELDS)).toEqual(changes);
  });
});

test('a new contact carries only what was filled in', () => {
  expect(newContactOf({ ...NO_VALUES, name: ' Ines ' }, FIELDS)).toEqual({ name: 'Ines' });
  expect(
    newContactOf({ ...NO_VALUES, name: 'Ines', country: 'PT', tags: ['new'], custom: { signed: 'yes' } }, FIELDS),
  ).toEqual({ name: 'Ines', country: 'PT', tags: ['new'], custom: { signed: true } });
});
