import type { FastifyRequest } from 'fastify';
import { makeBatcher } from '../foundation/batch.ts';
import type { Clock } from '../foundation/clock.ts';
import type { Database, WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import { fromPublicId } from '../foundation/id.ts';
import { apiKeyHashOf } from './api-key.ts';
import type { Caller } from './caller.ts';
import type { SignedInPerson } from './door.ts';
import { factsOf, workspaceNow } from './facts.ts';
import { makeMemory } from './remember.ts';
import { knownRights, rightsOfMember } from './rights.ts';
import { SESSION_COOKIE, tokenFromCookie } from './session-cookie.ts';
import { type ApiKeyPlace, findApiKeyPlace, markApiKeysUsed, readLiveApiKeys } from './store-api-keys.ts';
import { readMembersOfUsers } from './store-members.ts';
import { readSessions, type SessionRow } from './store-people.ts';
import { readFactsRow } from './store-workspaces.ts';

/** Who asks within a workspace: by the id of a key, or as a person. */
type Asking = { readonly apiKeyId: string } | { readonly userId: string };

/** A caller without what belongs to the single request. */
type KnownCaller = Omit<Caller, 'ip' | 'now' | 'remembered'>;

/** A key as its last request found it, and on which day it was marked as used. */
interface RememberedKey {
  readonly caller: KnownCaller;
  readonly day: string;
}

/** Keys remembered per server process: about 3 MB when full, and ten times more keys than one server will see in use. */
const API_KEY_PLACES_MAX = 10_000;

/**
 * Tells who asks, for every request.
 *
 * What a request must not be late to notice (a revoked key, a removed member, a flipped switch, a moved clock) is read
 * from the database each time; requests that arrive together share that read, which starts after they arrived. The way
 * from a key's hash to its workspace is remembered, because it can never change. The rest of what a key may is remembered
 * for those alone who read it again in the transaction in which they act.
 */
export function makeIdentify(options: { database: Database; clock: Clock; secret: string }): {
  caller(request: FastifyRequest): Promise<Caller>;
  rememberedCaller(request: FastifyRequest): Caller | null;
  person(request: FastifyRequest): Promise<SignedInPerson>;
} {
  const { database, clock, secret } = options;
  const placesOfKeys = makeMemory<ApiKeyPlace>(API_KEY_PLACES_MAX);
  const keys = makeMemory<RememberedKey>(API_KEY_PLACES_MAX);
  const today = () => clock.now().toISOString().slice(0, 10);

  const sessions = makeBatcher<string, SessionRow | null>(async (_key, tokens) => {
    const rows = await database.inGlobal((tx) => readSessions(tx, tokens));
    return tokens.map((token) => rows.find((row) => row.token === token) ?? null);
  });
  const callers = makeBatcher<Asking, KnownCaller | null>((workspaceId, asking) =>
    database.inWorkspace(workspaceId, (tx) => readCallers(tx, asking, today())),
  );

  async function person(request: FastifyRequest): Promise<SignedInPerson> {
    const token = tokenFromCookie(request.cookies[SESSION_COOKIE], secret);
    const row = token === null ? null : await sessions.write('', token);
    if (!row || row.expires_at.getTime() <= clock.now().getTime()) throw new Failure('not_signed_in');
    return { userId: row.id, name: row.name, email: row.email, sessionToken: row.token };
  }

  async function placeOfKey(authorization: string): Promise<ApiKeyPlace> {
    const hash = apiKeyHashOf(authorization);
    if (hash === null) throw new Failure('not_signed_in', 'The Authorization header holds no API key of this program.');
    const known = placesOfKeys.get(hash);
    if (known) return known;
    const place = await database.inGlobal((tx) => findApiKeyPlace(tx, hash));
    if (!place) throw new Failure('not_signed_in', 'This API key does not exist.');
    placesOfKeys.set(hash, place);
    return place;
  }

  async function known(request: FastifyRequest): Promise<KnownCaller> {
    const { authorization } = request.headers;
    const named = workspaceNamedBy(request);
    if (authorization !== undefined) {
      const place = await placeOfKey(authorization);
      if (named !== null && named !== place.workspace_id) throw new Failure('not_found');
      const caller = await callers.write(place.workspace_id, { apiKeyId: place.api_key_id });
      if (!caller) throw new Failure('not_signed_in', KEY_REVOKED);
      keys.set(place.api_key_id, { caller, day: today() });
      return caller;
    }
    const { userId } = await person(request);
    if (named === null) {
      throw new Failure('malformed_request', 'Name the workspace in the header Counterfoil-Workspace.', {
        fields: [{ path: 'Counterfoil-Workspace', message: 'An id that begins with wsp_ is expected.' }],
      });
    }
    const caller = await callers.write(named, { userId });
    if (!caller) throw new Failure('not_found');
    return caller;
  }

  return {
    person,
    async caller(request) {
      const caller = await known(request);
      return { ...caller, ip: request.ip, now: workspaceNow(clock.now(), caller.workspace) };
    },
    rememberedCaller(request) {
      const { authorization } = request.headers;
      const hash = authorization === undefined ? null : apiKeyHashOf(authorization);
      const place = hash === null ? undefined : placesOfKeys.get(hash);
      const known = place && keys.get(place.api_key_id);
      // The first request of a day marks the key as used; one that names a workspace has its name checked.
      if (!known || known.day !== today() || workspaceNamedBy(request) !== null) return null;
      const { caller } = known;
      return { ...caller, ip: request.ip, now: workspaceNow(clock.now(), caller.workspace), remembered: true };
    },
  };
}

const KEY_REVOKED = 'This API key was revoked.';

/**
 * Callers as they are now, for whoever acts for remembered ones in this transaction; a Failure in place of a key that was
 * revoked. Callers who were read for this request stay as they are.
 */
export async function readCallersAgain(tx: WorkspaceTx, callers: readonly Caller[]): Promise<(Caller | Failure)[]> {
  const asking = callers.flatMap(({ remembered, id }) => (remembered && id !== null ? [{ apiKeyId: id }] : []));
  if (asking.length === 0) return [...callers];
  const now = await readCallers(tx, asking, null);
  let next = 0;
  return callers.map((caller) => {
    if (!caller.remembered) return caller;
    const known = now[next++];
    if (!known) return new Failure('not_signed_in', KEY_REVOKED);
    const movedMs = known.workspace.clockOffsetMs - caller.workspace.clockOffsetMs;
    return { ...known, ip: caller.ip, now: new Date(caller.now.getTime() + movedMs) };
  });
}

/** The workspace in the header, as a uuid; null without one. An id that cannot exist is not found, like a foreign one. */
function workspaceNamedBy(request: FastifyRequest): string | null {
  const header = request.headers['counterfoil-workspace'];
  if (header === undefined) return null;
  const id = typeof header === 'string' ? fromPublicId('workspace', header) : null;
  if (id === null) throw new Failure('not_found');
  return id;
}

/**
 * All that ask at the same moment in one flight; null for who may not (any more). A `day` marks keys as used on it.
 */
async function readCallers(
  tx: WorkspaceTx,
  asking: readonly Asking[],
  day: string | null,
): Promise<(KnownCaller | null)[]> {
  const keyIds = distinct(asking.flatMap((one) => ('apiKeyId' in one ? [one.apiKeyId] : [])));
  const userIds = distinct(asking.flatMap((one) => ('userId' in one ? [one.userId] : [])));
  const [row, keys, members] = await Promise.all([
    readFactsRow(tx),
    keyIds.length > 0 ? readLiveApiKeys(tx, keyIds) : [],
    userIds.length > 0 ? readMembersOfUsers(tx, userIds) : [],
  ]);
  if (!row) return asking.map(() => null);
  if (day !== null) {
    const unmarked = keys.filter((key) => key.last_used_on === null || key.last_used_on < day).map((key) => key.id);
    if (unmarked.length > 0) await markApiKeysUsed(tx, unmarked, day);
  }
  const workspace = factsOf(row);
  return asking.map((one): KnownCaller | null => {
    if ('apiKeyId' in one) {
      const key = keys.find((candidate) => candidate.id === one.apiKeyId);
      if (!key) return null;
      const rights = new Set(knownRights(key.rights));
      return { kind: 'api_key', id: key.id, userId: null, name: key.name, role: null, rights, workspace };
    }
    const member = members.find((candidate) => candidate.user_id === one.userId);
    if (!member) return null;
    const { id, user_id: userId, name, role } = member;
    return { kind: 'member', id, userId, name, role, rights: rightsOfMember(member), workspace };
  });
}

function distinct<T>(items: readonly T[]): T[] {
  return [...new Set(items)];
}
