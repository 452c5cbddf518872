import type { Clock } from '../foundation/clock.ts';
import type { Database } from '../foundation/database.ts';
import type { MailSurroundings } from './read-mail-account.ts';
import { makeOutbox, type Outbox } from './send-messages.ts';

/** What sends, and what everybody needs who queues something. */
export interface MessagesRoom extends MailSurroundings {
  readonly database: Database;
  readonly clock: Clock;
  readonly outbox: Outbox;
}

export function makeMessagesRoom(
  dependencies: MailSurroundings & { database: Database; clock: Clock; onError: (error: unknown) => void },
): MessagesRoom {
  const { database, clock, box, serverMail, publicUrl, readLook } = dependencies;
  return { database, clock, box, serverMail, publicUrl, readLook, outbox: makeOutbox(dependencies) };
}
