import type { WorkspaceTx } from './database.ts';
import { newId } from './id.ts';

export interface OutboxMessage {
  readonly topic: string;
  /** Small, and without anything that must not be logged: ids and words, not documents. */
  readonly payload: Readonly<Record<string, string>>;
}

/** Rows under the names of their columns, for whoever writes them with other rows. */
export function outboxRows(messages: readonly OutboxMessage[], now: Date) {
  return messages.map(({ topic, payload }) => ({ id: newId(), topic, payload, created_at: now }));
}

/** Writes messages in the caller's transaction: what they announce and they themselves are committed together or not at all. */
export async function writeOutbox(tx: WorkspaceTx, messages: readonly OutboxMessage[], now: Date): Promise<void> {
  if (messages.length === 0) return;
  await tx.run({
    name: 'outbox_insert',
    text: `INSERT INTO outbox (workspace_id, id, topic, payload, created_at)
           SELECT $1::uuid, m.id, m.topic, m.payload, $5::timestamptz FROM unnest($2::uuid[], $3::text[], $4::jsonb[]) AS m (id, topic, payload)`,
    values: [
      tx.workspaceId,
      messages.map(() => newId()),
      messages.map((message) => message.topic),
      messages.map((message) => JSON.stringify(message.payload)),
      now,
    ],
  });
}
