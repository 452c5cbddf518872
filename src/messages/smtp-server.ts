/** A mail server that takes messages, and whose name stands on them. */
export interface SmtpServer {
  readonly host: string;
  readonly port: number;
  /** tls: from the first byte. starttls: before anything is said. none: only within one machine or network. */
  readonly security: SmtpSecurity;
  readonly user: string | null;
  readonly password: string | null;
}

export const SMTP_SECURITIES = ['tls', 'starttls', 'none'] as const;
export type SmtpSecurity = (typeof SMTP_SECURITIES)[number];

export interface MailAddress {
  readonly name: string;
  readonly address: string;
}

/** Everything it takes to send. `server` is null where none is configured: then mail is kept. */
export interface MailAccount {
  readonly server: SmtpServer | null;
  readonly from: MailAddress;
  readonly replyTo: string | null;
  /** Where returned mail goes, told apart by the message's id; null: to the From address. */
  readonly bounceAddress: string | null;
  /** False in a sandbox that keeps its mail. */
  readonly sends: boolean;
}

/** What the server's environment says (src/app/config.ts). */
export interface ServerMail {
  readonly server: SmtpServer | null;
  readonly from: MailAddress | null;
  readonly bounceAddress: string | null;
}

const PORTS: Readonly<Record<SmtpSecurity, number>> = { tls: 465, starttls: 587, none: 25 };
const HERE = new Set(['localhost', '127.0.0.1', '::1', '[::1]']);

/**
 * Reads smtp://user:password@host:port or smtps://…; null when it is none. Without `?security=`, smtps is TLS from the
 * start, and smtp asks for STARTTLS unless the server is on this machine.
 */
export function readSmtpUrl(text: string): SmtpServer | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  if ((url.protocol !== 'smtp:' && url.protocol !== 'smtps:') || url.hostname === '') return null;
  const asked = url.searchParams.get('security');
  const byDefault = url.protocol === 'smtps:' ? 'tls' : HERE.has(url.hostname) ? 'none' : 'starttls';
  const security = asked === null ? byDefault : SMTP_SECURITIES.find((name) => name === asked);
  if (!security) return null;
  try {
    return {
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: url.port === '' ? PORTS[security] : Number(url.port),
      security,
      user: url.username === '' ? null : decodeURIComponent(url.username),
      password: url.password === '' ? null : decodeURIComponent(url.password),
    };
  } catch {
    return null;
  }
}

/** Reads "Name <address>" or an address alone; null when it is neither. */
export function readMailAddress(text: string): MailAddress | null {
  const [, name = '', address = ''] =
    /^\s*(?:"?([^"<>\r\n]*?)"?\s*<\s*)?([^\s<>"@]+@[^\s<>"@]+)\s*>?\s*$/.exec(text) ?? [];
  return address === '' ? null : { name: name.trim(), address };
}

/** The envelope's sender: bounces+msg_…@example.com, so that what comes back names the message it is about. */
export function envelopeSender(account: Pick<MailAccount, 'bounceAddress' | 'from'>, messageId: string): string {
  if (account.bounceAddress === null) return account.from.address;
  const at = account.bounceAddress.lastIndexOf('@');
  return `${account.bounceAddress.slice(0, at)}+${messageId}${account.bounceAddress.slice(at)}`;
}
