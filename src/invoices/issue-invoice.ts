import type { Contact } from '../contacts/api.ts';
import { readContacts, readRootsForShare } from '../contacts/read-contact.ts';
import { check } from '../foundation/assert.ts';
import type { WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import { fromPublicId, newId, toPublicId } from '../foundation/id.ts';
import { type LocalDate, localDateOf } from '../foundation/local-date.ts';
import { minorToJson } from '../foundation/money.ts';
import { writeOutbox } from '../foundation/outbox.ts';
import { invoiceIssued } from '../ledger/bookings.ts';
import type { Entry } from '../ledger/entry.ts';
import { postEntries } from '../ledger/post-entry.ts';
import type { Caller } from '../workspace/caller.ts';
import { auditRow, recordAudits } from '../workspace/write-audit.ts';
import { refused } from './create-invoice.ts';
import { dueDatesOf } from './due-dates.ts';
import { type InvoiceRow, instalmentsOf, nextDueOf } from './invoice.ts';
import { amountsOf } from './invoice-content.ts';
import { snapshotOf } from './invoice-snapshot.ts';
import { numberText, PATTERNS_BY_DEFAULT, type SeriesKind, seriesYear } from './number-series.ts';
import { type Issued, issueDrafts, lockInvoices } from './store.ts';
import { calendarOf, type InvoicingSettingsRow, readInvoicingSettings } from './store-catalogue.ts';
import { insertSeries, readLastIssuedOn, readSeries, type SeriesRow, takeNumbers } from './store-series.ts';

export interface Issuance {
  readonly caller: Caller;
  readonly invoiceId: string;
  /** Null: the date it was written with, or today. */
  readonly issuedOn: LocalDate | null;
  /** Null: the default series of its kind. */
  readonly seriesId: string | null;
}

/** Numbers stay without a gap when a document is refused: it is refused before any number is taken. */
type Plan =
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

export type IssueResult = { readonly failure: Failure } | { readonly id: string; readonly applied: boolean };

/**
 * Issues documents in the caller's transaction, together: numbers in the order asked for, the snapshot, the ledger entry,
 * the message for whoever is to be told. A document that is issued already is left as it is. What cannot be issued is
 * answered with its Failure and takes no number; the others are not held up by it.
 */
export async function issueInvoices(tx: WorkspaceTx, issuances: readonly Issuance[]): Promise<IssueResult[]> {
  const now = issuances[0]?.caller.now;
  if (!now) return [];
  const [locked, settings, known] = await Promise.all([
    lockInvoices(
      tx,
      issuances.map(({ invoiceId }) => invoiceId),
    ),
    readInvoicingSettings(tx),
    readSeries(tx),
  ]);
  const rows = new Map(locked.map((row) => [row.id, row]));
  const series = await completeSeries(tx, now, known, locked);
  const contactIds = [...new Set(locked.map((row) => row.contact_id))];
  const [contacts, roots, abouts] = await Promise.all([
    readContacts(tx, contactIds),
    readRootsForShare(tx, contactIds),
    readAbouts(tx, locked),
  ]);
  const buyers = new Map(contacts.map((contact) => [fromPublicId('contact', contact.id)!, contact]));

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
  await refuseBackwards(tx, plans);
  const issued = await number(tx, plans, { settings, buyers, abouts });
  if (issued.length > 0) {
    await issueDrafts(
      tx,
      issued.map(({ record }) => record),
      now,
    );
    const entries = issued.flatMap(entryOf);
    await Promise.all([
      postEntries(tx, entries, roots),
      recordAudits(
        tx,
        issued.map(({ row, record, caller }) =>
          auditRow(caller, {
            action: `${row.kind}.issued`,
            subjectKind: 'invoice',
            subjectId: row.id,
            details: { number: record.number, total_minor: minorToJson(row.total_minor), currency: row.currency },
          }),
        ),
      ),
      writeOutbox(
        tx,
        issued.map(({ row }) => ({
          topic: `${row.kind}.issued`,
          payload: { invoice_id: toPublicId('invoice', row.id) },
        })),
        now,
      ),
    ]);
  }
  return plans.map((plan) =>
    plan.kind === 'refused' ? { failure: plan.failure } : { id: plan.row.id, applied: plan.kind === 'issue' },
  );
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

/** Within a series, dates do not run backwards: number 8 is not dated before number 7. */
async function refuseBackwards(tx: WorkspaceTx, plans: Plan[]): Promise<void> {
  const last = new Map<string, LocalDate | null>();
  const keys = [...new Set(plans.flatMap((plan) => (plan.kind === 'issue' ? [`${plan.series.id} ${plan.year}`] : [])))];
  // In one order, whoever asks: two transactions do not wait for each other's series.
  for (const key of keys.sort()) {
    const [seriesId, year] = key.split(' ') as [string, string];
    last.set(key, await readLastIssuedOn(tx, seriesId, Number(year)));
  }
  for (const [index, plan] of plans.entries()) {
    if (plan.kind !== 'issue') continue;
    const key = `${plan.series.id} ${plan.year}`;
    const before = last.get(key) ?? null;
    if (before !== null && plan.issuedOn < before) {
      const failure = new Failure(
        'series_closed',
        `The newest document of “${plan.series.name}” is dated ${before}; this one cannot be dated before it.`,
        { facts: { earliest: before }, fields: [{ path: 'issued_on', message: `${before} or later.` }] },
      );
      plans[index] = { kind: 'refused', failure };
    } else last.set(key, plan.issuedOn);
  }
}

interface Numbered {
  readonly row: InvoiceRow;
  readonly caller: Caller;
  readonly record: Issued;
  readonly taxes: readonly { code: string; taxMinor: bigint }[];
}

async function number(
  tx: WorkspaceTx,
  plans: readonly Plan[],
  facts: {
    settings: InvoicingSettingsRow | null;
    buyers: ReadonlyMap<string, Contact>;
    abouts: ReadonlyMap<string, InvoiceRow>;
  },
): Promise<Numbered[]> {
  const groups = new Map<string, (Plan & { kind: 'issue' })[]>();
  for (const plan of plans) {
    if (plan.kind !== 'issue') continue;
    const key = `${plan.series.id} ${plan.year}`;
    groups.set(key, [...(groups.get(key) ?? []), plan]);
  }
  const numbered: Numbered[] = [];
  for (const [, group] of [...groups].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const { series, year } = group[0]!;
    const issuedOn = group.at(-1)!.issuedOn;
    const first = await takeNumbers(tx, { seriesId: series.id, year, count: group.length, issuedOn });
    for (const [index, plan] of group.entries()) numbered.push(numberedOf(plan, first + BigInt(index), facts));
  }
  return numbered;
}

const NO_SETTINGS = { colour: '#1f2937', footer: '', payment_details: {} };

function numberedOf(
  { row, caller, series, year, issuedOn }: Plan & { kind: 'issue' },
  seriesNumber: bigint,
  { settings, buyers, abouts }: Parameters<typeof number>[2],
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

/** Quotes are no money yet; credit notes book themselves (credit-invoice.ts); nothing is booked for nothing. */
function entryOf({ row, record, taxes, caller }: Numbered): Entry[] {
  if (row.kind !== 'invoice' || row.total_minor === 0n) return [];
  return [
    invoiceIssued({
      entryId: newId(),
      sourceId: row.id,
      invoiceId: row.id,
      contactId: row.contact_id,
      currency: row.currency,
      effectiveOn: record.issuedOn,
      effectiveAt: caller.now,
      recordedAt: caller.now,
      netMinor: row.net_minor,
      taxes,
    }),
  ];
}
