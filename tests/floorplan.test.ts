import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkFloorplan } from '../src/app/check-floorplan.ts';
import { EXCEPTIONS, floorOf } from '../src/app/floorplan.ts';
import { readSource } from '../src/app/source-text.ts';

const ROOT = join(import.meta.dirname, '..');

test('every file stands where the plan says, and imports only what lies to its left and below', () => {
  const paths = ['src', 'web/src'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.tsx?$/.test(path))
      .map((path) => `${folder}/${path.replaceAll('\\', '/')}`),
  );
  const files = new Map(paths.map((path) => [path, readFileSync(join(ROOT, path), 'utf8')]));
  expect(files.size).toBeGreaterThan(50);
  const departures = checkFloorplan(files);
  expect(departures.map(({ rule, sentence }) => `[${rule}] ${sentence}`)).toEqual([]);
});

test('every exception has its reason', () => {
  for (const { reason } of EXCEPTIONS) expect(reason.length).toBeGreaterThan(20);
});

test.each([
  ['src/contacts/api.ts', 'noun'],
  ['src/contacts/contact.ts', 'noun'],
  ['src/contacts/search-terms.ts', 'noun'],
  ['src/contacts/store.ts', 'store'],
  ['src/contacts/store-notes.ts', 'store'],
  ['src/contacts/list-contacts.ts', 'verb'],
  ['src/contacts/http.ts', 'door'],
  ['src/payments/jobs.ts', 'door'],
] as const)('%s is a %s', (path, floor) => {
  expect(floorOf(path)).toBe(floor);
});

describe('what the plan refuses', () => {
  const refused: [string, string, Record<string, string>, string][] = [
    [
      'a room that looks right',
      'room',
      { 'src/ledger/entry.ts': "import type { P } from '../payments/api.ts';" },
      'to the right',
    ],
    [
      'another room’s store',
      'room',
      { 'src/payments/charge-card.ts': "import { x } from '../ledger/store.ts';" },
      'is its own',
    ],
    [
      'another room’s door',
      'room',
      { 'src/payments/charge-card.ts': "import { x } from '../ledger/http.ts';" },
      'only src/app',
    ],
    ['a folder that is no room', 'room', { 'src/stuff/thing.ts': '' }, 'no room of the plan'],
    [
      'the server reaching for a screen',
      'room',
      { 'src/app/page.ts': "import x from '../../web/src/app/main.tsx';" },
      'only from src',
    ],
    [
      'an adapter from outside',
      'room',
      { 'src/payments/charge-card.ts': "import { x } from '../gateways/scripted/movement.ts';" },
      'gateways only',
    ],
    [
      'two adapters hand in hand',
      'room',
      { 'src/gateways/a/charge.ts': "import { x } from '../b/charge.ts';" },
      'do not know each other',
    ],
    ['a noun that remembers', 'floor', { 'src/ledger/entry.ts': "import { x } from './store.ts';" }, 'a noun imports'],
    [
      'a store that does',
      'floor',
      { 'src/ledger/store.ts': "import { x } from './post-entry.ts';" },
      'a store imports',
    ],
    [
      'a verb behind a door',
      'floor',
      { 'src/ledger/post-entry.ts': "export { x } from './http.ts';" },
      'a verb imports',
    ],
    [
      'a noun that uses a verb elsewhere',
      'floor',
      { 'src/payments/attempt.ts': "import { x } from '../ledger/post-entry.ts';" },
      'a noun imports',
    ],
    [
      'an import called late',
      'floor',
      { 'src/ledger/entry.ts': "const s = await import('./store.ts');" },
      'a noun imports',
    ],
    [
      'two files in a circle',
      'cycle',
      {
        'src/ledger/entry.ts': "import type { A } from './accounts.ts';",
        'src/ledger/accounts.ts': "import type { E } from './entry.ts';",
      },
      'circle of imports',
    ],
    [
      'a screen that queries',
      'web',
      { 'web/src/contacts/page.tsx': "import { x } from '../../../src/contacts/store.ts';" },
      'is a store',
    ],
    [
      'a screen that charges',
      'web',
      { 'web/src/contacts/page.tsx': "import { x } from '../../../src/payments/charge-card.ts';" },
      'is a verb',
    ],
    [
      'a screen that reaches node',
      'web',
      {
        'web/src/contacts/page.tsx': "import { x } from '../../../src/foundation/id.ts';",
        'src/foundation/id.ts': "import { createHash } from 'node:crypto';",
      },
      'reaches “node:crypto”',
    ],
    ['reading the environment', 'environment', { 'src/app/server.ts': 'const port = process.env.PORT;' }, 'config.ts'],
    ['asking the time', 'clock', { 'src/payments/attempt.ts': 'const at = new Date();' }, 'an argument'],
    ['asking the time in milliseconds', 'clock', { 'web/src/home/page.tsx': 'const at = Date.now();' }, 'an argument'],
    ['throwing dice', 'randomness', { 'src/payments/attempt.ts': 'const n = Math.random();' }, 'id.ts'],
    [
      'making one’s own secret',
      'randomness',
      { 'src/workspace/token.ts': "import { randomBytes } from 'node:crypto';" },
      'id.ts',
    ],
    ['ids of one’s own', 'randomness', { 'src/payments/attempt.ts': "import { v4 } from 'uuid';" }, 'id.ts'],
    [
      'cents by division',
      'decimal point',
      { 'src/exports/row.ts': 'const amount = amountMinor / 100;' },
      'decimal point',
    ],
    [
      'cents by multiplication',
      'decimal point',
      { 'web/src/ui/amount.tsx': 'const minor = Number(text) * 100;' },
      'decimal point',
    ],
    [
      'a float read from text',
      'decimal point',
      { 'src/imports/cell.ts': 'const amount = parseFloat(cell);' },
      'decimal point',
    ],
    [
      'a float written as text',
      'decimal point',
      { 'src/exports/row.ts': 'const text = amount.toFixed(2);' },
      'decimal point',
    ],
    ['a power of ten', 'decimal point', { 'src/exports/row.ts': 'const unit = 10 ** exponent;' }, 'decimal point'],
    ['a drawer of odds and ends', 'file name', { 'src/ledger/utils.ts': '' }, 'does not say what is inside'],
    ['a name in capitals', 'file name', { 'web/src/ui/MoneyText.tsx': '' }, 'lower-case words'],
    ['a file that goes on and on', 'file length', { 'src/ledger/entry.ts': 'x;\n'.repeat(401) }, '401 lines'],
  ];
  test.each(refused)('%s', (_name, rule, files, sentence) => {
    const departures = checkFloorplan(new Map(Object.entries(files)));
    expect(departures).toEqual([expect.objectContaining({ rule, sentence: expect.stringContaining(sentence) })]);
  });
});

describe('what the plan lets stand', () => {
  const accepted: [string, Record<string, string>][] = [
    ['a moment made from a value', { 'src/payments/attempt.ts': 'const at = new Date(value); // not Date.now()' }],
    ['words about it in text', { 'src/payments/attempt.ts': 'const help = `process.env and ${name} / 100`;' }],
    ['a verb of a room to the left', { 'src/payments/charge-card.ts': "import { x } from '../ledger/post-entry.ts';" }],
    ['the roof that knows the doors', { 'src/app/rooms.ts': "import { x } from '../ledger/http.ts';" }],
    ['a test that goes anywhere', { 'src/ledger/entry.test.ts': "import { x } from '../payments/store.ts';" }],
    [
      'a regular expression with a quote',
      { 'src/imports/cell.ts': "const a = /['\"]/; const b = Number(x) / 2; const c = 'Date.now()';" },
    ],
    ['an apostrophe between tags', { 'web/src/ui/hint.tsx': "<p>Don't</p>;\nconst a = 'new Date()';" }],
  ];
  test.each(accepted)('%s', (_name, files) => {
    expect(checkFloorplan(new Map(Object.entries(files)))).toEqual([]);
  });
});

test('imports are found in every form, and only there', () => {
  const text = [
    "import { a } from './a.ts';",
    "import type { B } from './b.ts';",
    "export * from './c.ts';",
    "import './d.ts';",
    "const e = await import('./e.ts');",
    "// import x from './no.ts';",
    "const sql = `from ${table} import './no.ts'`;",
    "Array.from('./no.ts');",
    'import {\n  f,\n} from "./f.ts";',
  ].join('\n');
  expect(readSource(text).imports.map(({ specifier }) => specifier)).toEqual([
    './a.ts',
    './b.ts',
    './c.ts',
    './d.ts',
    './e.ts',
    './f.ts',
  ]);
});
