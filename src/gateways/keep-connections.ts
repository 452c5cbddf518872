import type { Clock } from '../foundation/clock.ts';
import type { Database, WorkspaceTx } from '../foundation/database.ts';
import { type SecretBox, SecretUnreadable } from '../foundation/secret-box.ts';
import type { ConnectionValues, ReadConnection } from './connection.ts';
import type { ConnectionRow } from './store-connections.ts';
import { readChoice, readConnections, readSigningSecrets } from './store-connections.ts';

/** A change made by another server is seen after this. What this process changes itself acts at once. */
const KEPT_MS = 3_000;
/** Workspaces whose values are held at once; beyond it the oldest are read again. */
const WORKSPACES_KEPT_MAX = 1_000;

/** What a workspace has connected, opened and held in memory for a moment. */
export interface Connected {
  readonly byGateway: ReadonlyMap<string, NonNullable<Awaited<ReturnType<ReadConnection>>>>;
  /** The secret part of each gateway's address for messages. */
  readonly eventTokens: ReadonlyMap<string, string>;
  /** The gateway that somebody chose for new cards; null when nobody did. */
  readonly choice: string | null;
}

/** The address that a gateway sends its messages to. */
export function eventAddressOf(publicUrl: string, gateway: string, token: string): string {
  return `${publicUrl}/gateway-events/${gateway}/${token}`;
}

export interface Connections {
  of(workspaceId: string): Promise<Connected>;
  /** What an adapter reads its values with. */
  reader(gateway: string): ReadConnection;
  /** After a change: the next call reads anew. */
  forget(workspaceId: string): void;
}

/** Where a sealed text belongs: the same words seal and open it. */
export const sealedAt = {
  values: (workspaceId: string, connectionId: string) => `gateway_connections/${workspaceId}/${connectionId}/values`,
  token: (workspaceId: string, connectionId: string) => `gateway_connections/${workspaceId}/${connectionId}/token`,
  signing: (workspaceId: string, secretId: string) => `gateway_signing_secrets/${workspaceId}/${secretId}`,
};

/** Opens connections for the calls of this process. One whose envelope key is missing is as if it were not there. */
export function makeConnections(options: { database: Database; box: SecretBox; clock: Clock }): Connections {
  const { database, box, clock } = options;
  const kept = new Map<string, { readonly until: number; readonly connected: Promise<Connected> }>();

  function of(workspaceId: string): Promise<Connected> {
    const now = clock.now().getTime();
    const known = kept.get(workspaceId);
    if (known && known.until > now) return known.connected;
    const connected = database.inWorkspace(workspaceId, (tx) => readConnected(tx, box, clock.now()));
    if (kept.size >= WORKSPACES_KEPT_MAX) kept.delete(kept.keys().next().value as string);
    const entry = { until: now + KEPT_MS, connected };
    kept.set(workspaceId, entry);
    connected.catch(() => kept.get(workspaceId) === entry && kept.delete(workspaceId));
    return connected;
  }

  return {
    of,
    reader: (gateway) => async (workspaceId) => (await of(workspaceId)).byGateway.get(gateway) ?? null,
    forget: (workspaceId) => void kept.delete(workspaceId),
  };
}

async function readConnected(tx: WorkspaceTx, box: SecretBox, now: Date): Promise<Connected> {
  const [rows, choice] = await Promise.all([readConnections(tx), readChoice(tx)]);
  const live = rows.filter((row) => row.disconnected_at === null);
  const byGateway = new Map<string, NonNullable<Awaited<ReturnType<ReadConnection>>>>();
  const eventTokens = new Map<string, string>();
  for (const row of live) {
    const values = valuesIfReadable(box, tx.workspaceId, row);
    if (values === null) continue;
    if (row.sealed_token)
      eventTokens.set(row.gateway, box.open(row.sealed_token, sealedAt.token(tx.workspaceId, row.id)));
    const secrets = await readSigningSecrets(tx, row.id);
    const accepted = secrets.filter((secret) => secret.expires_at === null || secret.expires_at > now);
    byGateway.set(row.gateway, {
      accountRef: row.account_ref,
      values,
      signingSecrets: accepted.map((secret) =>
        box.open(secret.sealed_secret, sealedAt.signing(tx.workspaceId, secret.id)),
      ),
    });
  }
  return { byGateway, eventTokens, choice };
}

/** The values of a connection of now; null when the envelope key that they were sealed with is missing here. */
export function valuesIfReadable(
  box: SecretBox,
  workspaceId: string,
  row: Pick<ConnectionRow, 'id' | 'sealed_values'>,
): ConnectionValues | null {
  try {
    return openValues(box, workspaceId, row);
  } catch (error) {
    if (error instanceof SecretUnreadable) return null;
    throw error;
  }
}

/** The values of a connection of now. Throws SecretUnreadable. */
export function openValues(
  box: SecretBox,
  workspaceId: string,
  row: Pick<ConnectionRow, 'id' | 'sealed_values'>,
): ConnectionValues {
  if (row.sealed_values === null) return {};
  return JSON.parse(box.open(row.sealed_values, sealedAt.values(workspaceId, row.id))) as ConnectionValues;
}
