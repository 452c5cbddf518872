import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { ENVELOPE_KEY_BYTES } from '../foundation/secret-box.ts';
import { neededFields, type StripeConfig } from '../gateways/stripe/stripe-config.ts';
import { type MailAddress, readMailAddress, readSmtpUrl, type ServerMail } from '../messages/smtp-server.ts';

/** All settings of the program. This file alone reads the environment. */
export interface Config {
  /** Holds the embedded database, uploaded files and the program's secret. Absolute. */
  readonly dataFolder: string;
  /** PostgreSQL to use instead of the embedded one: the login that owns the schema. */
  readonly databaseUrl: string | null;
  /** Login of the restricted role; without it the owner's login acts as that role. */
  readonly databaseAppUrl: string | null;
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Address people reach the program at, where it is not the one it listens on (a proxy in front). No slash at the end. */
  readonly publicUrl: string | null;
  readonly logLevel: LogLevel;
  /** Off for connection poolers that cannot carry named prepared statements. */
  readonly namedStatements: boolean;
  /** Believe X-Forwarded-For and its like: only behind a proxy that sets them. */
  readonly trustProxy: boolean;
  /** Signs cookies; null: one is made and kept in the data folder. Servers that share a database must share it. */
  readonly secret: string | null;
  /**
   * Keys that secrets of gateways are sealed with, the newest first; null: one is made and kept in the data folder.
   * Servers that share a database must share them.
   */
  readonly envelopeKeys: readonly Uint8Array[] | null;
  /** Where gateways are and what is left out of requests to them, where that is not as usual. */
  readonly gateways: GatewaySettings;
  /** Mail server that workspaces send through which have none of their own; without it their mail is kept. */
  readonly mail: ServerMail;
  /** Make the sample business at the start. */
  readonly sample: boolean;
}

/** How gateways are reached; everything absent is the gateway's own. */
export interface GatewaySettings {
  readonly stripe: Partial<StripeConfig>;
  readonly mollie: { readonly apiUrl?: string; readonly omitFields?: readonly string[] };
}

/** A setting that cannot be meant, in one sentence that names it. */
export class ConfigRefused extends Error {
  override name = 'ConfigRefused';
}

export type Environment = Readonly<Record<string, string | undefined>>;
type Flags = NonNullable<ParseArgsConfig['options']>;
export type FlagValues = Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;

const LOG_LEVELS = ['silent', 'error', 'warn', 'info', 'debug'] as const;
type LogLevel = (typeof LOG_LEVELS)[number];

/** 4411: free in the registry of well-known ports, and a counterfoil has two halves. */
const PORT_BY_DEFAULT = 4411;
/** Shorter ones can be guessed from a signed cookie. */
const SECRET_LENGTH_MIN = 32;

/** Flags that every command takes; `start` takes those of START_FLAGS too. */
export const COMMON_FLAGS = {
  data: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const satisfies Flags;
export const START_FLAGS = {
  host: { type: 'string' },
  port: { type: 'string' },
  sample: { type: 'boolean' },
} as const satisfies Flags;

/**
 * Reads flags and environment into a Config; flags win. `argv` holds only what follows the command. Throws
 * ConfigRefused. With `own`, flags of a command are allowed too; their values are for the command (readFlags).
 */
export function readConfig(argv: readonly string[], env: Environment = process.env, own: Flags = START_FLAGS): Config {
  const { values } = readFlags(argv, own);
  const flag = (name: string) => (typeof values[name] === 'string' ? values[name] : undefined);
  return {
    dataFolder: resolve(flag('data') ?? env.COUNTERFOIL_DATA ?? dataFolderByDefault(env)),
    databaseUrl: readDatabaseUrl('DATABASE_URL', env),
    databaseAppUrl: readDatabaseUrl('DATABASE_APP_URL', env),
    host: flag('host') ?? env.HOST ?? '127.0.0.1',
    port: readPort(flag('port') !== undefined ? '--port' : 'PORT', flag('port') ?? env.PORT),
    publicUrl: readPublicUrl(env.PUBLIC_URL),
    logLevel: readLogLevel(env.LOG_LEVEL),
    namedStatements: readSwitch('COUNTERFOIL_NAMED_STATEMENTS', env, true),
    trustProxy: readSwitch('COUNTERFOIL_TRUST_PROXY', env, false),
    secret: readSecret(env.COUNTERFOIL_SECRET),
    envelopeKeys: readEnvelopeKeys('COUNTERFOIL_ENVELOPE_KEYS', env.COUNTERFOIL_ENVELOPE_KEYS),
    gateways: readGatewaySettings(env),
    mail: readMail(env),
    sample: values.sample === true,
  };
}

/** Flags and words of a command line. Throws ConfigRefused for a flag that is not one, or lacks its value. */
export function readFlags(argv: readonly string[], own: Flags): { values: FlagValues; words: string[] } {
  try {
    const options = { ...COMMON_FLAGS, ...own };
    const { values, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true });
    return { values, words: positionals };
  } catch (error) {
    // "Unknown option '--prot'. To specify a positional argument …": the first sentence is the one for people.
    throw new ConfigRefused(`${(error as Error).message.split(/\. |\n/)[0]!.replace(/\.$/, '')}.`);
  }
}

function dataFolderByDefault(env: Environment): string {
  if (process.platform === 'win32' && env.LOCALAPPDATA) return join(env.LOCALAPPDATA, 'Counterfoil');
  return join(env.XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'counterfoil');
}

function readDatabaseUrl(name: string, env: Environment): string | null {
  const text = env[name];
  if (!text) return null;
  const protocol = URL.canParse(text) ? new URL(text).protocol : null;
  if (protocol !== 'postgres:' && protocol !== 'postgresql:') {
    // Never the value itself: it holds a password.
    throw new ConfigRefused(`${name} is not a PostgreSQL address like postgres://user:password@host:5432/database.`);
  }
  return text;
}

function readPort(name: string, text: string | undefined): number {
  if (text === undefined || text === '') return PORT_BY_DEFAULT;
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) {
    throw new ConfigRefused(`${name} takes a number from 0 (any free port) to 65535, not “${text}”.`);
  }
  return Number(text);
}

function readGatewaySettings(env: Environment): GatewaySettings {
  const apiBaseUrl = readServer('STRIPE_API_URL', env, ['http:', 'https:']);
  const scriptUrl = readServer('STRIPE_SCRIPT_URL', env, ['http:', 'https:']);
  const apiUrl = readServer('MOLLIE_API_URL', env, ['https:']);
  const stripeOmits = readWords(env.STRIPE_OMIT_FIELDS);
  const mollieOmits = readWords(env.MOLLIE_OMIT_FIELDS);
  const needed = neededFields(stripeOmits ?? []);
  if (needed.length > 0) throw new ConfigRefused(`STRIPE_OMIT_FIELDS cannot leave out ${needed.join(', ')}.`);
  if (apiBaseUrl !== null && apiBaseUrl.replace(/\/$/, '') !== new URL(apiBaseUrl).origin) {
    throw new ConfigRefused(`STRIPE_API_URL takes scheme, host and port without a path, not “${apiBaseUrl}”.`);
  }
  const timeoutMs = readStripeTimeout(env.STRIPE_TIMEOUT_MS);
  return {
    stripe: {
      ...(apiBaseUrl === null ? {} : { apiBaseUrl }),
      // A script from elsewhere talks to where it comes from, and to the server that it belongs to.
      ...(scriptUrl === null
        ? {}
        : { scriptUrl, scriptOrigins: apiBaseUrl === null ? [] : [new URL(apiBaseUrl).origin] }),
      ...(timeoutMs === null ? {} : { timeoutMs }),
      ...(stripeOmits === null ? {} : { omitFields: stripeOmits }),
    },
    mollie: {
      ...(apiUrl === null ? {} : { apiUrl }),
      ...(mollieOmits === null ? {} : { omitFields: mollieOmits }),
    },
  };
}

/** Shorter than this no card network answers; longer than this nobody at a desk waits. */
const TIMEOUT_MS_MIN = 1_000;
const TIMEOUT_MS_MAX = 80_000;

function readStripeTimeout(text: string | undefined): number | null {
  if (!text) return null;
  const ms = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (ms < TIMEOUT_MS_MIN || ms > TIMEOUT_MS_MAX) {
    throw new ConfigRefused(
      `STRIPE_TIMEOUT_MS takes milliseconds from ${TIMEOUT_MS_MIN} to ${TIMEOUT_MS_MAX}, not “${text}”.`,
    );
  }
  return ms;
}

function readServer(name: string, env: Environment, protocols: readonly string[]): string | null {
  const text = env[name];
  if (!text) return null;
  if (!URL.canParse(text) || !protocols.includes(new URL(text).protocol)) {
    throw new ConfigRefused(`${name} takes an address that begins with ${protocols.join('// or ')}//, not “${text}”.`);
  }
  return text;
}

function readWords(text: string | undefined): string[] | null {
  const words = (text ?? '').split(/[\s,]+/).filter((word) => word !== '');
  return words.length === 0 ? null : words;
}

function readPublicUrl(text: string | undefined): string | null {
  if (!text) return null;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.search || url.hash) {
    throw new ConfigRefused(`PUBLIC_URL takes an address like https://crm.example.com, not “${text}”.`);
  }
  return text.replace(/\/+$/, '');
}

function readLogLevel(text: string | undefined): LogLevel {
  const level = LOG_LEVELS.find((name) => name === (text || 'warn'));
  if (!level) throw new ConfigRefused(`LOG_LEVEL takes one of ${LOG_LEVELS.join(', ')}, not “${text}”.`);
  return level;
}

function readSwitch(name: string, env: Environment, byDefault: boolean): boolean {
  const text = env[name]?.toLowerCase();
  if (!text) return byDefault;
  if (['on', 'true', '1', 'yes'].includes(text)) return true;
  if (['off', 'false', '0', 'no'].includes(text)) return false;
  throw new ConfigRefused(`${name} takes “on” or “off”, not “${text}”.`);
}

function readSecret(text: string | undefined): string | null {
  if (!text) return null;
  if (text.length < SECRET_LENGTH_MIN) {
    throw new ConfigRefused(`COUNTERFOIL_SECRET needs at least ${SECRET_LENGTH_MIN} characters; take random ones.`);
  }
  return text;
}

function readMail(env: Environment): ServerMail {
  const server = env.SMTP_URL ? readSmtpUrl(env.SMTP_URL) : null;
  if (env.SMTP_URL && !server) {
    // Never the value itself: it holds a password.
    throw new ConfigRefused(
      'SMTP_URL is not a mail server like smtps://user:password@mail.example.com or smtp://user:password@mail.example.com:587 (security=none, starttls or tls may follow a question mark).',
    );
  }
  const from = readAddressOf('MAIL_FROM', env);
  if (server && !from) throw new ConfigRefused('SMTP_URL needs MAIL_FROM, the address that mail is sent from.');
  return { server, from, bounceAddress: readAddressOf('MAIL_BOUNCES', env)?.address ?? null };
}

function readAddressOf(name: string, env: Environment): MailAddress | null {
  const text = env[name];
  if (!text) return null;
  const address = readMailAddress(text);
  if (!address) throw new ConfigRefused(`${name} takes an address like billing@example.com, not “${text}”.`);
  return address;
}

/** Keys of 32 bytes in base64 or hex, parted by commas or white space. Throws ConfigRefused, which never repeats a key. */
export function readEnvelopeKeys(name: string, text: string | undefined): Uint8Array[] | null {
  const words = (text ?? '').split(/[\s,]+/).filter((word) => word !== '');
  if (words.length === 0) return null;
  return words.map((word, index) => {
    const key = Buffer.from(word, /^[0-9a-f]{64}$/i.test(word) ? 'hex' : 'base64');
    if (key.length !== ENVELOPE_KEY_BYTES) {
      throw new ConfigRefused(
        `${name} takes keys of ${ENVELOPE_KEY_BYTES} bytes in base64 or hex, the newest first; number ${index + 1} is none. “openssl rand -base64 32” makes one.`,
      );
    }
    return key;
  });
}
