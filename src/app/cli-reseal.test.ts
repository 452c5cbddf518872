import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { ask, wholeProgram } from '../../tests/setup/whole-program.ts';
import {
  STAND_IN_PUBLISHABLE_KEY,
  STAND_IN_SECRET_KEY,
  startStripeStandIn,
} from '../../tests/stand-ins/stripe/stand-in.ts';
import { signMessage } from '../../tests/stand-ins/stripe/webhooks.ts';
import { pause } from '../foundation/clock.ts';
import type { GatewayConnection } from '../gateways/api.ts';
import { SEALED } from './cli-reseal.ts';
import { readEnvelopeKeys } from './config.ts';

vi.setConfig({ testTimeout: 60_000 });

const standIn = await startStripeStandIn({ now: () => new Date() });
afterAll(() => standIn.stop());
const program = await wholeProgram({ STRIPE_API_URL: standIn.url });
const { database } = program;
const SIGNING_SECRET = 'whsec_of_the_resealing_0123456789';
const keyFile = join(program.dataFolder, 'envelope.keys');
const NAMES = ['First', 'Second'];
/** Of each workspace: the entered keys, the address for messages, the signing secret, the password of the mail server. */
const SECRETS_OF_ONE = 4;
const ALL = NAMES.length * SECRETS_OF_ONE;

interface Studio {
  readonly apiKey: string;
  readonly eventPath: string;
}
let address: string;
let studios: Studio[];

beforeAll(async () => {
  ({ address } = await program.serve());
  studios = [];
  for (const name of NAMES) studios.push(await connected(name));
}, 60_000);

async function connected(name: string): Promise<Studio> {
  const { apiKey } = await program.setUp(name);
  const values = {
    secret_key: STAND_IN_SECRET_KEY,
    publishable_key: STAND_IN_PUBLISHABLE_KEY,
    signing_secret: SIGNING_SECRET,
  };
  const made = await ask<GatewayConnection>(address, 'POST', '/v1/gateway-connections', {
    as: apiKey,
    body: { gateway: 'stripe', values },
  });
  expect([made.status, made.text]).toEqual([201, expect.any(String)]);
  const studio = { apiKey, eventPath: new URL(made.body.event_address!).pathname };
  await enterPassword(studio, 'the password of the mail server');
  return studio;
}

async function enterPassword({ apiKey }: Studio, password: string): Promise<void> {
  const server = { host: '127.0.0.1', port: 1, security: 'none', user: 'ada', password };
  const { status, text } = await ask(address, 'PATCH', '/v1/mail-settings', {
    as: apiKey,
    body: { server, from_address: 'billing@example.com' },
  });
  expect([status, text]).toEqual([200, expect.any(String)]);
}

/** Everything that needs what is sealed: the page of the connection, a call to the gateway, a signed message, the mail server. */
async function expectEverythingOpens(at: string): Promise<void> {
  for (const { apiKey, eventPath } of studios) {
    const contact = await ask<{ id: string }>(at, 'POST', '/v1/contacts', { as: apiKey, body: { name: 'Somebody' } });
    const form = await ask(at, 'POST', `/v1/contacts/${contact.body.id}/card-forms`, {
      as: apiKey,
      body: { consent_channel: 'web' },
    });
    expect([form.status, form.text]).toEqual([201, expect.stringContaining('/stripe-pages/form/')]);
    standIn.world.tell('mandate.updated', standIn.actions.createCustomer({ name: 'Somebody' }));
    const { rawBody, signature } = signMessage(standIn.events.at(-1)!, [SIGNING_SECRET], standIn.world.seconds());
    const told = await fetch(at + eventPath, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'stripe-signature': signature },
      body: rawBody,
    });
    expect(told.status).toBe(200);
    const shown = await ask<{ data: { event_address: string }[] }>(at, 'GET', '/v1/gateway-connections', {
      as: apiKey,
    });
    expect(shown.body.data[0]!.event_address).toMatch(new RegExp(`${eventPath}$`));
  }
}

/** How many of the sealed texts in the database are under which key of the file. */
async function sealedUnder(): Promise<Map<string, number>> {
  const rows = await database.asOwner<{ sealed: string }>(
    SEALED.flatMap(({ columns }) => columns)
      .map((name) => name.split('.'))
      .map(([table, column]) => `SELECT ${column} AS sealed FROM ${table} WHERE ${column} IS NOT NULL`)
      .join(' UNION ALL '),
  );
  const counts = new Map<string, number>();
  for (const { sealed } of rows) {
    const keyId = sealed.split('.')[1]!;
    counts.set(keyId, (counts.get(keyId) ?? 0) + 1);
  }
  return counts;
}

const keys = () => readEnvelopeKeys(keyFile, readFileSync(keyFile, 'utf8'))!;

test('every sealed column of the schema is known to it', async () => {
  const columns = await database.asOwner<{ name: string }>(
    `SELECT table_name || '.' || column_name AS name FROM information_schema.columns
     WHERE table_schema = 'public' AND column_name LIKE 'sealed\\_%' AND table_name <> 'audit_heads' ORDER BY 1`,
  );
  expect(columns.map(({ name }) => name)).toEqual(SEALED.flatMap((one) => one.columns).sort());
});

test('killed in the middle, called again, the old key taken out: the server goes on all the time', async () => {
  await expectEverythingOpens(address);
  const old = keys()[0]!;
  const [holder] = await database.asOwner<{ id: string }>(
    'SELECT id FROM gateway_connections ORDER BY workspace_id OFFSET 1 LIMIT 1',
  );
  const client = new pg.Client(database.ownerConnection);
  await client.connect();
  await client.query('BEGIN');
  await client.query('SELECT 1 FROM gateway_connections WHERE id = $1 FOR UPDATE', [holder!.id]);
  const killed = program.begin(['reseal', '--new-key']);
  let said = '';
  void killed.ended.then((how) => {
    said = `ended with ${how}: ${JSON.stringify(killed.output())}`;
  });
  for (let waits = false; !waits && said === ''; await pause(20)) {
    const rows = await database.asOwner(
      `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    waits = rows.length > 0;
  }
  expect(said).toBe('');
  killed.child.kill('SIGKILL');
  expect(await killed.ended).toBe('SIGKILL');
  await client.query('ROLLBACK');
  await client.end();

  const [first, ...others] = keys();
  expect(others).toEqual([old]);
  expect(statSync(keyFile).mode & 0o777).toBe(0o600);
  expect([...(await sealedUnder()).values()].sort((a, b) => a - b)).toEqual([SECRETS_OF_ONE, ALL - SECRETS_OF_ONE]);
  await expectEverythingOpens(address);

  const again = await program.run(['reseal']);
  expect([again.code, again.stdout]).toEqual([
    0,
    expect.stringMatching(
      new RegExp(
        `^${ALL - SECRETS_OF_ONE} secrets sealed anew with the key \\w+, ${SECRETS_OF_ONE} sealed with it already \\(2 workspaces\\)\\.\n` +
          'Nothing is sealed with the older keys any more; they can be taken out\\.\n$',
      ),
    ),
  ]);
  expect([...(await sealedUnder()).values()]).toEqual([ALL]);
  await expectEverythingOpens(address);

  // What is entered now is sealed with the new key by the server that was started with the old one.
  await enterPassword(studios[0]!, 'another password');
  const forgotten = await program.run(['reseal', '--forget-old']);
  expect(forgotten.stdout).toMatch(
    /^0 secrets sealed anew .*, 8 sealed with it already \(2 workspaces\)\.\n1 older key taken out\.\n$/,
  );
  expect(keys()).toEqual([first]);
  await expectEverythingOpens(address);
  const next = await program.serve();
  await expectEverythingOpens(next.address);
  expect((await program.run(['verify'])).code).toBe(0);
});

test('what none of the keys opens is counted and stays, and no key is taken out', async () => {
  const file = readFileSync(keyFile, 'utf8');
  writeFileSync(keyFile, `${Buffer.alloc(32, 1).toString('base64')}\n${Buffer.alloc(32, 2).toString('base64')}\n`);
  const before = await sealedUnder();
  const missing = await program.run(['reseal', '--forget-old']);
  expect([missing.code, missing.stdout]).toEqual([
    1,
    expect.stringContaining(`${ALL} secrets opened by none of the 2 keys: put the key back that is missing`),
  ]);
  expect([await sealedUnder(), keys().length]).toEqual([before, 2]);
  writeFileSync(keyFile, file);
  await expectEverythingOpens(address);
});

test.each([
  ['both steps at once', ['reseal', '--new-key', '--forget-old'], {}, /two steps/],
  [
    'keys of the environment',
    ['reseal', '--new-key'],
    { COUNTERFOIL_ENVELOPE_KEYS: Buffer.alloc(32, 9).toString('base64') },
    /^The keys are given by COUNTERFOIL_ENVELOPE_KEYS; put a new one first there/,
  ],
])('%s is refused in one sentence', async (_what, args, env, sentence) => {
  const { code, stdout, stderr } = await program.run(args, env);
  expect([code, stdout, stderr.trim()]).toEqual([1, '', expect.stringMatching(sentence)]);
});

test('while keys are being changed, nobody else changes them', async () => {
  writeFileSync(`${keyFile}.new`, '');
  const { code, stderr } = await program.run(['reseal', '--new-key']);
  expect([code, stderr]).toEqual([
    1,
    expect.stringMatching(/^Keys are being changed already, or a change was stopped/),
  ]);
});
