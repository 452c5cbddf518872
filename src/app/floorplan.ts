/**
 * The plan of the house, as data: which rooms there are and in which order, which floor a file stands on by its name,
 * and who alone may read the environment, the clock and randomness. check-floorplan.ts compares the files with it;
 * tests/floorplan.test.ts runs that on every change.
 */

/** Rooms from left to right. A room knows only rooms to its left: their nouns and verbs, never their store or doors. */
export const ROOMS = [
  'foundation',
  'workspace',
  'ledger',
  'contacts',
  'messages',
  'invoices',
  'gateways',
  'payments',
  'insights',
  'reminders',
  'reconciliation',
  'reports',
  'imports',
  'sample',
  'exports',
  'portal',
  'app',
] as const;
export type Room = (typeof ROOMS)[number];

export const FLOORS = { noun: 0, store: 1, verb: 2, door: 3 } as const;
export type Floor = keyof typeof FLOORS;

/** A file whose name begins with one of these does something; every other name says what something is. */
const VERBS = new Set(
  (
    'accept add allocate answer apply archive attach await build change charge check close commit complete ' +
    'confirm connect count create credit delete detach disconnect dismiss draw drive edit export fill find flip ' +
    'follow generate handle hold identify import insert invite issue keep list load make mark mask merge migrate move ' +
    'open part pay plan poll post process put query queue read receive record redeem refund relay remember remove ' +
    'rename render repair resolve restore retry revoke run save script seal search seed send set settle sign ' +
    'split start stop store stream sweep switch sync take tell tie undo unmerge update upload verify void watch ' +
    'withdraw write'
  ).split(' '),
);

/** Names that begin like a verb and yet are nouns. */
const NOUNS_LIKE_VERBS = new Set(['search-terms', 'remember', 'import']);

/** Adapters of gateways do things, whatever they are called; a registry lists things that do. */
const ADAPTER = /-gateway$|^registry$/;

/** The floor a file stands on, by its name alone: `store.ts`, `store-notes.ts`, `list-notes.ts`, `http.ts`, `note.ts`. */
export function floorOf(path: string): Floor {
  const name = stemOf(path);
  if (/^(http|jobs)(-|$)|-(http|jobs)$/.test(name)) return 'door';
  if (/^store(-|$)|-store$/.test(name)) return 'store';
  const [first = ''] = name.split('-');
  return ADAPTER.test(name) || (VERBS.has(first) && !NOUNS_LIKE_VERBS.has(name)) ? 'verb' : 'noun';
}

export function stemOf(path: string): string {
  return path.replace(/^.*\//, '').replace(/\.tsx?$/, '');
}

/** The ground is not divided into floors, and the roof wires everything together. */
export const ROOMS_WITHOUT_FLOORS: ReadonlySet<Room> = new Set(['foundation', 'app']);

/** Names that say nothing about what is inside. */
export const NAMES_REFUSED = /^(utils?|common|types?|index|constants?|helpers?|misc|shared|lib)$/;

/** Longer than this a file usually holds two things. */
export const FILE_LINES_MAX = 400;

interface Privilege {
  readonly rule: string;
  /** What it looks like in code; comments and strings do not count. */
  readonly pattern: RegExp;
  /** Packages whose import is the same thing. */
  readonly packages?: RegExp;
  readonly where: readonly RegExp[];
  readonly reason: string;
}

/** What only some files may do. */
export const PRIVILEGES: readonly Privilege[] = [
  {
    rule: 'environment',
    pattern: /\bprocess\.env\b/g,
    where: [/^src\/app\/config\.ts$/],
    reason: 'only src/app/config.ts reads the environment, so that every setting stands in one file',
  },
  {
    rule: 'clock',
    pattern:
      /\bnew Date\(\s*\)|\bDate\.now\b|\bDate\(\s*\)|\bperformance\.now\b|\bprocess\.hrtime\b|\bTemporal\.Now\b/g,
    where: [/^src\/foundation\/clock\.ts$/],
    reason: 'only src/foundation/clock.ts reads the clock; elsewhere the moment is an argument',
  },
  {
    rule: 'randomness',
    pattern: /\bMath\.random\b|\brandom(?:Bytes|UUID|Int|FillSync)\b|\bgetRandomValues\b/g,
    packages: /^uuid$/,
    where: [/^src\/foundation\/id\.ts$/],
    reason: 'only src/foundation/id.ts makes random values; elsewhere ids and secrets are asked of it',
  },
  {
    rule: 'decimal point',
    pattern: /\bparseFloat\b|\.toFixed\(|[*/]\s*100n?(?![\w.])|\b10n?\s*\*\*/g,
    where: [/^src\/foundation\/(money|currency)\.ts$/],
    reason: 'only src/foundation/money.ts and currency.ts know where a decimal point stands in an amount',
  },
];

/** A departure from one rule by one file (and, for imports, towards one other), with the reason it is right. */
export interface Exception {
  readonly rule: string;
  readonly file: RegExp;
  readonly towards?: RegExp;
  readonly reason: string;
}

export const EXCEPTIONS: readonly Exception[] = [
  {
    rule: 'room',
    file: /^src\/sample\//,
    towards: /^src\/gateways\/scripted\/(seed-gateway|movement)\.ts$/,
    reason: 'the payments of the sample business must stand in the sandbox gateway’s own books too',
  },
  {
    rule: 'file length',
    file: /^src\/gateways\/scripted\/scripted-gateway\.ts$/,
    reason: 'the whole sandbox gateway side by side reads as the one contract it fulfils',
  },
  {
    rule: 'file length',
    file: /^src\/payments\/http\.ts$/,
    reason: 'the doors of the largest room, one after the other: a table of routes more than a program',
  },
  {
    rule: 'room',
    file: /^src\/payments\/(drive-sandbox|http)\.ts$/,
    towards: /^src\/gateways\/scripted\//,
    reason: 'the sandbox is driven by API: its faults and named test methods are asked for through the payments room',
  },
  {
    rule: 'randomness',
    file: /^src\/app\/rooms\.ts$/,
    reason: 'each process draws its own bucket of the sums per day; no id and no secret',
  },
  {
    rule: 'randomness',
    file: /^web\/src\/app\/attempt-key\.ts$/,
    reason:
      'the id of an attempt is made in the browser, so that asking twice is one charge; foundation/id.ts needs node',
  },
  {
    rule: 'decimal point',
    file: /^web\/src\/ui\/progress-bar\.tsx$/,
    reason: 'a share of a whole in per cent for the width of a bar, not money',
  },
];
