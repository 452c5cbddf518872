import { Liquid } from 'liquidjs';
import { Failure } from '../foundation/failure.ts';
import type { MessageLanguage } from './languages.ts';
import { examplesOf, MESSAGE_KINDS, type MessageKindName } from './message-kinds.ts';
import { BODY_TEMPLATE_MAX } from './template-limits.ts';

/** Subject and text of a message, as the owner wrote them. */
export interface MessageWords {
  readonly subject: string;
  readonly body: string;
}

/** A template of letters needs a fraction of a millisecond; one that takes this long was written to take long. */
const RENDER_MS_MAX = 50;
/** Counted by the engine over everything that a template makes while it runs. */
const MEMORY_MAX = 500_000;
const OUTPUT_LENGTH_MAX = 60_000;
const SUBJECT_LENGTH_MAX = 250;

/** What a letter can use. Others read files, cut out escaping, or keep state between renderings. */
const TAGS = new Set(['assign', 'capture', 'case', 'comment', 'if', 'unless', 'for', 'break', 'continue', 'raw', '#']);

const nowhere = () => {
  throw new Error('Templates have no files.');
};

function makeEngine(strictVariables: boolean): Liquid {
  const engine = new Liquid({
    // Values are plain text: nothing is inherited, nothing is called.
    ownPropertyOnly: true,
    // What is not there is an empty text: “if” asks whether something is.
    jsTruthy: true,
    strictFilters: true,
    strictVariables,
    parseLimit: BODY_TEMPLATE_MAX,
    renderLimit: RENDER_MS_MAX,
    memoryLimit: MEMORY_MAX,
    relativeReference: false,
    fs: {
      exists: async () => false,
      existsSync: () => false,
      readFile: nowhere,
      readFileSync: nowhere,
      resolve: nowhere,
    },
  });
  for (const name of Object.keys(engine.tags)) if (!TAGS.has(name)) delete engine.tags[name];
  return engine;
}

const engine = makeEngine(false);
/** For templates that are being written: a variable that is misspelt is told at once. */
const strictEngine = makeEngine(true);

/**
 * Fills a template with values. The result is text, whatever the values hold: they are put in as they are and never
 * read as a template again. Throws when the template itself is broken or runs beyond its limits.
 */
export function fillTemplate(template: string, values: Readonly<Record<string, string>>): string {
  return fillWith(engine, template, values);
}

function fillWith(liquid: Liquid, template: string, values: Readonly<Record<string, string>>): string {
  const text = String(liquid.parseAndRenderSync(template, values));
  if (text.length > OUTPUT_LENGTH_MAX) throw new Error('output limit exceeded');
  return text;
}

/** Subject (one line) and text (blank lines between paragraphs) of a message. */
export function fillWords(words: MessageWords, values: Readonly<Record<string, string>>): MessageWords {
  return { subject: oneLine(fillTemplate(words.subject, values)), body: tidy(fillTemplate(words.body, values)) };
}

/** Words that somebody wants to keep, tried with the examples of their kind. Throws invalid_request with the engine's words. */
export function checkWords(kind: MessageKindName, words: MessageWords, language: MessageLanguage): void {
  const fields = (['subject', 'body'] as const).flatMap((path) => {
    try {
      const filled = fillWith(strictEngine, words[path], examplesOf(kind, language));
      return filled.trim() === '' ? [{ path, message: 'Nothing would be left of this.' }] : [];
    } catch (error) {
      return [{ path, message: troubleOf(error, kind) }];
    }
  });
  if (fields.length > 0) throw new Failure('invalid_request', fields[0]!.message, { fields });
}

function troubleOf(error: unknown, kind: MessageKindName): string {
  const [words = ''] = (error as Error).message.split('\n');
  const [, unknown] = /undefined variable: ([\w.]+)/.exec(words) ?? [];
  if (unknown) {
    return `There is no variable “${unknown}” here. There are: ${Object.keys(MESSAGE_KINDS[kind].variables).join(', ')}.`;
  }
  return /limit exceeded/.test(words)
    ? 'This would run for too long, or become too long.'
    : `This is not a template: ${words}.`;
}

/** A subject is one line, or it could end the headers early. */
export function oneLine(text: string): string {
  return text
    .replace(/\p{Cc}+/gu, ' ')
    .replace(/ {2,}/g, ' ')
    .trim()
    .slice(0, SUBJECT_LENGTH_MAX);
}

function tidy(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/[ \t]+\n/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}
