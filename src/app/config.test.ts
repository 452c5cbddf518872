import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ConfigRefused, readConfig, readFlags, START_FLAGS } from './config.ts';

describe('without any setting', () => {
  test('it listens on this machine only, beside an embedded database', () => {
    expect(readConfig([], {})).toEqual({
      dataFolder: join(homedir(), '.local', 'share', 'counterfoil'),
      databaseUrl: null,
      databaseAppUrl: null,
      host: '127.0.0.1',
      port: 4411,
      publicUrl: null,
      logLevel: 'warn',
      namedStatements: true,
      trustProxy: false,
      secret: null,
      envelopeKeys: null,
      gateways: { stripe: {}, mollie: {} },
      mail: { server: null, from: null, bounceAddress: null },
      sample: false,
    });
  });
});

describe('a setting is taken', () => {
  test.each([
    [['--data', 'here'], { COUNTERFOIL_DATA: '/elsewhere' }, { dataFolder: resolve('here') }],
    [[], { COUNTERFOIL_DATA: '/elsewhere' }, { dataFolder: '/elsewhere' }],
    [[], { XDG_DATA_HOME: '/xdg' }, { dataFolder: '/xdg/counterfoil' }],
    [['--port', '0'], { PORT: '80' }, { port: 0 }],
    [['--port=8080'], {}, { port: 8080 }],
    [[], { PORT: '80', HOST: '0.0.0.0' }, { port: 80, host: '0.0.0.0' }],
    [['--host', '::1', '--sample'], {}, { host: '::1', sample: true }],
    [[], { DATABASE_URL: 'postgres://u:p@h/d' }, { databaseUrl: 'postgres://u:p@h/d' }],
    [[], { DATABASE_APP_URL: 'postgresql://a@h/d' }, { databaseAppUrl: 'postgresql://a@h/d' }],
    [[], { PUBLIC_URL: 'https://crm.example.com/' }, { publicUrl: 'https://crm.example.com' }],
    [[], { COUNTERFOIL_NAMED_STATEMENTS: 'off' }, { namedStatements: false }],
    [[], { COUNTERFOIL_TRUST_PROXY: 'true' }, { trustProxy: true }],
    [[], { LOG_LEVEL: 'debug' }, { logLevel: 'debug' }],
    [
      [],
      { STRIPE_API_URL: 'http://127.0.0.1:12111', STRIPE_OMIT_FIELDS: 'payment_intents.description' },
      { gateways: { stripe: { apiBaseUrl: 'http://127.0.0.1:12111', omitFields: ['payment_intents.description'] } } },
    ],
    [
      [],
      { STRIPE_API_URL: 'http://127.0.0.1:12111', STRIPE_SCRIPT_URL: 'http://127.0.0.1:12112/stripe.js' },
      {
        gateways: {
          stripe: { scriptUrl: 'http://127.0.0.1:12112/stripe.js', scriptOrigins: ['http://127.0.0.1:12111'] },
        },
      },
    ],
    [[], { STRIPE_TIMEOUT_MS: '9000' }, { gateways: { stripe: { timeoutMs: 9_000 } } }],
    [[], { MOLLIE_API_URL: 'https://pay.test/v2/' }, { gateways: { mollie: { apiUrl: 'https://pay.test/v2/' } } }],
    [
      [],
      {
        SMTP_URL: 'smtps://ada%40x.test:p%40ss@mail.x.test',
        MAIL_FROM: 'Harbour <mail@x.test>',
        MAIL_BOUNCES: 'b@x.test',
      },
      {
        mail: {
          server: { host: 'mail.x.test', port: 465, security: 'tls', user: 'ada@x.test', password: 'p@ss' },
          from: { name: 'Harbour', address: 'mail@x.test' },
          bounceAddress: 'b@x.test',
        },
      },
    ],
    [
      [],
      { SMTP_URL: 'smtp://mail.x.test', MAIL_FROM: 'mail@x.test' },
      {
        mail: {
          server: { host: 'mail.x.test', port: 587, security: 'starttls', user: null, password: null },
          from: { name: '', address: 'mail@x.test' },
          bounceAddress: null,
        },
      },
    ],
  ])('%j with %j', (argv, env, expected) => {
    expect(readConfig(argv, env)).toMatchObject(expected);
  });
});

describe('a setting that cannot be meant is refused in one sentence', () => {
  test.each([
    [['--port', '70000'], {}, '--port takes a number from 0 (any free port) to 65535, not “70000”.'],
    [[], { PORT: 'http' }, 'PORT takes a number from 0 (any free port) to 65535, not “http”.'],
    [['--prot', '1'], {}, "Unknown option '--prot'."],
    [['--port'], {}, "Option '--port <value>' argument missing."],
    [
      [],
      { PUBLIC_URL: 'crm.example.com' },
      'PUBLIC_URL takes an address like https://crm.example.com, not “crm.example.com”.',
    ],
    [[], { LOG_LEVEL: 'loud' }, 'LOG_LEVEL takes one of silent, error, warn, info, debug, not “loud”.'],
    [[], { COUNTERFOIL_TRUST_PROXY: 'maybe' }, 'COUNTERFOIL_TRUST_PROXY takes “on” or “off”, not “maybe”.'],
    [
      [],
      { STRIPE_API_URL: 'https://pay.example.com/v1' },
      'STRIPE_API_URL takes scheme, host and port without a path, not “https://pay.example.com/v1”.',
    ],
    [[], { STRIPE_TIMEOUT_MS: '5' }, 'STRIPE_TIMEOUT_MS takes milliseconds from 1000 to 80000, not “5”.'],
    [
      [],
      { STRIPE_OMIT_FIELDS: 'payment_intents.metadata' },
      'STRIPE_OMIT_FIELDS cannot leave out payment_intents.metadata.',
    ],
    [[], { COUNTERFOIL_SECRET: 'short' }, 'COUNTERFOIL_SECRET needs at least 32 characters; take random ones.'],
    [[], { SMTP_URL: 'smtp://x.test' }, 'SMTP_URL needs MAIL_FROM, the address that mail is sent from.'],
    [[], { MAIL_FROM: 'nobody' }, 'MAIL_FROM takes an address like billing@example.com, not “nobody”.'],
  ])('%j with %j', (argv, env, sentence) => {
    expect(() => readConfig(argv, env)).toThrow(new ConfigRefused(sentence));
  });

  test('and one that holds a password is not repeated', () => {
    const refused = () => readConfig([], { DATABASE_URL: 'mysql://root:hunter2@db/x' });
    expect(refused).toThrow(/^DATABASE_URL is not a PostgreSQL address/);
    expect(refused).not.toThrow(/hunter2/);
    const mail = () => readConfig([], { SMTP_URL: 'http://ada:hunter2@mail.x.test' });
    expect(mail).toThrow(/^SMTP_URL is not a mail server/);
    expect(mail).not.toThrow(/hunter2/);
  });
});

test('words that are no flags are left for the command', () => {
  expect(readFlags(['file.csv', '--port', '1'], START_FLAGS)).toMatchObject({
    words: ['file.csv'],
    values: { port: '1' },
  });
});
