import { type RawBuilder, sql } from 'kysely';
import { Failure } from '../foundation/failure.ts';
import { fromPublicId } from '../foundation/id.ts';
import { addDays, type LocalDate, startOfLocalDate } from '../foundation/local-date.ts';
import type { SmartListFilter } from './api.ts';

/** What a filter's dates and days mean. */
export interface FilterContext {
  readonly workspaceId: string;
  /** The business's zone: days begin and end there. */
  readonly timeZone: string;
  readonly today: LocalDate;
}

type Condition = RawBuilder<unknown>;

/** Whether a filter asks about money, and so needs payments to be switched on and the right to see them. */
export function asksAboutMoney(filter: SmartListFilter): boolean {
  const { ltv, last_payment, has_failed_charge, card_expires_within_days, has_card } = filter;
  return [ltv, last_payment, has_failed_charge, card_expires_within_days, has_card].some((part) => part !== undefined);
}

/** Throws invalid_request naming the field when a filter contradicts itself or says nothing. */
export function checkFilter(filter: SmartListFilter): void {
  const { ltv, last_payment: last, created } = filter;
  if (ltv && ltv.min_minor === undefined && ltv.max_minor === undefined) {
    throw refused('filter.ltv', 'Give min_minor, max_minor or both.');
  }
  if (ltv?.min_minor !== undefined && ltv.max_minor !== undefined && ltv.min_minor >= ltv.max_minor) {
    throw refused(
      'filter.ltv.max_minor',
      'More than min_minor is expected: the band reaches up to, not including, max_minor.',
    );
  }
  if (last && last.never === undefined && last.before === undefined && last.after === undefined) {
    throw refused('filter.last_payment', 'Give before, after or never.');
  }
  if (last?.never && (last.before !== undefined || last.after !== undefined)) {
    throw refused('filter.last_payment.never', 'Somebody who never paid has no last payment before or after a day.');
  }
  for (const [path, range] of Object.entries({ last_payment: last, created })) {
    if (range?.before !== undefined && range.after !== undefined && range.after >= range.before) {
      throw refused(`filter.${path}.before`, 'A day later than after is expected.');
    }
  }
}

function refused(path: string, message: string): Failure {
  return new Failure('invalid_request', `${path}: ${message}`, { fields: [{ path, message }] });
}

/**
 * A filter as conditions on `contacts c`, all of which hold. The count and the rows of a list are both made of these, so
 * they cannot differ. Facts of a contact are those of everybody merged into it.
 */
export function contactConditions(filter: SmartListFilter, context: FilterContext): Condition {
  const { workspaceId } = context;
  const all: Condition[] = [
    sql`c.workspace_id = ${workspaceId}::uuid AND c.archived_at IS NULL AND c.deleted_at IS NULL AND c.root_id = c.id`,
  ];
  if (filter.ltv) all.push(inBand(filter.ltv, workspaceId));
  if (filter.last_payment) all.push(...lastPayment(filter.last_payment, context));
  if (filter.has_failed_charge !== undefined) {
    all.push(
      among(
        filter.has_failed_charge,
        rootsOf(workspaceId, sql`payments x`, sql`x.needs_action AND x.kind = 'charge' AND x.status <> 'settled'`),
      ),
    );
  }
  if (filter.has_card !== undefined) {
    const usable = sql`x.removed_at IS NULL AND x.blocked_reason IS NULL
      AND (x.exp_year IS NULL OR (x.exp_year, x.exp_month) >= ${yearAndMonth(context.today)})`;
    all.push(among(filter.has_card, rootsOf(workspaceId, sql`payment_methods x`, usable)));
  }
  if (filter.card_expires_within_days !== undefined) {
    all.push(expiringCard(filter.card_expires_within_days, context));
  }
  if (filter.tag !== undefined) {
    all.push(among(true, rootsOf(workspaceId, sql`contact_tags x`, sql`x.tag = ${filter.tag.toLowerCase()}`)));
  }
  if (filter.owner_id !== undefined) {
    const owner = fromPublicId('member', filter.owner_id);
    if (owner === null) throw refused('filter.owner_id', 'This member does not exist.');
    all.push(sql`c.owner_member_id = ${owner}::uuid`);
  }
  if (filter.country !== undefined) all.push(sql`c.country = ${filter.country.toUpperCase()}`);
  if (filter.created?.after !== undefined) all.push(sql`c.created_at >= ${begin(filter.created.after, context)}`);
  if (filter.created?.before !== undefined) all.push(sql`c.created_at < ${begin(filter.created.before, context)}`);
  return sql.join(all, sql` AND `);
}

/** Surviving contacts of the rows of a table that names contacts (as `x`), as a subquery. */
function rootsOf(workspaceId: string, table: Condition, condition: Condition): Condition {
  return sql`SELECT m.root_id FROM ${table} JOIN contacts m ON m.workspace_id = ${workspaceId}::uuid AND m.id = x.contact_id
    WHERE x.workspace_id = ${workspaceId}::uuid AND ${condition}`;
}

/** Whether the contact is one of `ids`. EXISTS on both sides: a large set is hashed and spilled, never searched row by row. */
function among(isAmong: boolean, ids: Condition): Condition {
  const found = sql`EXISTS (SELECT 1 FROM (${ids}) AS found (id) WHERE found.id = c.id)`;
  return isAmong ? found : sql`NOT ${found}`;
}

/**
 * Whoever has no money in the currency is worth 0 in it, so a band with 0 in it holds everybody who is not outside.
 * Bands are half open: [min, max).
 */
function inBand(band: NonNullable<SmartListFilter['ltv']>, workspaceId: string): Condition {
  const { currency, min_minor: min, max_minor: max } = band;
  const of = sql`SELECT s.contact_id FROM ledger_contact_sums s
    WHERE s.workspace_id = ${workspaceId}::uuid AND s.currency = ${currency}`;
  const below = min === undefined ? null : sql`s.ltv_minor < ${min}::bigint`;
  const above = max === undefined ? null : sql`s.ltv_minor >= ${max}::bigint`;
  const holdsZero = (min === undefined || min <= 0) && (max === undefined || max > 0);
  if (holdsZero) {
    const outside = [below, above].filter((part) => part !== null);
    return among(false, sql`${of} AND (${sql.join(outside, sql` OR `)})`);
  }
  const inside = [
    ...(min === undefined ? [] : [sql`s.ltv_minor >= ${min}::bigint`]),
    ...(max === undefined ? [] : [sql`s.ltv_minor < ${max}::bigint`]),
  ];
  return among(true, sql`${of} AND ${sql.join(inside, sql` AND `)}`);
}

/** `after` is the first day that counts, `before` the first that does not. */
function lastPayment(last: NonNullable<SmartListFilter['last_payment']>, context: FilterContext): Condition[] {
  const { workspaceId } = context;
  const paid = sql`SELECT s.contact_id FROM ledger_contact_sums s
    WHERE s.workspace_id = ${workspaceId}::uuid AND s.payment_count > 0`;
  if (last.never) return [among(false, paid)];
  const since = (day: LocalDate) =>
    rootsOf(
      workspaceId,
      sql`payments x`,
      sql`x.kind = 'charge' AND x.status = 'settled' AND x.occurred_at >= ${begin(day, context)}`,
    );
  const conditions: Condition[] = [];
  if (last.after !== undefined) conditions.push(among(true, since(last.after)));
  if (last.before !== undefined) conditions.push(among(true, paid), among(false, since(last.before)));
  return conditions;
}

/** A card is good through the last day of its month: it expires within some days when that day comes within them. */
function expiringCard(days: number, context: FilterContext): Condition {
  const until = addDays(context.today, days);
  const isLastOfMonth = addDays(until, 1).endsWith('-01');
  const lastMonth = isLastOfMonth ? until : addDays(`${until.slice(0, 7)}-01`, -1);
  const within = sql`x.removed_at IS NULL AND (x.exp_year, x.exp_month) >= ${yearAndMonth(context.today)}
    AND (x.exp_year, x.exp_month) <= ${yearAndMonth(lastMonth)}`;
  return among(true, rootsOf(context.workspaceId, sql`payment_methods x`, within));
}

function yearAndMonth(day: LocalDate): Condition {
  return sql`(${Number(day.slice(0, 4))}::smallint, ${Number(day.slice(5, 7))}::smallint)`;
}

function begin(day: LocalDate, context: FilterContext): Condition {
  return sql`${startOfLocalDate(day, context.timeZone)}::timestamptz`;
}
