import { sql, type Tx, type WorkspaceTx } from '../foundation/database.ts';
import type { MessageFilterName, MessageRow, MessageState } from './message.ts';

/** Statements on messages. The bytes (`raw`) are read only where they are needed. */

const COLUMNS = `id, kind, contact_id, document_kind, document_id, link_id, to_address, from_address, subject, state, reason, attempts,
  try_after, created_at, created_by, sent_at, delivered_at, bounced_at, opened_at`;

export type MessageInsert = Pick<
  MessageRow,
  | 'id'
  | 'kind'
  | 'contact_id'
  | 'document_kind'
  | 'document_id'
  | 'link_id'
  | 'to_address'
  | 'from_address'
  | 'subject'
  | 'created_at'
  | 'created_by'
> & { readonly raw: Buffer; readonly dedupe_key: string };

/** Adds a message that is to be sent; false when there is one for this reason. */
export async function insertMessage(tx: WorkspaceTx, row: MessageInsert): Promise<boolean> {
  const added = await tx.run({
    name: 'messages_insert',
    text: `INSERT INTO messages (workspace_id, id, kind, contact_id, document_kind, document_id, link_id, to_address, from_address,
             subject, raw, dedupe_key, state, created_at, created_by)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'queued', $13, $14) ON CONFLICT DO NOTHING`,
    values: [
      tx.workspaceId,
      row.id,
      row.kind,
      row.contact_id,
      row.document_kind,
      row.document_id,
      row.link_id,
      row.to_address,
      row.from_address,
      row.subject,
      row.raw,
      row.dedupe_key,
      row.created_at,
      row.created_by,
    ],
  });
  return added === 1;
}

/** Whoever holds the same reason waits until this transaction ends. */
export async function holdReason(tx: WorkspaceTx, dedupeKey: string): Promise<void> {
  await tx.run({
    text: 'SELECT pg_advisory_xact_lock(hashtextextended($1, 0))',
    values: [`message ${tx.workspaceId} ${dedupeKey}`],
  });
}

export function readMessageByDedupeKey(tx: WorkspaceTx, dedupeKey: string): Promise<MessageRow | null> {
  return tx.maybe({
    name: 'messages_by_dedupe',
    text: `SELECT ${COLUMNS} FROM messages WHERE workspace_id = $1 AND dedupe_key = $2`,
    values: [tx.workspaceId, dedupeKey],
  });
}

export function readMessageRow(tx: WorkspaceTx, id: string): Promise<MessageRow | null> {
  return tx.maybe({
    text: `SELECT ${COLUMNS} FROM messages WHERE workspace_id = $1 AND id = $2`,
    values: [tx.workspaceId, id],
  });
}

export function lockMessage(tx: WorkspaceTx, id: string): Promise<MessageRow | null> {
  return tx.maybe({
    text: `SELECT ${COLUMNS} FROM messages WHERE workspace_id = $1 AND id = $2 FOR UPDATE`,
    values: [tx.workspaceId, id],
  });
}

export async function readRaw(tx: WorkspaceTx, id: string): Promise<Buffer | null> {
  const row = await tx.maybe<{ raw: Buffer }>({
    text: 'SELECT raw FROM messages WHERE workspace_id = $1 AND id = $2',
    values: [tx.workspaceId, id],
  });
  return row?.raw ?? null;
}

export interface MessageFilter {
  readonly what?: MessageFilterName;
  readonly contactIds?: readonly string[];
  readonly documentId?: string;
  /** Only what is below this place, newest first. */
  readonly before?: { readonly at: Date | string; readonly id: string } | null;
  readonly limit: number;
}

/** Messages, the newest first. */
export function listMessageRows(tx: WorkspaceTx, filter: MessageFilter): Promise<MessageRow[]> {
  const parts = [sql`workspace_id = ${tx.workspaceId}`];
  if (filter.what === 'delivered') parts.push(sql`delivered_at IS NOT NULL`);
  else if (filter.what === 'opened') parts.push(sql`opened_at IS NOT NULL`);
  else if (filter.what) parts.push(sql`state = ${filter.what}`);
  if (filter.contactIds) parts.push(sql`contact_id = ANY(${[...filter.contactIds]}::uuid[])`);
  if (filter.documentId) parts.push(sql`document_id = ${filter.documentId}`);
  if (filter.before) {
    parts.push(sql`(created_at, id) < (${filter.before.at}::timestamptz, ${filter.before.id}::uuid)`);
  }
  return tx.many(
    sql<MessageRow>`SELECT ${sql.raw(COLUMNS)} FROM messages WHERE ${sql.join(parts, sql` AND `)}
      ORDER BY created_at DESC, id DESC LIMIT ${filter.limit}`,
  );
}

/** How many there are in the states that somebody should look at. */
export function countMessages(tx: WorkspaceTx): Promise<{ state: MessageState; count: bigint }[]> {
  return tx.many({
    text: `SELECT state, count(*) AS count FROM messages
           WHERE workspace_id = $1 AND state IN ('queued', 'sending', 'kept', 'failed', 'unsure', 'bounced') GROUP BY state`,
    values: [tx.workspaceId],
  });
}

/** Workspaces with messages that are due, or whose sender stopped; seen through the policy for exactly these rows. */
export async function listWorkspacesWithMail(tx: Tx, systemNow: Date): Promise<string[]> {
  const rows = await tx.many<{ workspace_id: string }>({
    text: `SELECT DISTINCT workspace_id FROM messages
           WHERE (state = 'queued' AND (try_after IS NULL OR try_after <= $1)) OR (state = 'sending' AND claimed_until <= $1)`,
    values: [systemNow],
  });
  return rows.map((row) => row.workspace_id);
}

/** Messages whose sender stopped between taking them and saying what came of it: nobody knows, and nobody tries again. */
export function giveUpInterrupted(tx: WorkspaceTx, systemNow: Date, reason: string): Promise<number> {
  return tx.run({
    name: 'messages_interrupted',
    text: `UPDATE messages SET state = 'unsure', reason = $3 WHERE workspace_id = $1 AND state = 'sending' AND claimed_until <= $2`,
    values: [tx.workspaceId, systemNow, reason],
  });
}

export type ClaimedMessage = MessageRow & { readonly raw: Buffer };

/** Messages that are due, the oldest first, locked; those that another sender is taking are skipped. */
export function lockDueMessages(tx: WorkspaceTx, systemNow: Date, limit: number): Promise<ClaimedMessage[]> {
  return tx.many({
    name: 'messages_due',
    text: `SELECT ${COLUMNS}, raw FROM messages
           WHERE workspace_id = $1 AND state = 'queued' AND (try_after IS NULL OR try_after <= $2)
           ORDER BY created_at, id LIMIT $3 FOR UPDATE SKIP LOCKED`,
    values: [tx.workspaceId, systemNow, limit],
  });
}

/** Says that these are about to be handed over. Committed before the first byte goes out. */
export function markSending(tx: WorkspaceTx, ids: readonly string[], claimedUntil: Date): Promise<number> {
  return tx.run({
    name: 'messages_sending',
    text: `UPDATE messages SET state = 'sending', attempts = attempts + 1, claimed_until = $3, try_after = NULL
           WHERE workspace_id = $1 AND id = ANY($2::uuid[]) AND state = 'queued'`,
    values: [tx.workspaceId, ids, claimedUntil],
  });
}

export function markKept(tx: WorkspaceTx, ids: readonly string[], reason: string): Promise<number> {
  return tx.run({
    name: 'messages_kept',
    text: `UPDATE messages SET state = 'kept', reason = $3 WHERE workspace_id = $1 AND id = ANY($2::uuid[]) AND state = 'queued'`,
    values: [tx.workspaceId, ids, reason],
  });
}

/**
 * Writes what an attempt came to. `attempt` names it, so that a sender that was given up as stopped and comes back late
 * still tells what it knows, and never speaks for a later attempt.
 */
export function recordDelivery(
  tx: WorkspaceTx,
  id: string,
  attempt: number,
  outcome: { state: MessageState; reason: string; tryAfter: Date | null; sentAt: Date | null },
): Promise<number> {
  return tx.run({
    name: 'messages_delivered',
    text: `UPDATE messages SET state = $4, reason = $5, try_after = $6, sent_at = $7, claimed_until = NULL
           WHERE workspace_id = $1 AND id = $2 AND attempts = $3 AND state IN ('sending', 'unsure')`,
    values: [tx.workspaceId, id, attempt, outcome.state, outcome.reason, outcome.tryAfter, outcome.sentAt],
  });
}

/** Puts a message back into the queue, with the bytes it is to have. */
export function queueAgain(tx: WorkspaceTx, id: string, raw: Buffer, fromAddress: string): Promise<number> {
  return tx.run({
    text: `UPDATE messages SET state = 'queued', reason = '', try_after = NULL, claimed_until = NULL, raw = $3, from_address = $4
           WHERE workspace_id = $1 AND id = $2 AND state IN ('kept', 'failed', 'unsure')`,
    values: [tx.workspaceId, id, raw, fromAddress],
  });
}

/** What came back undelivered. Says nothing over a message that never went out. */
export function markBounced(tx: WorkspaceTx, id: string, at: Date, reason: string): Promise<number> {
  return tx.run({
    text: `UPDATE messages SET state = 'bounced', bounced_at = $3, reason = $4
           WHERE workspace_id = $1 AND id = $2 AND state IN ('sent', 'sending', 'unsure')`,
    values: [tx.workspaceId, id, at, reason],
  });
}

/** What arrived, by a report. It is also the end of not knowing; over what came back it says nothing. */
export function markDelivered(tx: WorkspaceTx, id: string, at: Date): Promise<number> {
  return tx.run({
    text: `UPDATE messages SET state = 'sent', sent_at = coalesce(sent_at, $3), delivered_at = coalesce(delivered_at, $3), claimed_until = NULL
           WHERE workspace_id = $1 AND id = $2 AND state IN ('sent', 'unsure')`,
    values: [tx.workspaceId, id, at],
  });
}

/** The first time that the link of a message was opened. */
export function markLinkOpened(tx: WorkspaceTx, linkId: string, at: Date): Promise<number> {
  return tx.run({
    text: `UPDATE messages SET opened_at = $3 WHERE workspace_id = $1 AND link_id = $2 AND opened_at IS NULL`,
    values: [tx.workspaceId, linkId, at],
  });
}
