import { check } from '../foundation/assert.ts';
import type { WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import { toPublicId } from '../foundation/id.ts';
import { localDateOf } from '../foundation/local-date.ts';
import { writeOutbox } from '../foundation/outbox.ts';
import type { Caller } from '../workspace/caller.ts';
import { recordAudit } from '../workspace/write-audit.ts';
import { writingOfDraft } from './edit-invoice.ts';
import { statusOf } from './invoice.ts';
import { type InvoicesRoom, writeGroup } from './make-invoices-room.ts';
import { moveWorkToReplacement } from './make-work-invoice.ts';
import { readInvoicedQuotes, readInvoiceRows, updateMarks } from './store.ts';
import { lockIssued } from './void-invoice.ts';

/**
 * The customer accepts or declines a quote; `who` is how they are named. An answer can be changed until the quote was made
 * into an invoice. Throws not_found, invoice_state_conflict (no quote, expired, invoiced).
 */
export async function answerQuote(
  tx: WorkspaceTx,
  caller: Caller,
  id: string,
  answer: 'accepted' | 'declined',
  who: string,
): Promise<void> {
  const row = await lockIssued(tx, id);
  if (row.kind !== 'quote') throw new Failure('invoice_state_conflict', 'Only a quote is accepted or declined.');
  const invoiced = (await readInvoicedQuotes(tx, [id])).has(id);
  const today = localDateOf(caller.now, caller.workspace.timeZone);
  const status = statusOf(row, { processing: false, invoiced }, today);
  if (status === 'invoiced') throw new Failure('invoice_state_conflict', `${row.number} was made into an invoice.`);
  if (status === 'expired') {
    throw new Failure('invoice_state_conflict', `${row.number} was valid until ${row.valid_until}; ask for a new one.`);
  }
  const marks =
    answer === 'accepted'
      ? { accepted_at: caller.now, accepted_by: who, declined_at: null }
      : { accepted_at: null, accepted_by: null, declined_at: caller.now };
  await updateMarks(tx, row, marks, caller.now);
  await recordAudit(tx, caller, {
    action: `quote.${answer}`,
    subjectKind: 'invoice',
    subjectId: id,
    details: { number: row.number, by: who },
  });
  await writeOutbox(tx, [{ topic: `quote.${answer}`, payload: { invoice_id: toPublicId('invoice', id) } }], caller.now);
}

/**
 * Makes a draft invoice from a quote, as it was quoted; once per quote, whoever asks at the same time. Answers its id.
 * Throws not_found, invoice_state_conflict.
 */
export async function invoiceQuote(room: InvoicesRoom, caller: Caller, quoteId: string): Promise<string> {
  const row = await room.database.inWorkspace(caller.workspace.id, async (tx) => {
    const [quote] = await readInvoiceRows(tx, [quoteId]);
    if (!quote) throw new Failure('not_found');
    if (quote.kind !== 'quote' || quote.issued_at === null)
      throw new Failure('invoice_state_conflict', 'Only a quote that was issued becomes an invoice.');
    if (quote.declined_at !== null) throw new Failure('invoice_state_conflict', `${quote.number} was declined.`);
    return quote;
  });
  const { id } = await room.write({
    caller,
    writing: { ...writingOfDraft(row), kind: 'invoice', issued_on: null, valid_until: null },
    origin: { source: 'quote', madeFromId: quoteId, key: `quote ${quoteId}`, filesOfId: quoteId },
    issue: null,
  });
  return id;
}

/** Writes the same document again as a draft; `replaces` keeps that it stands in for the first. Answers its id. */
export async function copyInvoice(room: InvoicesRoom, caller: Caller, id: string, replaces: boolean): Promise<string> {
  return room.database.inWorkspace(caller.workspace.id, async (tx) => {
    const [found] = await readInvoiceRows(tx, [id]);
    if (!found) throw new Failure('not_found');
    if (found.kind === 'credit_note')
      throw new Failure('invoice_state_conflict', 'A credit note is about one invoice: write it from there.');
    const writing = { ...writingOfDraft(found), issued_on: null };
    const [made] = await writeGroup(tx, [
      { caller, writing, origin: { replacesId: replaces ? id : null, filesOfId: id }, issue: null },
    ]);
    check(made, 'every request has a result');
    if ('failure' in made) throw made.failure;
    if (replaces && found.voided_at !== null) await moveWorkToReplacement(tx, caller, id, made.id);
    return made.id;
  });
}
