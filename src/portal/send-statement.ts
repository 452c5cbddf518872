import { readContact, rootOf } from '../contacts/read-contact.ts';
import type { WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import { type LocalDate, localDateOf } from '../foundation/local-date.ts';
import { formatMinor } from '../foundation/money.ts';
import type { AccountStatement, StatementAccount } from '../invoices/account-statement.ts';
import { readAccountStatement } from '../invoices/read-account-statement.ts';
import { readBusinessLogo } from '../invoices/read-logo.ts';
import { renderStatement, statementFileName } from '../invoices/render-statement.ts';
import { readMessageWords } from '../messages/edit-message-template.ts';
import { holdMessage } from '../messages/list-messages.ts';
import type { MessagesRoom } from '../messages/make-messages-room.ts';
import type { ValuesOf } from '../messages/message-kinds.ts';
import { fillWords, type MessageWords } from '../messages/message-template.ts';
import { queueMessage } from '../messages/queue-message.ts';
import type { Caller } from '../workspace/caller.ts';
import { recordAudit } from '../workspace/write-audit.ts';
import type { StatementSending } from './api.ts';
import { readCustomerPage } from './edit-customer-page.ts';
import { writeCustomerLink } from './make-customer-link.ts';

/**
 * Sends a customer's statement of account as PDF, and to their own address with a link to their page, where what is open
 * can be paid. One message for one key; and without a key, one for each day, address and time. It leaves when the
 * transaction has committed. Returns the message's id. Throws not_found, contact_archived, invalid_request (nowhere to
 * send it to, days that are none), idempotency_key_reused.
 */
export async function sendStatement(
  messages: MessagesRoom,
  tx: WorkspaceTx,
  caller: Caller,
  contactId: string,
  request: StatementSending & { readonly key: string | null },
): Promise<string> {
  const rootId = await rootOf(tx, contactId);
  const contact = await readContact(tx, rootId);
  if (contact.archived_at) throw new Failure('contact_archived');
  const to = request.to ?? contact.email;
  if (!to) {
    const message = 'This customer has no e-mail address: say where it should go.';
    throw new Failure('invalid_request', `to: ${message}`, { fields: [{ path: 'to', message }] });
  }
  const statement = await readAccountStatement(tx, caller, rootId, {
    from: request.from,
    to: request.until,
  });
  const asked = `${statement.from} ${statement.to} ${to.toLowerCase()}`;
  const day = localDateOf(caller.now, caller.workspace.timeZone);
  const dedupeKey = `statement ${rootId} ${request.key === null ? `${day} ${asked}` : `key ${request.key}`}`;
  const known = await holdMessage(tx, dedupeKey);
  if (known) {
    if (known.to_address !== to) throw new Failure('idempotency_key_reused');
    return known.id;
  }
  // Whoever follows the link may pay with the customer's cards: it goes to nobody else.
  const isTheirOwn = to.toLowerCase() === contact.email?.toLowerCase();
  const link = isTheirOwn ? await linkTo(messages, tx, caller, rootId) : null;
  const logo = await readBusinessLogo(tx);
  const template = await readMessageWords(tx, 'statement', statement.locale);
  const values = valuesOf(statement, request.message?.trim() ?? '', link?.url ?? '');
  const queued = await queueMessage(messages, tx, caller, {
    kind: 'statement',
    dedupeKey,
    to,
    contactId: rootId,
    about: null,
    words: wordsOf(template, values),
    button: link && { label: template.button, url: link.url },
    files: [
      {
        name: statementFileName(statement),
        mediaType: 'application/pdf',
        bytes: await renderStatement(statement, logo?.picture ?? null),
      },
    ],
    colour: statement.colour,
    footer: statement.footer,
    locale: statement.locale,
  });
  await recordAudit(tx, caller, {
    action: 'statement.sent',
    subjectKind: 'contact',
    subjectId: rootId,
    details: { from: statement.from, to: statement.to, address: to },
  });
  return queued.row.id;
}

async function linkTo(messages: MessagesRoom, tx: WorkspaceTx, caller: Caller, contactId: string) {
  const hours = (await readCustomerPage(tx)).valid_days * 24;
  return writeCustomerLink(tx, caller, { contactId, hours, newEmail: null }, messages);
}

/** What was written for this one sending is never lost to words that leave it out. */
function wordsOf(template: MessageWords, values: ValuesOf<'statement'>): MessageWords {
  const filled = fillWords(template, values);
  if (values.message === '' || /\bmessage\b/.test(template.body)) return filled;
  return { ...filled, body: `${values.message}\n\n${filled.body}` };
}

function valuesOf(statement: AccountStatement, message: string, link: string): ValuesOf<'statement'> {
  const { locale, accounts } = statement;
  const sums = (amountOf: (account: StatementAccount) => bigint) =>
    accounts
      .filter((account) => amountOf(account) > 0n)
      .map((account) => formatMinor(amountOf(account), account.currency, locale));
  const list = new Intl.ListFormat(locale, { type: 'conjunction' });
  return {
    business: statement.seller.name,
    customer: statement.contactName,
    from: dayWords(statement.from, locale),
    until: dayWords(statement.to, locale),
    balance: list.format(sums(({ closingMinor }) => closingMinor)),
    overdue: list.format(sums(({ open }) => open.reduce((total, { overdueMinor }) => total + overdueMinor, 0n))),
    message,
    link,
  };
}

function dayWords(date: LocalDate, locale: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(`${date}T00:00:00Z`));
}
