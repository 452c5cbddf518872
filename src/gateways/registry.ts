import { check } from '../foundation/assert.ts';
import type { WorkspaceFacts } from '../workspace/caller.ts';
import type { Gateway } from './gateway.ts';

type Workspace = Pick<WorkspaceFacts, 'id' | 'mode'>;

/** The gateways of this program. To add one: a folder beside scripted/, a line where the registry is made (app/rooms.ts), and the conformance tests. */
export interface GatewayRegistry {
  readonly all: readonly Gateway[];
  /** Throws BrokenAssumption on a name no gateway has: names come from our own rows. */
  named(name: string): Gateway;
  /** Gateways that a workspace may use now: those that need no connection, and those it has connected. */
  usable(workspace: Workspace): Promise<readonly Gateway[]>;
  /**
   * The gateway that a new card goes to: the named one, else the one that the workspace chose, else the first it has
   * connected, else the sandbox's. Null when there is none, or the named one cannot be used now.
   */
  forNewCards(workspace: Workspace, name?: string | null): Promise<Gateway | null>;
}

/** What the registry asks of the connections of a workspace. */
export interface KnownConnections {
  of(workspaceId: string): Promise<{
    readonly byGateway: ReadonlyMap<string, unknown>;
    readonly choice: string | null;
  }>;
}

const NOTHING_CONNECTED: KnownConnections = { of: async () => ({ byGateway: new Map(), choice: null }) };

/** Without `connections` only gateways that need none can be used. */
export function makeRegistry(
  gateways: readonly Gateway[],
  connections: KnownConnections = NOTHING_CONNECTED,
): GatewayRegistry {
  const byName = new Map(gateways.map((gateway) => [gateway.name, gateway]));

  async function usableOf(workspace: Workspace) {
    const { byGateway, choice } = await connections.of(workspace.id);
    const usable = gateways.filter(
      (gateway) =>
        gateway.modes.includes(workspace.mode) && (gateway.connecting === null || byGateway.has(gateway.name)),
    );
    return { usable, choice };
  }

  return {
    all: gateways,
    named(name) {
      const gateway = byName.get(name);
      check(gateway, `a gateway is called ${name}`);
      return gateway;
    },
    usable: async (workspace) => (await usableOf(workspace)).usable,
    async forNewCards(workspace, name) {
      const { usable, choice } = await usableOf(workspace);
      if (name) return usable.find((gateway) => gateway.name === name) ?? null;
      const chosen = usable.find((gateway) => gateway.name === choice);
      return chosen ?? usable.find((gateway) => gateway.connecting !== null) ?? usable[0] ?? null;
    },
  };
}
