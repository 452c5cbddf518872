import { describe, expect, it } from 'vitest';
import { type FilterField, type FilterValue, isEmptyFilter, sentenceOf } from './filter-sentence.ts';

const STATUS: FilterField = {
  id: 'status',
  label: 'Status',
  kind: 'choice',
  choices: [
    { value: 'failed', label: 'failed' },
    { value: 'pending', label: 'pending' },
  ],
};
const AMOUNT: FilterField = { id: 'amount', label: 'Amount', kind: 'amounts', currencies: ['USD', 'JPY'] };
const DATE: FilterField = { id: 'date', label: 'Date', kind: 'dates' };

describe('sentenceOf', () => {
  it.each<[FilterField, FilterValue | undefined, string]>([
    [STATUS, undefined, 'Status'],
    [STATUS, { kind: 'choice', any: ['failed', 'pending'] }, 'Status is failed or pending'],
    [AMOUNT, { kind: 'amounts', currency: 'USD', minMinor: 10_000 }, 'Amount is $100.00 or more'],
    [AMOUNT, { kind: 'amounts', currency: 'JPY', minMinor: 500, maxMinor: 900 }, 'Amount is ¥500 to ¥900'],
    [AMOUNT, { kind: 'amounts', currency: 'USD' }, 'Amount is in USD'],
    [DATE, { kind: 'dates', from: '2026-05-01' }, 'Date is since May 1, 2026'],
    [DATE, { kind: 'dates', from: '2026-05-01', to: '2026-05-01' }, 'Date is May 1, 2026'],
  ])('%o with %o', (field, value, sentence) => {
    expect(sentenceOf(field, value, 'en-US')).toBe(sentence);
  });

  it('knows a filter that lets everything through', () => {
    expect(isEmptyFilter({ kind: 'choice', any: [] })).toBe(true);
    expect(isEmptyFilter({ kind: 'text', text: '  ' })).toBe(true);
    expect(isEmptyFilter({ kind: 'dates', to: '2026-05-01' })).toBe(false);
  });
});
