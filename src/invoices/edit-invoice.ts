import { readRootsForShare } from '../contacts/read-contact.ts';
import type { WorkspaceTx } from '../foundation/database.ts';
import { fromPublicId, toPublicId } from '../foundation/id.ts';
import type { Caller } from '../workspace/caller.ts';
import { recordAudit } from '../workspace/write-audit.ts';
import type { Invoice, InvoiceChanges } from './api.ts';
import { readWritingFacts, refused, type Writing, writeDocument } from './create-invoice.ts';
import { lockDraft } from './hold-draft.ts';
import type { InvoiceRow } from './invoice.ts';
import { billsWork, freeWorkOf } from './make-work-invoice.ts';
import { readInvoice } from './read-invoice.ts';
import { deleteDraft, updateDraft } from './store.ts';
import { deleteAttachmentsOf } from './store-attachments.ts';
import { withdrawOccurrence } from './withdraw-occurrence.ts';

/**
 * Changes a draft; what is absent stays. Throws not_found, edit_conflict, invoice_state_conflict (an issued document
 * never changes: credit it, or void it and write another), and what writing one throws.
 */
export async function editInvoice(
  tx: WorkspaceTx,
  caller: Caller,
  id: string,
  changes: InvoiceChanges,
  expectedVersion: number | null,
): Promise<Invoice> {
  const draft = await lockDraft(tx, id, expectedVersion);
  // Terms or named terms: whichever is given replaces both.
  const terms = changes.terms_id !== undefined && changes.terms === undefined ? { terms: null } : {};
  const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
  const writing: Writing = { ...writingOfDraft(draft), ...terms, ...given };
  const contactId = fromPublicId('contact', writing.contact_id);
  const facts = await readWritingFacts(
    tx,
    contactId === null ? [] : [contactId],
    changes.lines ? [changes.lines] : null,
  );
  const written = writeDocument(writing, facts, caller);
  const isAnothers = written.contactId !== draft.contact_id || written.currency !== draft.currency;
  if (isAnothers && (await billsWork(tx, id))) {
    const message = 'This draft bills work that was done for this contact in this currency.';
    throw refused([{ path: written.currency === draft.currency ? 'contact_id' : 'currency', message }]);
  }
  await readRootsForShare(tx, [written.contactId]);
  await updateDraft(
    tx,
    {
      id,
      contact_id: written.contactId,
      currency: written.currency,
      content: { ...written.content, period: draft.content.period },
      net_minor: written.amounts.taxableMinor,
      tax_minor: written.amounts.taxMinor,
      total_minor: written.amounts.totalMinor,
      reference: writing.reference,
      valid_until: writing.valid_until,
      auto_charge: writing.auto_charge,
    },
    caller.now,
  );
  await recordAudit(tx, caller, {
    action: `${draft.kind}.edited`,
    subjectKind: 'invoice',
    subjectId: id,
    details: { fields: Object.keys(given) },
  });
  return readInvoice(tx, caller, id);
}

/** Throws away a draft: nobody saw it, and it has no number; work and usage on it wait for another invoice. Throws not_found, invoice_state_conflict. */
export async function removeDraft(tx: WorkspaceTx, caller: Caller, id: string): Promise<void> {
  const draft = await lockDraft(tx, id, null);
  await freeWorkOf(tx, caller, id);
  await withdrawOccurrence(tx, caller, draft);
  await deleteAttachmentsOf(tx, id);
  await deleteDraft(tx, id);
  await recordAudit(tx, caller, { action: `${draft.kind}.deleted`, subjectKind: 'invoice', subjectId: id });
}

/** A document as if somebody wrote it now: for edits, copies, and invoices made from quotes. */
export function writingOfDraft(row: InvoiceRow): Writing {
  const { content } = row;
  return {
    kind: row.kind,
    contact_id: toPublicId('contact', row.contact_id),
    currency: row.currency,
    lines: content.lines.map((line) => ({
      name: line.name,
      description: line.description,
      quantity: line.quantity,
      unit: line.unit,
      unit_code: line.unit_code,
      unit_price: line.unit_price,
      discount: line.discount,
      taxes: line.taxes.map((tax) => tax.code),
      ...(line.product_id === null ? {} : { product_id: line.product_id }),
    })),
    discount: content.discount,
    notes: content.notes,
    reference: row.reference,
    terms: content.terms.terms,
    terms_id: null,
    deposit: content.deposit,
    issued_on: content.issue_on,
    valid_until: row.valid_until,
    auto_charge: row.auto_charge,
  };
}
