import type { WorkspaceTx } from '../foundation/database.ts';
import { toPublicId } from '../foundation/id.ts';
import { addDays, localDateOf } from '../foundation/local-date.ts';
import type { Caller } from '../workspace/caller.ts';
import type { ExpiringCard } from './api-upkeep.ts';
import {
  CHARGED_WITHIN_DAYS,
  daysLeft,
  lastDayOf,
  monthsEndingBetween,
  SHOWN_DAYS_AFTER,
  WARNED_DAYS_AHEAD,
} from './card-expiry.ts';
import { shapeMethod } from './shape-payment.ts';
import { type NeededCardRow, readNeededCards } from './store-upkeep.ts';

const DAY_MS = 86_400_000;

/** Cards that expire within 30 days, or have expired lately, and are needed for something; the soonest first. */
export async function listExpiringCards(tx: WorkspaceTx, caller: Caller, countMax: number): Promise<ExpiringCard[]> {
  const today = localDateOf(caller.now, caller.workspace.timeZone);
  return (await neededCards(tx, caller, countMax)).map((row) => {
    const expiry = { year: row.exp_year!, month: row.exp_month! };
    return {
      contact: { id: toPublicId('contact', row.root_id), name: row.contact_name },
      payment_method: shapeMethod(row, caller.now),
      expires_on: lastDayOf(expiry),
      days_left: daysLeft(expiry, today),
      needed_for: row.has_failed_charge ? ('failed_charge' as const) : ('recent_charges' as const),
      last_charged_at: row.charged_at?.toISOString() ?? null,
    };
  });
}

/** The rows behind the list. */
export function neededCards(tx: WorkspaceTx, caller: Caller, countMax: number): Promise<NeededCardRow[]> {
  const today = localDateOf(caller.now, caller.workspace.timeZone);
  const months = monthsEndingBetween(addDays(today, -SHOWN_DAYS_AFTER), addDays(today, Math.max(...WARNED_DAYS_AHEAD)));
  const chargedSince = new Date(caller.now.getTime() - CHARGED_WITHIN_DAYS * DAY_MS);
  return readNeededCards(tx, months, chargedSince, countMax);
}
