import type { AddressInfo } from 'node:net';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer, type SMTPServerOptions, type SMTPServerSession } from 'smtp-server';
import { afterAll } from 'vitest';
import type { SmtpServer } from '../../src/messages/smtp-server.ts';

/** One message that the server has taken, or was being given when something was done to it. */
export interface TakenMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly raw: Buffer;
  /** What reports were asked for (RFC 3461), where the server was told to offer them. */
  readonly reports: { readonly id: string | null; readonly notify: readonly string[] };
  readonly mail: ParsedMail;
}

/** What the server does with the next conversation; afterwards it is friendly again unless `stays`. */
export type Mood =
  | { readonly at: 'rcpt' | 'data'; readonly code: number; readonly words: string; readonly stays?: true }
  /** Ends the connection: before the message, after all of it was read without an answer, or after it was taken. */
  | { readonly cut: 'before_data' | 'after_data' | 'after_taking' }
  | null;

function reportsIn(envelope: SMTPServerSession['envelope']): TakenMail['reports'] {
  return { id: envelope.dsn?.envid ?? null, notify: envelope.rcptTo[0]?.dsn?.notify ?? [] };
}

/** A real mail server on loopback, without TLS; ended after the file. */
export async function mailServer(options: SMTPServerOptions = {}) {
  const taken: TakenMail[] = [];
  let mood: Mood = null;
  let conversations = 0;
  let heard: (() => void)[] = [];
  const take = () => {
    const now = mood;
    if (now && !('stays' in now && now.stays)) mood = null;
    return now;
  };
  const refusal = (code: number, words: string) => Object.assign(new Error(words), { responseCode: code });
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: options.onAuth ? ['STARTTLS'] : ['STARTTLS', 'AUTH'],
    disableReverseLookup: true,
    logger: false,
    onRcptTo(_address, session, done) {
      conversations += 1;
      if (mood && 'at' in mood && mood.at === 'rcpt') {
        const { code, words } = take() as Extract<Mood, { at: string }>;
        return done(refusal(code, words));
      }
      if (mood && 'cut' in mood && mood.cut === 'before_data') {
        take();
        return connectionOf(session.id)?.close();
      }
      return done();
    },
    onData(stream, session, done) {
      const pieces: Buffer[] = [];
      stream.on('data', (piece: Buffer) => pieces.push(piece));
      stream.on('end', async () => {
        const now = take();
        if (now && 'at' in now) return done(refusal(now.code, now.words));
        if (now && 'cut' in now && now.cut === 'after_data') return connectionOf(session.id)?.close();
        const raw = Buffer.concat(pieces);
        const { mailFrom, rcptTo } = session.envelope;
        taken.push({
          from: mailFrom ? mailFrom.address : '',
          to: rcptTo.map(({ address }) => address),
          raw,
          reports: reportsIn(session.envelope),
          mail: await simpleParser(raw),
        });
        for (const tell of heard) tell();
        heard = [];
        if (now && 'cut' in now) return connectionOf(session.id)?.close();
        return done();
      });
    },
    ...options,
  });
  const connectionOf = (id: string) =>
    [...(server as unknown as { connections: Set<{ id: string; close(): void }> }).connections].find(
      (one) => one.id === id,
    );
  server.on('error', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const { port } = server.server.address() as AddressInfo;
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
  afterAll(close);
  const smtp: SmtpServer = { host: '127.0.0.1', port, security: 'none', user: null, password: null };
  return {
    smtp,
    taken,
    /** How many recipients were named to it, whatever came of it. */
    conversations: () => conversations,
    feel(next: Mood) {
      mood = next;
    },
    /** Resolves when the next message is taken. */
    nextMail: () => new Promise<void>((resolve) => heard.push(resolve)),
    close,
  };
}
