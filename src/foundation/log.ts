import { type Logger, pino, stdTimeFunctions } from 'pino';
import { maskCardNumbers } from './card-number.ts';
import { describeError } from './error-words.ts';
import { maskSecretShapes } from './secret-shape.ts';

/** Names of fields that never reach the log, at any of the usual depths. */
const SECRET_FIELDS = [
  'password',
  'token',
  'secret',
  'authorization',
  'cookie',
  'api_key',
  'client_secret',
  'set-cookie',
  'secret_key',
  'signing_secret',
  'values',
];

/**
 * The program's log: JSON lines on stdout. Fields with secret names are left out, of an error only what is not somebody's
 * data is told, and what still looks like a secret or a card number is masked.
 */
export function makeLog(level: string, destination?: { write(line: string): void }): Logger {
  const options = {
    level,
    // Milliseconds since 1970 have as many digits as a card number, and some of them pass for one.
    timestamp: stdTimeFunctions.isoTime,
    serializers: { err: describeError },
    redact: {
      paths: SECRET_FIELDS.flatMap((name) => [quote(name), `*${bracket(name)}`, `*.*${bracket(name)}`]),
      censor: '[redacted]',
    },
    hooks: {
      streamWrite: (line: string) => maskCardNumbers(maskSecretShapes(line)),
    },
  };
  return destination ? pino(options, destination) : pino(options);
}

const quote = (name: string) => (name.includes('-') ? `["${name}"]` : name);
const bracket = (name: string) => `["${name}"]`;
