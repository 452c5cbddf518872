import type { WorkspaceTx } from '../foundation/database.ts';
import type { SmtpSecurity } from './smtp-server.ts';

export interface MailSettingsRow {
  readonly host: string | null;
  readonly port: number | null;
  readonly security: SmtpSecurity | null;
  readonly user_name: string | null;
  readonly sealed_password: string | null;
  readonly from_name: string | null;
  readonly from_address: string | null;
  readonly reply_to: string | null;
  readonly bounce_address: string | null;
  readonly sandbox_sends: boolean;
  readonly receipts: boolean | null;
  readonly declined_notices: boolean;
  readonly failed_charge_notices: boolean;
  readonly staff_address: string | null;
  readonly version: number;
}

const COLUMNS = `host, port, security, user_name, sealed_password, from_name, from_address, reply_to, bounce_address, sandbox_sends,
  receipts, declined_notices, failed_charge_notices, staff_address`;

/** Null while nobody has set anything. */
export function readMailSettingsRow(tx: WorkspaceTx): Promise<MailSettingsRow | null> {
  return tx.maybe({
    name: 'mail_settings_read',
    text: `SELECT ${COLUMNS}, version FROM mail_settings WHERE workspace_id = $1`,
    values: [tx.workspaceId],
  });
}

/** Writes the whole of the settings; 0 when somebody was quicker (`version` is the one that was read; 0: none was there). */
export function writeMailSettingsRow(tx: WorkspaceTx, row: MailSettingsRow): Promise<number> {
  return tx.run({
    text: `INSERT INTO mail_settings AS kept (workspace_id, ${COLUMNS})
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
           ON CONFLICT (workspace_id) DO UPDATE SET host = excluded.host, port = excluded.port, security = excluded.security,
             user_name = excluded.user_name, sealed_password = excluded.sealed_password, from_name = excluded.from_name,
             from_address = excluded.from_address, reply_to = excluded.reply_to, bounce_address = excluded.bounce_address,
             sandbox_sends = excluded.sandbox_sends, receipts = excluded.receipts, declined_notices = excluded.declined_notices,
             failed_charge_notices = excluded.failed_charge_notices, staff_address = excluded.staff_address,
             version = kept.version + 1
           WHERE kept.version = $16`,
    values: [
      tx.workspaceId,
      row.host,
      row.port,
      row.security,
      row.user_name,
      row.sealed_password,
      row.from_name,
      row.from_address,
      row.reply_to,
      row.bounce_address,
      row.sandbox_sends,
      row.receipts,
      row.declined_notices,
      row.failed_charge_notices,
      row.staff_address,
      row.version,
    ],
  });
}

/** The same, held until the transaction ends. */
export function lockMailSettingsRow(tx: WorkspaceTx): Promise<MailSettingsRow | null> {
  return tx.maybe({
    text: `SELECT ${COLUMNS}, version FROM mail_settings WHERE workspace_id = $1 FOR UPDATE`,
    values: [tx.workspaceId],
  });
}

/**
 * The same password under another envelope key. It counts as a change of the settings, so that who read them before does
 * not write the old sealing back.
 */
export function replaceSealedPassword(tx: WorkspaceTx, sealed: string): Promise<number> {
  return tx.run({
    text: 'UPDATE mail_settings SET sealed_password = $2, version = version + 1 WHERE workspace_id = $1',
    values: [tx.workspaceId, sealed],
  });
}

export interface TemplateRow {
  readonly kind: string;
  readonly language: string;
  readonly subject: string;
  readonly body: string;
}

export function readTemplateRows(tx: WorkspaceTx): Promise<TemplateRow[]> {
  return tx.many({
    name: 'message_templates_read',
    text: 'SELECT kind, language, subject, body FROM message_templates WHERE workspace_id = $1',
    values: [tx.workspaceId],
  });
}

export function readTemplateRow(
  tx: WorkspaceTx,
  { kind, language }: Pick<TemplateRow, 'kind' | 'language'>,
): Promise<TemplateRow | null> {
  return tx.maybe({
    name: 'message_template_read',
    text: 'SELECT kind, language, subject, body FROM message_templates WHERE workspace_id = $1 AND kind = $2 AND language = $3',
    values: [tx.workspaceId, kind, language],
  });
}

export function writeTemplateRow(tx: WorkspaceTx, row: TemplateRow): Promise<number> {
  return tx.run({
    text: `INSERT INTO message_templates AS kept (workspace_id, kind, language, subject, body) VALUES ($1, $2, $3, $4, $5)
           ON CONFLICT (workspace_id, kind, language)
           DO UPDATE SET subject = excluded.subject, body = excluded.body, version = kept.version + 1`,
    values: [tx.workspaceId, row.kind, row.language, row.subject, row.body],
  });
}

export function deleteTemplateRow(
  tx: WorkspaceTx,
  { kind, language }: Pick<TemplateRow, 'kind' | 'language'>,
): Promise<number> {
  return tx.run({
    text: 'DELETE FROM message_templates WHERE workspace_id = $1 AND kind = $2 AND language = $3',
    values: [tx.workspaceId, kind, language],
  });
}
