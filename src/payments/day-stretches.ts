import { addDays, type LocalDate } from '../foundation/local-date.ts';

/** A stretch of time, `to` not included. */
export interface Stretch {
  readonly from: Date;
  readonly to: Date;
}

/**
 * The stretches of time, newest first, in which the newest `countMax` payments of these days (newest first) lie. A day is a
 * calendar day of the business's zone as that was then: no zone is more than a day away from UTC, so each day takes the one
 * before and the one after with it, and the days next to the last one needed are looked at too.
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
  const stretches: { first: LocalDate; end: LocalDate }[] = [];
  for (const day of needed) {
    const before = stretches.at(-1);
    // A gap of a few days costs less to read through than another look into the index.
    if (before && addDays(day, 2 + GAP_DAYS) >= before.first) before.first = addDays(day, -1);
    else stretches.push({ first: addDays(day, -1), end: addDays(day, 2) });
  }
  const last = stretches.at(-1);
  if (last) last.first = addDays(last.first, -2);
  return stretches.map(({ first, end }) => ({ from: startOf(first), to: startOf(end) }));
}

const GAP_DAYS = 2;

function startOf(day: LocalDate): Date {
  return new Date(`${day}T00:00:00Z`);
}
