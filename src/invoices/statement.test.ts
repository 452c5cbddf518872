import { describe, expect, test } from 'vitest';
import { makeContact } from '../../tests/setup/money.ts';
import { readPdf } from '../../tests/setup/pdf.ts';
import { testServer } from '../../tests/setup/server.ts';
import { testSnapshot } from '../../tests/setup/snapshot.ts';
import { newId } from '../foundation/id.ts';
import { type AccountStatement, movementKind, type StatementAccount } from './account-statement.ts';
import type { Invoice } from './api.ts';
import type { Ageing } from './api-ageing.ts';
import type { AccountStatementAnswer } from './api-statement.ts';
import { DOCUMENT_LANGUAGES } from './document-words.ts';
import { renderStatement } from './render-statement.ts';
import { statementSheet } from './statement-sheet.ts';

const server = await testServer();

async function business() {
  const workspace = await server.workspace({ currency: 'EUR' });
  const contact = await makeContact(server, workspace);
  const as = workspace.apiKey;
  const post = async <T>(url: string, body: object) => {
    const answer = await server.call<T>('POST', url, { as, key: newId(), body });
    expect([url, answer.status < 300, answer.text]).toEqual([url, true, answer.text]);
    return answer.body;
  };
  const invoice = (amount: string) =>
    post<Invoice>('/v1/invoices', {
      ...{ contact_id: contact, currency: 'EUR', issue: true },
      lines: [{ name: 'Work', unit_price: amount }],
    });
  const transfer = (amount_minor: number, invoiceId: string, of: number) =>
    post<{ id: string }>(`/v1/contacts/${contact}/offline-payments`, {
      ...{ amount_minor, currency: 'EUR', method_kind: 'bank_transfer', received_on: '2026-03-02' },
      allocations: [{ invoice_id: invoiceId, amount_minor: of }],
    });
  const statement = async (query = '') =>
    (await server.call<AccountStatementAnswer>('GET', `/v1/contacts/${contact}/statement${query}`, { as })).body;
  return { workspace, contact, as, post, invoice, transfer, statement };
}

test('what was charged, paid, credited, discounted and written off, from opening to closing', async () => {
  const one = await business();
  const [first, second, third] = [await one.invoice('100'), await one.invoice('50'), await one.invoice('7.50')];
  await one.transfer(12_000, first.id, 10_000);
  await one.post(`/v1/invoices/${second.id}/credit-notes`, {
    lines: [{ name: 'Work', unit_price: '10' }],
    reason: 'Too much',
  });
  await one.post(`/v1/invoices/${third.id}/write-offs`, { reason: 'Small' });
  const { accounts, from, to } = await one.statement();
  expect([from, to]).toEqual(['2026-01-01', '2026-03-02']);
  expect(accounts).toHaveLength(1);
  const [account] = accounts;
  expect(account!.movements.map(({ kind, document, amount_minor }) => [kind, document?.number, amount_minor])).toEqual([
    ['invoice', first.number, 10_000],
    ['invoice', second.number, 5_000],
    ['invoice', third.number, 750],
    ['payment', undefined, -12_000],
    ['credit_note', expect.stringMatching(/^CN-/), -1_000],
    ['write_off', third.number, -750],
  ]);
  expect(account!.movements.map((row) => row.balance_minor)).toEqual([10_000, 15_000, 15_750, 3_750, 2_750, 2_000]);
  // 40.00 of the second is open, 20.00 waits on account.
  expect(account).toMatchObject({
    opening_minor: 0,
    closing_minor: 2_000,
    on_account_minor: 2_000,
    not_due_minor: 4_000,
  });
  expect(account!.open.map(({ document, open_minor }) => [document.number, open_minor])).toEqual([
    [second.number, 4_000],
  ]);
  const later = await one.statement('?from=2026-03-03&to=2026-12-31');
  expect(later.accounts[0]).toMatchObject({ opening_minor: 2_000, closing_minor: 2_000, movements: [] });
});

test('a payment that is given back and a document that is made void say so', async () => {
  const one = await business();
  const bill = await one.invoice('100');
  const gone = await one.invoice('30');
  await one.post(`/v1/invoices/${gone.id}/voiding`, { reason: 'Twice' });
  const paid = await one.transfer(15_000, bill.id, 10_000);
  await one.post(`/v1/payments/${paid.id}/refunds`, { amount_minor: 5_000, reason: 'requested_by_customer' });
  const [account] = (await one.statement()).accounts;
  expect(account!.movements.map(({ kind, reversal, amount_minor }) => [kind, reversal, amount_minor])).toEqual([
    ['invoice', false, 10_000],
    ['invoice', false, 3_000],
    ['invoice', true, -3_000],
    ['payment', false, -15_000],
    ['refund', false, 5_000],
  ]);
  expect(account).toMatchObject({ closing_minor: 0, on_account_minor: 0, open: [] });
});

test('as of a day it is what the ageing report says of that day', async () => {
  const one = await business();
  await one.invoice('100');
  await server.call('PUT', '/v1/sandbox/clock', { as: one.as, body: { advance_seconds: 60 * 86_400 } });
  await one.invoice('40');
  const [account] = (await one.statement()).accounts;
  const ageing = await server.call<Ageing>('GET', '/v1/ageing', { as: one.as });
  const { open_minor, receivables_account_minor, agrees, ...total } = ageing.body.totals[0]!;
  expect(account).toMatchObject(total);
  expect(account!.open.reduce((sum, row) => sum + row.open_minor, 0)).toBe(open_minor);
  expect([account!.overdue_31_60_minor, account!.not_due_minor, account!.closing_minor]).toEqual([
    10_000, 4_000, 14_000,
  ]);
  expect((await one.statement('?to=2026-03-10')).accounts[0]).toMatchObject({ closing_minor: 10_000 });
});

test('as PDF it says the same; who may not, may not', async () => {
  const one = await business();
  const bill = await one.invoice('100');
  const url = `/v1/contacts/${one.contact}/statement.pdf`;
  const { rawPayload, headers } = await server.app.inject({
    ...{ method: 'GET', url },
    headers: { authorization: `Bearer ${one.as}` },
  });
  expect(headers).toMatchObject({
    'content-type': 'application/pdf',
    'content-disposition': 'inline; filename="statement-2026-01-01-2026-03-02.pdf"',
  });
  const { text } = readPdf(rawPayload);
  for (const words of ['Statement of account', `Invoice ${bill.number}`, '100.00 EUR', 'TEST', 'Not yet due'])
    expect(text).toContain(words);
  const other = await business();
  const without = await one.workspace.keyWith('contacts.read');
  const ask = async (path: string, as: string) => {
    const { status, body } = await server.call<{ code: string }>('GET', path, { as });
    return [status, body.code];
  };
  expect(await ask(url, other.as)).toEqual([404, 'not_found']);
  expect(await ask(url, without)).toEqual([403, 'right_missing']);
  for (const query of ['?from=2026-02-30', '?from=2026-04-01&to=2026-03-01', '?from=yesterday'])
    expect(await ask(`${url}${query}`, one.as)).toEqual([422, 'invalid_request']);
  await server.call('PUT', '/v1/switches/payments_and_ltv', { as: one.as, body: { enabled: false } });
  expect((await ask(url, one.as))[1]).toBe('feature_off');
});

test.each([
  ['invoice_issued', 'invoice', false],
  ['invoice_issued_reversed', 'invoice', true],
  ['invoice_issued_reversed_reversed', 'invoice', false],
  ['money_received_on_account_reversed', 'payment', true],
  ['account_dispute_withdrawn', 'dispute', false],
])('%s is a movement of kind %s', (booking, kind, isReversal) => {
  expect(movementKind(booking)).toEqual({ kind, isReversal });
});

describe('the paper', () => {
  const { seller, buyer, footer, colour, payment_details: paymentDetails } = testSnapshot();
  const account = (part: Partial<StatementAccount> = {}): StatementAccount => ({
    currency: 'EUR',
    openingMinor: 1_250n,
    movements: [
      {
        ...{ on: '2026-02-03', kind: 'invoice', isReversal: false, amountMinor: 12_000n, balanceMinor: 13_250n },
        document: { id: 'x', number: 'INV-7' },
      },
      {
        on: '2026-02-20',
        kind: 'payment',
        isReversal: false,
        document: null,
        amountMinor: -1_250n,
        balanceMinor: 12_000n,
      },
    ],
    closingMinor: 12_000n,
    open: [
      {
        id: 'x',
        number: 'INV-7',
        issuedOn: '2026-02-03',
        dueOn: '2026-02-17',
        openMinor: 12_000n,
        overdueMinor: 12_000n,
      },
    ],
    ages: [0n, 12_000n, 0n, 0n, 0n],
    onAccountMinor: 0n,
    ...part,
  });
  const statement = (part: Partial<AccountStatement> = {}): AccountStatement => ({
    ...{ contactId: 'con_x', contactName: 'Émile Dupont', test: false, locale: 'en-GB', seller, buyer },
    ...{ from: '2026-02-01', to: '2026-02-28', accounts: [account()], footer, colour, paymentDetails },
    ...part,
  });
  const read = async (part: Partial<AccountStatement> = {}) => readPdf(await renderStatement(statement(part), null));

  test('tells who, when, every movement with its balance, what is open since when, and where to pay', async () => {
    const { lines, isEmbedded, missingGlyphs, roles } = await read();
    const text = lines.join(' ');
    for (const words of [
      ...['Harbour Studio GmbH', 'Dupont & Fils', '1 – 28 February 2026', 'Balance before', '12.50'],
      ...['3 February 2026', 'Invoice INV-7', '132.50', 'Payment', 'Balance on 28 February 2026', '120.00 EUR'],
      ...['Open on 28 February 2026', '17 February 2026', '1–30 days late', 'DE89 3704 0044 0532 0130 00', 'INV-7'],
      ...['Director: Ada Lovelace', 'Page 1 of 1', 'Scan with a banking app to transfer 120.00 EUR.'],
    ])
      expect(text).toContain(words);
    expect(text).not.toMatch(/TEST|undefined|\{/);
    expect([isEmbedded, missingGlyphs]).toEqual([true, 0]);
    expect(roles).toEqual(expect.arrayContaining(['Table', 'H1', 'H2', 'TH', 'TD', 'Figure']));
  });

  test('is small and the same bytes each time', async () => {
    const first = await renderStatement(statement(), null);
    await renderStatement(statement({ locale: 'el-GR', buyer: { ...buyer, name: 'Ελένη' } }), null);
    expect((await renderStatement(statement(), null)).equals(first)).toBe(true);
    expect(first.length).toBeLessThan(60_000);
  });

  test.each([
    ['JPY', '120,000', '120,000 JPY'],
    ['KWD', '120.000', '120.000 KWD'],
    ['USD', '1,200.00', '1,200.00 USD'],
  ])('amounts in %s have its decimals', async (currency, amount, money) => {
    const { lines } = await read({ accounts: [account({ currency, closingMinor: 120_000n, openingMinor: 120_000n })] });
    expect(lines).toContain(`Balance before${amount}`);
    expect(lines).toContain(`Balance on 28 February 2026${money}`);
    // A code for a transfer is of euros alone.
    expect(lines.join(' ')).not.toContain('Scan');
  });

  test('several currencies stand one below the other and are never added', async () => {
    const { text } = await read({ accounts: [account(), account({ currency: 'USD', closingMinor: 500n })] });
    for (const words of ['120.00 EUR', '5.00 USD']) expect(text).toContain(words);
    expect(text).not.toContain('Scan');
  });

  test('five hundred movements go over pages with their head', async () => {
    const [movement] = account().movements;
    const movements = Array.from({ length: 500 }, () => movement!);
    const { text, pages } = await read({ accounts: [account({ movements })] });
    expect(pages).toBeGreaterThan(8);
    expect(text.match(/Paid or credited/g)!.length).toBeGreaterThanOrEqual(pages - 1);
    expect(text).toContain(`Page ${pages} of ${pages}`);
  });

  test.each(['Ελένη Παπαδοπούλου', 'Дмитро Шевченко', 'שרה כהן', '王小明', 'فاطمة'])(
    '%s stands as it is written',
    async (name) => {
      const { text, missingGlyphs } = await read({ buyer: { ...buyer, name } });
      expect(text).toContain(name);
      expect(missingGlyphs).toBe(0);
    },
  );

  test.each(DOCUMENT_LANGUAGES.map(({ language }) => language))('in %s every word of it', (language) => {
    const sheet = JSON.stringify(statementSheet(statement({ locale: language })));
    expect(sheet).not.toContain('undefined');
    if (language !== 'en') expect(sheet).not.toMatch(/Balance|Statement|Payment|days late/);
  });

  test('where nothing is owed there is nothing to pay, and where nothing happened it says so', async () => {
    const paid = statementSheet(statement({ accounts: [account({ closingMinor: 0n, open: [], ages: [] })] }));
    expect([paid.payment, paid.tables.length]).toEqual([null, 1]);
    expect((await read({ accounts: [] })).text).toContain('nothing is open');
  });

  test('a sandbox says TEST across it', async () => {
    expect((await read({ test: true })).text.match(/^TEST$/gm)).toHaveLength(1);
  });
});
