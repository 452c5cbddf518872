import { decodeQR } from 'qr/decode.js';
import { describe, expect, test } from 'vitest';
import { readPdf } from '../../tests/setup/pdf.ts';
import { testSnapshot, VAT20, writtenLine } from '../../tests/setup/snapshot.ts';
import { DOCUMENT_LANGUAGES, documentWords } from './document-words.ts';
import { invoiceSheet } from './invoice-sheet.ts';
import { renderInvoice } from './render-invoice.ts';

const render = (parts: Parameters<typeof testSnapshot>[0] = {}, isPreview = false) =>
  renderInvoice(testSnapshot(parts), { logo: null, isPreview });
const read = async (parts: Parameters<typeof testSnapshot>[0] = {}, isPreview = false) =>
  readPdf(await render(parts, isPreview));

const REDUCED = { ...VAT20, code: 'VAT7', label: 'VAT 7 %', rate: '7', inclusive: true };
const LINES = [
  writtenLine({
    name: 'Consultation',
    description: 'Two talks',
    quantity: '1.5',
    unit: 'h',
    unit_price: '1080.00',
    discount: { percent: '10' },
  }),
  writtenLine({ name: 'Materials', quantity: '3', unit_price: '12.345', taxes: [REDUCED] }),
];

describe('an invoice as PDF', () => {
  test('says everything that it was issued with', async () => {
    const { lines, missingGlyphs, isEmbedded } = await read({
      lines: LINES,
      discount: { percent: '5' },
      deposit: { percent: '30' },
      terms: { due: { kind: 'net', days: 30 }, early_discount: { percent: '2', days: 10 }, shift: 'none' },
      more: {
        notes: 'Thank you.',
        late_fee_text: 'Interest of 9 % on what is late.',
        period: { from: '2026-02-01', until: '2026-03-01' },
      },
    });
    const text = lines.join(' ');
    for (const words of [
      'Harbour Studio GmbH',
      'Am Kai 1',
      '10115 Berlin',
      'Tax id DE123456788',
      'Registration HRB 1234',
      'Dupont & Fils',
      'France',
      'INV-2026-0001',
      '2 March 2026',
      'PO 4711',
      '1 – 28 February 2026',
      'Two talks',
      '1.5 h',
      '1,080.00',
      '20 %',
      'Discount 10 % −162.00',
      '1,458.00',
      '12.345',
      '7 % incl.',
      'VAT 20 % on 1,385.10',
      '277.02',
      'A deposit at once, then: Due within 30 days; 2 % off if paid within 10 days',
      'Part 1, due 2 March 2026',
      'less if paid by 12 March 2026',
      'Interest of 9 %',
      'DE89 3704 0044 0532 0130 00',
      'COBADEFFXXX',
      'Thank you.',
      'Harbour Studio GmbH · Director: Ada Lovelace',
      'Page 1 of 1',
    ]) {
      expect(text).toContain(words);
    }
    expect([missingGlyphs, isEmbedded]).toEqual([0, true]);
    expect(text).not.toMatch(/TEST|DRAFT|undefined|\{/);
  });

  test('is small, the same bytes each time, and tells a screen reader what is what', async () => {
    const parts = { lines: LINES };
    const first = await render(parts);
    // In between the process has made another one, with other letters.
    await render({ locale: 'el-GR', more: { notes: 'Ευχαριστώ\u00a0πολύ' } });
    expect((await render(parts)).equals(first)).toBe(true);
    expect((await render({ ...parts, number: 'INV-2026-0002' })).equals(first)).toBe(false);
    expect(first.length).toBeLessThan(60_000);
    const { roles } = readPdf(first);
    expect(roles.filter((role) => role === 'TH')).toHaveLength(5);
    expect(roles.filter((role) => role === 'TR').length).toBeGreaterThanOrEqual(3);
    expect(roles).toEqual(expect.arrayContaining(['Table', 'H1', 'H2', 'Figure']));
  });

  test('goes on over pages, with its head row and page numbers', async () => {
    const { text, pages } = await read({
      lines: Array.from({ length: 120 }, (_, i) =>
        writtenLine({ name: `Line ${i + 1}`, description: i === 50 ? 'long '.repeat(380) : '' }),
      ),
    });
    expect(pages).toBeGreaterThan(4);
    expect(text.match(/Description/g)).toHaveLength(pages);
    for (let page = 1; page <= pages; page += 1) expect(text).toContain(`Page ${page} of ${pages}`);
    expect(text.match(/Director: Ada/g)).toHaveLength(pages);
    expect(text).toContain('Line 120');
  });

  test('the sum stands on one page with the last line, and the account with its code', async () => {
    const kept: boolean[] = [];
    for (let count = 11; count <= 19; count += 1) {
      const { lines, pages } = await read({
        lines: Array.from({ length: count }, (_, i) => writtenLine({ name: `Line ${i + 1}.` })),
        discount: { percent: '5' },
        more: { footer: '' },
      });
      const at = (words: string | RegExp) => {
        const line = lines.findIndex((one) => one.search(words) !== -1);
        expect(line).toBeGreaterThan(-1);
        return lines.slice(0, line).filter((one) => /Page \d of \d/.test(one)).length;
      };
      const places = [new RegExp(`^Line ${count}\\.`), /^Subtotal/, /^Discount/, /^VAT 20/, /^Total/].map(at);
      kept.push(new Set(places).size === 1);
      expect(new Set([at(/^Payment$/), at(/^IBAN/), at(/^Payment reference/), pages - 1]).size).toBe(1);
    }
    expect(kept).toEqual(Array.from({ length: 9 }, () => true));
  });

  test('the largest figures are not broken in two, whatever words stand beside them', async () => {
    const { lines } = await read({
      lines: [
        writtenLine({ quantity: '1234567.891', unit: 'kilowatt hours', unit_price: '1234567.891' }),
        writtenLine({ name: 'Unbreakable'.repeat(20) }),
      ],
    });
    const text = lines.join('\n');
    for (const figure of ['1,524,157,877,488.19', '1,828,989,453,105.83 EUR', '1,234,567.891']) {
      expect(text).toContain(figure);
    }
  });

  test('a column in which nothing would stand is left out', async () => {
    const { lines, roles } = await read({ lines: [writtenLine({ taxes: [] }), writtenLine({ taxes: [] })] });
    expect(lines).toContain('DescriptionQuantityPriceAmount EUR');
    expect(roles.filter((role) => role === 'TH')).toHaveLength(4);
  });

  test.each([
    ['US', 'Portland, OR 97201'],
    ['DE', '97201 Portland'],
  ])('towns are written as in %s', (country, line) => {
    const { buyer } = testSnapshot();
    const sheet = invoiceSheet(
      testSnapshot({ more: { buyer: { ...buyer, city: 'Portland', region: 'OR', postal_code: '97201', country } } }),
    );
    expect(sheet.customer.lines).toContain(line);
  });

  test('five hundred lines and notes of the greatest length are still a document', async () => {
    const { text } = await read({
      lines: Array.from({ length: 500 }, (_, i) => writtenLine({ name: `Line ${i + 1} ${'x'.repeat(250)}` })),
      more: { notes: 'word\n'.repeat(800) },
    });
    expect(text).toContain('Line 500');
    expect(text.match(/^word$/gm)).toHaveLength(800);
  });

  test('in a sandbox TEST stands across it, and its code says so', async () => {
    const { text } = await read({ more: { test: true } });
    expect(text).toContain('TEST: made in a sandbox');
    expect(text.match(/^TEST$/gm)).toHaveLength(1);
    expect(invoiceSheet(testSnapshot({ more: { test: true } })).payment?.code?.text).toMatch(/\nTEST INV-2026-0001$/);
  });

  test('a preview differs in its number and its mark, and in nothing else', async () => {
    const issued = await read({ lines: LINES, currency: 'USD' });
    const preview = await read({ lines: LINES, currency: 'USD', number: '' }, true);
    const rest = (lines: readonly string[]) => lines.filter((line) => !/DRAFT|INV-2026-0001|^A preview/.test(line));
    expect(preview.text).toContain('DRAFT');
    expect(rest(preview.lines)).toEqual(rest(issued.lines));
  });

  test.each([
    ['quote', 'Quote', 'Valid until'],
    ['credit_note', 'Credit note', 'INV-2026-0000 of 1 February 2026'],
  ] as const)('a %s says so, and asks for no money', async (kind, title, words) => {
    const { text } = await read({ kind });
    expect(text).toContain(title);
    expect(text).toContain(words);
    expect(text).not.toMatch(/IBAN|Payment/);
  });

  test.each([
    ['JPY', '1234', '2,468 JPY'],
    ['KWD', '1.2345', '2.469 KWD'],
    ['USD', '1234.56', '2,469.12 USD'],
  ])('amounts in %s', async (currency, unit_price, total) => {
    expect((await read({ currency, lines: [writtenLine({ quantity: '2', unit_price, taxes: [] })] })).text).toContain(
      total,
    );
  });

  test.each(DOCUMENT_LANGUAGES.map((words) => [words.language, words]))('in %s', async (language, words) => {
    const { text, missingGlyphs } = await read({ locale: language, deposit: { percent: '10' } });
    const afterDeposit = words.terms.afterDeposit.split(':')[0]!;
    for (const word of [words.title.invoice, words.quantity, words.total, words.paymentReference, afterDeposit]) {
      expect(text).toContain(word);
    }
    expect(missingGlyphs).toBe(0);
    // Every {name} of a text is one that English has too, and nothing is left to fill in.
    expect(text).not.toContain('{');
  });

  test('figures are those of the locale, words and months of one language', () => {
    const totals = (locale: string) => {
      const sheet = invoiceSheet(testSnapshot({ locale, lines: [writtenLine({ unit_price: '1234.5' })] }));
      return [sheet.totals.at(-1)?.value.replace(/\s/g, ' '), sheet.facts[1]?.value];
    };
    expect(totals('de-DE')).toEqual(['1.481,40 EUR', '2. März 2026']);
    expect(totals('fr-FR')).toEqual(['1 481,40 EUR', '2 mars 2026']);
    expect(totals('en-US')).toEqual(['1,481.40 EUR', 'March 2, 2026']);
    // No table of words: English, with the marks of Poland.
    expect(totals('pl-PL')).toEqual(['1481,40 EUR', '2 March 2026']);
    expect(totals('ar-EG')).toEqual(['1,481.40 EUR', '2 March 2026']);
    expect(documentWords('nl-BE').title.invoice).toBe('Factuur');
  });

  test('names in other scripts, markup and anything else stay text', async () => {
    const { text, missingGlyphs } = await read({
      lines: [writtenLine({ name: '<b>{{ secret }}</b> 王小明', description: 'درس خصوصي (٣)' })],
      more: { notes: 'שדרות רוטשילד 5', footer: 'Στούντιο & <Κο>' },
    });
    for (const words of ['<b>{{ secret }}</b> 王小明', 'درس خصوصي (٣)', 'שדרות רוטשילד 5', 'Στούντιο & <Κο>']) {
      expect(text).toContain(words);
    }
    expect(missingGlyphs).toBe(0);
  });

  test('what is said of it as XML is well formed, whatever it is called', async () => {
    const source = (await render({ more: { seller: { ...testSnapshot().seller, name: 'A & B <C> "D"' } } })).toString(
      'utf8',
    );
    expect(source).toContain('A &amp; B &lt;C&gt; &quot;D&quot;</rdf:li>');
    expect(source).not.toContain('A & B <C> "D"</rdf:li>');
  });
});

describe('the code for a transfer', () => {
  test('is drawn so that a reader finds the transfer in it', async () => {
    const pdf = await render();
    const squares = squaresIn(pdf);
    const size = Math.min(...squares.map(({ width }) => width));
    // As a camera sees it: black on white, with a margin.
    const [side, scale] = [300, 6];
    const data = new Uint8Array(side * side * 4).fill(255);
    for (const { x, y, width } of squares) {
      const [column, row, count] = [Math.round(x / size), Math.round(y / size), Math.round(width / size)];
      for (let dy = 0; dy < scale; dy += 1) {
        for (let dx = 0; dx < scale * count; dx += 1) {
          const at = ((30 + row * scale + dy) * side + 30 + column * scale + dx) * 4;
          data.fill(0, at, at + 3);
        }
      }
    }
    expect(decodeQR({ width: side, height: side, data })).toBe(invoiceSheet(testSnapshot()).payment?.code?.text);
  });

  test.each<[string, Parameters<typeof testSnapshot>[0]]>([
    ['in another currency', { currency: 'USD' }],
    ['without an account', { more: { payment_details: {} } }],
    ['of nothing', { lines: [writtenLine({ unit_price: '0' })] }],
  ])('is not there %s', (_name, parts) => {
    expect(invoiceSheet(testSnapshot(parts)).payment?.code ?? null).toBeNull();
  });
});

/** Black rectangles of the first page, from the top left one. */
function squaresIn(pdf: Buffer): { x: number; y: number; width: number }[] {
  const found = [
    ...readPdf(pdf)
      .contents.join('\n')
      .matchAll(/^(\S+) (\S+) (\S+) (\S+) re$/gm),
  ].map(([, x, y, width]) => ({ x: Number(x), y: Number(y), width: Number(width) }));
  const left = Math.min(...found.map(({ x }) => x));
  const top = Math.min(...found.map(({ y }) => y));
  return found.map(({ x, y, width }) => ({ x: x - left, y: y - top, width }));
}
