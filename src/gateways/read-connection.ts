import { Failure } from '../foundation/failure.ts';
import { toPublicId } from '../foundation/id.ts';
import type { Caller } from '../workspace/caller.ts';
import type { GatewayConnection, GatewayState } from './api.ts';
import { type ConnectDependencies, eventTokenOf } from './connect-gateway.ts';
import { eventAddressOf, valuesIfReadable } from './keep-connections.ts';
import { type ConnectionRow, readConnections, readSigningSecrets, type SigningSecretRow } from './store-connections.ts';

export interface ShowDependencies extends ConnectDependencies {
  /** Address that gateways reach this program at. */
  readonly publicUrl: () => string;
}

/** Every gateway that this workspace uses or could connect, with its connection of now. */
export async function listGateways(dependencies: ShowDependencies, caller: Caller): Promise<GatewayState[]> {
  const { gateways } = dependencies;
  const connections = await listConnections(dependencies, caller);
  const [usable, chosen] = await Promise.all([
    gateways.usable(caller.workspace),
    gateways.forNewCards(caller.workspace),
  ]);
  return gateways.all
    .filter((gateway) => gateway.modes.includes(caller.workspace.mode))
    .map((gateway) => ({
      name: gateway.name,
      label: gateway.label,
      needs_connection: gateway.connecting !== null,
      usable: usable.includes(gateway),
      is_default: gateway === chosen,
      fields: (gateway.connecting?.fields ?? []).map(({ name, label, secret, required, example }) => ({
        name,
        label,
        secret,
        required,
        example,
      })),
      event_types: [...(gateway.connecting?.eventTypes ?? [])],
      connection:
        connections.find((connection) => connection.gateway === gateway.name && connection.disconnected_at === null) ??
        null,
    }));
}

/** All connections, the newest first, also those that were ended. */
export async function listConnections(dependencies: ShowDependencies, caller: Caller): Promise<GatewayConnection[]> {
  return dependencies.database.inWorkspace(caller.workspace.id, async (tx) => {
    const shaped: GatewayConnection[] = [];
    for (const row of await readConnections(tx)) {
      const secrets = row.disconnected_at ? [] : await readSigningSecrets(tx, row.id);
      shaped.push(shapeConnection(dependencies, caller, row, secrets));
    }
    return shaped;
  });
}

/** One connection. Throws not_found. */
export async function readConnection(
  dependencies: ShowDependencies,
  caller: Caller,
  id: string,
): Promise<GatewayConnection> {
  const publicId = toPublicId('gatewayConnection', id);
  const found = (await listConnections(dependencies, caller)).find((connection) => connection.id === publicId);
  if (!found) throw new Failure('not_found');
  return found;
}

function shapeConnection(
  { box, clock, publicUrl }: ShowDependencies,
  caller: Caller,
  row: ConnectionRow,
  secrets: readonly SigningSecretRow[],
): GatewayConnection {
  const isReadable = valuesIfReadable(box, caller.workspace.id, row) !== null;
  const showsAddress = isReadable && caller.rights.has('settings.write');
  const token = showsAddress ? eventTokenOf(box, caller.workspace.id, row) : null;
  const now = clock.now();
  return {
    id: toPublicId('gatewayConnection', row.id),
    gateway: row.gateway,
    account: { ref: row.account_ref, name: row.account_name },
    mode: row.mode,
    values: row.disconnected_at ? {} : row.masked,
    keys_readable: isReadable,
    event_address: token && eventAddressOf(publicUrl(), row.gateway, token),
    signing_secrets: secrets
      .filter(({ expires_at }) => expires_at === null || expires_at > now)
      .map(({ added_at, expires_at }) => ({
        added_at: added_at.toISOString(),
        expires_at: expires_at?.toISOString() ?? null,
      })),
    connected_by: row.connected_by,
    connected_at: row.connected_at.toISOString(),
    rotated_by: row.rotated_by,
    rotated_at: row.rotated_at?.toISOString() ?? null,
    disconnected_by: row.disconnected_by,
    disconnected_at: row.disconnected_at?.toISOString() ?? null,
  };
}
