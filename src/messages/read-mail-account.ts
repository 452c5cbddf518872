import type { WorkspaceTx } from '../foundation/database.ts';
import { type SecretBox, SecretUnreadable } from '../foundation/secret-box.ts';
import type { WorkspaceFacts } from '../workspace/caller.ts';
import type { MailLook } from './message-layout.ts';
import type { MailAccount, MailAddress, ServerMail, SmtpServer } from './smtp-server.ts';
import { type MailSettingsRow, readMailSettingsRow } from './store-settings.ts';

export interface MailSurroundings {
  readonly box: SecretBox;
  readonly serverMail: ServerMail;
  readonly publicUrl: () => string;
  /** How the business looks, which another room keeps. */
  readonly readLook: (tx: WorkspaceTx) => Promise<MailLook>;
}

/** What a sealed password belongs to. */
export const passwordSealedAt = (workspaceId: string) => `mail_settings ${workspaceId} password`;

/** With what a workspace sends, as it is set at this moment: its own mail server, else the one of this server, else none. */
export async function readMailAccount(
  surroundings: MailSurroundings,
  tx: WorkspaceTx,
  workspace: Pick<WorkspaceFacts, 'mode' | 'name'>,
): Promise<MailAccount> {
  const row = await readMailSettingsRow(tx);
  const { serverMail } = surroundings;
  const ownServer = row?.host ? ownServerOf(surroundings.box, tx.workspaceId, row) : null;
  return {
    server: row?.host ? ownServer : serverMail.server,
    from: fromOf(surroundings, row, workspace),
    replyTo: row?.reply_to ?? null,
    bounceAddress: row?.bounce_address ?? (row?.host ? null : serverMail.bounceAddress),
    sends: workspace.mode === 'live' || (row?.sandbox_sends ?? false),
  };
}

/**
 * A workspace that uses the server's mail server writes under the server's address (any other would be refused as forged)
 * and asks for answers to its own.
 */
function fromOf(
  { serverMail, publicUrl }: MailSurroundings,
  row: MailSettingsRow | null,
  workspace: Pick<WorkspaceFacts, 'name'>,
): MailAddress {
  const name = row?.from_name || workspace.name;
  if (row?.host && row.from_address) return { name, address: row.from_address };
  if (serverMail.from) return { name, address: serverMail.from.address };
  return { name, address: row?.from_address ?? `no-reply@${new URL(publicUrl()).hostname}` };
}

/** Null when the password cannot be opened here: mail is kept until somebody enters it again. */
function ownServerOf(box: SecretBox, workspaceId: string, row: MailSettingsRow): SmtpServer | null {
  if (row.host === null || row.port === null || row.security === null) return null;
  try {
    const password = row.sealed_password === null ? null : box.open(row.sealed_password, passwordSealedAt(workspaceId));
    return { host: row.host, port: row.port, security: row.security, user: row.user_name, password };
  } catch (error) {
    if (error instanceof SecretUnreadable) return null;
    throw error;
  }
}
