import { inspect } from 'node:util';
import { maskCardNumbers } from './card-number.ts';
import { maskSecretShapes } from './secret-shape.ts';

/** Of an error's own fields: where and what kind, never with which values. */
const FIELDS_TOLD = ['code', 'severity', 'schema', 'table', 'column', 'constraint', 'routine', 'syscall', 'statusCode'];
const MESSAGE_LENGTH_MAX = 300;
const FRAMES_MAX = 20;
/** Causes of causes; a ring of them ends too. */
const DEPTH_MAX = 4;
const ERRORS_MAX = 5;

export interface ErrorDescribed {
  readonly type: string;
  readonly message?: string;
  readonly stack?: string;
  readonly [field: string]: unknown;
}

/**
 * An error as it may stand in a log. Libraries hang requests, answers and rows on their errors, and PostgreSQL, JSON and
 * others repeat in their sentences what they were given; of all that only names are told.
 */
export function describeError(error: unknown, depth = 0): ErrorDescribed {
  if (!(error instanceof Error)) return { type: `thrown ${typeof error}` };
  const told: Record<string, unknown> = {};
  for (const field of FIELDS_TOLD) {
    const value = (error as unknown as Record<string, unknown>)[field];
    if (typeof value === 'number' || (typeof value === 'string' && /^[\w.-]{1,80}$/.test(value))) told[field] = value;
  }
  if (depth < DEPTH_MAX) {
    if (error.cause !== undefined) told.cause = describeError(error.cause, depth + 1);
    const { errors } = error as { errors?: unknown };
    if (Array.isArray(errors)) told.errors = errors.slice(0, ERRORS_MAX).map((one) => describeError(one, depth + 1));
  }
  return { type: error.name, message: wordsOf(error), ...told, stack: framesOf(error) };
}

function wordsOf(error: Error): string {
  // Begins or ends with a piece of the text that was no JSON.
  if (error instanceof SyntaxError && error.message.includes('JSON')) return 'Some text is not valid JSON.';
  const { code, severity } = error as { code?: unknown; severity?: unknown };
  // PostgreSQL's class 22: a value that does not fit, in quotation marks.
  const repeatsValue = typeof severity === 'string' && typeof code === 'string' && code.startsWith('22');
  const message = repeatsValue ? error.message.replace(/".*"/s, '"…"') : error.message;
  return message.length > MESSAGE_LENGTH_MAX ? `${message.slice(0, MESSAGE_LENGTH_MAX)}…` : message;
}

/** Where it happened, without the message that a stack begins with. */
function framesOf(error: Error): string {
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return frames.slice(0, FRAMES_MAX).join('\n');
}

/** An error that ends the program, for a terminal: no more of it than the log would tell. */
export function errorText(error: unknown): string {
  const { type, message = '', stack = '', ...told } = describeError(error);
  const more = Object.keys(told).length > 0 ? ` ${inspect(told, { depth: 10 })}` : '';
  return maskCardNumbers(maskSecretShapes(`${type}: ${message}\n${stack}${more}`.trimEnd()));
}
