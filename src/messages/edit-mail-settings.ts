import type { WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import type { Caller } from '../workspace/caller.ts';
import { recordAudit } from '../workspace/write-audit.ts';
import type { MailSettings, MailSettingsChanges } from './api.ts';
import { type MailSurroundings, passwordSealedAt, readMailAccount } from './read-mail-account.ts';
import { countMessages } from './store.ts';
import { type MailSettingsRow, readMailSettingsRow, writeMailSettingsRow } from './store-settings.ts';

/** What holds while nobody has set anything. */
const SETTINGS_BY_DEFAULT: MailSettingsRow = {
  host: null,
  port: null,
  security: null,
  user_name: null,
  sealed_password: null,
  from_name: null,
  from_address: null,
  reply_to: null,
  bounce_address: null,
  sandbox_sends: false,
  receipts: null,
  declined_notices: false,
  failed_charge_notices: true,
  staff_address: null,
  version: 0,
};

/** Who is told of what, as the workspace wants it. */
export interface MailWishes {
  readonly receipts: boolean;
  /** Customers are told that an invoice could not be charged by itself. */
  readonly failedCharges: boolean;
  /** Where notices of declined charges go; null: nowhere. */
  readonly declinedTo: string | null;
}

export async function readMailWishes(tx: WorkspaceTx, mode: 'sandbox' | 'live'): Promise<MailWishes> {
  const row = (await readMailSettingsRow(tx)) ?? SETTINGS_BY_DEFAULT;
  return {
    receipts: receiptsOf(row, mode),
    failedCharges: row.failed_charge_notices,
    declinedTo: row.declined_notices ? row.staff_address : null,
  };
}

function receiptsOf(row: MailSettingsRow, mode: 'sandbox' | 'live'): boolean {
  return row.receipts ?? mode === 'live';
}

export async function readMailSettings(
  surroundings: MailSurroundings,
  tx: WorkspaceTx,
  caller: Caller,
): Promise<MailSettings> {
  const row = (await readMailSettingsRow(tx)) ?? SETTINGS_BY_DEFAULT;
  const [account, counts] = await Promise.all([readMailAccount(surroundings, tx, caller.workspace), countMessages(tx)]);
  const through = row.host ? 'workspace' : account.server ? 'server' : 'nothing';
  const readable = account.server !== null;
  return {
    server:
      row.host !== null && row.port !== null && row.security !== null
        ? {
            host: row.host,
            port: row.port,
            security: row.security,
            user: row.user_name,
            has_password: row.sealed_password !== null,
          }
        : null,
    from_name: row.from_name ?? '',
    from_address: row.from_address,
    reply_to: row.reply_to,
    bounce_address: row.bounce_address,
    sandbox_sends: row.sandbox_sends,
    receipts: receiptsOf(row, caller.workspace.mode),
    declined_notices: row.declined_notices,
    failed_charge_notices: row.failed_charge_notices,
    staff_address: row.staff_address,
    now: {
      sends: readable && account.sends,
      through,
      from: account.from.address,
      why: whatHappens(through, readable, account.sends),
    },
    waiting: Object.fromEntries(counts.map(({ state, count }) => [state, Number(count)])),
    version: row.version,
  };
}

function whatHappens(through: MailSettings['now']['through'], readable: boolean, sends: boolean): string {
  if (through === 'nothing') return 'No mail server is configured: messages are kept in the outbox.';
  if (!readable)
    return 'The password cannot be opened with this server’s key: enter it again. Messages are kept meanwhile.';
  if (!sends) return 'This is a sandbox: messages are kept in the outbox, and nobody outside gets one.';
  return through === 'workspace'
    ? 'Messages go out through your mail server.'
    : 'Messages go out through this server’s mail server.';
}

/** Changes how a workspace sends and who is told of what. Throws edit_conflict, invalid_request. */
export async function editMailSettings(
  surroundings: MailSurroundings,
  tx: WorkspaceTx,
  caller: Caller,
  changes: MailSettingsChanges,
  expectedVersion: number | null,
): Promise<MailSettings> {
  const before = (await readMailSettingsRow(tx)) ?? SETTINGS_BY_DEFAULT;
  if (expectedVersion !== null && expectedVersion !== before.version) throw new Failure('edit_conflict');
  const { server, ...plain } = changes;
  const given = Object.fromEntries(Object.entries(plain).filter(([, value]) => value !== undefined));
  const after: MailSettingsRow = {
    ...before,
    ...given,
    ...(server === undefined ? {} : serverColumns(surroundings, tx, before, server)),
  };
  if (after.host !== null && after.from_address === null) {
    throw refused('from_address', 'Your own mail server needs an address to send from.');
  }
  if (after.declined_notices && after.staff_address === null) {
    throw refused('staff_address', 'Say to which address notices go.');
  }
  if ((await writeMailSettingsRow(tx, after)) === 0) throw new Failure('edit_conflict');
  await recordAudit(tx, caller, {
    action: 'mail_settings.edited',
    subjectKind: null,
    subjectId: null,
    details: { fields: Object.keys(changes), host: after.host },
  });
  return readMailSettings(surroundings, tx, caller);
}

type ServerColumns = Pick<MailSettingsRow, 'host' | 'port' | 'security' | 'user_name' | 'sealed_password'>;

function serverColumns(
  { box }: MailSurroundings,
  tx: WorkspaceTx,
  before: MailSettingsRow,
  server: NonNullable<MailSettingsChanges['server']> | null,
): ServerColumns {
  if (server === null) return { host: null, port: null, security: null, user_name: null, sealed_password: null };
  const { host, port, security, password } = server;
  const user = server.user || null;
  // A kept password only ever goes where it was meant for: whoever may change the address must not be told it thereby.
  const same =
    host === before.host && port === before.port && security === before.security && user === before.user_name;
  if (password === undefined && !same && before.sealed_password !== null && user !== null) {
    throw refused(
      'server.password',
      'Enter the password again: it is kept for the server and user it was entered for.',
    );
  }
  const kept = same ? before.sealed_password : null;
  const sealed =
    password === undefined ? kept : password === '' ? null : box.seal(password, passwordSealedAt(tx.workspaceId));
  return { host, port, security, user_name: user, sealed_password: user === null ? null : sealed };
}

function refused(path: string, message: string): Failure {
  return new Failure('invalid_request', message, { fields: [{ path, message }] });
}
