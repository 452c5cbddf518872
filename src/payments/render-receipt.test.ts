import { inflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { Receipt } from './api.ts';
import { printableText } from './printable-text.ts';
import { renderReceipt } from './render-receipt.ts';

const RECEIPT: Receipt = {
  id: 'rcp_00000000000000000000000000',
  number: 'R-8KD3F2M9QX',
  payment_id: 'pay_00000000000000000000000000',
  issued_at: '2026-03-02T09:00:00.000Z',
  test: false,
  business: { name: 'Harbour Studio', address: '1 Quay\nBristol', tax_id: 'GB123' },
  customer: { name: 'Émile Dupont', address: '2 rue du Port\n75001 Paris', tax_id: '' },
  kind: 'payment',
  amount_minor: 120050,
  tax_minor: 20000,
  currency: 'USD',
  method: 'Visa ·· 4242',
  description: 'Ten lessons',
  paid_on: '2026-03-02',
};

/** What a reader would copy out of the pages: the strings that the content streams show, in order. */
function textOf(pdf: Buffer): string {
  let text = '';
  const source = pdf.toString('latin1');
  for (const match of source.matchAll(/stream\r?\n/g)) {
    const start = match.index + match[0].length;
    let content: string;
    try {
      content = inflateSync(pdf.subarray(start, pdf.indexOf('endstream', start))).toString('latin1');
    } catch {
      continue;
    }
    for (const line of content.split('\n')) {
      if (!/T[Jj]$/.test(line)) continue;
      const bytes = [...line.matchAll(/<([0-9a-f]*)>/gi)].map(([, hex]) => hex).join('');
      text += `${new TextDecoder('windows-1252').decode(Buffer.from(bytes, 'hex'))}\n`;
    }
  }
  return text;
}

describe('a receipt as PDF', () => {
  test('says who paid whom, what for, how much, how and when, as text', async () => {
    const pdf = await renderReceipt(RECEIPT);
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    const text = textOf(pdf);
    for (const words of [
      'Harbour Studio',
      '1 Quay',
      'GB123',
      'R-8KD3F2M9QX',
      'Émile Dupont',
      '75001 Paris',
      'Ten lessons',
      'Visa ·· 4242',
      '1,200.50 USD',
      '200.00 USD',
      '2 March 2026',
    ]) {
      expect(text).toContain(words);
    }
    expect(text).not.toContain('TEST');
  });

  test('is the same bytes for the same receipt, whenever it is made', async () => {
    const first = await renderReceipt(RECEIPT);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect((await renderReceipt(RECEIPT)).equals(first)).toBe(true);
    expect((await renderReceipt({ ...RECEIPT, amount_minor: 1 })).equals(first)).toBe(false);
  });

  test('says TEST in a sandbox', async () => {
    const text = textOf(await renderReceipt({ ...RECEIPT, test: true }));
    expect(text).toContain('TEST');
    expect(text).toContain('no proof of payment');
  });

  test('a refund says so', async () => {
    const text = textOf(await renderReceipt({ ...RECEIPT, kind: 'refund' }));
    expect(text).toContain('Refund receipt');
    expect(text).toContain('Amount refunded');
  });

  test.each([
    ['JPY', '120,050 JPY'],
    ['KWD', '120.050 KWD'],
    ['EUR', '1,200.50 EUR'],
  ])('an amount in %s reads %s', async (currency, words) => {
    expect(textOf(await renderReceipt({ ...RECEIPT, currency }))).toContain(words);
  });

  test('letters that the typeface lacks are replaced, and the page says so', async () => {
    const text = textOf(await renderReceipt({ ...RECEIPT, customer: { ...RECEIPT.customer, name: 'Łódź 王小明' } }));
    expect(text).toContain('Lódz ???');
    expect(text).toContain('Some letters of this document');
    expect(textOf(await renderReceipt(RECEIPT))).not.toContain('Some letters');
  });

  test('everything long still fits on its pages, A5 too', async () => {
    const long = {
      ...RECEIPT,
      description: 'A long description. '.repeat(25),
      customer: { ...RECEIPT.customer, name: 'Name '.repeat(40) },
    };
    expect(textOf(await renderReceipt(long, 'A5'))).toContain('1,200.50 USD');
  });
});

test.each([
  ['Ana', 'Ana', false],
  ['Straße', 'Straße', false],
  ['€ 5 – “so”', '€ 5 – “so”', false],
  ['Dvořák', 'Dvorák', true],
  ['Đorđe', 'Dorde', true],
  ['東京', '??', true],
  ['Ольга', '?????', true],
  ['👍', '?', true],
  ['a\u0301', 'á', false],
  ['ﬁne', 'fine', true],
  ['مرحبا', '?????', true],
])('%s is printed %s', (text, printed, changed) => {
  expect(printableText(text)).toEqual({ text: printed, changed });
});
