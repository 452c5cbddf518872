import { makeBatcher } from '../foundation/batch.ts';
import type { Clock } from '../foundation/clock.ts';
import type { Database } from '../foundation/database.ts';
import { hashSecret, newId } from '../foundation/id.ts';
import { localDateOf } from '../foundation/local-date.ts';
import type { GatewayEvent, IncomingEvent } from '../gateways/gateway.ts';
import { findEventAddress } from '../gateways/read-event-address.ts';
import type { GatewayRegistry } from '../gateways/registry.ts';
import type { WorkspaceFacts } from '../workspace/caller.ts';
import { workspaceNow } from '../workspace/facts.ts';
import { readWorkspaceFacts } from '../workspace/read-facts.ts';
import { addRefusals, insertEvents, type NewEvent, type RefusalReason } from './store-events.ts';

export type Taken = 'stored' | 'repeated' | 'refused' | 'unknown_address';

/**
 * The first half of what a gateway tells us: its signature is checked over what came, byte for byte, and the message is
 * stored once. Nothing else happens before the gateway is answered, and it is answered when the message is on disk.
 */
export interface TakeGatewayEvents {
  /** A message at an address that was given out: its token says for which workspace. */
  takeAt(gatewayName: string, token: string, incoming: IncomingEvent): Promise<Taken>;
  /** A message for a workspace, with what was stored of it. `quietly`: whoever asks works on it themselves. */
  take(
    gatewayName: string,
    workspaceId: string,
    incoming: IncomingEvent,
    options?: { quietly?: boolean },
  ): Promise<{ taken: Taken; event: NewEvent | null }>;
  idle(): Promise<void>;
}

/** Who an address leads to, and how far a workspace's clock was moved, are believed this long. */
const ADDRESS_KEPT_MS = 3_000;
const FACTS_KEPT_MS = 1_000;
const ADDRESSES_KEPT_MAX = 10_000;
/** Messages written with one statement. */
const GROUP_SIZE_MAX = 512;

export function makeTakeGatewayEvents(options: {
  database: Database;
  gateways: GatewayRegistry;
  clock: Clock;
  /** Called after messages of a workspace were stored. */
  onStored: (workspaceId: string) => void;
}): TakeGatewayEvents {
  const { database, gateways, clock, onStored } = options;
  const refusals = makeRefusalCounter(database);
  const addresses = makeKept<Awaited<ReturnType<typeof findEventAddress>>>(clock, ADDRESS_KEPT_MS);
  const facts = makeKept<WorkspaceFacts | null>(clock, FACTS_KEPT_MS);
  const batcher = makeBatcher<{ row: NewEvent; quietly: boolean }, boolean>(
    async (workspaceId, items) => {
      const rows = items.map(({ row }) => row);
      const added = await database.inWorkspace(workspaceId, (tx) => insertEvents(tx, rows));
      const waits = ({ row, quietly }: (typeof items)[number]) =>
        !quietly && added.has(row.id) && row.event.about.kind !== 'other';
      if (items.some(waits)) onStored(workspaceId);
      return rows.map((row) => added.has(row.id));
    },
    // While one group waits for the disk, the next one is written.
    { groupSizeMax: GROUP_SIZE_MAX, groupsInFlightMax: 2 },
  );

  async function parse(gatewayName: string, workspaceId: string, incoming: IncomingEvent) {
    const gateway = gateways.named(gatewayName);
    const ask = async (workspace: WorkspaceFacts) => {
      // Real gateways sign by the time of day; only the sandbox lives in a workspace whose clock was moved.
      const now = gateway.connecting === null ? workspaceNow(clock.now(), workspace) : clock.now();
      return gateway.parseEvent({ workspaceId, now }, incoming).catch(() => null);
    };
    const kept = facts.get(workspaceId, () => readWorkspaceFacts(database, workspaceId));
    const workspace = await kept.value;
    if (!workspace) return null;
    const event = await ask(workspace);
    if (event || kept.fresh || gateway.connecting !== null) return { workspace, event };
    // Perhaps the clock was moved a moment ago.
    const again = await facts.refresh(workspaceId, () => readWorkspaceFacts(database, workspaceId));
    return again && { workspace: again, event: await ask(again) };
  }

  async function take(
    gatewayName: string,
    workspaceId: string,
    incoming: IncomingEvent,
    { quietly = false }: { quietly?: boolean } = {},
  ) {
    if (quietly) await facts.refresh(workspaceId, () => readWorkspaceFacts(database, workspaceId));
    const parsed = await parse(gatewayName, workspaceId, incoming);
    if (!parsed) return { taken: 'unknown_address' as const, event: null };
    const { workspace, event } = parsed;
    const receivedAt = workspaceNow(clock.now(), workspace);
    const refuse = (reason: RefusalReason) =>
      refusals.count(workspaceId, gatewayName, localDateOf(receivedAt, workspace.timeZone), reason, receivedAt);
    if (!event || !isStorable(incoming.rawBody)) {
      refuse(isStorable(incoming.rawBody) ? 'not_believed' : 'unreadable');
      return { taken: 'refused' as const, event: null };
    }
    const row = newEvent(gatewayName, event, incoming.rawBody, receivedAt, clock.now());
    // What else the message may be about waits beside it under names of its own, so that a repetition finds it there.
    const besides = (event.also ?? []).map((about, index) => {
      const eventRef = `${event.eventRef}/${index + 1}`;
      return newEvent(gatewayName, { ...event, eventRef, about }, '', receivedAt, clock.now());
    });
    const [isNew] = await Promise.all([
      batcher.write(workspaceId, { row, quietly }),
      ...besides.map((beside) => batcher.write(workspaceId, { row: beside, quietly: false })),
    ]);
    if (isNew) return { taken: 'stored' as const, event: row };
    refuse('repeated');
    return { taken: 'repeated' as const, event: null };
  }

  return {
    take,
    async takeAt(gatewayName, token, incoming) {
      const address = await addresses.get(token, () => findEventAddress(database, hashSecret(token))).value;
      if (!address || address.gateway !== gatewayName) return 'unknown_address';
      return (await take(gatewayName, address.workspaceId, incoming)).taken;
    },
    async idle() {
      await batcher.idle();
      await refusals.idle();
    },
  };
}

function newEvent(gateway: string, event: GatewayEvent, rawBody: string, receivedAt: Date, systemNow: Date): NewEvent {
  const delayMs = event.createdAt && Math.max(0, systemNow.getTime() - event.createdAt.getTime());
  return { id: newId(), gateway, event, rawBody, receivedAt, delayMs, foundBy: 'message', tryAfter: null };
}

/** PostgreSQL's text holds everything but this character, which no gateway sends. */
function isStorable(rawBody: string): boolean {
  return !rawBody.includes('\u0000');
}

/** Values that are believed for a moment; whoever asks while one is being read waits for the same answer. */
function makeKept<Value>(clock: Clock, keptMs: number) {
  const kept = new Map<string, { readonly until: number; readonly value: Promise<Value> }>();
  function refresh(key: string, read: () => Promise<Value>): Promise<Value> {
    const entry = { until: clock.now().getTime() + keptMs, value: read() };
    if (kept.size >= ADDRESSES_KEPT_MAX) kept.clear();
    kept.set(key, entry);
    entry.value.catch(() => kept.get(key) === entry && kept.delete(key));
    return entry.value;
  }
  return {
    refresh,
    get(key: string, read: () => Promise<Value>): { readonly value: Promise<Value>; readonly fresh: boolean } {
      const known = kept.get(key);
      if (known && known.until > clock.now().getTime()) return { value: known.value, fresh: false };
      return { value: refresh(key, read), fresh: true };
    },
  };
}

/** Counts refused messages in memory and writes the counts beside: a flood of forgeries costs one row, not one write each. */
function makeRefusalCounter(database: Database) {
  type Count = { gateway: string; day: string; reason: RefusalReason; count: bigint; lastAt: Date };
  let waiting = new Map<string, Map<string, Count>>();
  let writing: Promise<void> | null = null;

  async function write(): Promise<void> {
    while (waiting.size > 0) {
      const taken = waiting;
      waiting = new Map();
      for (const [workspaceId, counts] of taken) {
        // A count that is lost with the database is no loss: nothing was changed by what it counts.
        await database.inWorkspace(workspaceId, (tx) => addRefusals(tx, [...counts.values()])).catch(() => {});
      }
    }
    writing = null;
  }

  return {
    count(workspaceId: string, gateway: string, day: string, reason: RefusalReason, at: Date): void {
      const counts = waiting.get(workspaceId) ?? new Map<string, Count>();
      waiting.set(workspaceId, counts);
      const key = `${gateway} ${day} ${reason}`;
      const before = counts.get(key)?.count ?? 0n;
      counts.set(key, { gateway, day, reason, count: before + 1n, lastAt: at });
      writing ??= write();
    },
    idle: async () => {
      await writing;
    },
  };
}
