import type { Invoice } from '../../../src/invoices/api.ts';
import type { Message } from '../../../src/messages/api.ts';
import { messageStatus } from '../messages/message-words.ts';
import { KIND_WORDS } from './invoice-words.ts';

/** Something that happened to a document, at a moment or on a day. */
export interface HistoryStep {
  readonly words: string;
  readonly detail?: string;
  readonly at?: string;
  readonly on?: string;
  /** The message it happened to. */
  readonly messageId?: string;
}

/** What happened to a document and to the messages that carried it, oldest first. */
export function historyOf(invoice: Invoice, messages: readonly Message[]): HistoryStep[] {
  return [...stepsOf(invoice), ...messages.flatMap(stepsOfMessage)].toSorted((a, b) =>
    (a.at ?? a.on ?? '') < (b.at ?? b.on ?? '') ? -1 : 1,
  );
}

/** What became of a message: each step of its way that is known has its own moment. */
function stepsOfMessage(message: Message): HistoryStep[] {
  const { id: messageId, to, reason, state } = message;
  const step = (words: string, at: string | null, detail = to) =>
    at === null ? [] : [{ words, detail, at, messageId }];
  const way = [
    ...step('E-mail: sent', message.sent_at),
    ...step('E-mail: delivered', message.delivered_at),
    ...step('E-mail: came back', message.bounced_at, reason === '' ? to : `${to}: ${reason}`),
    ...step('E-mail: its link was opened', message.opened_at),
  ];
  if (state === 'sent' || state === 'bounced') return way;
  // Not out, or not known to be: where it stands, and why.
  const words = `E-mail: ${messageStatus(message).words.toLocaleLowerCase()}`;
  return [...step(words, message.created_at, reason === '' ? to : `${to}: ${reason}`), ...way];
}

function stepsOf(invoice: Invoice): HistoryStep[] {
  const kind = KIND_WORDS[invoice.kind];
  const steps: (HistoryStep | null)[] = [
    { words: `${kind} written`, detail: invoice.created_by, at: invoice.created_at },
    invoice.issued_at ? { words: `Issued as ${invoice.number}`, at: invoice.issued_at } : null,
    invoice.opened_at ? { words: 'Opened by the customer', at: invoice.opened_at } : null,
    invoice.accepted_at
      ? { words: 'Accepted', ...(invoice.accepted_by ? { detail: invoice.accepted_by } : {}), at: invoice.accepted_at }
      : null,
    invoice.declined_at ? { words: 'Declined', at: invoice.declined_at } : null,
    invoice.disputed_at
      ? {
          words: 'Disputed by the customer',
          ...(invoice.dispute_words ? { detail: invoice.dispute_words } : {}),
          at: invoice.disputed_at,
        }
      : null,
    invoice.voided_at
      ? {
          words: 'Declared void',
          ...(invoice.void_reason ? { detail: invoice.void_reason } : {}),
          at: invoice.voided_at,
        }
      : null,
    // Settled is a calendar day; it stands after everything of that day.
    invoice.kind === 'invoice' && invoice.settled_on && !invoice.voided_at
      ? { words: 'Nothing is open any more', on: `${invoice.settled_on}` }
      : null,
  ];
  return steps.filter((step) => step !== null);
}
