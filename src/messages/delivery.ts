/**
 * What an attempt to hand a message over came to. Only 'again' is tried again by itself, and it is said only where the
 * server certainly has not taken the message; where nobody can know, it is 'unsure', and a person decides.
 */
export type Delivery =
  | { readonly state: 'sent'; readonly reason: string }
  | { readonly state: 'again'; readonly reason: string }
  | { readonly state: 'failed'; readonly reason: string }
  | { readonly state: 'unsure'; readonly reason: string };

/** What is known of an SMTP conversation that went wrong. */
export interface SmtpTrouble {
  /** nodemailer's own word: EAUTH, EDNS, ETLS, EENVELOPE, EMESSAGE, ETIMEDOUT, ECONNECTION, ESOCKET. */
  readonly code?: string;
  readonly command?: string;
  readonly responseCode?: number;
  readonly response?: string;
}

const ANSWER_LENGTH_MAX = 300;

/** `began`: some of the message had gone out. */
export function deliveryOf(trouble: SmtpTrouble, began: boolean): Delivery {
  const answer = answerWords(trouble.response);
  if (trouble.code === 'EAUTH') {
    return { state: 'again', reason: `The mail server does not accept the user name or password${answer}.` };
  }
  const code = trouble.responseCode ?? 0;
  // An answer is definite, also one to the message itself: the server says that it has not taken it (RFC 5321, 4.2.1).
  if (code >= 500 && code < 600) return { state: 'failed', reason: `The mail server refused it${answer}.` };
  if (code >= 400 && code < 500) return { state: 'again', reason: `The mail server takes it later${answer}.` };
  if (began) {
    return {
      state: 'unsure',
      reason: 'The connection ended while the message was being handed over; it may have arrived.',
    };
  }
  if (trouble.code === 'EENVELOPE') return { state: 'failed', reason: 'The address is not one that mail can go to.' };
  if (trouble.code === 'EMESSAGE') return { state: 'failed', reason: 'The message is larger than the server accepts.' };
  return { state: 'again', reason: UNREACHED[trouble.code ?? ''] ?? 'The mail server could not be reached.' };
}

const UNREACHED: Readonly<Record<string, string>> = {
  EDNS: 'The name of the mail server is not known.',
  ETLS: 'The mail server does not offer the encryption that the settings ask for.',
  ETIMEDOUT: 'The mail server did not answer in time.',
};

/** The server's own words, in one line. */
function answerWords(response: string | undefined): string {
  const line = (response ?? '').replace(/\s+/g, ' ').trim().replace(/\.$/, '');
  return line === '' ? '' : `: ${line.slice(0, ANSWER_LENGTH_MAX)}`;
}
