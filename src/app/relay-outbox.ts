import { type Clock, pause } from '../foundation/clock.ts';
import type { Database, WorkspaceTx } from '../foundation/database.ts';
import {
  claimMessages,
  forgetHanded,
  listWorkspacesWithMessages,
  markHanded,
  putOff,
  type WaitingMessage,
} from '../foundation/outbox-queue.ts';
import { listWorkspaceIds } from '../workspace/read-facts.ts';
import { NOBODY_TO_TELL, type Reactions } from './reactions.ts';

/** How often is looked for what happened: nobody waits for a reaction before their eyes. */
const RELAY_EVERY_MS = 1_000;
/** Rows taken in one transaction. */
const CLAIMED_AT_ONCE_MAX = 200;
/** A relay that died in the middle leaves its rows to the others after this. Reactions must be done long before. */
const CLAIM_MS = 60_000;
/** The first wait after a failure; it doubles each time, up to the longest. */
const RETRY_FIRST_MS = 5_000;
const RETRY_LONGEST_MS = 6 * 3_600_000;
/** Rows that were handed over are kept this long for whoever looks into what happened. */
const KEPT_DAYS = 7;
const FORGET_EVERY_MS = 3_600_000;
const FAILURE_LENGTH_MAX = 500;

export interface RelayOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly reactions: Reactions;
  readonly onError: (error: unknown) => void;
}

/** Wait after the n-th failed attempt (from 1), milliseconds. */
export function retryDelayMs(attempt: number): number {
  return Math.min(RETRY_FIRST_MS * 2 ** (attempt - 1), RETRY_LONGEST_MS);
}

/**
 * Hands everything that waits to its reactions. Several relays may do this at once: a row is in the hand of one. Returns
 * how many rows were handed over. A reaction that throws is tried again later and holds nothing else up.
 */
export async function relayOutbox(options: RelayOptions, signal?: AbortSignal): Promise<number> {
  let handed = 0;
  for (const workspaceId of await options.database.acrossWorkspaces(listWorkspacesWithMessages)) {
    for (let taken = CLAIMED_AT_ONCE_MAX; taken === CLAIMED_AT_ONCE_MAX && !signal?.aborted; ) {
      const step = await relayStep(options, workspaceId);
      taken = step.taken;
      handed += step.handed;
    }
  }
  return handed;
}

/** Forgets what was handed over long ago, in every workspace. Returns how many rows. */
export async function forgetOldMessages({ database, clock }: RelayOptions): Promise<number> {
  const before = new Date(clock.now().getTime() - KEPT_DAYS * 86_400_000);
  let forgotten = 0;
  for (const workspaceId of await listWorkspaceIds(database)) {
    forgotten += await database.inWorkspace(workspaceId, (tx) => forgetHanded(tx, before));
  }
  return forgotten;
}

/** Takes some rows of one workspace: those of which nobody has to be told are marked with the taking. */
async function relayStep(options: RelayOptions, workspaceId: string): Promise<{ taken: number; handed: number }> {
  const { database, clock, reactions } = options;
  const now = clock.now();
  const { taken, toTell } = await database.inWorkspace(workspaceId, async (tx) => {
    const claimedUntil = new Date(now.getTime() + CLAIM_MS);
    const rows = await claimMessages(tx, now, claimedUntil, CLAIMED_AT_ONCE_MAX);
    const toTell = await rowsToTell(tx, reactions, rows);
    const done = rows.filter((row) => !toTell.includes(row));
    if (done.length > 0) {
      await markHanded(
        tx,
        done.map((row) => row.id),
        now,
      );
    }
    return { taken: rows.length, toTell };
  });
  let handed = taken - toTell.length;
  for (const message of toTell) if (await tell(options, workspaceId, message)) handed += 1;
  return { taken, handed };
}

/** Rows of which somebody in this workspace is told; a topic that is not known is nobody's to pass over. */
async function rowsToTell(
  tx: WorkspaceTx,
  reactions: Reactions,
  rows: readonly WaitingMessage[],
): Promise<readonly WaitingMessage[]> {
  const told = new Map<string, boolean>();
  for (const topic of new Set(rows.map((row) => row.topic))) {
    const reaction = reactions[topic];
    const isWished = reaction !== undefined && reaction !== null && 'isWanted' in reaction;
    told.set(topic, isWished ? await reaction.isWanted(tx) : reaction !== NOBODY_TO_TELL);
  }
  return rows.filter((row) => told.get(row.topic));
}

/** Runs one reaction outside any transaction, then marks the row. False when it failed and is put off. */
async function tell(options: RelayOptions, workspaceId: string, message: WaitingMessage): Promise<boolean> {
  const { database, clock, reactions, onError } = options;
  try {
    const react = reactions[message.topic];
    // A row of a newer program, met by an older one beside it: left for the newer one.
    if (!react) throw new Error(`Nobody knows what follows from “${message.topic}”.`);
    const { id: outboxId, topic, payload, created_at: createdAt } = message;
    await (typeof react === 'function' ? react : react.react)(
      { workspaceId, outboxId, topic, payload, createdAt },
      database,
    );
    await database.inWorkspace(workspaceId, (tx) => markHanded(tx, [message.id], clock.now()));
    return true;
  } catch (error) {
    onError(error);
    const tryAfter = new Date(clock.now().getTime() + retryDelayMs(message.attempts + 1));
    const words = (error instanceof Error ? error.message : String(error)).slice(0, FAILURE_LENGTH_MAX);
    await database.inWorkspace(workspaceId, (tx) => putOff(tx, message.id, tryAfter, words));
    return false;
  }
}

/** Relays again and again, until stop(), which waits for the turn that is running. */
export function startRelay(options: RelayOptions): { stop(): Promise<void> } {
  const ending = new AbortController();
  const { signal } = ending;
  const running = [
    repeat(RELAY_EVERY_MS, signal, options.onError, () => relayOutbox(options, signal)),
    repeat(FORGET_EVERY_MS, signal, options.onError, () => forgetOldMessages(options)),
  ];
  return {
    async stop() {
      ending.abort();
      await Promise.all(running);
    },
  };
}

async function repeat(
  everyMs: number,
  signal: AbortSignal,
  onError: (error: unknown) => void,
  work: () => Promise<unknown>,
): Promise<void> {
  while (!signal.aborted) {
    await work().catch(onError);
    await pause(everyMs, signal);
  }
}
