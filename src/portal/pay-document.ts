import { writeNote } from '../contacts/write-note.ts';
import type { WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import { fromPublicId } from '../foundation/id.ts';
import { addDays, type LocalDate, localDateOf } from '../foundation/local-date.ts';
import { parseDecimal } from '../foundation/money.ts';
import { answerQuote } from '../invoices/answer-quote.ts';
import { markInvoice } from '../invoices/void-invoice.ts';
import type { PaymentRow } from '../payments/attempt.ts';
import { readRowByKey } from '../payments/read-payment.ts';
import { requireSwitch } from '../workspace/caller.ts';
import { recordAudit } from '../workspace/write-audit.ts';
import type { PortalDependencies } from './open-card-link.ts';
import { isOwed, type OpenedDocument } from './opened-document.ts';

/** A promise for later than this is none. */
const PROMISE_DAYS_MAX = 365;

/** The key of one form that was shown: sent twice, it is one payment. */
const keyOf = (linkId: string, form: string) => `document-link:${linkId}:${form}`;

/**
 * Pays an invoice, or a part, with a saved card: the verb of Charge Now under the key of the form that was shown. `amount`
 * is as a person writes it. Throws invalid_request, allocation_refused, invoice_state_conflict, and what that verb throws.
 */
export async function payDocument(
  { payments }: PortalDependencies,
  { caller, linkId, invoice, invoiceId, contactId, methods }: OpenedDocument,
  asked: { readonly form: string; readonly amount: string; readonly method: string },
): Promise<void> {
  requireSwitch(caller, 'charge_customers_directly');
  const key = keyOf(linkId, asked.form);
  const known = await payments.database.inWorkspace(caller.workspace.id, (tx) => readRowByKey(tx, key));
  // The form was sent before: what became of it is shown, whatever is open by now.
  if (known) return;
  if (invoice.kind !== 'invoice') throw new Failure('invoice_state_conflict', 'There is nothing to pay here.');
  if (invoice.voided_at !== null) throw new Failure('invoice_state_conflict', `${invoice.number} is void.`);
  if (invoice.open_minor === 0) throw new Failure('invoice_state_conflict', `${invoice.number} is paid.`);
  const amount = parseDecimal(asked.amount.trim(), invoice.currency);
  if (!amount.ok || amount.amountMinor <= 0n) {
    const message = amount.ok ? 'More than nothing.' : amount.reason;
    throw new Failure('invalid_request', message, { fields: [{ path: 'amount', message }] });
  }
  const methodId = fromPublicId('paymentMethod', asked.method);
  if (methodId === null || !methods.some(({ id }) => id === asked.method)) throw new Failure('method_not_usable');
  await payments.charges.charge(
    caller,
    {
      contactId,
      paymentMethodId: methodId,
      amountMinor: amount.amountMinor,
      currency: invoice.currency,
      taxMinor: 0n,
      description: invoice.number ?? '',
      retryOfId: null,
      // Two parts of one amount are two parts; what is open limits them.
      confirmSameAgain: true,
      byCustomer: true,
      allocations: [{ invoiceId, amountMinor: amount.amountMinor }],
    },
    key,
  );
}

/** What became of one form; null when it was not sent. */
export function readDocumentPayment(
  { payments }: PortalDependencies,
  { caller, linkId }: OpenedDocument,
  form: string,
): Promise<PaymentRow | null> {
  return payments.database.inWorkspace(caller.workspace.id, (tx) => readRowByKey(tx, keyOf(linkId, form)));
}

/** The customer says on which day they will pay. Throws invoice_state_conflict. */
export async function promisePayment(
  { payments }: PortalDependencies,
  opened: OpenedDocument,
  day: LocalDate,
): Promise<void> {
  const { caller, invoice, invoiceId } = opened;
  refuseUnlessOwed(opened);
  const today = localDateOf(caller.now, caller.workspace.timeZone);
  if (day < today || day > addDays(today, PROMISE_DAYS_MAX))
    throw new Failure('invoice_state_conflict', 'Say a day from today on, within a year.');
  await payments.database.inWorkspace(caller.workspace.id, async (tx) => {
    await writeNote(tx, caller, opened.contactId, `Says that ${invoice.number} will be paid on ${day}.`);
    await markInvoice(tx, invoiceId, () => ({ promised_on: day }), caller.now);
    await record(tx, opened, 'invoice.promised', { promised_on: day });
  });
}

/** The customer says what is wrong with an invoice, or with one line of it (from 1). Throws invoice_state_conflict. */
export async function disputeDocument(
  { payments }: PortalDependencies,
  opened: OpenedDocument,
  words: string,
  line: number | null,
): Promise<void> {
  const { caller, invoice, invoiceId } = opened;
  refuseUnlessOwed(opened);
  const name = line === null ? undefined : invoice.lines[line - 1]?.name;
  const said = name === undefined ? words : `Line ${line} (${name}): ${words}`;
  await payments.database.inWorkspace(caller.workspace.id, async (tx) => {
    await writeNote(tx, caller, opened.contactId, `Says that something is wrong with ${invoice.number}: ${said}`);
    await markInvoice(
      tx,
      invoiceId,
      (row) => {
        if (row.disputed_at !== null) throw new Failure('invoice_state_conflict', 'This was said already.');
        return { disputed_at: caller.now, dispute_words: said };
      },
      caller.now,
    );
    await record(tx, opened, 'invoice.disputed', {});
  });
}

/** The customer accepts or declines a quote. Throws invoice_state_conflict. */
export async function answerOpenedQuote(
  { payments }: PortalDependencies,
  { caller, contactId, invoice, invoiceId }: OpenedDocument,
  answer: 'accepted' | 'declined',
  name: string,
): Promise<void> {
  await payments.database.inWorkspace(caller.workspace.id, async (tx) => {
    if (invoice.kind === 'quote')
      await writeNote(tx, caller, contactId, `${name} ${answer} the quote ${invoice.number}.`);
    await answerQuote(tx, caller, invoiceId, answer, name);
  });
}

function refuseUnlessOwed({ invoice }: OpenedDocument): void {
  if (!isOwed(invoice)) throw new Failure('invoice_state_conflict', 'There is nothing to pay here.');
}

function record(tx: WorkspaceTx, { caller, invoiceId }: OpenedDocument, action: string, details: object) {
  return recordAudit(tx, caller, {
    action,
    subjectKind: 'invoice',
    subjectId: invoiceId,
    details: { ...details, by: 'customer' },
  });
}
