import type { Database } from '../foundation/database.ts';
import { toPublicId } from '../foundation/id.ts';
import { addDays, localDateOf } from '../foundation/local-date.ts';
import { writeOutbox } from '../foundation/outbox.ts';
import type { GatewayRegistry } from '../gateways/registry.ts';
import { type Caller, systemCaller } from '../workspace/caller.ts';
import { readWorkspaceFacts } from '../workspace/read-facts.ts';
import { daysLeft, monthsEndingBetween, SHOWN_DAYS_AFTER, WARNED_DAYS_AHEAD, warningDue } from './card-expiry.ts';
import { followMethod } from './follow-method.ts';
import { neededCards } from './list-expiring-cards.ts';
import { insertExpiryWarnings, readUncheckedCards, readUpkeepDay, setChecked, setUpkeepDay } from './store-upkeep.ts';

export interface WatchDependencies {
  readonly database: Database;
  readonly gateways: GatewayRegistry;
}

/** Cards read anew between two looks at what is left. */
const CARDS_AT_ONCE = 100;
/** A card that was asked about today is not asked about again by another server or after a restart. */
const ASKED_AGAIN_AFTER_MS = 20 * 3_600_000;
/** More expiring cards than this in one night are warned of the night after. */
const WARNED_AT_ONCE_MAX = 5_000;

/**
 * Looks after the cards of one workspace once per day of its own calendar: those that expire soon are read anew at their
 * gateway, and needed ones that stay are warned of, 30 and 7 days ahead, each warning once. Everything may be repeated
 * after a stop. Returns false when the day was done already.
 */
export async function watchCards(
  dependencies: WatchDependencies,
  workspaceId: string,
  systemNow: Date,
  signal?: AbortSignal,
): Promise<boolean> {
  const { database } = dependencies;
  const workspace = await readWorkspaceFacts(database, workspaceId);
  if (!workspace) return false;
  const caller = systemCaller(workspace, systemNow);
  const today = localDateOf(caller.now, workspace.timeZone);
  const done = await database.inWorkspace(workspaceId, readUpkeepDay);
  if (done !== null && done >= today) return false;
  await readAnew(dependencies, caller, today, signal);
  if (signal?.aborted) return false;
  await warn(database, caller, today);
  await database.inWorkspace(workspaceId, (tx) => setUpkeepDay(tx, today));
  return true;
}

async function readAnew(
  dependencies: WatchDependencies,
  caller: Caller,
  today: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { database } = dependencies;
  const months = monthsEndingBetween(addDays(today, -SHOWN_DAYS_AFTER), addDays(today, Math.max(...WARNED_DAYS_AHEAD)));
  const before = new Date(caller.now.getTime() - ASKED_AGAIN_AFTER_MS);
  for (;;) {
    const cards = await database.inWorkspace(caller.workspace.id, (tx) =>
      readUncheckedCards(tx, months, before, CARDS_AT_ONCE),
    );
    for (const card of cards) {
      if (signal?.aborted) return;
      await followMethod(dependencies, caller, card.gateway, card.gateway_method_ref);
      await database.inWorkspace(caller.workspace.id, (tx) => setChecked(tx, card.id, caller.now));
    }
    if (cards.length < CARDS_AT_ONCE) return;
  }
}

async function warn(database: Database, caller: Caller, today: string): Promise<void> {
  await database.inWorkspace(caller.workspace.id, async (tx) => {
    const due = (await neededCards(tx, caller, WARNED_AT_ONCE_MAX)).flatMap((row) => {
      const expiry = { year: row.exp_year!, month: row.exp_month! };
      const daysAhead = warningDue(daysLeft(expiry, today));
      return daysAhead === null ? [] : [{ methodId: row.id, expiry, daysAhead }];
    });
    if (due.length === 0) return;
    const given = await insertExpiryWarnings(tx, due, caller.now);
    await writeOutbox(
      tx,
      given.map(({ payment_method_id, days_ahead }) => ({
        topic: 'card.expiring',
        payload: { payment_method_id: toPublicId('paymentMethod', payment_method_id), days_ahead: String(days_ahead) },
      })),
      caller.now,
    );
  });
}
