import type { RawBuilder } from 'kysely';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { paymentFilter } from './api.ts';
import { earliestOf, latestOf } from './day-stretches.ts';

/** A filter as SQL conditions over the columns that `payments` and `payment_day_totals` share, under the alias `p`. */
export type FilterConditions = readonly RawBuilder<unknown>[];

type Filter = z.output<typeof paymentFilter>;

/** What each part of a lifetime value adds up, as conditions: the sum and its transactions cannot part. */
const LTV_PART_CONDITIONS: Record<NonNullable<Filter['ltv_part']>, RawBuilder<unknown>> = {
  received: sql`p.kind = 'charge' AND p.status = 'settled'`,
  refunded: sql`p.kind = 'refund' AND p.status = 'settled'`,
  dispute_lost: sql`p.kind = 'dispute' AND p.status IN ('withdrawn', 'lost')`,
  fee: sql`p.fee_minor > 0 AND ((p.kind = 'charge' AND p.status = 'settled') OR (p.kind = 'dispute' AND p.status IN ('withdrawn', 'lost')))`,
  tax: sql`p.tax_minor > 0 AND p.kind IN ('charge', 'refund') AND p.status = 'settled'`,
};

/** Conditions of a filter. `contactIds` are the contact and those merged into it, or null without a contact filter. */
export function paymentConditions(filter: Filter, contactIds: readonly string[] | null): FilterConditions {
  const conditions: RawBuilder<unknown>[] = [];
  const oneOf = (column: RawBuilder<unknown>, values: string | undefined) => {
    if (values === undefined) return;
    const list = values.split(',');
    conditions.push(list.length === 1 ? sql`${column} = ${list[0]}` : sql`${column} = ANY(${list}::text[])`);
  };
  if (contactIds)
    conditions.push(
      contactIds.length === 1
        ? sql`p.contact_id = ${contactIds[0]}::uuid`
        : sql`p.contact_id = ANY(${contactIds}::uuid[])`,
    );
  oneOf(sql`p.kind`, filter.kind);
  oneOf(sql`p.status`, filter.status);
  oneOf(sql`p.method_kind`, filter.method);
  oneOf(sql`p.gateway`, filter.gateway);
  oneOf(sql`p.source`, filter.source);
  if (filter.currency !== undefined) conditions.push(sql`p.currency = ${filter.currency}`);
  if (filter.from !== undefined) conditions.push(sql`p.day >= ${filter.from}::date`);
  if (filter.to !== undefined) conditions.push(sql`p.day <= ${filter.to}::date`);
  conditions.push(...amountConditions(filter));
  if (filter.needs_action !== undefined)
    conditions.push(filter.needs_action === 'true' ? sql`p.needs_action` : sql`NOT p.needs_action`);
  if (filter.ltv_part !== undefined) conditions.push(LTV_PART_CONDITIONS[filter.ltv_part]);
  // Rows of an undone import are kept for the books and shown only when asked for.
  if (filter.status === undefined) conditions.push(sql`p.status <> 'undone'`);
  return conditions;
}

/** One amount is said as one: then payments_by_amount has its rows in order of time, and a page is read off its end. */
function amountConditions({ amount_min: min, amount_max: max }: Filter): RawBuilder<unknown>[] {
  if (min !== undefined && min === max) return [sql`p.amount_minor = ${min}::bigint`];
  return [
    ...(min === undefined ? [] : [sql`p.amount_minor >= ${min}::bigint`]),
    ...(max === undefined ? [] : [sql`p.amount_minor <= ${max}::bigint`]),
  ];
}

/**
 * The filter's days as moments, for `payments` only, besides the conditions above: its indexes are ordered by
 * occurred_at, and without these a page of an old month is looked for from today backwards (600 ms at a million rows).
 * Days begin up to 14 hours before and end up to 12 hours after those of UTC, so nothing is left out; what the margin
 * holds of other days is read for nothing, which is why it is no wider.
 */
export function momentConditions(filter: Filter): FilterConditions {
  const conditions: RawBuilder<unknown>[] = [];
  if (filter.from !== undefined) conditions.push(sql`p.occurred_at >= ${earliestOf(filter.from)}::timestamptz`);
  if (filter.to !== undefined) conditions.push(sql`p.occurred_at < ${latestOf(filter.to)}::timestamptz`);
  return conditions;
}

/**
 * Whether a page is found within an index and its rows read afterwards: ranges of amounts, and what needs somebody in a
 * currency, of a kind or in a status. See selectFoundPayments().
 */
export function isFoundInIndex(filter: Filter): boolean {
  const { amount_min: min, amount_max: max, needs_action: needsAction, currency, kind, status } = filter;
  return min !== max || (needsAction === 'true' && (currency ?? kind ?? status) !== undefined);
}

/**
 * Whether a page of the filter is looked for on the days that the totals say hold such payments: when it asks for several
 * columns at once, or for several values of one, no index has its rows in order of time, and rows that are rare together
 * (declined and cash) would be looked for among all that share the more frequent value.
 */
export function isFoundByDays(filter: Filter): boolean {
  const asked = [filter.kind, filter.status, filter.method, filter.gateway, filter.source, filter.currency].filter(
    (value) => value !== undefined,
  );
  return isOfTotalsOnly(filter) && (asked.length >= 2 || asked.some((value) => value.includes(',')));
}

/** Whether the filter speaks only of columns that the totals per day have, so that no payment needs to be read. */
export function isOfTotalsOnly(filter: Filter): boolean {
  const { contact, amount_min, amount_max, needs_action, ltv_part } = filter;
  return [contact, amount_min, amount_max, needs_action, ltv_part].every((part) => part === undefined);
}
