import { type Logger, pino } from 'pino';
import { maskCardNumbers } from './card-number.ts';

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

/** The program's log: JSON lines on stdout, secrets redacted, anything that looks like a card number masked. */
export function makeLog(level: string): Logger {
  return pino({
    level,
    redact: {
      paths: SECRET_FIELDS.flatMap((name) => [quote(name), `*${bracket(name)}`, `*.*${bracket(name)}`]),
      censor: '[redacted]',
    },
    hooks: {
      streamWrite: maskCardNumbers,
    },
  });
}

const quote = (name: string) => (name.includes('-') ? `["${name}"]` : name);
const bracket = (name: string) => `["${name}"]`;
