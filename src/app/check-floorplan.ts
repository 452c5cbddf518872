import { posix } from 'node:path';
import {
  EXCEPTIONS,
  FILE_LINES_MAX,
  FLOORS,
  floorOf,
  NAMES_REFUSED,
  PRIVILEGES,
  ROOMS,
  ROOMS_WITHOUT_FLOORS,
  type Room,
  stemOf,
} from './floorplan.ts';
import { lineAt, readSource, type SourceText } from './source-text.ts';

/** One departure from the plan: which rule, where, and a sentence that says why it is one. */
export interface Departure {
  readonly rule: string;
  readonly file: string;
  readonly line: number;
  readonly towards: string | null;
  readonly sentence: string;
}

interface Edge {
  readonly from: string;
  readonly to: string;
  readonly line: number;
}

/**
 * Compares source files (path from the repository's root → text) with the plan. Tests beside the files are looked at for
 * nothing: they may go anywhere. Answers every departure that floorplan.ts does not except.
 */
export function checkFloorplan(files: ReadonlyMap<string, string>): Departure[] {
  const found: Departure[] = [];
  const edges: Edge[] = [];
  const packages: Edge[] = [];
  for (const [path, text] of files) {
    if (isTest(path)) continue;
    const source = readSource(text);
    found.push(...checkName(path), ...checkLength(path, text), ...checkPrivileges(path, source));
    for (const { specifier, line } of source.imports) {
      if (!specifier.startsWith('.')) packages.push({ from: path, to: specifier, line });
      else edges.push({ from: path, to: posix.normalize(posix.join(posix.dirname(path), specifier)), line });
    }
  }
  for (const edge of edges) found.push(...checkImport(edge));
  found.push(...checkWebReach(edges, packages), ...checkCycles(edges));
  return found.filter((departure) => !isExcepted(departure));
}

function isTest(path: string): boolean {
  return /\.test\.tsx?$/.test(path) || path.startsWith('tests/');
}

function isExcepted({ rule, file, towards }: Departure): boolean {
  return EXCEPTIONS.some(
    (exception) =>
      exception.rule === rule &&
      exception.file.test(file) &&
      (exception.towards === undefined || (towards !== null && exception.towards.test(towards))),
  );
}

function departure(rule: string, file: string, line: number, sentence: string, towards: string | null = null) {
  return { rule, file, line, towards, sentence: `${file}:${line}: ${sentence}` };
}

function checkName(path: string): Departure[] {
  const stem = stemOf(path);
  if (NAMES_REFUSED.test(stem)) {
    return [
      departure('file name', path, 1, `“${stem}” does not say what is inside; name the file by what it knows or does`),
    ];
  }
  if (!/^[a-z0-9]+(-[a-z0-9]+)*(\.d)?$/.test(stem)) {
    return [departure('file name', path, 1, 'file names are lower-case words joined by dashes')];
  }
  return path.startsWith('src/') && roomOf(path) === null
    ? [
        departure(
          'room',
          path,
          1,
          'this folder is no room of the plan; add it to ROOMS in src/app/floorplan.ts or move the file',
        ),
      ]
    : [];
}

function checkLength(path: string, text: string): Departure[] {
  const lines = text.split('\n').length - 1;
  if (lines <= FILE_LINES_MAX) return [];
  return [
    departure('file length', path, lines, `${lines} lines; above ${FILE_LINES_MAX} a file usually holds two things`),
  ];
}

function checkPrivileges(path: string, source: SourceText): Departure[] {
  const found: Departure[] = [];
  for (const { rule, pattern, packages, where, reason } of PRIVILEGES) {
    if (where.some((file) => file.test(path))) continue;
    for (const match of source.code.matchAll(pattern)) {
      found.push(departure(rule, path, lineAt(source.code, match.index), `“${match[0]}”: ${reason}`));
    }
    for (const { specifier, line } of source.imports) {
      if (packages?.test(specifier)) found.push(departure(rule, path, line, `“${specifier}”: ${reason}`));
    }
  }
  return found;
}

function roomOf(path: string): Room | null {
  const [root, room] = path.split('/');
  return root === 'src' && (ROOMS as readonly string[]).includes(room ?? '') ? (room as Room) : null;
}

/** `scripted` for src/gateways/scripted/store.ts: an annexe is known to its own room only. */
function annexeOf(path: string): string | null {
  const parts = path.split('/');
  return parts.length > 3 ? parts.slice(2, -1).join('/') : null;
}

function checkImport({ from, to, line }: Edge): Departure[] {
  const say = (rule: string, sentence: string) => [departure(rule, from, line, `imports ${to}: ${sentence}`, to)];
  const fromRoom = roomOf(from);
  const toRoom = roomOf(to);
  if (!fromRoom) return from.startsWith('web/') && toRoom ? checkWebImport(from, to, line) : [];
  if (!toRoom) return say('room', 'the server imports only from src');
  if (toRoom === fromRoom) {
    if (annexeOf(to) !== null && annexeOf(from) !== null && annexeOf(to) !== annexeOf(from)) {
      return say('room', 'annexes of a room do not know each other');
    }
    if (ROOMS_WITHOUT_FLOORS.has(fromRoom)) return [];
    const [mine, theirs] = [floorOf(from), floorOf(to)];
    if (FLOORS[theirs] <= FLOORS[mine]) return [];
    return say('floor', `a ${mine} imports from its own floor or below, and that is a ${theirs}`);
  }
  if (ROOMS.indexOf(toRoom) > ROOMS.indexOf(fromRoom)) {
    return say('room', `${toRoom} lies to the right of ${fromRoom}; rooms import only rooms to their left`);
  }
  if (ROOMS_WITHOUT_FLOORS.has(toRoom)) return [];
  const theirs = floorOf(to);
  if (theirs === 'store') return say('room', `the store of ${toRoom} is its own; ask one of its verbs`);
  if (theirs === 'door' && fromRoom !== 'app') return say('room', `only src/app knows the doors of other rooms`);
  if (annexeOf(to) !== null && fromRoom !== 'app') return say('room', `${annexeOf(to)} is known to ${toRoom} only`);
  if (ROOMS_WITHOUT_FLOORS.has(fromRoom) || FLOORS[theirs] <= FLOORS[floorOf(from)]) return [];
  return say('floor', `a ${floorOf(from)} imports from its own floor or below, and that is a ${theirs}`);
}

function checkWebImport(from: string, to: string, line: number): Departure[] {
  if (roomOf(to) === 'foundation' || floorOf(to) === 'noun') return [];
  return [
    departure(
      'web',
      from,
      line,
      `imports ${to}: screens import api.ts and pure nouns only, and that is a ${floorOf(to)}`,
      to,
    ),
  ];
}

/** Packages that run in a browser as well as on the server. */
const PURE_PACKAGES = /^(zod|temporal-polyfill)(\/|$)/;

/** What screens import may itself reach nothing that needs a server: no node: module, no database driver. */
function checkWebReach(edges: readonly Edge[], packages: readonly Edge[]): Departure[] {
  const found: Departure[] = [];
  const next = byFrom(edges);
  for (const entry of edges.filter(({ from, to }) => from.startsWith('web/') && to.startsWith('src/'))) {
    const reached = new Set([entry.to]);
    for (const path of reached) for (const { to } of next.get(path) ?? []) reached.add(to);
    const impure = packages.find(({ from, to }) => reached.has(from) && !PURE_PACKAGES.test(to));
    if (!impure) continue;
    const sentence = `imports ${entry.to}, which reaches “${impure.to}” through ${impure.from}: screens import what runs in a browser`;
    found.push(departure('web', entry.from, entry.line, sentence, entry.to));
  }
  return found;
}

function byFrom(edges: readonly Edge[]): Map<string, Edge[]> {
  const map = new Map<string, Edge[]>();
  for (const edge of edges) {
    const list = map.get(edge.from);
    if (list) list.push(edge);
    else map.set(edge.from, [edge]);
  }
  return map;
}

/** Each cycle once, told from the file where the walk met it. Type imports count: a reader follows them too. */
function checkCycles(edges: readonly Edge[]): Departure[] {
  const next = byFrom(edges);
  const done = new Set<string>();
  const path: string[] = [];
  const found: Departure[] = [];
  const walk = (file: string) => {
    if (done.has(file)) return;
    path.push(file);
    for (const { to, line } of next.get(file) ?? []) {
      const start = path.indexOf(to);
      if (start === -1) walk(to);
      else
        found.push(
          departure('cycle', file, line, `closes a circle of imports: ${[...path.slice(start), to].join(' → ')}`, to),
        );
    }
    path.pop();
    done.add(file);
  };
  for (const file of next.keys()) walk(file);
  return found;
}
