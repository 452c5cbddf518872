import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CsvRow, CsvUnreadable, makeRowSplitter, ROW_CHARACTERS_MAX } from './csv-rows.ts';

function rowsOf(text: string, separator = ',', chunk = text.length + 1): CsvRow[] {
  const splitter = makeRowSplitter(separator);
  const rows: CsvRow[] = [];
  for (let at = 0; at < text.length; at += chunk) rows.push(...splitter.push(text.slice(at, at + chunk)));
  return [...rows, ...splitter.end()];
}

describe('rows of a CSV file', () => {
  test.each([
    [
      'plain',
      'a,b\n1,2\n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'CRLF',
      'a,b\r\n1,2\r\n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'no last line end',
      'a,b\n1,2',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    ['quoted separator', '"a,1",b\n', [['a,1', 'b']]],
    [
      'quoted line end',
      '"a\nx",b\n1,2\n',
      [
        ['a\nx', 'b'],
        ['1', '2'],
      ],
    ],
    ['quoted CRLF kept', '"a\r\nx",b\r\n', [['a\r\nx', 'b']]],
    ['doubled quote', '"say ""hi""",b\n', [['say "hi"', 'b']]],
    ['quote inside a bare cell', 'pipe 5",b\n', [['pipe 5"', 'b']]],
    [
      'empty cells',
      ',,\n"",x,\n',
      [
        ['', '', ''],
        ['', 'x', ''],
      ],
    ],
    [
      'empty lines passed over',
      '\na,b\n\n\r\n1,2\n\n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    ['quoted last cell', 'a,"b"', [['a', 'b']]],
    [
      'quoted last cell, CRLF',
      'a,"b"\r\nc,d',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    ['ragged rows come as they are', 'a,b\n1\n1,2,3\n', [['a', 'b'], ['1'], ['1', '2', '3']]],
    ['nothing', '', []],
  ])('%s', (_name, text, expected) => {
    for (const chunk of [1, 2, 3, text.length + 1])
      expect(rowsOf(text, ',', chunk).map((row) => row.cells)).toEqual(expected);
  });

  test('tells the line on which a row begins, counting line ends inside quotes', () => {
    expect(rowsOf('h\n"a\nb\nc"\n\nz\n').map((row) => row.line)).toEqual([1, 2, 6]);
  });

  test('a quote that never closes is told with its line', () => {
    expect(() => rowsOf('a,b\n1,"2\n3,4\n')).toThrow(CsvUnreadable);
    expect(() => rowsOf('a,b\n1,"2\n3,4\n')).toThrow(/line 2 is never closed/);
  });

  test('a quote that never closes does not take the whole file into memory', () => {
    const splitter = makeRowSplitter(',');
    splitter.push('a,b\n1,"2');
    expect(() => splitter.push('x'.repeat(ROW_CHARACTERS_MAX))).toThrow(/line 2 is never closed/);
  });

  test('text after a closing quote refuses its row only', () => {
    const rows = rowsOf('a,b\n"1"x,2\n3,4\n');
    expect(rows.map((row) => [row.line, row.broken !== null])).toEqual([
      [1, false],
      [2, true],
      [3, false],
    ]);
  });

  test('reads what csv-parse reads, whatever the chunks', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', 'é', ',', '"', '\n', '\r\n', ' ', '1', '漢'), maxLength: 6 });
    fc.assert(
      fc.property(
        fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { maxLength: 6 }),
        fc.nat(7),
        (table, chunk) => {
          const text = table
            .map((row) => row.map((value) => `"${value.replaceAll('"', '""')}"`).join(','))
            .join('\r\n');
          const expected = parse(text, { relax_column_count: true }) as string[][];
          expect(rowsOf(text, ',', chunk + 1).map((row) => row.cells)).toEqual(expected);
        },
      ),
    );
  });
});
