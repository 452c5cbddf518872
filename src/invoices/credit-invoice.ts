import { readRootsForShare } from '../contacts/read-contact.ts';
import { check } from '../foundation/assert.ts';
import type { WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import { newId } from '../foundation/id.ts';
import { localDateOf } from '../foundation/local-date.ts';
import { formatMinor, minorToJson, parseExactDecimal } from '../foundation/money.ts';
import { invoiceCredited } from '../ledger/bookings.ts';
import { postEntries } from '../ledger/post-entry.ts';
import type { Caller } from '../workspace/caller.ts';
import { takeBackOfInvoice } from './allocate-money.ts';
import type { NewInvoice } from './api.ts';
import { attachFile, type GivenFile } from './attach-file.ts';
import { draftRow, readWritingFacts, type Writing, type WritingFacts, writeDocument } from './create-invoice.ts';
import { writingOfDraft } from './edit-invoice.ts';
import type { InvoiceRow } from './invoice.ts';
import { PERCENT_DECIMALS } from './invoice-amounts.ts';
import { amountsOf } from './invoice-content.ts';
import { issueInvoices } from './issue-invoice.ts';
import type { PaymentsOfInvoices } from './make-invoices-room.ts';
import { moved, writeBalances } from './move-balance.ts';
import { readStanding } from './read-allocations.ts';
import { insertInvoices, lockInvoices, readFollowing } from './store.ts';
import type { TaxRow } from './store-catalogue.ts';
import { lockIssued } from './void-invoice.ts';

/**
 * Writes and issues a credit note about an invoice, at once. Without lines it credits the whole invoice, which must not
 * have been credited before. What the invoice was paid beyond what is left goes back on the customer's account, in the
 * same transaction. Answers the credit note's id. Throws not_found, invoice_state_conflict, credit_above_billed.
 */
export async function creditInvoice(
  tx: WorkspaceTx,
  caller: Caller,
  invoiceId: string,
  credit: {
    readonly lines: NewInvoice['lines'] | null;
    readonly reason: string;
    readonly issuedOn?: string | null;
    readonly files?: readonly GivenFile[];
  },
  payments: PaymentsOfInvoices,
): Promise<string> {
  // Payments first, then invoices; one that pays it only now is held late, and the engine settles who waits.
  await payments.hold(
    tx,
    (await readStanding(tx, { invoiceId })).map((row) => row.payment_id),
  );
  const invoice = await lockIssued(tx, invoiceId);
  if (invoice.kind !== 'invoice') throw new Failure('invoice_state_conflict', 'Only an invoice is credited.');
  // A discount for early payment goes as far as what it was granted for is taken back.
  const alone = await sumAlone(tx, invoiceId);
  const left = invoice.total_minor - invoice.credited_minor - invoice.written_off_minor - alone;
  const most = formatMinor(left, invoice.currency, caller.workspace.locale);
  const tooMuch = new Failure('credit_above_billed', `At most ${most} of ${invoice.number} can be credited.`, {
    facts: { left_minor: minorToJson(left) },
  });
  if (left <= 0n) throw tooMuch;
  if (credit.lines === null && invoice.credited_minor + alone > 0n) {
    const message = `${invoice.number} was credited in part: name the lines that this credit note is about.`;
    throw new Failure('invoice_state_conflict', message, { fields: [{ path: 'lines', message: 'Needed here.' }] });
  }
  const roots = await readRootsForShare(tx, [invoice.contact_id]);
  const whole = writingOfDraft(invoice);
  const writing: Writing = {
    ...whole,
    kind: 'credit_note',
    lines: credit.lines ?? whole.lines,
    // A discount on the whole belongs to the whole; lines that are named carry their own.
    discount: credit.lines === null ? whole.discount : null,
    deposit: null,
    notes: credit.reason,
    issued_on: credit.issuedOn ?? null,
    valid_until: null,
    auto_charge: false,
  };
  const facts = correctionFacts(await readWritingFacts(tx, [invoice.contact_id]), invoice);
  const written = writeDocument(writing, facts, caller);
  const lines = credit.lines === null ? invoice.content.lines : written.content.lines;
  const same = { ...written, content: { ...written.content, lines, tax_rounding: invoice.content.tax_rounding } };
  const amounts = amountsOf(same.content, invoice.currency);
  if (amounts.totalMinor === 0n || amounts.totalMinor > left) throw tooMuch;
  const row = draftRow(writing, { ...same, amounts }, caller, { madeFromId: invoiceId });
  await insertInvoices(tx, [row]);
  for (const file of credit.files ?? []) await attachFile(tx, caller, row.id, file);
  const [issued] = await issueInvoices(tx, [{ caller, invoiceId: row.id, issuedOn: null, seriesId: null }]);
  check(issued, 'one document was issued');
  if ('failure' in issued) throw issued.failure;

  const on = writing.issued_on ?? localDateOf(caller.now, caller.workspace.timeZone);
  const moment = { on, at: caller.now, by: caller.name, why: 'credit_note' };
  const excess = amounts.totalMinor - invoice.open_minor;
  if (excess > 0n) await payments.keepMoved(tx, await takeBackOfInvoice(tx, invoiceId, excess, roots, moment));
  const [after] = await lockInvoices(tx, [invoiceId]);
  check(after, 'the credited invoice is there');
  await writeBalances(tx, [moved(after, { creditedMinor: amounts.totalMinor }, on)], caller.now);
  const entry = invoiceCredited({
    entryId: newId(),
    sourceId: row.id,
    invoiceId,
    contactId: invoice.contact_id,
    currency: invoice.currency,
    effectiveOn: on,
    effectiveAt: caller.now,
    recordedAt: caller.now,
    netMinor: amounts.taxableMinor,
    taxes: amounts.taxes.map(({ code, taxMinor }) => ({ code, taxMinor })),
  });
  await postEntries(tx, [entry], roots);
  return row.id;
}

/** Credit notes that were brought over about this invoice and paid out took as much of it, though not of its balance. */
async function sumAlone(tx: WorkspaceTx, invoiceId: string): Promise<bigint> {
  const notes = (await readFollowing(tx, invoiceId)).filter((row) => row.stands_alone && row.voided_at === null);
  return notes.reduce((sum, row) => sum + row.total_minor, 0n);
}

/**
 * What a correction is written from: the invoice's own contact, taxes and currency, whatever became of them since. What was
 * billed can always be taken away again.
 */
function correctionFacts(facts: WritingFacts, invoice: InvoiceRow): WritingFacts {
  const contact = facts.contacts.get(invoice.contact_id);
  check(contact, 'the contact of an invoice exists');
  const billed = invoice.content.lines.flatMap((line) => line.taxes);
  const taxes = billed.map(({ rate, ...tax }): [string, TaxRow] => [
    tax.code,
    {
      ...tax,
      rate: rateOf(rate),
      id: '',
      is_default: false,
      archived_at: null,
    },
  ]);
  return {
    ...facts,
    contacts: new Map([[invoice.contact_id, { ...contact, merged_into: null, archived_at: null, currency: null }]]),
    taxes: new Map([...facts.taxes, ...taxes]),
  };
}

function rateOf(text: string): bigint {
  const parsed = parseExactDecimal(text, PERCENT_DECIMALS);
  check(parsed.ok, 'the rate of a billed tax is a decimal');
  return parsed.scaled;
}
