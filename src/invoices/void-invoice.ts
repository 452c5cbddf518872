import { readRootsForShare } from '../contacts/read-contact.ts';
import type { WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import { newId, toPublicId } from '../foundation/id.ts';
import { localDateOf } from '../foundation/local-date.ts';
import { formatMinor, minorToJson } from '../foundation/money.ts';
import { writeOutbox } from '../foundation/outbox.ts';
import { invoiceWrittenOff } from '../ledger/bookings.ts';
import { postEntries, reverseEntriesOf } from '../ledger/post-entry.ts';
import type { Caller } from '../workspace/caller.ts';
import { recordAudit } from '../workspace/write-audit.ts';
import type { InvoiceRow } from './invoice.ts';
import { moved, writeBalances } from './move-balance.ts';
import { lockInvoices, type MarkChange, updateMarks } from './store.ts';
import { sumIntended } from './store-allocations.ts';

/**
 * Declares an issued invoice void: nothing happened to it yet, so its entry is reversed and its number stays taken. Throws
 * not_found, invoice_state_conflict (draft, void already, paid or credited in part, a payment on its way).
 */
export async function voidInvoice(tx: WorkspaceTx, caller: Caller, id: string, reason: string): Promise<void> {
  const row = await lockIssued(tx, id);
  if (row.kind === 'credit_note')
    throw conflict('A credit note cannot be voided: issue an invoice for what it took away.');
  const touched =
    row.paid_minor + row.credited_minor + row.discounted_minor + row.written_off_minor + row.late_fee_minor;
  if (touched > 0n)
    throw conflict(`${row.number} has been paid, credited or charged a fee: write a credit note instead.`);
  if ((await sumIntended(tx, [id])).size > 0) throw conflict(`A payment for ${row.number} is on its way: wait for it.`);
  const roots = await readRootsForShare(tx, [row.contact_id]);
  const on = localDateOf(caller.now, caller.workspace.timeZone);
  await updateMarks(tx, row, { voided_at: caller.now, void_reason: reason, next_due_on: null }, caller.now);
  await reverseEntriesOf(
    tx,
    [id],
    'voided',
    { effectiveOn: on, effectiveAt: caller.now, recordedAt: caller.now },
    roots,
  );
  await recordAudit(tx, caller, {
    action: `${row.kind}.voided`,
    subjectKind: 'invoice',
    subjectId: id,
    details: { number: row.number, reason },
  });
  await writeOutbox(
    tx,
    [{ topic: `${row.kind}.voided`, payload: { invoice_id: toPublicId('invoice', id) } }],
    caller.now,
  );
}

/**
 * Gives up what is open of an invoice, or a part of it (minor units; null: all). Throws not_found,
 * invoice_state_conflict, invalid_request for more than is open.
 */
export async function writeOffInvoice(
  tx: WorkspaceTx,
  caller: Caller,
  id: string,
  amountMinor: bigint | null,
  reason: string,
): Promise<void> {
  const row = await lockIssued(tx, id);
  if (row.open_minor <= 0n) throw conflict(`Nothing of ${row.number} is open.`);
  const amount = amountMinor ?? row.open_minor;
  if (amount > row.open_minor) {
    const most = formatMinor(row.open_minor, row.currency, caller.workspace.locale);
    const message = `At most ${most} of ${row.number} is open.`;
    throw new Failure('invalid_request', `amount_minor: ${message}`, { fields: [{ path: 'amount_minor', message }] });
  }
  const roots = await readRootsForShare(tx, [row.contact_id]);
  const on = localDateOf(caller.now, caller.workspace.timeZone);
  await writeBalances(tx, [moved(row, { writtenOffMinor: amount }, on)], caller.now);
  const entry = invoiceWrittenOff({
    entryId: newId(),
    sourceId: newId(),
    invoiceId: id,
    contactId: row.contact_id,
    currency: row.currency,
    effectiveOn: on,
    effectiveAt: caller.now,
    recordedAt: caller.now,
    amountMinor: amount,
  });
  await postEntries(tx, [entry], roots);
  await recordAudit(tx, caller, {
    action: 'invoice.written_off',
    subjectKind: 'invoice',
    subjectId: id,
    details: { number: row.number, amount_minor: minorToJson(amount), reason },
  });
  await writeOutbox(
    tx,
    [{ topic: 'invoice.written_off', payload: { invoice_id: toPublicId('invoice', id) } }],
    caller.now,
  );
}

/** Marks that move no money: disputed by the customer, a promised day, sent, opened, an answer to a quote. Throws not_found, invoice_state_conflict. */
export async function markInvoice(
  tx: WorkspaceTx,
  id: string,
  marksOf: (row: InvoiceRow) => MarkChange,
  at: Date,
): Promise<void> {
  const row = await lockIssued(tx, id);
  await updateMarks(tx, row, marksOf(row), at);
}

/** An issued document that is not void, held. Throws not_found, invoice_state_conflict. */
export async function lockIssued(tx: WorkspaceTx, id: string): Promise<InvoiceRow> {
  const [row] = await lockInvoices(tx, [id]);
  if (!row) throw new Failure('not_found');
  if (row.issued_at === null) throw conflict('This is a draft: issue it first.');
  if (row.voided_at !== null) throw conflict(`${row.number} is void.`);
  return row;
}

function conflict(detail: string): Failure {
  return new Failure('invoice_state_conflict', detail);
}
