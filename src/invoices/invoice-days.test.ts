import { expect, test } from 'vitest';
import { makeContact } from '../../tests/setup/money.ts';
import { TEST_START, testServer } from '../../tests/setup/server.ts';
import type { Invoice, NewInvoiceBody } from './api.ts';

const server = await testServer();

const LINES = [{ name: 'Consultation', unit_price: '80.00' }];
const IMMEDIATE = { due: { kind: 'immediate' as const }, early_discount: null, shift: 'none' as const };
const net = (days: number) => ({ ...IMMEDIATE, due: { kind: 'net' as const, days } });
const END_OF_MONTH = { ...IMMEDIATE, due: { kind: 'end_of_month' as const, plus_days: 0 } };

async function businessIn(timeZone: string) {
  server.clock.moveTo(TEST_START);
  const workspace = await server.workspace({ timeZone });
  const contact = await makeContact(server, workspace);
  const as = workspace.apiKey;
  return {
    at: (moment: string) => server.clock.moveTo(new Date(moment)),
    async issue(part: Partial<NewInvoiceBody> = {}): Promise<Invoice> {
      const body = { contact_id: contact, lines: LINES, issue: true, ...part };
      const answer = await server.call<Invoice>('POST', '/v1/invoices', { as, body });
      expect(answer.status).toBe(201);
      return answer.body;
    },
    read: async (id: string) => (await server.call<Invoice>('GET', `/v1/invoices/${id}`, { as })).body,
    overdue: async () =>
      (await server.call<{ data: Invoice[] }>('GET', '/v1/invoices?status=overdue', { as })).body.data.map(
        ({ id }) => id,
      ),
  };
}

/** Zone, when it is issued, due at once: the business's day; the last second of it; the first of the next. */
const MIDNIGHTS: [zone: string, issuedAt: string, day: string, lastSecond: string, firstSecond: string][] = [
  ['UTC', '2026-06-10T12:00:00Z', '2026-06-10', '2026-06-10T23:59:59Z', '2026-06-11T00:00:00Z'],
  // Fourteen hours ahead of UTC, and eleven behind it: the same moment is another day.
  ['Pacific/Kiritimati', '2026-06-10T12:00:00Z', '2026-06-11', '2026-06-11T09:59:59Z', '2026-06-11T10:00:00Z'],
  ['Pacific/Pago_Pago', '2026-06-10T10:00:00Z', '2026-06-09', '2026-06-10T10:59:59Z', '2026-06-10T11:00:00Z'],
  ['Asia/Kolkata', '2026-06-10T12:00:00Z', '2026-06-10', '2026-06-10T18:29:59Z', '2026-06-10T18:30:00Z'],
  // The day on which the clocks go forward has 23 hours, the one on which they go back 25.
  ['America/New_York', '2026-03-08T12:00:00Z', '2026-03-08', '2026-03-09T03:59:59Z', '2026-03-09T04:00:00Z'],
  ['America/New_York', '2026-11-01T12:00:00Z', '2026-11-01', '2026-11-02T04:59:59Z', '2026-11-02T05:00:00Z'],
  ['Europe/London', '2026-03-29T12:00:00Z', '2026-03-29', '2026-03-29T22:59:59Z', '2026-03-29T23:00:00Z'],
  ['Europe/London', '2026-10-25T12:00:00Z', '2026-10-25', '2026-10-25T23:59:59Z', '2026-10-26T00:00:00Z'],
  // Here the clocks go forward at midnight: the day begins at one.
  ['Africa/Cairo', '2026-04-23T12:00:00Z', '2026-04-23', '2026-04-23T21:59:59Z', '2026-04-23T22:00:00Z'],
  ['Pacific/Auckland', '2026-12-31T12:00:00Z', '2027-01-01', '2027-01-01T10:59:59Z', '2027-01-01T11:00:00Z'],
];
test.each(MIDNIGHTS)('%s: what is issued at %s bears %s and is overdue from local midnight', async (...row) => {
  const [zone, issuedAt, day, lastSecond, firstSecond] = row;
  const business = await businessIn(zone);
  business.at(issuedAt);
  const invoice = await business.issue({ terms: IMMEDIATE });
  expect([invoice.issued_on, invoice.due_on, invoice.status]).toEqual([day, day, 'open']);
  business.at(lastSecond);
  expect([(await business.read(invoice.id)).status, await business.overdue()]).toEqual(['open', []]);
  business.at(firstSecond);
  expect(await business.read(invoice.id)).toMatchObject({
    status: 'overdue',
    overdue_since: day,
    overdue_minor: 8_000,
  });
  expect(await business.overdue()).toEqual([invoice.id]);
  // Once: a day and a year later it is the same word, since the same day.
  business.at(new Date(Date.parse(firstSecond) + 366 * 86_400_000).toISOString());
  expect(await business.read(invoice.id)).toMatchObject({ status: 'overdue', overdue_since: day });
});

const ENDS: [name: string, issuedAt: string, terms: NonNullable<NewInvoiceBody['terms']>, dueOn: string][] = [
  ['thirty days across a February of 28', '2026-01-31T12:00:00Z', net(30), '2026-03-02'],
  ['thirty days across a February of 29', '2028-01-31T12:00:00Z', net(30), '2028-03-01'],
  ['a year of days from a leap day', '2028-02-29T12:00:00Z', net(365), '2029-02-28'],
  ['the end of a February of 29', '2028-02-01T12:00:00Z', END_OF_MONTH, '2028-02-29'],
  [
    'the end of a February that is no leap year’s, though four divides it',
    '2100-02-10T12:00:00Z',
    END_OF_MONTH,
    '2100-02-28',
  ],
  ['the end of the month on its last day', '2026-04-30T12:00:00Z', END_OF_MONTH, '2026-04-30'],
  ['across the year’s end', '2026-12-15T12:00:00Z', net(30), '2027-01-14'],
];
test.each(ENDS)('%s', async (_name, issuedAt, terms, dueOn) => {
  const business = await businessIn('Europe/Berlin');
  business.at(issuedAt);
  expect((await business.issue({ terms })).due_on).toBe(dueOn);
});

test('a series begins anew with the business’s own year, and the old year takes no more backwards', async () => {
  const business = await businessIn('Pacific/Auckland');
  business.at('2026-12-31T10:59:59Z');
  expect((await business.issue()).number).toBe('INV-2026-0001');
  // Still the old year in London.
  business.at('2026-12-31T11:00:00Z');
  expect(await business.issue()).toMatchObject({ number: 'INV-2027-0001', issued_on: '2027-01-01' });
  expect((await business.issue()).number).toBe('INV-2027-0002');
});
