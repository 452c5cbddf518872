import type { Database } from '../foundation/database.ts';

/** What is known of something that happened, when somebody is told. */
export interface Happening {
  readonly workspaceId: string;
  /** The same at every attempt: what a reaction does under this id it does once. */
  readonly outboxId: string;
  readonly topic: string;
  readonly payload: Readonly<Record<string, string>>;
  readonly createdAt: Date;
}

/**
 * What follows from something that happened. It may run again after a crash between doing and marking, so it must be
 * idempotent; it throws when it is to be tried again.
 */
export type Reaction = (happening: Happening, database: Database) => Promise<void>;

/** Nobody has to do anything: the row is only marked, in the transaction that takes it. */
export const NOBODY_TO_TELL = null;

/** Topic → what follows. */
export type Reactions = Readonly<Record<string, Reaction | typeof NOBODY_TO_TELL>>;

/**
 * Who is told of what: the whole table. Every topic that is written stands here, also those of which nobody has to be
 * told yet (books, totals and receipts are written with the payment itself, never after it).
 */
export const REACTIONS: Reactions = {
  'payment.settled': NOBODY_TO_TELL,
  'payment.declined': NOBODY_TO_TELL,
  'payment.needs_customer': NOBODY_TO_TELL,
  'payment.pending': NOBODY_TO_TELL,
  'payment.unknown': NOBODY_TO_TELL,
  'payment.canceled': NOBODY_TO_TELL,
  'payment.returned': NOBODY_TO_TELL,
  'payment.withdrawn': NOBODY_TO_TELL,
  'payment.won': NOBODY_TO_TELL,
  'payment.lost': NOBODY_TO_TELL,
  'card.expiring': NOBODY_TO_TELL,
  'invoice.issued': NOBODY_TO_TELL,
  'invoice.voided': NOBODY_TO_TELL,
  'invoice.written_off': NOBODY_TO_TELL,
  'credit_note.issued': NOBODY_TO_TELL,
  'credit_note.voided': NOBODY_TO_TELL,
  'quote.issued': NOBODY_TO_TELL,
  'quote.voided': NOBODY_TO_TELL,
  'quote.accepted': NOBODY_TO_TELL,
  'quote.declined': NOBODY_TO_TELL,
};
