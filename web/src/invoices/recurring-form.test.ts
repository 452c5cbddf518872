import { expect, test } from 'vitest';
import type { RecurringInvoice } from '../../../src/invoices/api-recurring.ts';
import { blankScheduleLine, changesOf, contentOf, formOfSchedule, type RecurringForm } from './recurring-form.ts';

const LINE = {
  ...{ name: 'Rent', description: 'Of the studio', quantity: '1.5', unit: 'month', unit_code: 'MON' },
  ...{ unit_price: '75', discount: { percent: '10' }, taxes: ['VAT'] },
};
const CONTENT = { lines: [LINE], meters: [], discount: null, notes: '', reference: null };
const SCHEDULE: RecurringInvoice = {
  ...{ id: 'rec_1', name: 'Studio', status: 'active', contact: { id: 'con_1', name: 'Ada' }, currency: 'EUR' },
  ...{ amount_minor: 7_500, next_invoice_on: '2026-04-01', held: null, auto_issue: true, auto_send: true },
  ...{ auto_charge: false, created_at: '2026-01-01T00:00:00Z', version: 3, terms: null, terms_id: null, pauses: [] },
  ...{ skips: [], made: [], usage_waiting: 0, ended_at: null, created_by: 'Olive' },
  schedule: { unit: 'month', every: 1, starts_on: '2026-01-01', trial_until: null, count_max: null, ends_on: null },
  revisions: [
    { ...CONTENT, from: '2026-01-01' },
    {
      ...CONTENT,
      from: '2026-06-01',
      meters: [{ code: 'kwh', name: 'Power', unit: '', unit_code: 'C62', unit_price: '0.3', taxes: [] }],
    },
  ],
  upcoming: [
    {
      ...{ number: 4, on: '2026-04-01', until: '2026-05-01', due_on: null },
      ...{ net_minor: 7_500, tax_minor: 0, total_minor: 7_500, usage_count: 0 },
    },
  ],
};
const AT = { today: '2026-03-10', mark: ',' } as const;
const changed = (part: Partial<RecurringForm>, schedule = SCHEDULE) =>
  changesOf(schedule, { ...formOfSchedule(schedule, AT.today, AT.mark), ...part }, AT);
const begun = formOfSchedule(SCHEDULE, AT.today, AT.mark);
const priced = (unitPrice: string) => [{ ...begun.lines[0]!, unitPrice }];

test('nothing is sent of what is as it was, also in the reader’s own way of writing numbers', () => {
  expect(begun.lines[0]).toMatchObject({ quantity: '1,5', unitPrice: '75' });
  expect(changed({})).toEqual({ changes: {}, errors: {} });
});

test.each<[string, Partial<RecurringForm>, object]>([
  ['a name', { name: ' Loft ' }, { name: 'Loft' }],
  ['a price', { lines: priced('80,5') }, { lines: [{ ...LINE, unit_price: '80.5' }] }],
  [
    'a price from today',
    { lines: priced('80'), holds: 'today' },
    { lines: [{ ...LINE, unit_price: '80' }], prorate: true },
  ],
  [
    'a price from a day',
    { lines: priced('80'), holds: 'date', from: '2026-05-15' },
    { lines: [{ ...LINE, unit_price: '80' }], from: '2026-05-15' },
  ],
  ['no price, and so no day', { holds: 'date', from: '2026-05-15' }, {}],
  ['an end', { end: { kind: 'count', count: '6', date: '' } }, { schedule: { count_max: 6 } }],
  ['another end', { end: { kind: 'date', count: '', date: '2026-12-01' } }, { schedule: { ends_on: '2026-12-01' } }],
  ['a trial', { trialUntil: '2026-04-15' }, { schedule: { trial_until: '2026-04-15' } }],
  ['what happens by itself', { autoSend: false, autoCharge: true }, { auto_send: false, auto_charge: true }],
])('%s is all that is sent', (_what, part, changes) => {
  expect(changed(part)).toEqual({ changes, errors: {} });
});

test('a new line is taxed as the first one', () => {
  const line = { ...blankScheduleLine(), name: 'Parking', unitPrice: '20' };
  const { changes } = changed({ lines: [...begun.lines, line] });
  expect(changes.lines).toEqual([LINE, { name: 'Parking', quantity: '1', unit_price: '20', taxes: ['VAT'] }]);
});

test('an end that is taken away, and prices of what is counted', () => {
  const ending = { ...SCHEDULE, schedule: { ...SCHEDULE.schedule, count_max: 6 } };
  expect(changed({ end: { kind: 'never', count: '6', date: '' } }, ending).changes).toEqual({
    schedule: { count_max: null },
  });
  const later = { ...SCHEDULE, upcoming: [{ ...SCHEDULE.upcoming[0]!, on: '2026-06-01' }] };
  expect(contentOf(later, AT.today).meters).toHaveLength(1);
  expect(changed({ meterPrices: { kwh: '0,35' } }, later).changes).toMatchObject({ meters: [{ unit_price: '0.35' }] });
});

test.each<[string, Partial<RecurringForm>, string]>([
  ['no name', { name: ' ' }, 'name'],
  ['no price', { lines: priced('') }, 'lines[0].unit_price'],
  ['no number', { lines: priced('much') }, 'lines[0].unit_price'],
  ['none of it', { lines: [{ ...begun.lines[0]!, quantity: '0' }] }, 'lines[0].quantity'],
  ['no lines', { lines: [] }, 'lines'],
  ['no day', { lines: priced('80'), holds: 'date' }, 'from'],
  ['no last day', { end: { kind: 'date', count: '', date: '' } }, 'schedule.ends_on'],
  ['no last number', { end: { kind: 'count', count: '0', date: '' } }, 'schedule.count_max'],
])('%s is told beside its field', (_what, part, path) => {
  expect(Object.keys(changed(part).errors)).toEqual([path]);
});
