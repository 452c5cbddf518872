import { check } from '../foundation/assert.ts';
import type { Clock } from '../foundation/clock.ts';
import type { Database, WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import { hashSecret, newId, newSecret } from '../foundation/id.ts';
import { maskSecret, type SecretBox } from '../foundation/secret-box.ts';
import type { Caller } from '../workspace/caller.ts';
import { recordAudit } from '../workspace/write-audit.ts';
import type { ConnectedAccount, ConnectionKind, ConnectionValues } from './connection.ts';
import type { Gateway } from './gateway.ts';
import { type Connections, openValues, sealedAt, valuesIfReadable } from './keep-connections.ts';
import type { GatewayRegistry } from './registry.ts';
import {
  type ConnectionRow,
  deleteEventAddress,
  deleteSigningSecrets,
  endConnection,
  expireSigningSecret,
  insertConnection,
  insertEventAddress,
  insertSigningSecret,
  lockConnection,
  readLiveConnection,
  updateConnectionValues,
  upsertChoice,
} from './store-connections.ts';

/** Messages signed with the secret before the last rotation are accepted this long: what a gateway itself allows at most. */
export const OLD_SIGNING_SECRET_MS = 24 * 3_600_000;
/** Longer than any key that a gateway gives out. */
const VALUE_LENGTH_MAX = 1_000;

/** What follows for saved methods when an account comes or goes; the payments room does it, in the same transaction. */
export interface MethodsOfAccounts {
  accountLeft(tx: WorkspaceTx, gateway: string, accountRef: string): Promise<unknown>;
  accountCame(tx: WorkspaceTx, gateway: string, accountRef: string): Promise<unknown>;
}

export interface ConnectDependencies {
  readonly database: Database;
  readonly clock: Clock;
  readonly box: SecretBox;
  readonly gateways: GatewayRegistry;
  readonly connections: Connections;
  readonly methods: MethodsOfAccounts;
}

/**
 * Connects a gateway: the values are checked with the gateway itself, then sealed. Returns the connection's id. Throws
 * invalid_request, gateway_keys_refused, gateway_wrong_mode, gateway_unreachable, gateway_connected.
 */
export async function connectGateway(
  dependencies: ConnectDependencies,
  caller: Caller,
  gatewayName: string,
  entered: Readonly<Record<string, string>>,
): Promise<string> {
  const { database, box, connections, methods } = dependencies;
  const { gateway, kind } = connectable(dependencies.gateways, caller, gatewayName);
  const values = checkedValues(kind, entered, {});
  const already = await database.inWorkspace(caller.workspace.id, (tx) => readLiveConnection(tx, gateway.name));
  if (already) throw new Failure('gateway_connected');
  const account = await askAccount(gateway, kind, values, caller);
  const id = newId();
  const token = newSecret();
  await database.inWorkspace(caller.workspace.id, async (tx) => {
    const added = await insertConnection(tx, {
      id,
      gateway: gateway.name,
      account_ref: account.accountRef,
      account_name: account.accountName,
      mode: account.mode,
      sealed_values: box.seal(JSON.stringify(values), sealedAt.values(tx.workspaceId, id)),
      sealed_token: box.seal(token, sealedAt.token(tx.workspaceId, id)),
      masked: maskedValues(kind, values),
      connected_by: caller.name,
      connected_at: caller.now,
      rotated_by: null,
      rotated_at: null,
      disconnected_by: null,
      disconnected_at: null,
    });
    if (!added) throw new Failure('gateway_connected');
    await addSigningSecret(dependencies, tx, id, signingValue(kind, values));
    await insertEventAddress(tx, hashSecret(token), tx.workspaceId, gateway.name);
    await methods.accountCame(tx, gateway.name, account.accountRef);
    await recordAudit(tx, caller, {
      action: 'gateway.connected',
      subjectKind: 'gatewayConnection',
      subjectId: id,
      details: { gateway: gateway.name, account: account.accountRef, account_name: account.accountName },
    });
  });
  connections.forget(caller.workspace.id);
  return id;
}

/**
 * Exchanges keys of a connected account without a pause: calls take the new ones at once, and messages signed with the
 * secret before are accepted for a day. Fields left out stay; an empty optional one is taken out. Throws as connecting
 * does, and gateway_not_connected.
 */
export async function rotateGatewayKeys(
  dependencies: ConnectDependencies,
  caller: Caller,
  connectionId: string,
  entered: Readonly<Record<string, string>>,
): Promise<void> {
  const { database, clock, box, connections } = dependencies;
  const before = await database.inWorkspace(caller.workspace.id, (tx) => lockConnection(tx, connectionId));
  if (!before) throw new Failure('not_found');
  if (before.disconnected_at) throw new Failure('gateway_not_connected');
  const { gateway, kind } = connectable(dependencies.gateways, caller, before.gateway);
  const kept = valuesIfReadable(box, caller.workspace.id, before);
  if (kept === null) {
    throw new Failure(
      'gateway_not_connected',
      'The keys that are kept cannot be opened: the envelope key is missing. Put it back, or disconnect and connect again.',
    );
  }
  const values = checkedValues(kind, entered, kept);
  const account = await askAccount(gateway, kind, values, caller);
  if (account.accountRef !== before.account_ref) {
    throw new Failure(
      'gateway_keys_refused',
      `These keys belong to another account (${account.accountName}). Disconnect ${before.account_name} first.`,
    );
  }
  await database.inWorkspace(caller.workspace.id, async (tx) => {
    const row = await lockConnection(tx, connectionId);
    if (!row || row.disconnected_at) throw new Failure('gateway_not_connected');
    // Two rotations at once: the second one read values that the first has replaced. The sealing itself may have changed.
    if (!isSame(openValues(box, tx.workspaceId, row), kept)) throw new Failure('edit_conflict');
    await updateConnectionValues(tx, {
      id: connectionId,
      sealedValues: box.seal(JSON.stringify(values), sealedAt.values(tx.workspaceId, connectionId)),
      masked: maskedValues(kind, values),
      accountName: account.accountName,
      by: caller.name,
      at: caller.now,
    });
    const secret = signingValue(kind, values);
    if (secret !== signingValue(kind, kept)) {
      const now = clock.now();
      await deleteSigningSecrets(tx, connectionId, now);
      await expireSigningSecret(tx, connectionId, new Date(now.getTime() + OLD_SIGNING_SECRET_MS));
      await addSigningSecret(dependencies, tx, connectionId, secret);
    }
    const changed = Object.keys({ ...kept, ...values }).filter((name) => kept[name] !== values[name]);
    await recordAudit(tx, caller, {
      action: 'gateway.keys_rotated',
      subjectKind: 'gatewayConnection',
      subjectId: connectionId,
      details: { gateway: gateway.name, account: account.accountRef, changed },
    });
  });
  connections.forget(caller.workspace.id);
}

/**
 * Ends a connection and forgets its keys. Its saved methods stay to be seen and cannot be charged until the same account
 * is connected again. Throws not_found, gateway_not_connected.
 */
export async function disconnectGateway(
  { database, connections, methods }: ConnectDependencies,
  caller: Caller,
  connectionId: string,
): Promise<void> {
  await database.inWorkspace(caller.workspace.id, async (tx) => {
    const row = await lockConnection(tx, connectionId);
    if (!row) throw new Failure('not_found');
    if (row.disconnected_at) throw new Failure('gateway_not_connected');
    await endConnection(tx, row.id, caller.name, caller.now);
    await deleteSigningSecrets(tx, row.id, null);
    // Not by its token: that cannot be opened where the envelope key is missing, and then this is the way out.
    await deleteEventAddress(tx, row.gateway);
    await methods.accountLeft(tx, row.gateway, row.account_ref);
    await recordAudit(tx, caller, {
      action: 'gateway.disconnected',
      subjectKind: 'gatewayConnection',
      subjectId: row.id,
      details: { gateway: row.gateway, account: row.account_ref, account_name: row.account_name },
    });
  });
  connections.forget(caller.workspace.id);
}

/** Chooses the gateway that new cards are added through. Throws gateway_not_connected. */
export async function chooseGateway(
  { database, gateways, connections }: ConnectDependencies,
  caller: Caller,
  name: string,
): Promise<void> {
  connections.forget(caller.workspace.id);
  if (!(await gateways.forNewCards(caller.workspace, name))) throw new Failure('gateway_not_connected');
  await database.inWorkspace(caller.workspace.id, async (tx) => {
    await upsertChoice(tx, name, caller.name, caller.now);
    await recordAudit(tx, caller, {
      action: 'gateway.chosen',
      subjectKind: 'workspace',
      subjectId: caller.workspace.id,
      details: { gateway: name },
    });
  });
  connections.forget(caller.workspace.id);
}

/** The part of the address for messages that nobody can guess; whoever may change settings sees it. */
export function eventTokenOf(box: SecretBox, workspaceId: string, row: ConnectionRow): string | null {
  return row.sealed_token && box.open(row.sealed_token, sealedAt.token(workspaceId, row.id));
}

function connectable(
  gateways: GatewayRegistry,
  caller: Caller,
  name: string,
): { gateway: Gateway; kind: ConnectionKind } {
  const gateway = gateways.all.find((one) => one.name === name);
  if (!gateway?.connecting) {
    const names = gateways.all.filter((one) => one.connecting !== null).map((one) => one.name);
    throw new Failure('invalid_request', undefined, {
      fields: [{ path: 'gateway', message: `One of: ${names.join(', ') || '(none can be connected here)'}.` }],
    });
  }
  if (!gateway.modes.includes(caller.workspace.mode)) {
    throw new Failure('gateway_wrong_mode', `${gateway.label} is not for ${caller.workspace.mode} workspaces.`);
  }
  return { gateway, kind: gateway.connecting };
}

/** What was entered over what is kept, without what nobody asked for. Values themselves are never repeated in words. */
function checkedValues(
  kind: ConnectionKind,
  entered: Readonly<Record<string, string>>,
  kept: ConnectionValues,
): ConnectionValues {
  const names = new Set(kind.fields.map((field) => field.name));
  const fields = Object.keys(entered)
    .filter((name) => !names.has(name))
    .map((name) => ({ path: `values.${name}`, message: `Not asked for; known are ${[...names].join(', ')}.` }));
  const values: Record<string, string> = {};
  for (const field of kind.fields) {
    const value = (entered[field.name] ?? kept[field.name] ?? '').trim();
    if (value !== '') values[field.name] = value;
    else if (field.required)
      fields.push({ path: `values.${field.name}`, message: `Enter it; it looks like ${field.example}.` });
    if (value.length > VALUE_LENGTH_MAX || /\s/.test(value)) {
      fields.push({ path: `values.${field.name}`, message: `One word that looks like ${field.example}.` });
    }
  }
  if (fields.length > 0) throw new Failure('invalid_request', undefined, { fields });
  return values;
}

async function askAccount(
  gateway: Gateway,
  kind: ConnectionKind,
  values: ConnectionValues,
  caller: Caller,
): Promise<ConnectedAccount> {
  const answer = await kind.check(values);
  if (answer.status === 'unreachable') throw new Failure('gateway_unreachable', answer.reason);
  if (answer.status === 'refused') {
    const fields = answer.field === null ? [] : [{ path: `values.${answer.field}`, message: answer.reason }];
    throw new Failure('gateway_keys_refused', answer.reason, { fields });
  }
  const { account } = answer;
  if (account.mode !== caller.workspace.mode) {
    const [theirs, ours] = account.mode === 'live' ? ['live', 'a sandbox'] : ['test', 'a live'];
    const secret = kind.fields.find((field) => field.secret);
    throw new Failure(
      'gateway_wrong_mode',
      `These are ${theirs} keys of ${gateway.label}, and this is ${ours} workspace.`,
      { fields: secret ? [{ path: `values.${secret.name}`, message: `Not a ${theirs} key.` }] : [] },
    );
  }
  return account;
}

function isSame(one: ConnectionValues, other: ConnectionValues): boolean {
  return Object.keys({ ...one, ...other }).every((name) => one[name] === other[name]);
}

function maskedValues(kind: ConnectionKind, values: ConnectionValues): Record<string, string> {
  return Object.fromEntries(
    kind.fields.flatMap(({ name, secret }) => {
      const value = values[name];
      return value === undefined ? [] : [[name, secret ? maskSecret(value) : value]];
    }),
  );
}

function signingValue(kind: ConnectionKind, values: ConnectionValues): string | null {
  const field = kind.fields.find((one) => one.signs);
  return (field && values[field.name]) ?? null;
}

async function addSigningSecret(
  { box, clock }: ConnectDependencies,
  tx: WorkspaceTx,
  connectionId: string,
  secret: string | null,
): Promise<void> {
  if (secret === null) return;
  check(secret !== '', 'a signing secret is not empty');
  const id = newId();
  const sealedSecret = box.seal(secret, sealedAt.signing(tx.workspaceId, id));
  await insertSigningSecret(tx, { id, connectionId, sealedSecret, at: clock.now() });
}
