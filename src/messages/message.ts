/** A message and what may become of it. */

export const MESSAGE_STATES = ['queued', 'sending', 'sent', 'kept', 'failed', 'unsure', 'bounced'] as const;
export type MessageState = (typeof MESSAGE_STATES)[number];

/**
 * From which states a person may send a message again. Not from 'sent' and 'bounced': that is a new message with a reason
 * of its own. Not from 'queued' and 'sending': it is on its way by itself.
 */
export const SENT_AGAIN_FROM: readonly MessageState[] = ['kept', 'failed', 'unsure'];

/** What a message is about: the kind is that of its public id (invoice, payment, …). */
export interface About {
  readonly kind: 'invoice' | 'payment';
  readonly id: string;
}

export interface MessageRow {
  readonly id: string;
  readonly kind: string;
  readonly contact_id: string | null;
  readonly document_kind: About['kind'] | null;
  readonly document_id: string | null;
  readonly link_id: string | null;
  readonly to_address: string;
  readonly from_address: string;
  readonly subject: string;
  readonly state: MessageState;
  readonly reason: string;
  readonly attempts: number;
  readonly try_after: Date | null;
  readonly created_at: Date;
  readonly created_by: string;
  readonly sent_at: Date | null;
  /** When a report said that it arrived; few servers send one. */
  readonly delivered_at: Date | null;
  readonly bounced_at: Date | null;
  readonly opened_at: Date | null;
}

/** A file that goes with a message. */
export interface MessageFile {
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: Buffer;
  /** Of a picture that stands within the text (`cid:…`) and is no attachment to the reader. */
  readonly contentId?: string;
}

/** What the outbox can be asked for: a state, or something that happened to a message whatever its state. */
export const MESSAGE_FILTERS = [...MESSAGE_STATES, 'delivered', 'opened'] as const;
export type MessageFilterName = (typeof MESSAGE_FILTERS)[number];

/** The first wait after a server turned a message away for now; it doubles each time, up to the longest. */
const RETRY_FIRST_MS = 60_000;
const RETRY_LONGEST_MS = 4 * 3_600_000;
/** With these waits, a little more than a day: longer than any greylist, and somebody should look then. */
export const ATTEMPTS_MAX = 14;

/** Wait after the n-th attempt (from 1) that certainly did not deliver, milliseconds. */
export function retryDelayMs(attempt: number): number {
  return Math.min(RETRY_FIRST_MS * 2 ** (attempt - 1), RETRY_LONGEST_MS);
}
