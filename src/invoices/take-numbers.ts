import type { Contact } from '../contacts/api.ts';
import { check } from '../foundation/assert.ts';
import type { WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import { newId } from '../foundation/id.ts';
import { type LocalDate, localDateOf } from '../foundation/local-date.ts';
import type { Caller } from '../workspace/caller.ts';
import { refused } from './create-invoice.ts';
import { dueDatesOf } from './due-dates.ts';
import { type InvoiceRow, instalmentsOf, nextDueOf } from './invoice.ts';
import { amountsOf } from './invoice-content.ts';
import { snapshotOf } from './invoice-snapshot.ts';
import { numberText, PATTERNS_BY_DEFAULT, type SeriesKind, seriesYear } from './number-series.ts';
import { type Issued, lockInvoices } from './store.ts';
import { calendarOf, type InvoicingSettingsRow } from './store-catalogue.ts';
import {
  insertSeries,
  readLastIssuedOn,
  readSeries,
  type SeriesRow,
  takeNumbers,
  takeNumbersInOrder,
} from './store-series.ts';

export interface Issuance {
  readonly caller: Caller;
  readonly invoiceId: string;
  /** Null: the date it was written with, or today. */
  readonly issuedOn: LocalDate | null;
  /** Null: the default series of its kind. */
  readonly seriesId: string | null;
}

/** Numbers stay without a gap when a document is refused: it is refused before any number is taken. */
export type Plan =
  | { readonly kind: 'refused'; readonly failure: Failure }
  | { readonly kind: 'known'; readonly row: InvoiceRow }
  | {
      readonly kind: 'issue';
      readonly row: InvoiceRow;
      readonly caller: Caller;
      readonly series: SeriesRow;
      readonly year: number;
      readonly issuedOn: LocalDate;
    };

/** What whoever wrote documents in this transaction has read already, so that issuing them need not read it again. */
export interface IssuingFacts {
  /** Documents that are held: locked, or seen by this transaction alone. */
  readonly rows: readonly InvoiceRow[];
  readonly settings: InvoicingSettingsRow | null;
  readonly series: SeriesRow[];
  /** Contacts by uuid, and the surviving contact of each, held for share. */
  readonly buyers: ReadonlyMap<string, Contact>;
  readonly roots: ReadonlyMap<string, string>;
}

/**
 * Decides of each document whether it can be issued, takes the numbers of those that can, and makes what they are issued with.
 * What is refused takes none.
 */
export async function takeNumbersFor(
  tx: WorkspaceTx,
  issuances: readonly Issuance[],
  { rows: held, settings, series: known, buyers }: Omit<IssuingFacts, 'roots'>,
): Promise<{ readonly plans: readonly Plan[]; readonly issued: readonly Numbered[] }> {
  const rows = new Map(held.map((row) => [row.id, row]));
  const series = await completeSeries(tx, issuances[0]!.caller.now, known, held);
  const abouts = await readAbouts(tx, held);
  const seen = new Set<string>();
  const plans = issuances.map((issuance): Plan => {
    const row = rows.get(issuance.invoiceId);
    if (!row) return { kind: 'refused', failure: new Failure('not_found') };
    if (row.voided_at !== null) {
      return { kind: 'refused', failure: new Failure('invoice_state_conflict', `${row.number} is void.`) };
    }
    if (row.issued_at !== null || seen.has(row.id)) return { kind: 'known', row };
    seen.add(row.id);
    return planOf(row, issuance, series, buyers.get(row.contact_id));
  });
  const firsts = await takeFirstNumbers(tx, plans);
  return { plans, issued: numbered(plans, firsts, { settings, buyers, abouts }) };
}

/** The default series that a workspace has not made yet are made at the first use. */
async function completeSeries(
  tx: WorkspaceTx,
  now: Date,
  known: SeriesRow[],
  rows: readonly InvoiceRow[],
): Promise<SeriesRow[]> {
  const missing = [...new Set(rows.map((row) => row.kind))].filter(
    (kind) => !known.some((series) => series.kind === kind && series.is_default),
  );
  if (missing.length === 0) return known;
  for (const kind of missing) await insertSeries(tx, defaultSeries(kind), now);
  return readSeries(tx);
}

const SERIES_NAMES: Record<SeriesKind, string> = { invoice: 'Invoices', credit_note: 'Credit notes', quote: 'Quotes' };

function defaultSeries(kind: SeriesKind): Omit<SeriesRow, 'closed_at'> {
  return {
    id: newId(),
    kind,
    name: SERIES_NAMES[kind],
    pattern: PATTERNS_BY_DEFAULT[kind],
    restarts_yearly: true,
    is_default: true,
  };
}

async function readAbouts(tx: WorkspaceTx, rows: readonly InvoiceRow[]): Promise<ReadonlyMap<string, InvoiceRow>> {
  const ids = rows.flatMap((row) => (row.kind === 'credit_note' && row.made_from_id ? [row.made_from_id] : []));
  if (ids.length === 0) return new Map();
  return new Map((await lockInvoices(tx, ids)).map((row) => [row.id, row]));
}

function planOf(row: InvoiceRow, issuance: Issuance, series: readonly SeriesRow[], buyer: Contact | undefined): Plan {
  const { caller } = issuance;
  const refuse = (failure: Failure): Plan => ({ kind: 'refused', failure });
  if (!buyer) return refuse(new Failure('not_found'));
  // What was billed wrongly is credited, whoever it was billed to.
  if (buyer.archived_at !== null && row.kind !== 'credit_note') return refuse(new Failure('contact_archived'));
  const chosen =
    issuance.seriesId === null
      ? series.find((one) => one.kind === row.kind && one.is_default)
      : series.find((one) => one.id === issuance.seriesId);
  if (!chosen || chosen.kind !== row.kind)
    return refuse(refused([{ path: 'series_id', message: `This is not a series of ${SERIES_NAMES[row.kind]}.` }]));
  if (chosen.closed_at !== null) return refuse(new Failure('series_closed', `The series “${chosen.name}” is closed.`));
  const today = localDateOf(caller.now, caller.workspace.timeZone);
  const issuedOn = issuance.issuedOn ?? row.content.issue_on ?? today;
  if (issuedOn > today)
    return refuse(refused([{ path: 'issued_on', message: `A document cannot be dated after today (${today}).` }]));
  return { kind: 'issue', row, caller, series: chosen, year: seriesYear(chosen.restarts_yearly, issuedOn), issuedOn };
}

type Issuing = Plan & { readonly kind: 'issue' };
const seriesKey = ({ series, year }: Issuing) => `${series.id} ${year}`;

/**
 * Takes the numbers of every series, and gives the first of each. Within a series, dates do not run backwards: number 8 is
 * not dated before number 7, and what would be is refused and takes none.
 */
async function takeFirstNumbers(tx: WorkspaceTx, plans: Plan[]): Promise<ReadonlyMap<string, bigint>> {
  const firsts = new Map<string, bigint>();
  const keys = [...new Set(plans.flatMap((plan) => (plan.kind === 'issue' ? [seriesKey(plan)] : [])))];
  // In one order, whoever asks: two transactions do not wait for each other's series.
  for (const key of keys.sort()) {
    const first = await takeNumbersOf(tx, plans, key);
    if (first !== null) firsts.set(key, first);
  }
  return firsts;
}

async function takeNumbersOf(tx: WorkspaceTx, plans: Plan[], key: string): Promise<bigint | null> {
  const ofSeries = () => plans.filter((plan): plan is Issuing => plan.kind === 'issue' && seriesKey(plan) === key);
  const [{ series, year, issuedOn }] = ofSeries() as [Issuing, ...Issuing[]];
  const take = { seriesId: series.id, year };
  if (ofSeries().every((plan) => plan.issuedOn === issuedOn)) {
    const first = await takeNumbersInOrder(tx, { ...take, count: ofSeries().length, issuedOn });
    if (first !== null) return first;
  }
  let before = await readLastIssuedOn(tx, series.id, year);
  for (const [index, plan] of plans.entries()) {
    if (plan.kind !== 'issue' || seriesKey(plan) !== key) continue;
    if (before !== null && plan.issuedOn < before) plans[index] = { kind: 'refused', failure: backwards(plan, before) };
    else before = plan.issuedOn;
  }
  const left = ofSeries();
  if (left.length === 0) return null;
  return takeNumbers(tx, { ...take, count: left.length, issuedOn: left.at(-1)!.issuedOn });
}

function backwards({ series }: Issuing, newest: LocalDate): Failure {
  return new Failure(
    'series_closed',
    `The newest document of “${series.name}” is dated ${newest}; this one cannot be dated before it.`,
    { facts: { earliest: newest }, fields: [{ path: 'issued_on', message: `${newest} or later.` }] },
  );
}

export interface Numbered {
  readonly row: InvoiceRow;
  readonly caller: Caller;
  readonly record: Issued;
  readonly taxes: readonly { code: string; taxMinor: bigint }[];
}

interface NumberingFacts {
  readonly settings: InvoicingSettingsRow | null;
  readonly buyers: ReadonlyMap<string, Contact>;
  readonly abouts: ReadonlyMap<string, InvoiceRow>;
}

/** Documents with their numbers, in the order asked for within each series. */
function numbered(plans: readonly Plan[], firsts: ReadonlyMap<string, bigint>, facts: NumberingFacts): Numbered[] {
  const next = new Map(firsts);
  return plans.flatMap((plan) => {
    if (plan.kind !== 'issue') return [];
    const key = seriesKey(plan);
    const mine = next.get(key);
    check(mine !== undefined, 'what is issued has a number');
    next.set(key, mine + 1n);
    return [numberedOf(plan, mine, facts)];
  });
}

const NO_SETTINGS = { colour: '#1f2937', footer: '', payment_details: {} };

function numberedOf(
  { row, caller, series, year, issuedOn }: Issuing,
  seriesNumber: bigint,
  { settings, buyers, abouts }: NumberingFacts,
): Numbered {
  const amounts = amountsOf(row.content, row.currency);
  check(amounts.totalMinor === row.total_minor, 'a draft keeps the total that it comes to');
  const calendar = calendarOf(settings);
  const schedule = dueDatesOf(
    { terms: row.content.terms.terms, deposit: row.content.deposit },
    issuedOn,
    row.total_minor,
    calendar,
  );
  const about = row.made_from_id === null ? undefined : abouts.get(row.made_from_id);
  const text = numberText(series.pattern, issuedOn, seriesNumber);
  const snapshot = snapshotOf({
    draft: row,
    amounts,
    schedule,
    number: text,
    issuedOn,
    about: about?.number && about.issued_on ? { number: about.number, issued_on: about.issued_on } : null,
    workspace: caller.workspace,
    buyer: buyers.get(row.contact_id)!,
    seller: settings?.seller ?? {},
    settings: settings ?? NO_SETTINGS,
  });
  const isOpen = row.kind === 'invoice' && row.total_minor > 0n;
  const withDates = { ...row, instalments: snapshot.instalments };
  return {
    row,
    caller,
    taxes: amounts.taxes.map(({ code, taxMinor }) => ({ code, taxMinor })),
    record: {
      id: row.id,
      issuedBy: caller.name,
      seriesId: series.id,
      year,
      seriesNumber,
      number: text,
      issuedOn,
      dueOn: snapshot.due_on,
      instalments: snapshot.instalments,
      earlyUntil: snapshot.early_discount?.until_on ?? null,
      earlyDiscountMinor: BigInt(snapshot.early_discount?.amount_minor ?? 0),
      snapshot,
      nextDueOn: isOpen && instalmentsOf(withDates).length > 0 ? nextDueOf(withDates) : null,
      settledOn: row.kind === 'invoice' && !isOpen ? issuedOn : null,
    },
  };
}
