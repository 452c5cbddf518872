import type { Message } from '../../../src/messages/api.ts';
import type { StatusTone } from '../ui/status-dot.tsx';

/** What became of a message, in a word, and what it asks of the reader: opened says more than delivered, and that more than sent. */
export function messageStatus(message: Message): { readonly tone: StatusTone; readonly words: string } {
  if (message.state === 'sent' && message.opened_at !== null) return FILTERS.opened;
  if (message.state === 'sent' && message.delivered_at !== null) return FILTERS.delivered;
  return STATES[message.state];
}

export const STATES: Readonly<Record<Message['state'], { readonly tone: StatusTone; readonly words: string }>> = {
  queued: { tone: 'amber', words: 'Waiting' },
  sending: { tone: 'accent', words: 'Being sent' },
  sent: { tone: 'quiet', words: 'Sent' },
  kept: { tone: 'hollow', words: 'Kept here' },
  failed: { tone: 'red', words: 'Not sent' },
  unsure: { tone: 'red', words: 'Unsure' },
  bounced: { tone: 'red', words: 'Came back' },
};

/** What the outbox can be asked for, in its order. */
export const FILTERS = {
  queued: STATES.queued,
  sent: STATES.sent,
  delivered: { tone: 'quiet', words: 'Delivered' },
  opened: { tone: 'quiet', words: 'Link opened' },
  bounced: STATES.bounced,
  failed: STATES.failed,
  unsure: STATES.unsure,
  kept: STATES.kept,
} as const;

const KINDS: Readonly<Record<string, string>> = {
  invoice: 'Invoice',
  receipt: 'Receipt',
  declined_notice: 'Notice',
  charge_failed: 'Failed charge',
  customer_page: 'Customer’s page',
  address_confirmation: 'New address',
  test: 'Test',
};

export function messageKind(message: Pick<Message, 'kind'>): string {
  return KINDS[message.kind] ?? message.kind;
}

/** Whether a person may send it again: what did not go out, and what nobody knows of. */
export function canSendAgain(message: Message): boolean {
  return ['kept', 'failed', 'unsure'].includes(message.state);
}
