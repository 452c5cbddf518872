import { MollieApiError } from '@mollie/api-client';
import { DeadlinePassed } from './bounded-call.ts';

/**
 * What a call to Mollie came to. Only `refused`, `busy` and `unreached` say for sure that
 * nothing was done.
 */
export type Answer<T> =
  | { readonly status: 'ok'; readonly value: T }
  | {
      readonly status: 'refused';
      readonly code: number;
      /** The request field that Mollie names. */
      readonly field: string | null;
      readonly detail: string;
    }
  /** Asked too often: not even read. */
  | { readonly status: 'busy'; readonly why: string }
  /** There was no connection over which anything could have been sent. */
  | { readonly status: 'unreached'; readonly why: string }
  /** Mollie sees another request in the way, which may be this one, sent before. */
  | { readonly status: 'conflict'; readonly why: string }
  /** Nothing can be concluded: a 5xx, a reply that is no JSON, a lost connection, too late. */
  | { readonly status: 'unanswered'; readonly why: string };

export type NoValue = Exclude<Answer<never>, { status: 'ok' }>;

/**
 * HTTP codes that mean our request was read and not carried out. A conflict (409) is not among them: the same request may
 * have been carried out before.
 */
const REFUSED = new Set([400, 401, 403, 404, 405, 406, 410, 413, 415, 422]);

/**
 * Reads what the client threw. With `faulted` a 5xx came before this error, so that a refusal is none any more: the
 * request may have been carried out the first time.
 */
export function answerOfError(error: unknown, faulted = false): NoValue {
  const answer = readError(error);
  const definite = ['refused', 'busy', 'unreached'].includes(answer.status);
  return faulted && definite
    ? { status: 'unanswered', why: 'Mollie had a fault and did not take the request again.' }
    : answer;
}

/** Never repeats a message where it could hold what the other side sent. */
function readError(error: unknown): NoValue {
  if (error instanceof DeadlinePassed) {
    return { status: 'unanswered', why: `Mollie gave no answer in time (${error.message.replace(/\.$/, '')}).` };
  }
  const code = statusOf(error);
  if (code !== null && REFUSED.has(code)) {
    const { field, message } = error as MollieApiError;
    return { status: 'refused', code, field: typeof field === 'string' ? field : null, detail: String(message) };
  }
  if (code === 429) return { status: 'busy', why: 'Mollie is asked too often just now.' };
  if (code === 409) return { status: 'conflict', why: 'Mollie says the request conflicts with another one.' };
  if (code !== null && code >= 500) return { status: 'unanswered', why: `Mollie had a fault (HTTP ${code}).` };
  const text = error instanceof Error ? error.message : '';
  const reason = error instanceof MollieApiError ? /^request to .* failed, reason: (.*)$/.exec(text)?.[1] : undefined;
  if (reason && /\b(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)\b/.test(reason)) {
    return { status: 'unreached', why: 'Mollie could not be reached.' };
  }
  // The certificate is looked at before anything is sent.
  if (reason && /certificate|Hostname\/IP does not match/i.test(reason)) {
    return { status: 'unreached', why: 'The certificate of Mollie’s server is not one to be trusted.' };
  }
  return { status: 'unanswered', why: 'The connection broke, or Mollie’s reply could not be read.' };
}

/** The HTTP status of an error of the client; null when there was no readable answer. */
export function statusOf(error: unknown): number | null {
  const code = error instanceof MollieApiError ? Number(error.statusCode) : Number.NaN;
  return Number.isInteger(code) ? code : null;
}

/** Whether a refusal is about our key: wrong, withdrawn, or without the right. */
export function isAboutKey(answer: { readonly code: number }): boolean {
  return answer.code === 401 || answer.code === 403;
}
