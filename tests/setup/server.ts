import { afterAll } from 'vitest';
import type { GatewaySettings } from '../../src/app/config.ts';
import type { RunningServer } from '../../src/app/server.ts';
import { makeServer } from '../../src/app/server.ts';
import { movableClock } from '../../src/foundation/clock.ts';
import { newId, newSecret, toPublicId } from '../../src/foundation/id.ts';
import type { ServerMail } from '../../src/messages/smtp-server.ts';
import { type Caller, RIGHTS, type Right, type Role, systemCaller } from '../../src/workspace/caller.ts';
import { createAccount } from '../../src/workspace/create-account.ts';
import { createWorkspace } from '../../src/workspace/create-workspace.ts';
import { makeApiKey } from '../../src/workspace/make-api-key.ts';
import { readFacts, readWorkspaceFacts } from '../../src/workspace/read-facts.ts';
import { SESSION_COOKIE, signSessionToken } from '../../src/workspace/session-cookie.ts';
import { insertMember } from '../../src/workspace/store-members.ts';
import { type TestDatabase, testDatabase } from './database.ts';

/** Every test begins on this Monday morning; the clock moves only when the test moves it. */
export const TEST_START = new Date('2026-03-02T09:00:00.000Z');
export const TEST_SECRET = 'a secret of the test run, long enough to sign cookies with';
const PUBLIC_URL = 'http://counterfoil.test';

/** Who asks: the token of an API key, or a person in their browser. */
export type Asker = string | TestPerson;

export interface TestPerson {
  readonly userId: string;
  readonly email: string;
  readonly cookie: string;
  /** Their membership and the workspace they look at; null while they belong to none. */
  readonly memberId: string | null;
  readonly workspaceId: string | null;
}

export interface TestWorkspace {
  /** The uuid; public ids are for the API. */
  readonly id: string;
  readonly publicId: string;
  readonly owner: TestPerson;
  /** A key with every right. */
  readonly apiKey: string;
  /** Another key, with these rights. */
  keyWith(...rights: Right[]): Promise<string>;
  /** Another member, signed in. */
  member(role: Role): Promise<TestPerson>;
  /** The caller that verbs take, for tests that go past the doors; facts and time as they are at the call. */
  caller(): Promise<Caller>;
}

export interface CallOptions {
  readonly as?: Asker;
  readonly body?: unknown;
  /** Sent as Idempotency-Key. */
  readonly key?: string;
  readonly ifMatch?: string;
  readonly headers?: Record<string, string>;
}

export interface Answer<T> {
  readonly status: number;
  readonly body: T;
  readonly text: string;
  readonly headers: Record<string, string | string[] | number | undefined>;
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
export type TestServer = Awaited<ReturnType<typeof testServer>>;

/**
 * The whole server on a fresh database, without a socket: requests go through routing, guard, schemas and serializers
 * as they would over the network, and every answer is checked against its schema. Ended after the file.
 */
export async function testServer(
  options: { database?: TestDatabase; gateways?: GatewaySettings; mail?: ServerMail } = {},
) {
  const database = options.database ?? (await testDatabase());
  const clock = movableClock(TEST_START);
  const { app, rooms }: Pick<RunningServer, 'app' | 'rooms'> = await makeServer({
    database,
    clock,
    publicUrl: PUBLIC_URL,
    logLevel: 'silent',
    checkAnswers: true,
    shedLoad: false,
    secret: TEST_SECRET,
    ...(options.gateways ? { gateways: options.gateways } : {}),
    ...(options.mail ? { mail: options.mail } : {}),
  });
  afterAll(() => app.close());

  /** One request. JSON answers are parsed; others are in `text`. */
  async function call<T = Record<string, unknown>>(
    method: Method,
    url: string,
    request: CallOptions = {},
  ): Promise<Answer<T>> {
    const response = await app.inject({
      method,
      url,
      headers: { ...headersFor(request), ...request.headers },
      ...(request.body === undefined ? {} : { payload: JSON.stringify(request.body) }),
    });
    const isJson = String(response.headers['content-type'] ?? '').includes('json') && response.body !== '';
    return {
      status: response.statusCode,
      body: (isJson ? JSON.parse(response.body) : undefined) as T,
      text: response.body,
      headers: response.headers,
    };
  }

  /** Somebody with an account and a session, and no workspace yet. */
  async function person(name = `Person ${newId().slice(-6)}`): Promise<TestPerson> {
    const now = clock.now();
    const token = newSecret();
    const email = `${name.toLowerCase().replace(/[^a-z0-9]+/g, '.')}.${newId().slice(-8)}@example.com`;
    const account = await database.inGlobal(async (tx) => {
      const made = await createAccount(tx, { name, email, passwordHash: null }, now);
      await tx.run({
        text: `INSERT INTO auth_sessions (id, user_id, token, expires_at, created_at, updated_at)
          VALUES ($1, $2, $3, $4, $5, $5)`,
        values: [newId(), made!.id, token, new Date(now.getTime() + 365 * 86_400_000), now],
      });
      return made!;
    });
    const cookie = `${SESSION_COOKIE}=${encodeURIComponent(signSessionToken(token, TEST_SECRET))}`;
    return { userId: account.id, email, cookie, memberId: null, workspaceId: null };
  }

  /** A workspace with an owner who is signed in and an API key with every right. */
  async function workspace(
    settings: { name?: string; mode?: 'sandbox' | 'live'; currency?: string; timeZone?: string } = {},
  ): Promise<TestWorkspace> {
    const id = newId();
    const owner = await person('Olive Owner');
    const { name = 'Harbour Studio', mode = 'sandbox', currency = 'USD', timeZone = 'UTC' } = settings;
    const { memberId, apiKey } = await database.inWorkspace(id, async (tx) => {
      const row = { name, mode, currency, timeZone, locale: 'en-US' };
      const by = { id: owner.userId, name: 'Olive Owner', email: owner.email };
      const made = await createWorkspace(tx, row, by, { now: clock.now(), ip: null });
      const caller = systemCaller(await readFacts(tx), clock.now());
      const key = await makeApiKey(tx, caller, { name: 'Test', rights: RIGHTS });
      return { memberId: made.memberId, apiKey: key.token };
    });
    const caller = async () => systemCaller((await readWorkspaceFacts(database, id))!, clock.now());
    return {
      id,
      publicId: toPublicId('workspace', id),
      owner: { ...owner, memberId, workspaceId: id },
      apiKey,
      caller,
      async keyWith(...rights) {
        const by = await caller();
        return (await database.inWorkspace(id, (tx) => makeApiKey(tx, by, { name: 'Some rights', rights }))).token;
      },
      async member(role) {
        const who = await person(`Mo ${role}`);
        const newMemberId = newId();
        await database.inWorkspace(id, (tx) =>
          insertMember(tx, {
            id: newMemberId,
            userId: who.userId,
            name: `Mo ${role}`,
            email: who.email,
            role,
            now: clock.now(),
          }),
        );
        return { ...who, memberId: newMemberId, workspaceId: id };
      },
    };
  }

  return { app, rooms, database, clock, call, person, workspace };
}

function headersFor({ as, body, key, ifMatch }: CallOptions): Record<string, string> {
  const headers: Record<string, string> = {};
  if (typeof as === 'string') headers.authorization = `Bearer ${as}`;
  else if (as) {
    headers.cookie = as.cookie;
    headers['counterfoil-client'] = 'web';
    if (as.workspaceId) headers['counterfoil-workspace'] = toPublicId('workspace', as.workspaceId);
  }
  if (body !== undefined) headers['content-type'] = 'application/json';
  if (key !== undefined) headers['idempotency-key'] = key;
  if (ifMatch !== undefined) headers['if-match'] = ifMatch;
  return headers;
}
