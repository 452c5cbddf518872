import type { Database, WorkspaceTx } from '../foundation/database.ts';
import { type SendingDependencies, sendByItself } from '../invoices/send-invoice.ts';
import { readMailWishes } from '../messages/edit-mail-settings.ts';
import { retryReturnedCharge } from '../payments/retry-returned-charge.ts';
import { sendChargeFailed } from '../payments/send-charge-failed.ts';
import { sendDeclinedNotice, sendReceipt } from '../payments/send-receipt.ts';
import { readFacts } from '../workspace/read-facts.ts';

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

/** A reaction that not every workspace wants: asked once for all rows that are taken together, not once for each. */
export interface WishedReaction {
  readonly isWanted: (tx: WorkspaceTx) => Promise<boolean>;
  readonly react: Reaction;
}

/** Nobody has to do anything: the row is only marked, in the transaction that takes it. */
export const NOBODY_TO_TELL = null;

/** Topic → what follows. */
export type Reactions = Readonly<Record<string, Reaction | WishedReaction | typeof NOBODY_TO_TELL>>;

/**
 * Who is told of what: the whole table. Every topic that is written stands here, also those of which nobody has to be
 * told (books, totals and receipts are written with the payment itself, never after it).
 */
export function makeReactions(sending: SendingDependencies): Reactions {
  const { messages } = sending;
  const about = ({ workspaceId, payload }: Happening) => ({ workspaceId, paymentId: payload.payment_id ?? '' });
  return {
    // The customer gets the receipt, where Settings → Mail says so.
    'payment.settled': { isWanted: wishesReceipts, react: (happening) => sendReceipt(messages, about(happening)) },
    // Staff are told, where Settings → Mail names an address.
    'payment.declined': {
      isWanted: wishesNotices,
      react: (happening) => sendDeclinedNotice(messages, about(happening)),
    },
    'payment.needs_customer': NOBODY_TO_TELL,
    'payment.pending': NOBODY_TO_TELL,
    'payment.unknown': NOBODY_TO_TELL,
    'payment.canceled': NOBODY_TO_TELL,
    // What was charged by itself is tried again, as far as the plan says.
    'payment.returned': ({ workspaceId, payload }) =>
      retryReturnedCharge(messages, workspaceId, payload.payment_id ?? ''),
    'payment.withdrawn': NOBODY_TO_TELL,
    'payment.won': NOBODY_TO_TELL,
    'payment.lost': NOBODY_TO_TELL,
    // The customer is told what could not be charged by itself, or has to be confirmed by them.
    'auto_charge.failed': ({ workspaceId, payload }) => sendChargeFailed(messages, workspaceId, payload),
    'card.expiring': NOBODY_TO_TELL,
    'invoice.issued': NOBODY_TO_TELL,
    // A recurring invoice goes to its customer by itself, where the schedule says so.
    'invoice.to_send': ({ workspaceId, payload, outboxId }) =>
      sendByItself(sending, workspaceId, payload.invoice_id ?? '', outboxId),
    'invoice.voided': NOBODY_TO_TELL,
    'invoice.written_off': NOBODY_TO_TELL,
    'credit_note.issued': NOBODY_TO_TELL,
    'credit_note.voided': NOBODY_TO_TELL,
    'quote.issued': NOBODY_TO_TELL,
    'quote.voided': NOBODY_TO_TELL,
    'quote.accepted': NOBODY_TO_TELL,
    'quote.declined': NOBODY_TO_TELL,
  };
}

const wishesOf = async (tx: WorkspaceTx) => readMailWishes(tx, (await readFacts(tx)).mode);
const wishesReceipts = async (tx: WorkspaceTx) => (await wishesOf(tx)).receipts;
const wishesNotices = async (tx: WorkspaceTx) => (await wishesOf(tx)).declinedTo !== null;
