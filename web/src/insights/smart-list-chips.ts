import type { SmartListFilter } from '../../../src/insights/api.ts';
import type { FilterValue, FilterValues } from '../ui/filter-sentence.ts';

const one = (value: string): FilterValue => ({ kind: 'choice', any: [value] });

/** A saved filter as chips. Its bands are half-open; chips name both ends, so the upper one is a unit or a day less. */
export function chipsOf(filter: SmartListFilter): FilterValues {
  const chips: Record<string, FilterValue> = {};
  if (filter.ltv) {
    const { currency, min_minor: min, max_minor: max } = filter.ltv;
    chips.ltv = {
      kind: 'amounts',
      currency,
      ...(min !== undefined && { minMinor: min }),
      ...(max !== undefined && { maxMinor: max - 1 }),
    };
  }
  if (filter.last_payment?.never) chips.paid = one('never');
  else if (filter.last_payment) chips.last_payment = datesOf(filter.last_payment);
  if (filter.has_failed_charge !== undefined) chips.failed = one(String(filter.has_failed_charge));
  if (filter.has_card !== undefined) chips.card = one(String(filter.has_card));
  if (filter.card_expires_within_days !== undefined) chips.card_expires = one(String(filter.card_expires_within_days));
  if (filter.tag !== undefined) chips.tag = one(filter.tag);
  if (filter.owner_id !== undefined) chips.owner = one(filter.owner_id);
  if (filter.country !== undefined) chips.country = one(filter.country);
  if (filter.created) chips.created = datesOf(filter.created);
  return chips;
}

/** Chips as the filter that is saved. Having paid never excludes a range of last payments: never wins. */
export function filterOf(chips: FilterValues): SmartListFilter {
  const filter: SmartListFilter = {};
  const chosen = (id: string) => (chips[id]?.kind === 'choice' ? chips[id].any[0] : undefined);
  const { ltv, last_payment: lastPayment, created } = chips;
  if (ltv?.kind === 'amounts') {
    filter.ltv = {
      currency: ltv.currency,
      ...(ltv.minMinor !== undefined && { min_minor: ltv.minMinor }),
      ...(ltv.maxMinor !== undefined && { max_minor: ltv.maxMinor + 1 }),
    };
  }
  if (chosen('paid') === 'never') filter.last_payment = { never: true };
  else if (lastPayment?.kind === 'dates') filter.last_payment = rangeOf(lastPayment);
  const failed = chosen('failed');
  if (failed) filter.has_failed_charge = failed === 'true';
  const card = chosen('card');
  if (card) filter.has_card = card === 'true';
  const expires = chosen('card_expires');
  if (expires) filter.card_expires_within_days = Number(expires);
  const tag = chosen('tag');
  if (tag) filter.tag = tag;
  const owner = chosen('owner');
  if (owner) filter.owner_id = owner;
  const country = chosen('country');
  if (country) filter.country = country;
  if (created?.kind === 'dates') filter.created = rangeOf(created);
  return filter;
}

const DAY_MS = 86_400_000;
const moved = (date: string, days: number) =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);

/** [after, before) → first and last day, both included. */
function datesOf(range: { after?: string | undefined; before?: string | undefined }): FilterValue {
  return {
    kind: 'dates',
    ...(range.after !== undefined && { from: range.after }),
    ...(range.before !== undefined && { to: moved(range.before, -1) }),
  };
}

function rangeOf(dates: { from?: string; to?: string }): { after?: string; before?: string } {
  return {
    ...(dates.from !== undefined && { after: dates.from }),
    ...(dates.to !== undefined && { before: moved(dates.to, 1) }),
  };
}
