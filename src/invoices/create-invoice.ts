import type { Contact } from '../contacts/api.ts';
import { readContacts } from '../contacts/read-contact.ts';
import { holdsCardNumber } from '../foundation/card-number.ts';
import type { WorkspaceTx } from '../foundation/database.ts';
import { Failure, type FieldProblem } from '../foundation/failure.ts';
import { fromPublicId, newId, toPublicId } from '../foundation/id.ts';
import { localDateOf } from '../foundation/local-date.ts';
import { AMOUNT_MINOR_MAX, exactDecimalText } from '../foundation/money.ts';
import type { Caller } from '../workspace/caller.ts';
import type { InvoicePreview, NewInvoice } from './api.ts';
import type { InvoiceRow, InvoiceSource, KeptContent, WrittenTerms } from './invoice.ts';
import { type InvoiceAmounts, invoiceAmounts, PERCENT_DECIMALS, type TaxRounding } from './invoice-amounts.ts';
import { readLines, type WrittenLine, type WrittenTax } from './invoice-content.ts';
import { previewOf } from './shape-invoice.ts';
import type { InvoiceInsert } from './store.ts';
import {
  type ContactBillingRow,
  calendarOf,
  type InvoicingSettingsRow,
  readContactBilling,
  readInvoicingSettings,
  readTaxes,
  readTermsRows,
  type TaxRow,
  type TermsRow,
} from './store-catalogue.ts';
import { readProductIds } from './store-products.ts';
import { TERMS_BY_DEFAULT, termsProblem } from './written-terms.ts';

/** What documents are written from; read once for any number of them. */
export interface WritingFacts {
  /** By uuid; missing ones do not exist or were deleted. */
  readonly contacts: ReadonlyMap<string, Contact>;
  readonly billing: ReadonlyMap<string, ContactBillingRow>;
  readonly taxes: ReadonlyMap<string, TaxRow>;
  readonly terms: readonly TermsRow[];
  readonly settings: InvoicingSettingsRow | null;
  /** Public ids of products that exist, of those that lines name; null where lines were taken from a document. */
  readonly products: ReadonlySet<string> | null;
}

/** `written`: lines as somebody wrote them, whose products are looked up. */
export async function readWritingFacts(
  tx: WorkspaceTx,
  contactIds: readonly string[],
  written: readonly NewInvoice['lines'][] | null = null,
): Promise<WritingFacts> {
  const ids = [...new Set(contactIds)];
  const named = new Set(written?.flat().flatMap(({ product_id }) => product_id ?? []));
  const productIds = [...named].flatMap((id) => fromPublicId('product', id) ?? []);
  const [contacts, billing, taxes, terms, settings, products] = await Promise.all([
    readContacts(tx, ids),
    readContactBilling(tx, ids),
    readTaxes(tx),
    readTermsRows(tx),
    readInvoicingSettings(tx),
    productIds.length === 0 ? [] : readProductIds(tx, productIds),
  ]);
  return {
    products: written && new Set(products.map((id) => toPublicId('product', id))),
    contacts: new Map(contacts.map((contact) => [fromPublicId('contact', contact.id)!, contact])),
    billing: new Map(billing.map((row) => [row.contact_id, row])),
    taxes: new Map(taxes.map((tax) => [tax.code, tax])),
    terms,
    settings,
  };
}

/** What a document is written from; NewInvoice and the whole of an edited draft are this. */
export type Writing = Pick<
  NewInvoice,
  | 'contact_id'
  | 'lines'
  | 'discount'
  | 'notes'
  | 'reference'
  | 'terms'
  | 'terms_id'
  | 'deposit'
  | 'issued_on'
  | 'valid_until'
  | 'auto_charge'
> & { readonly currency?: string | undefined; readonly kind: 'invoice' | 'quote' | 'credit_note' };

export interface Written {
  readonly contactId: string;
  readonly contact: Contact;
  readonly currency: string;
  readonly content: KeptContent;
  readonly amounts: InvoiceAmounts;
}

/** Makes what a person wrote into a document, or says why it cannot be one: one refusal per line, top down. */
export function writeDocument(writing: Writing, facts: WritingFacts, caller: Caller): Written {
  const contactId = fromPublicId('contact', writing.contact_id);
  const contact = contactId === null ? undefined : facts.contacts.get(contactId);
  if (contactId === null || !contact) throw refused([{ path: 'contact_id', message: 'This contact does not exist.' }]);
  if (contact.merged_into !== null)
    throw new Failure('contact_merged', undefined, { facts: { merged_into: contact.merged_into } });
  if (contact.archived_at !== null) throw new Failure('contact_archived');

  const currency = writing.currency ?? contact.currency ?? caller.workspace.currency;
  if (contact.currency !== null && currency !== contact.currency) {
    const message = `${contact.name} is billed in ${contact.currency}.`;
    throw refused([{ path: 'currency', message }]);
  }
  const problems: FieldProblem[] = cardNumbersIn(writing);
  if (problems.length > 0) throw new Failure('card_number_refused', undefined, { fields: problems });

  const lines = writing.lines.map((line, index) => ({
    ...line,
    product_id: line.product_id ?? null,
    taxes: line.taxes.flatMap((code, place): WrittenTax[] => {
      const tax = facts.taxes.get(code);
      if (tax && tax.archived_at === null) return [writtenTax(tax)];
      problems.push({ path: `lines[${index}].taxes[${place}]`, message: `There is no tax with the code ${code}.` });
      return [];
    }),
  })) as unknown as WrittenLine[];
  for (const [index, { product_id: id }] of writing.lines.entries()) {
    if (!id || facts.products === null || facts.products.has(id)) continue;
    problems.push({ path: `lines[${index}].product_id`, message: 'This product does not exist.' });
  }
  const terms = chosenTerms(writing, facts, contactId, problems);
  const rounding: TaxRounding = facts.settings?.tax_rounding ?? 'document';
  const content: KeptContent = {
    lines,
    discount: writing.discount as KeptContent['discount'],
    tax_rounding: rounding,
    notes: writing.notes,
    period: null,
    terms,
    deposit: writing.deposit as KeptContent['deposit'],
    issue_on: writing.issued_on,
  };
  const read = readLines(content, currency);
  problems.push(...read.problems);
  if (problems.length > 0) throw refused(problems);
  const amounts = invoiceAmounts(read.lines, read.discount, rounding);
  if (amounts.totalMinor > AMOUNT_MINOR_MAX)
    throw refused([{ path: 'lines', message: `The total is more than ${AMOUNT_MINOR_MAX} minor units.` }]);
  return { contactId, contact, currency, content, amounts };
}

export function refused(fields: readonly FieldProblem[]): Failure {
  const [first] = fields;
  return new Failure('invalid_request', first && `${first.path}: ${first.message}`, { fields: [...fields] });
}

/** A tax as it stands in a document. */
export function writtenTax(tax: TaxRow): WrittenTax {
  return {
    code: tax.code,
    label: tax.label,
    rate: exactDecimalText(tax.rate, PERCENT_DECIMALS),
    inclusive: tax.inclusive,
    category: tax.category,
    exemption_reason: tax.exemption_reason,
  };
}

function cardNumbersIn(writing: Writing): FieldProblem[] {
  const texts: [string, string][] = [
    ['notes', writing.notes],
    ['reference', writing.reference ?? ''],
    ...writing.lines.flatMap((line, index): [string, string][] => [
      [`lines[${index}].name`, line.name],
      [`lines[${index}].description`, line.description],
    ]),
  ];
  return texts
    .filter(([, text]) => holdsCardNumber(text))
    .map(([path]) => ({ path, message: 'Leave card numbers out.' }));
}

/** Given terms, else those named, else the contact's, else the workspace's, else a fortnight. */
export function chosenTerms(
  writing: Pick<Writing, 'terms' | 'terms_id'>,
  facts: Pick<WritingFacts, 'terms' | 'billing'>,
  contactId: string,
  problems: FieldProblem[],
): WrittenTerms {
  if (writing.terms !== null) {
    const problem = termsProblem(writing.terms);
    if (problem) problems.push({ path: `terms.${problem.path}`, message: problem.message });
    return { name: '', terms: writing.terms, late_fee_text: '' };
  }
  const named = writing.terms_id === null ? null : fromPublicId('terms', writing.terms_id);
  const usable = facts.terms.filter((row) => row.archived_at === null);
  if (writing.terms_id !== null) {
    const row = usable.find((one) => one.id === named);
    if (row) return kept(row);
    problems.push({ path: 'terms_id', message: 'These terms do not exist.' });
  }
  const own = facts.billing.get(contactId)?.terms_id;
  const row = usable.find((one) => one.id === own) ?? usable.find((one) => one.is_default);
  return row ? kept(row) : { name: '', terms: TERMS_BY_DEFAULT, late_fee_text: '' };
}

function kept(row: TermsRow): WrittenTerms {
  return { name: row.name, terms: row.terms, late_fee_text: row.late_fee_text };
}

/** Where a document comes from, besides what is written in it. */
export interface Origin {
  readonly source?: InvoiceSource;
  readonly madeFromId?: string | null;
  readonly replacesId?: string | null;
  /** Its schedule, and the number of its occurrence; null for what a change within a period bills. */
  readonly recurring?: { readonly id: string; readonly number: number | null } | null;
  /** What a recurring invoice is for: first day, and the first day after it. */
  readonly period?: KeptContent['period'];
  readonly externalRef?: string | null;
  readonly importId?: string | null;
  readonly key?: string | null;
  /** The document that it repeats, whose files it gets too. */
  readonly filesOfId?: string;
}

export function draftRow(writing: Writing, written: Written, caller: Caller, origin: Origin): InvoiceInsert {
  const { amounts } = written;
  return {
    id: newId(),
    kind: writing.kind,
    contact_id: written.contactId,
    currency: written.currency,
    content: origin.period ? { ...written.content, period: origin.period } : written.content,
    net_minor: amounts.taxableMinor,
    tax_minor: amounts.taxMinor,
    total_minor: amounts.totalMinor,
    reference: writing.reference,
    valid_until: writing.valid_until,
    made_from_id: origin.madeFromId ?? null,
    replaces_id: origin.replacesId ?? null,
    recurring_id: origin.recurring?.id ?? null,
    recurring_number: origin.recurring?.number ?? null,
    source: origin.source ?? (caller.kind === 'api_key' ? 'api' : 'manual'),
    external_ref: origin.externalRef ?? null,
    import_id: origin.importId ?? null,
    auto_charge: writing.auto_charge,
    idempotency_key: origin.key ?? null,
    listed_on: localDateOf(caller.now, caller.workspace.timeZone),
    created_at: caller.now,
    created_by: caller.name,
  };
}

/** The row that a draft is when it has just been added: as the database would give it back. */
export function freshRow(draft: InvoiceInsert): InvoiceRow {
  return {
    ...draft,
    // As JSON keeps it: what is undefined is not there.
    content: JSON.parse(JSON.stringify(draft.content)) as KeptContent,
    series_id: null,
    number: null,
    series_year: null,
    series_number: null,
    issued_on: null,
    due_on: null,
    instalments: null,
    early_until: null,
    early_discount_minor: 0n,
    issued_at: null,
    issued_by: null,
    credited_minor: 0n,
    paid_minor: 0n,
    discounted_minor: 0n,
    written_off_minor: 0n,
    late_fee_minor: 0n,
    open_minor: 0n,
    next_due_on: null,
    settled_on: null,
    voided_at: null,
    void_reason: null,
    disputed_at: null,
    dispute_words: null,
    promised_on: null,
    sent_at: null,
    opened_at: null,
    accepted_at: null,
    accepted_by: null,
    declined_at: null,
    updated_at: draft.created_at,
    version: 1,
    stands_alone: false,
    withdrawn_at: null,
  };
}

/** What a document would come to and when it would be due, were it issued now. */
export function previewInvoice(written: Written, facts: WritingFacts, caller: Caller): InvoicePreview {
  return previewOf(written, calendarOf(facts.settings), localDateOf(caller.now, caller.workspace.timeZone));
}
