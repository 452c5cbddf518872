import { readContacts } from '../contacts/read-contact.ts';
import type { WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import { toPublicId } from '../foundation/id.ts';
import { localDateOf } from '../foundation/local-date.ts';
import type { MessageFile } from '../messages/message.ts';
import type { Caller } from '../workspace/caller.ts';
import { dueDatesOf } from './due-dates.ts';
import { eInvoiceOf } from './e-invoice.ts';
import { brokenRules, type EInvoiceProfile } from './e-invoice-rules.ts';
import { hybridArchive } from './hybrid-invoice.ts';
import type { InvoiceRow } from './invoice.ts';
import { amountsOf } from './invoice-content.ts';
import { type InvoiceSnapshot, snapshotOf } from './invoice-snapshot.ts';
import { readIssuedDocument } from './read-invoice.ts';
import { readBusinessLogo } from './read-logo.ts';
import { renderInvoice } from './render-invoice.ts';
import { readInvoiceRows } from './store.ts';
import { calendarOf, readInvoicingSettings } from './store-catalogue.ts';
import { ublDocument } from './ubl-document.ts';

/** In which form a PDF is wanted: as it is printed, or as a hybrid invoice with its data in it. */
export type PdfForm = 'plain' | 'hybrid';

/**
 * A document as PDF: issued ones from their snapshot, drafts as a preview of what issuing today would give, by the same
 * lines of code. Throws not_found, invoice_state_conflict (a hybrid of a draft or quote), e_invoice_incomplete.
 */
export async function renderDocument(
  tx: WorkspaceTx,
  caller: Caller,
  id: string,
  form: PdfForm,
): Promise<{ readonly snapshot: InvoiceSnapshot; readonly bytes: Promise<Buffer> }> {
  const [row] = await readInvoiceRows(tx, [id]);
  if (!row) throw new Failure('not_found');
  const isPreview = row.issued_at === null;
  const snapshot = isPreview ? await previewSnapshot(tx, caller, row) : await readIssuedDocument(tx, id);
  if (form === 'hybrid') refuseIncomplete(snapshot, isPreview, 'en16931');
  const logo = (await readBusinessLogo(tx))?.picture ?? null;
  const archive = form === 'hybrid' ? { archive: hybridArchive(snapshot) } : {};
  return { snapshot, bytes: renderInvoice(snapshot, { logo, isPreview, ...archive }) };
}

/** An issued document as a file to go with a message. */
export async function renderIssued(snapshot: InvoiceSnapshot, tx: WorkspaceTx): Promise<MessageFile> {
  const logo = (await readBusinessLogo(tx))?.picture ?? null;
  const bytes = await renderInvoice(snapshot, { logo });
  return { name: `${fileNameOf(snapshot)}.pdf`, mediaType: 'application/pdf', bytes };
}

/** An issued invoice or credit note as UBL 2.1. Throws not_found, invoice_state_conflict, e_invoice_incomplete. */
export async function writeEInvoice(
  tx: WorkspaceTx,
  id: string,
  profile: EInvoiceProfile,
): Promise<{ readonly name: string; readonly text: string }> {
  const snapshot = await readIssuedDocument(tx, id);
  refuseIncomplete(snapshot, false, profile);
  return { name: `${fileNameOf(snapshot)}.xml`, text: ublDocument(eInvoiceOf(snapshot), profile) };
}

/** A number as a file's name on every system. */
export function fileNameOf({ number, kind }: Pick<InvoiceSnapshot, 'number' | 'kind'>): string {
  return number === '' ? `${kind.replace('_', '-')}-draft` : number.replace(/[^A-Za-z0-9._-]+/g, '-');
}

function refuseIncomplete(snapshot: InvoiceSnapshot, isPreview: boolean, profile: EInvoiceProfile): void {
  if (isPreview) throw new Failure('invoice_state_conflict', 'A draft has no number yet: issue it first.');
  if (snapshot.kind === 'quote')
    throw new Failure('invoice_state_conflict', 'A quote is no invoice: make one from it.');
  const broken = brokenRules(eInvoiceOf(snapshot), profile);
  if (broken.length === 0) return;
  throw new Failure('e_invoice_incomplete', broken[0]!.message, {
    fields: broken.map(({ rule, path, message }) => ({
      path,
      message: message.includes(rule) ? message : `${message} (${rule})`,
    })),
  });
}

/** What a draft would be, were it issued now: all but the number. */
async function previewSnapshot(tx: WorkspaceTx, caller: Caller, row: InvoiceRow): Promise<InvoiceSnapshot> {
  const [settings, [buyer], abouts] = await Promise.all([
    readInvoicingSettings(tx),
    readContacts(tx, [row.contact_id]),
    row.made_from_id !== null && row.kind === 'credit_note' ? readInvoiceRows(tx, [row.made_from_id]) : [],
  ]);
  if (!buyer) throw new Failure('not_found', `${toPublicId('contact', row.contact_id)} was deleted.`);
  const issuedOn = row.content.issue_on ?? localDateOf(caller.now, caller.workspace.timeZone);
  const { content } = row;
  const written = { terms: content.terms.terms, deposit: content.deposit };
  const [about] = abouts;
  return snapshotOf({
    draft: row,
    amounts: amountsOf(content, row.currency),
    schedule: dueDatesOf(written, issuedOn, row.total_minor, calendarOf(settings)),
    number: '',
    issuedOn,
    about: about?.number && about.issued_on ? { number: about.number, issued_on: about.issued_on } : null,
    workspace: caller.workspace,
    buyer,
    seller: settings?.seller ?? {},
    settings: settings ?? { colour: '#1f2937', footer: '', payment_details: {} },
  });
}
