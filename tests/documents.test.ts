import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';

/** What is written about the program is held to the program, and nothing of the place it was made in stands in it. */
const ROOT = join(import.meta.dirname, '..');
const SKIPPED = new Set(['node_modules', 'dist', '.git', '.data', 'coverage', 'results', 'tmp']);
const NOT_TEXT = /\.(png|jpg|ico|woff2?|ttf|otf|gz|pdf|br)$/;
const THIS_FILE = relative(ROOT, import.meta.filename).replaceAll('\\', '/');

const files = filesUnder(ROOT).sort();
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const pages = files.filter((path) => path.endsWith('.md'));

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (SKIPPED.has(entry.name) || entry.name.endsWith('.log')) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesUnder(path);
    return NOT_TEXT.test(entry.name) ? [] : [relative(ROOT, path).replaceAll('\\', '/')];
  });
}

describe('no file says', () => {
  /** Spelled in pieces, so that this list is not found by itself. */
  const word = (...pieces: string[]) => new RegExp(`\\b${pieces.join('')}\\b`, 'i');
  const refused: [string, RegExp, RegExp?][] = [
    ['where it was made', /(?<![\w.$}*-])\/(?:work|workspace|Users\/\w+|home\/(?!you\b)\w+)\/(?=\w)/],
    [
      'from which registry it was installed',
      /https?:\/\/[\w.-]*(?:registry|npmjs|artifactory|verdaccio|nexus)[\w.-]*/i,
    ],
    ['what is still to be done', /\b(?:TO ?DO|FIX ?ME|HACK)\b/],
    ['that something is only pretended', word('lorem', ' ipsum')],
    ['who or what wrote it', word('clau', 'de')],
    ['who or what wrote it', word('anth', 'ropic')],
    ['who or what wrote it', word('chat', 'gpt')],
    ['who or what wrote it', word('open', 'ai')],
    ['who or what wrote it', word('co', 'pilot')],
    ['who or what wrote it', word('language', ' model')],
    ['who or what wrote it', word('l', 'lm')],
    ['who or what wrote it', word('sub', '-?agents?')],
    ['who or what wrote it', word('a', 'i-generated')],
  ];
  test.each(refused)('%s (%s)', (_what, pattern) => {
    const found = files
      .filter((path) => path !== THIS_FILE)
      .flatMap((path) =>
        read(path)
          .split('\n')
          .flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1} ${line.trim().slice(0, 120)}`] : [])),
      );
    expect(found).toEqual([]);
  });
});

describe('links and paths', () => {
  test.each(pages)('of %s lead somewhere', (page) => {
    const text = read(page);
    const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target!);
    const broken = links
      .filter((target) => !/^[a-z]+:/.test(target))
      .filter((target) => {
        const [path = '', anchor] = target.split('#');
        const file = path === '' ? page : relative(ROOT, join(ROOT, dirname(page), path)).replaceAll('\\', '/');
        if (!existsSync(join(ROOT, file))) return true;
        return anchor !== undefined && file.endsWith('.md') && !anchorsOf(read(file)).includes(anchor);
      });
    expect(broken).toEqual([]);
  });

  test.each(pages)('that %s names exist', (page) => {
    const named = [
      ...read(page).matchAll(/`((?:src|web|tests|bench|scripts|migrations|docs|bin)\/[\w./-]+?)(?:\/?\*\.?\w*)?`/g),
    ].map(([, path]) => path!);
    const missing = named.filter((path) => !existsSync(join(ROOT, path)) && !startsOfFile(path));
    expect(missing).toEqual([]);
  });

  test('names of files in decisions and architecture are those of files', () => {
    const known = new Set(files.map((path) => path.split('/').at(-1)));
    const named = pages
      .filter((page) => page.startsWith('docs/decisions/') || page === 'ARCHITECTURE.md')
      .flatMap((page) => [...read(page).matchAll(/`([a-z][\w-]*\.tsx?)`/g)].map(([, name]) => `${page}: ${name}`));
    expect(named.filter((line) => !known.has(line.split(': ')[1]))).toEqual([]);
  });
});

describe('what the pages claim', () => {
  const { version, scripts } = JSON.parse(read('package.json')) as { version: string; scripts: Record<string, string> };

  test('the newest version among the changes is this one', () => {
    expect(/^## (\S+)/m.exec(read('CHANGELOG.md'))?.[1]).toBe(version);
  });

  test('every npm command there is', () => {
    const named = pages.flatMap((page) =>
      [...read(page).matchAll(/npm run (?:--silent )?([\w-]+)/g)].map(([, name]) => name!),
    );
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
    for (const command of ['npm ci && npm start', 'npm ci && npm test']) expect(read('README.md')).toContain(command);
  });

  test('every setting that the program reads is explained, and no other', () => {
    const config = read('src/app/config.ts');
    const known = [...config.matchAll(/\benv\.([A-Z_]+)|\('([A-Z_]{6,})', env/g)].map(
      ([, direct, named]) => direct ?? named,
    );
    const ofTheSystem = ['LOCALAPPDATA', 'XDG_DATA_HOME'];
    const explained = [...read('docs/hosting.md').matchAll(/^\| (`[A-Z_`, ]+`) \|/gm)].flatMap(([, names]) =>
      [...names!.matchAll(/`([A-Z_]+)`/g)].map(([, name]) => name),
    );
    expect(explained.sort()).toEqual([...new Set(known)].filter((name) => !ofTheSystem.includes(name!)).sort());
  });

  test('every right is named in the API guide', () => {
    const guide = read('docs/api.md');
    const rights = /RIGHTS = \[([^\]]+)\]/.exec(read('src/workspace/caller.ts'))![1]!;
    for (const [, right] of rights.matchAll(/'([\w.]+)'/g)) expect(guide).toContain(`\`${right}\``);
  });
});

describe('decisions', () => {
  const decisions = pages.filter((page) => page.startsWith('docs/decisions/'));

  test('are numbered one after the other', () => {
    const numbers = decisions.map((page) => Number(/\/(\d{4})-/.exec(page)?.[1]));
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  });

  test.each(decisions)('%s says why, what follows and what holds it, on one screen', (page) => {
    const text = read(page);
    expect(text).toMatch(new RegExp(`^# ${Number(/\/(\d{4})-/.exec(page)![1])}\\. `));
    for (const part of ['**Context.**', '**Decision.**', '**Consequence.**', '**Enforced by**'])
      expect(text).toContain(part);
    expect(text.split('\n').length).toBeLessThan(45);
  });
});

describe('help', () => {
  const topics = read('web/src/help/help-topics.ts');
  const listed = [...topics.matchAll(/page: '([\w-]+)'/g)].map(([, page]) => page!);

  test('every page is in the list of the program, and every entry has its page', () => {
    const written = files.flatMap((path) => /^docs\/help\/([\w-]+)\.md$/.exec(path)?.[1] ?? []);
    expect(listed.toSorted()).toEqual(written.toSorted());
  });

  test('the list is on the help page, and the help page in the router', () => {
    expect(read('web/src/help/help-page.tsx')).toContain('HELP_TOPICS.map(');
    expect(read('web/src/app/router.tsx')).toContain('help-page.tsx');
  });
});

test('every picture of the README has its words', () => {
  const pictures = [...read('README.md').matchAll(/!\[([^\]]*)\]\(([^)]+)\)/g)];
  expect(pictures.length).toBeGreaterThan(5);
  for (const [, words, path] of pictures) {
    expect(words!.length).toBeGreaterThan(3);
    expect(path).toMatch(/^docs\/screenshots\/[\w-]+\.png$/);
  }
});

/** `src/foundation/embedded-postgres*.ts` and folders written with a star name the beginning of something. */
function startsOfFile(path: string): boolean {
  return files.some((file) => file.startsWith(path));
}

function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, title]) =>
    title!
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
