import { describe, expect, test } from 'vitest';
import { readPdf } from '../../tests/setup/pdf.ts';
import type { Receipt } from './api.ts';
import { renderReceipt } from './render-receipt.ts';

const RECEIPT: Receipt = {
  id: 'rcp_00000000000000000000000000',
  number: 'R-8KD3F2M9QX',
  payment_id: 'pay_00000000000000000000000000',
  issued_at: '2026-03-02T09:00:00.000Z',
  locale: 'en-GB',
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

const textOf = (pdf: Buffer) => readPdf(pdf).text;

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

  test('speaks the customer’s language, and writes days and amounts as it does', async () => {
    const german = { ...RECEIPT, locale: 'de-AT', method: 'Bank transfer', test: true };
    const { text, missingGlyphs } = readPdf(await renderReceipt(german));
    for (const words of [
      'Zahlungsbeleg',
      'Erhalten von',
      '2. März 2026',
      'Überweisung',
      'Davon Steuer',
      'kein Zahlungsnachweis',
    ])
      expect(text).toContain(words);
    expect(text).toMatch(/1.200,50 EUR|1.200,50 USD/u);
    expect(text).not.toMatch(/Receipt|Paid|Bank transfer|no proof/);
    expect(missingGlyphs).toBe(0);
    const french = readPdf(await renderReceipt({ ...RECEIPT, locale: 'fr-FR', kind: 'refund', method: 'Cash' }));
    expect(french.text).toMatch(/Reçu de remboursement[\s\S]*Espèces/u);
    expect(french.text).toMatch(/1\s?200,50 USD/u);
    expect(french.missingGlyphs).toBe(0);
    // A language without a table of its own.
    expect(textOf(await renderReceipt({ ...RECEIPT, locale: 'pl-PL' }))).toContain('Received from');
  });

  test.each([
    ['JPY', '120,050 JPY'],
    ['KWD', '120.050 KWD'],
    ['EUR', '1,200.50 EUR'],
  ])('an amount in %s reads %s', async (currency, words) => {
    expect(textOf(await renderReceipt({ ...RECEIPT, currency }))).toContain(words);
  });

  test('names and addresses in other scripts are printed as they are', async () => {
    const pdf = await renderReceipt({
      ...RECEIPT,
      business: { name: 'Στούντιο Λιμάνι', address: 'ul. Łódzka 1\nДніпро', tax_id: 'EL123' },
      customer: { name: '王小明', address: '東京都港区 2-3\nשדרות רוטשילד 5', tax_id: '' },
      description: 'درس خصوصي (٣)',
    });
    const { text, missingGlyphs, isEmbedded } = readPdf(pdf);
    for (const words of [
      'Στούντιο Λιμάνι',
      'ul. Łódzka 1',
      'Дніпро',
      '王小明',
      '東京都港区 2-3',
      'שדרות רוטשילד 5',
      'درس خصوصي (٣)',
    ])
      expect(text).toContain(words);
    expect([missingGlyphs, isEmbedded]).toEqual([0, true]);
    expect(text).not.toContain('Some characters');
    expect(pdf.length).toBeLessThan(100_000);
  });

  test('is small, has all its fonts inside, and tells a screen reader what is what', async () => {
    const pdf = await renderReceipt({ ...RECEIPT, test: true });
    const { isEmbedded, fonts, roles, pages } = readPdf(pdf);
    expect(pdf.length).toBeLessThan(40_000);
    expect([isEmbedded, fonts.length, pages]).toEqual([true, 2, 1]);
    expect(roles.filter((role) => role === 'H1')).toHaveLength(1);
    expect(roles.filter((role) => role === 'P').length).toBeGreaterThan(8);
    expect(pdf.toString('latin1')).toContain('/MarkInfo');
  });

  test('what no typeface has is replaced, and the page says so', async () => {
    const text = textOf(await renderReceipt({ ...RECEIPT, customer: { ...RECEIPT.customer, name: 'Zoë 👍' } }));
    expect(text).toContain('Zoë ?');
    expect(text).toContain('Some characters of this document');
    expect(textOf(await renderReceipt(RECEIPT))).not.toContain('Some characters');
  });

  test('everything long still fits on its pages, A5 too', async () => {
    const long = {
      ...RECEIPT,
      description: 'A long description. '.repeat(125),
      customer: { ...RECEIPT.customer, name: 'Name '.repeat(40) },
    };
    const { text, pages } = readPdf(await renderReceipt(long, 'A5'));
    expect(text).toContain('1,200.50 USD');
    expect(text.match(/description\./g)).toHaveLength(125);
    expect(pages).toBeGreaterThan(1);
  });
});
