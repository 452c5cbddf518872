import { expect, test } from 'vitest';
import { EPC_AMOUNT_MINOR_MAX, type EpcTransfer, epcText } from './epc-code.ts';

const TRANSFER: EpcTransfer = {
  name: 'Harbour Studio GmbH',
  iban: 'DE89370400440532013000',
  bic: 'COBADEFFXXX',
  amountMinor: 12_345n,
  reference: 'INV-2026-0001',
};

test('the text has its elements in the lines that the guideline gives them', () => {
  expect(epcText(TRANSFER)?.split('\n')).toEqual([
    'BCD',
    '002',
    '1',
    'SCT',
    'COBADEFFXXX',
    'Harbour Studio GmbH',
    'DE89370400440532013000',
    'EUR123.45',
    '',
    '',
    'INV-2026-0001',
  ]);
});

test.each<[string, Partial<EpcTransfer>, RegExp | null]>([
  ['one cent', { amountMinor: 1n }, /\nEUR0\.01\n/],
  ['the largest amount', { amountMinor: EPC_AMOUNT_MINOR_MAX }, /\nEUR999999999\.99\n/],
  ['more than the largest', { amountMinor: EPC_AMOUNT_MINOR_MAX + 1n }, null],
  ['nothing', { amountMinor: 0n }, null],
  ['no account', { iban: '' }, null],
  ['no name', { name: '  ' }, null],
  ['no BIC', { bic: '' }, /SCT\n\nHarbour/],
  ['a name of two lines', { name: 'Harbour\nStudio' }, /\nHarbour Studio\nDE/],
  ['a name of 100 characters', { name: 'é'.repeat(100) }, /\né{70}\n/],
  ['a reference with a line end', { reference: 'A\nB' }, /\nA B$/],
])('%s', (_name, part, expected) => {
  const text = epcText({ ...TRANSFER, ...part });
  if (expected === null) expect(text).toBeNull();
  else expect(text).toMatch(expected);
  expect(Buffer.byteLength(text ?? '')).toBeLessThanOrEqual(331);
});
