import { describe, expect, test } from 'vitest';
import { csvCell } from '../foundation/csv-cell.ts';
import { exactDecimalText, parseExactDecimal, roundToMinor } from '../foundation/money.ts';
import {
  guessDateOrder,
  guessDecimalMark,
  lineOf,
  makeDateReader,
  makeDayReader,
  maskCell,
  saysNothing,
} from './cell.ts';
import { countryCodeOf } from './country.ts';
import { looksLikeHeader, sniffSeparator } from './csv-dialect.ts';
import { fieldsOf, guessMapping, problemsOfMapping } from './mapping.ts';

describe('dates', () => {
  test.each<[string, 'ymd' | 'dmy' | 'mdy' | 'unix', string, string | null]>([
    ['2010-12-01 08:26:00', 'ymd', 'Europe/London', '2010-12-01T08:26:00.000Z'],
    ['2011-07-01 08:26:00', 'ymd', 'Europe/London', '2011-07-01T07:26:00.000Z'],
    ['2026-03-29 00:30', 'ymd', 'Europe/London', '2026-03-29T00:30:00.000Z'],
    ['2026-03-29 03:30', 'ymd', 'Europe/London', '2026-03-29T02:30:00.000Z'],
    ['2026-01-05', 'ymd', 'UTC', '2026-01-05T12:00:00.000Z'],
    ['20260105', 'ymd', 'UTC', '2026-01-05T12:00:00.000Z'],
    ['2026-01-05T10:00:00Z', 'dmy', 'Asia/Tokyo', '2026-01-05T10:00:00.000Z'],
    ['2026-01-05T10:00:00+09:00', 'ymd', 'UTC', '2026-01-05T01:00:00.000Z'],
    ['5/1/2026 10:05', 'dmy', 'UTC', '2026-01-05T10:05:00.000Z'],
    ['1/5/2026 10:05 pm', 'mdy', 'UTC', '2026-01-05T22:05:00.000Z'],
    ['12/5/2026 12:05 AM', 'mdy', 'UTC', '2026-12-05T00:05:00.000Z'],
    ['05.01.2026', 'dmy', 'UTC', '2026-01-05T12:00:00.000Z'],
    ['1767607200', 'unix', 'UTC', '2026-01-05T10:00:00.000Z'],
    ['1767607200000', 'unix', 'UTC', '2026-01-05T10:00:00.000Z'],
    ['31/02/2026', 'dmy', 'UTC', null],
    ['2026-01-05 25:00', 'ymd', 'UTC', null],
    ['13/13/2026', 'dmy', 'UTC', null],
    ['5/1/26', 'dmy', 'UTC', null],
    ['soon', 'ymd', 'UTC', null],
  ])('%s as %s in %s', (cell, order, zone, expected) => {
    expect(makeDateReader(order, zone)(cell)?.toISOString() ?? null).toBe(expected);
  });

  test.each<[string[], 'dmy' | 'mdy', string]>([
    [['2026-01-05', '2026-02-06'], 'dmy', 'ymd'],
    [['05/01/2026', '06/02/2026'], 'dmy', 'dmy'],
    [['05/01/2026', '06/02/2026'], 'mdy', 'mdy'],
    [['05/13/2026', '06/02/2026'], 'dmy', 'mdy'],
    [['13/05/2026', '06/02/2026'], 'mdy', 'dmy'],
    [['1767607200'], 'mdy', 'unix'],
    [[], 'mdy', 'ymd'],
  ])('%j is written %s', (samples, fallback, expected) => {
    expect(guessDateOrder(samples, fallback)).toBe(expected);
  });

  test('the day of a moment is that of the zone', () => {
    const day = makeDayReader('Asia/Kathmandu');
    expect([day(new Date('2026-01-05T18:14:59Z')), day(new Date('2026-01-05T18:15:00Z'))]).toEqual([
      '2026-01-05',
      '2026-01-06',
    ]);
  });
});

describe('exact numbers', () => {
  test.each<[string, number, '.' | ',', string | null]>([
    ['2.55', 4, '.', '2.55'],
    ['0.001', 4, '.', '0.001'],
    ['-12', 4, '.', '-12'],
    ['1,200.50', 2, '.', '1200.5'],
    ['1.200,50', 2, ',', '1200.5'],
    ['1 200,50', 2, ',', '1200.5'],
    ["1'200.50", 2, '.', '1200.5'],
    ['(12.00)', 2, '.', '-12'],
    ['12.00-', 2, '.', '-12'],
    ['€ 12.00', 2, '.', '12'],
    ['$-1.5', 2, '.', '-1.5'],
    ['.5', 2, '.', '0.5'],
    ['12.3400', 2, '.', '12.34'],
    ['1.2345', 2, '.', null],
    ['1,2', 2, '.', null],
    ['1.2.3', 2, '.', null],
    ['12a', 2, '.', null],
    ['', 2, '.', null],
    ['99999999999999999999', 2, '.', null],
  ])('%j with %i decimals', (text, decimals, mark, expected) => {
    const parsed = parseExactDecimal(text, decimals, mark);
    expect(parsed.ok ? exactDecimalText(parsed.scaled, decimals) : null).toBe(expected);
  });

  test.each<[bigint, number, string, bigint]>([
    [125n, 3, 'GBP', 13n],
    [-125n, 3, 'GBP', -13n],
    [124n, 3, 'GBP', 12n],
    [15n, 1, 'JPY', 2n],
    [1n, 0, 'KWD', 1000n],
    [49_999_999n, 10, 'USD', 0n],
  ])('%i at %i decimals in %s', (scaled, decimals, currency, expected) => {
    expect(roundToMinor(scaled, decimals, currency)).toBe(expected);
  });

  test.each<[string[], string]>([
    [['1,5', '2,50'], ','],
    [['1.5', '2.50'], '.'],
    [['1.200,50'], ','],
    [['1,200.50'], '.'],
    [['12', ''], '.'],
  ])('%j has the decimal mark %s', (samples, expected) => {
    expect(guessDecimalMark(samples)).toBe(expected);
  });
});

test.each<[string, string | null | undefined]>([
  ['United Kingdom', 'GB'],
  ['EIRE', 'IE'],
  ['RSA', 'ZA'],
  ['USA', 'US'],
  ['Czech Republic', 'CZ'],
  ['Hong Kong', 'HK'],
  ['United Arab Emirates', 'AE'],
  ['de', 'DE'],
  ['Channel Islands', null],
  ['European Community', null],
  ['Unspecified', null],
  ['', null],
  ['Atlantis', undefined],
])('the country %s is %s', (name, code) => {
  expect(countryCodeOf(name)).toBe(code);
});

test.each<[string | number | null, string]>([
  ['=1+1', "'=1+1"],
  ['+44 20', "'+44 20"],
  ['@x', "'@x"],
  ['-5', '-5'],
  ['-5.25', '-5.25'],
  ['-x', "'-x"],
  ['\tx', '"\'\tx"'],
  ['a,b', '"a,b"'],
  ['say "hi"', '"say ""hi"""'],
  [null, ''],
  [-3, '-3'],
])('as a CSV cell %j is %s', (value, cell) => {
  expect(csvCell(value)).toBe(cell);
});

test('card numbers are masked, other long texts stay', () => {
  expect(maskCell('paid with 4242 4242 4242 4242 today')).toBe('paid with •••• 4242 today');
  expect(maskCell('４２４２４２４２４２４２４２４２')).toBe('•••• 4242');
  expect(maskCell('WHITE HANGING HEART T-LIGHT HOLDER')).toBe('WHITE HANGING HEART T-LIGHT HOLDER');
  expect(maskCell('2010-12-01 08:26:00')).toBe('2010-12-01 08:26:00');
});

test('nothing has many names', () => {
  expect(['', ' ', 'NA', 'n/a', 'NULL', '-'].every(saysNothing)).toBe(true);
  expect(['0', 'NAN1', 'Nadia'].some(saysNothing)).toBe(false);
  expect(lineOf('  a\nb\u0000c ', 10)).toBe('a b c');
});

test('columns are known by their headers however these are written', () => {
  expect(
    guessMapping(fieldsOf('sales_lines', []), ['Invoice No', 'QTY', 'invoice_date', 'Unit Price', 'Customer ID']),
  ).toEqual({
    invoice_no: 0,
    quantity: 1,
    date: 2,
    unit_price: 3,
    customer_ref: 4,
  });
  expect(problemsOfMapping('payments', fieldsOf('payments', []), { date: 0, amount: 1 }, 2)).toEqual([
    { path: 'mapping.customer_ref', message: expect.stringContaining('customer') },
  ]);
});

test.each([
  ['a,b;c\n1,2;3\n', ','],
  ['a;b;c\n1,5;2,5;3\n', ';'],
  ['a\tb\n1,5\t2\n', '\t'],
  ['a|b|c\n1|2|3\n', '|'],
  ['one column\nof text, with a comma\nand none\n', ','],
])('%j is separated by %j', (text, separator) => {
  expect(sniffSeparator(text)).toBe(separator);
});

test('a first row of names is a header, one of values is none', () => {
  expect(looksLikeHeader(['Name', 'E-mail'])).toBe(true);
  expect(looksLikeHeader(['Ann', 'ann@example.com'])).toBe(false);
  expect(looksLikeHeader(['536365', 'Ann'])).toBe(false);
  expect(looksLikeHeader(['Name', 'Name'])).toBe(false);
});
