import { addDays, type LocalDate } from '../foundation/local-date.ts';

/** A stretch of time, `to` not included. */
export interface Stretch {
  readonly from: Date;
  readonly to: Date;
}

/**
 * The stretches of time, newest first, in which the newest `countMax` payments of these days (newest first) lie. A day is a
 * calendar day of the business's zone as that was then, so each is taken as wide as it is anywhere, and the days next to
 * the last one needed are looked at too.
 */
export function stretchesOf(
  days: readonly { readonly day: LocalDate; readonly count: bigint }[],
  countMax: number,
): Stretch[] {
  const needed: LocalDate[] = [];
  let counted = 0n;
  for (const { day, count } of days) {
    if (counted >= countMax) break;
    needed.push(day);
    counted += count;
  }
  const stretches: { first: LocalDate; last: LocalDate }[] = [];
  for (const day of needed) {
    const before = stretches.at(-1);
    // A gap of a few days costs less to read through than another look into the index.
    if (before && addDays(day, 1 + GAP_DAYS) >= before.first) before.first = day;
    else stretches.push({ first: day, last: day });
  }
  const oldest = stretches.at(-1);
  if (oldest) oldest.first = addDays(oldest.first, -2);
  return stretches.map(({ first, last }) => ({ from: earliestOf(first), to: latestOf(last) }));
}

const GAP_DAYS = 2;

/** When a calendar day begins at the earliest: no zone is more than 14 hours before UTC. */
export function earliestOf(day: LocalDate): Date {
  return new Date(Date.parse(`${day}T00:00:00Z`) - 14 * 3_600_000);
}

/** The moment by which a calendar day has ended everywhere: no zone is more than 12 hours behind UTC. */
export function latestOf(day: LocalDate): Date {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 36 * 3_600_000);
}
