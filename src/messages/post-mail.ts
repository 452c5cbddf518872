import { Readable } from 'node:stream';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { alarm } from '../foundation/clock.ts';
import { type Delivery, deliveryOf, type SmtpTrouble } from './delivery.ts';
import type { SmtpServer } from './smtp-server.ts';

/** A server that is there answers within seconds; one that tarpits may take its time over each step. */
const CONNECT_MS = 15_000;
const STEP_MS = 60_000;
/** Over all. Whoever claims a message must claim it for longer (send-messages.ts). */
export const POST_MS_MAX = 180_000;

export interface Envelope {
  readonly from: string;
  readonly to: string;
  /** Asks servers that can (RFC 3461) to report whether it arrived, under this name; null: only what they do anyway. */
  readonly reportAs: string | null;
}

/**
 * Hands one message over to a mail server. Never throws: whatever happens is a Delivery. The message is given to the
 * connection as a stream, and the library reads it only after the server has said that it may come: before the first
 * read, the server certainly has not got it.
 */
export async function postMail(server: SmtpServer, envelope: Envelope, raw: Buffer): Promise<Delivery> {
  let began = false;
  const message = new Readable({
    read() {
      began = true;
      this.push(raw);
      this.push(null);
    },
  });
  const connection = new SMTPConnection({
    host: server.host,
    port: server.port,
    secure: server.security === 'tls',
    requireTLS: server.security === 'starttls',
    ignoreTLS: server.security === 'none',
    connectionTimeout: CONNECT_MS,
    greetingTimeout: CONNECT_MS,
    socketTimeout: STEP_MS,
  });
  const tooLong = alarm(POST_MS_MAX);
  try {
    const conversation = converse(connection, server, envelope, message);
    const answer = await Promise.race([
      conversation,
      tooLong.rings.then((): Answer => ({ trouble: { code: 'ETIMEDOUT' } })),
    ]);
    if ('trouble' in answer) return deliveryOf(answer.trouble, began);
    return { state: 'sent', reason: answer.response };
  } finally {
    tooLong.stop();
    message.destroy();
    connection.close();
  }
}

type Answer = { readonly response: string } | { readonly trouble: SmtpTrouble };

function converse(
  connection: SMTPConnection,
  server: SmtpServer,
  envelope: Envelope,
  message: Readable,
): Promise<Answer> {
  return new Promise((resolve) => {
    const failed = (trouble: unknown) => resolve({ trouble: trouble as SmtpTrouble });
    // Also what goes wrong after everything is said: nobody is waiting for that any more.
    connection.on('error', failed);
    connection.once('end', () => failed({ code: 'ECONNECTION' }));
    const reports =
      envelope.reportAs === null
        ? {}
        : { dsn: { id: envelope.reportAs, return: 'headers', notify: ['success', 'failure', 'delay'] } };
    const send = () =>
      connection.send({ from: envelope.from, to: [envelope.to], ...reports }, message, (error, info) => {
        if (error || !info) return failed(error ?? {});
        // The message is theirs from here on, whatever becomes of the farewell.
        connection.quit();
        return resolve({ response: String(info.response ?? '') });
      });
    connection.connect((error) => {
      if (error) return failed(error);
      if (server.user === null) return send();
      return connection.login({ user: server.user, pass: server.password ?? '' }, (refused) =>
        refused ? failed(refused) : send(),
      );
    });
  });
}
