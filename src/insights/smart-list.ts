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

/** Something true of a contact or of somebody merged into it, or not. */
export interface Fact {
  /** Whether the list is of those with it, or of those without it. */
  readonly holds: boolean;
  /** A query of the surviving contacts with it as `id`, each once; archived and deleted ones too. */
  readonly ids: Condition;
  /** How many `ids` are, as an expression. */
  readonly count: Condition;
  /** Whether the contact `c` has it: some steps into indexes, whatever the number of those that do. */
  readonly test: Condition;
}

/** A filter taken apart: what it asks of the row of a contact (as `c`; null when nothing), and which facts. */
export interface SuitedContacts {
  readonly own: Condition | null;
  readonly facts: readonly Fact[];
}

/**
 * What a filter asks. The count and the rows of a list are both made of these, so they cannot differ. Facts of a contact
 * are those of everybody merged into it.
 */
export function suitedContacts(filter: SmartListFilter, context: FilterContext): SuitedContacts {
  const { workspaceId } = context;
  const facts: Fact[] = [];
  const own: Condition[] = [];
  const group = (holds: boolean, table: Condition, condition: Condition) =>
    facts.push(factOfGroup(holds, workspaceId, table, condition));
  if (filter.ltv) facts.push(inBand(filter.ltv, workspaceId));
  if (filter.last_payment) facts.push(...lastPayment(filter.last_payment, context));
  if (filter.has_failed_charge !== undefined)
    group(
      filter.has_failed_charge,
      sql`payments x`,
      sql`x.needs_action AND x.kind = 'charge' AND x.status <> 'settled'`,
    );
  if (filter.has_card !== undefined) {
    const usable = sql`x.removed_at IS NULL AND x.blocked_reason IS NULL
      AND (x.exp_year IS NULL OR (x.exp_year, x.exp_month) >= ${yearAndMonth(context.today)})`;
    group(filter.has_card, sql`payment_methods x`, usable);
  }
  if (filter.card_expires_within_days !== undefined)
    group(true, sql`payment_methods x`, expiringCard(filter.card_expires_within_days, context));
  if (filter.tag !== undefined) group(true, sql`contact_tags x`, sql`x.tag = ${filter.tag.toLowerCase()}`);
  if (filter.owner_id !== undefined) {
    const owner = fromPublicId('member', filter.owner_id);
    if (owner === null) throw refused('filter.owner_id', 'This member does not exist.');
    own.push(sql`c.owner_member_id = ${owner}::uuid`);
  }
  if (filter.country !== undefined) own.push(sql`c.country = ${filter.country.toUpperCase()}`);
  if (filter.created?.after !== undefined) own.push(sql`c.created_at >= ${begin(filter.created.after, context)}`);
  if (filter.created?.before !== undefined) own.push(sql`c.created_at < ${begin(filter.created.before, context)}`);
  return { own: own.length === 0 ? null : sql.join(own, sql` AND `), facts };
}

/**
 * A fact that rows of a table (as `x`) tell of the contact they name. `probed` says the same as `condition` where one
 * contact's rows are looked at, if that must be said otherwise to be read along the contact's index.
 */
function factOfGroup(
  holds: boolean,
  workspaceId: string,
  table: Condition,
  condition: Condition,
  probed: Condition = condition,
): Fact {
  const rows = sql`${table} WHERE x.workspace_id = ${workspaceId}::uuid AND ${probed}`;
  // Hardly anybody is merged: their roots are looked up among the few in contacts_unlisted instead of among all contacts.
  const ids = sql`SELECT DISTINCT coalesce(m.root_id, x.contact_id) AS id FROM ${table}
    LEFT JOIN contacts m ON m.workspace_id = ${workspaceId}::uuid AND m.id = x.contact_id AND m.root_id <> m.id
    WHERE x.workspace_id = ${workspaceId}::uuid AND ${condition}`;
  return fact(
    holds,
    ids,
    sql`coalesce((SELECT true FROM ${rows} AND x.contact_id = c.id LIMIT 1),
      (SELECT true FROM contacts m CROSS JOIN LATERAL (SELECT 1 FROM ${rows} AND x.contact_id = m.id LIMIT 1) f
        WHERE m.workspace_id = ${workspaceId}::uuid AND m.root_id = c.id AND m.root_id <> m.id LIMIT 1), false)`,
  );
}

/** A fact that the kept sums (as `s`) tell, which stand under the surviving contact. `probed` as in factOfGroup(). */
function factOfSums(
  holds: boolean,
  workspaceId: string,
  condition: Condition,
  { isOfOneCurrency, probed = condition }: { isOfOneCurrency: boolean; probed?: Condition },
): Fact {
  const from = sql`ledger_contact_sums s WHERE s.workspace_id = ${workspaceId}::uuid`;
  return fact(
    holds,
    sql`SELECT ${isOfOneCurrency ? sql`` : sql`DISTINCT`} s.contact_id AS id FROM ${from} AND ${condition}`,
    sql`coalesce((SELECT true FROM ${from} AND ${probed} AND s.contact_id = c.id LIMIT 1), false)`,
  );
}

function fact(holds: boolean, ids: Condition, test: Condition): Fact {
  return { holds, ids, test, count: sql`(SELECT count(*) FROM (${ids}) counted)` };
}

/**
 * Whoever has no money in the currency is worth 0 in it, so a band with 0 in it holds everybody who is not outside.
 * Bands are half open: [min, max).
 */
function inBand(band: NonNullable<SmartListFilter['ltv']>, workspaceId: string): Fact {
  const { currency, min_minor: min, max_minor: max } = band;
  const holdsZero = (min === undefined || min <= 0) && (max === undefined || max > 0);
  const inside = (ofCurrency: Condition, ltv: Condition) => {
    const limits = [
      ...(min === undefined ? [] : [holdsZero ? sql`${ltv} < ${min}::bigint` : sql`${ltv} >= ${min}::bigint`]),
      ...(max === undefined ? [] : [holdsZero ? sql`${ltv} >= ${max}::bigint` : sql`${ltv} < ${max}::bigint`]),
    ];
    return sql`${ofCurrency} = ${currency} AND (${sql.join(limits, holdsZero ? sql` OR ` : sql` AND `)})`;
  };
  // For one contact neither may choose the index: a planner without statistics would read everybody's sums for each.
  const probed = inside(sql`s.currency || ''`, sql`(s.ltv_minor + 0)`);
  return factOfSums(!holdsZero, workspaceId, inside(sql`s.currency`, sql`s.ltv_minor`), {
    isOfOneCurrency: true,
    probed,
  });
}

/** `after` is the first day that counts, `before` the first that does not. */
function lastPayment(last: NonNullable<SmartListFilter['last_payment']>, context: FilterContext): Fact[] {
  const { workspaceId } = context;
  const paid = factOfSums(true, workspaceId, sql`s.payment_count > 0`, { isOfOneCurrency: false });
  if (last.never) return [{ ...paid, holds: false }];
  // The empty text keeps a planner without statistics from reading everybody's settled charges for each contact.
  const since = (day: LocalDate) =>
    factOfGroup(
      true,
      workspaceId,
      sql`payments x`,
      sql`x.kind = 'charge' AND x.status = 'settled' AND x.occurred_at >= ${begin(day, context)}`,
      sql`x.kind = 'charge' AND x.status || '' = 'settled' AND x.occurred_at >= ${begin(day, context)}`,
    );
  const facts: Fact[] = [];
  if (last.after !== undefined) facts.push(since(last.after));
  if (last.before !== undefined) facts.push(without(paid, since(last.before)));
  return facts;
}

/** Those with the one and not the other, where nobody has the other alone. */
function without(whole: Fact, part: Fact): Fact {
  return {
    holds: true,
    ids: sql`(${whole.ids}) EXCEPT (${part.ids})`,
    count: sql`(${whole.count} - ${part.count})`,
    test: sql`(${whole.test} AND NOT ${part.test})`,
  };
}

/** A card is good through the last day of its month: it expires within some days when that day comes within them. */
function expiringCard(days: number, context: FilterContext): Condition {
  const until = addDays(context.today, days);
  const isLastOfMonth = addDays(until, 1).endsWith('-01');
  const lastMonth = isLastOfMonth ? until : addDays(`${until.slice(0, 7)}-01`, -1);
  return sql`x.removed_at IS NULL AND (x.exp_year, x.exp_month) >= ${yearAndMonth(context.today)}
    AND (x.exp_year, x.exp_month) <= ${yearAndMonth(lastMonth)}`;
}

function yearAndMonth(day: LocalDate): Condition {
  return sql`(${Number(day.slice(0, 4))}::smallint, ${Number(day.slice(5, 7))}::smallint)`;
}

function begin(day: LocalDate, context: FilterContext): Condition {
  return sql`${startOfLocalDate(day, context.timeZone)}::timestamptz`;
}
