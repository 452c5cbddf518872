import { expect, test } from 'vitest';
import { type InvoiceFacts, invoiceStatus, quoteStatus } from './invoice-status.ts';
import { numberText, patternProblem, seriesYear } from './number-series.ts';

const facts = (more: Partial<InvoiceFacts> = {}): InvoiceFacts => {
  const all = {
    issued: true,
    voided: false,
    disputed: false,
    totalMinor: 100n,
    lateFeeMinor: 0n,
    creditedMinor: 0n,
    paidMinor: 0n,
    discountedMinor: 0n,
    writtenOffMinor: 0n,
    instalments: [{ dueOn: '2026-03-31', amountMinor: 100n }],
    processing: false,
    ...more,
  };
  const met = all.creditedMinor + all.paidMinor + all.discountedMinor + all.writtenOffMinor;
  return { openMinor: all.totalMinor + all.lateFeeMinor - met, ...all };
};
const two = [
  { dueOn: '2026-03-31', amountMinor: 40n },
  { dueOn: '2026-04-30', amountMinor: 60n },
];

const CASES: [string, Partial<InvoiceFacts>, string, string][] = [
  ['not issued', { issued: false }, '2026-03-01', 'draft'],
  ['issued', {}, '2026-03-01', 'open'],
  ['on its due date', {}, '2026-03-31', 'open'],
  ['the day after', {}, '2026-04-01', 'overdue'],
  ['partly paid before it is due', { paidMinor: 30n }, '2026-03-01', 'partly_paid'],
  ['partly paid after it is due', { paidMinor: 30n }, '2026-04-01', 'overdue'],
  ['paid', { paidMinor: 100n }, '2027-01-01', 'paid'],
  ['paid with a discount', { paidMinor: 98n, discountedMinor: 2n }, '2027-01-01', 'paid'],
  ['credited in full', { creditedMinor: 100n }, '2027-01-01', 'paid'],
  ['the rest written off', { paidMinor: 30n, writtenOffMinor: 70n }, '2027-01-01', 'written_off'],
  ['voided', { voided: true, openMinor: 0n }, '2027-01-01', 'void'],
  ['disputed by the customer, and overdue', { disputed: true }, '2026-05-01', 'disputed'],
  ['a payment is on its way, and overdue', { processing: true }, '2026-05-01', 'processing'],
  ['first instalment met', { instalments: two, paidMinor: 40n }, '2026-04-15', 'partly_paid'],
  ['second instalment missed', { instalments: two, paidMinor: 40n }, '2026-05-01', 'overdue'],
  ['a credit note meets the first instalment', { instalments: two, creditedMinor: 40n }, '2026-04-15', 'open'],
  ['a total of nothing', { totalMinor: 0n, instalments: [] }, '2026-04-15', 'paid'],
];
test.each(CASES)('%s', (_name, more, today, status) => {
  expect(invoiceStatus(facts(more), today)).toBe(status);
});

test('a quote: the first word that holds', () => {
  const quote = { issued: true, accepted: false, declined: false, invoiced: false, validUntil: '2026-03-31' };
  expect(quoteStatus({ ...quote, issued: false }, '2026-03-01')).toBe('draft');
  expect(quoteStatus(quote, '2026-03-31')).toBe('sent');
  expect(quoteStatus(quote, '2026-04-01')).toBe('expired');
  expect(quoteStatus({ ...quote, accepted: true }, '2026-04-01')).toBe('accepted');
  expect(quoteStatus({ ...quote, declined: true }, '2026-04-01')).toBe('declined');
  expect(quoteStatus({ ...quote, accepted: true, invoiced: true }, '2026-04-01')).toBe('invoiced');
});

test('numbers are written by their pattern', () => {
  expect(numberText('INV-{YYYY}-{0000}', '2026-11-25', 7n)).toBe('INV-2026-0007');
  expect(numberText('{YY}/{000}', '2026-11-25', 12_345n)).toBe('26/12345');
  expect(seriesYear(true, '2026-12-31')).toBe(2026);
  expect(seriesYear(false, '2026-12-31')).toBe(0);
  expect(patternProblem('INV-{YYYY}-{0000}')).toBeNull();
  expect(patternProblem('INV')).toMatch(/running number/);
  expect(patternProblem('{00}-{00}')).toMatch(/once/);
  expect(patternProblem('<b>{0000}')).toMatch(/accepted/);
  expect(patternProblem(`${'A'.repeat(40)}{0000}`)).toMatch(/30/);
});
