import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Clock } from '../foundation/clock.ts';
import { Failure, type FailureCode } from '../foundation/failure.ts';
import { REPORTING, REPORTING_ENDPOINTS } from '../gateways/policy-reports.ts';
import { makeAttemptLimit } from '../workspace/attempt-limit.ts';
import type { App } from '../workspace/door.ts';
import { refusedPage, STYLE } from './pages.ts';

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

export const WINDOW_MS = 10 * 60_000;
/** A household behind one address stays below; a script does not. */
const REQUESTS_MAX = 600;
/** Secrets that nobody has, tried from one address. */
const WRONG_TOKENS_MAX = 30;
/** Forms opened and payments made by one link: slips and second cards, not a list of stolen cards to be tried out. */
export const FORMS_MAX = 8;
export const PAYMENTS_MAX = 12;
/** A thousand characters of words, each encoded. */
const FORM_BYTES_MAX = 12_288;

/** Refusals whose own words are about this customer's document alone, and so are told as they are. */
const SAID_AS_IT_IS: ReadonlySet<FailureCode> = new Set([
  'allocation_refused',
  'invoice_state_conflict',
  'amount_above_limit',
  'card_number_refused',
]);

/** What customers are told; everything else is said to be the machine's fault, without its reason. */
const CUSTOMER_WORDS: Partial<Record<FailureCode, string>> = {
  rate_limited: 'There were too many tries. Wait a few minutes, then open the link again.',
  method_not_usable: 'This card cannot be used. Please use another one.',
  retry_too_early: 'This card did not work a short while ago. Please use another one, or try again later.',
  retry_limit_reached: 'This card has been tried too often. Please use another one.',
  payment_state_conflict: 'This payment has been made or is being made already.',
  idempotency_key_reused: 'This payment is being checked. You will not be charged twice.',
  idempotency_key_running: 'This payment is being made. You will not be charged twice.',
  invalid_request: 'This cannot be taken as it is. Go back and look at the amount again. Nothing was charged.',
  not_found: 'There is nothing to pay here any more.',
};

/** The origin that the gateway's form comes from; ours is allowed anyway. */
export function frameSourceOf(url: string): string {
  return /^https?:\/\//.test(url) ? new URL(url).origin : '';
}

/** What a page needs beyond the rule for all of them. */
export interface PageLeave {
  /** Origin of the gateway's form that it frames. */
  readonly frameSource?: string;
  /** A page of ours frames it. */
  readonly isFramed?: boolean;
}

/**
 * No script at all, one style by its hash, pictures and frames of our own and of the gateway's form. Nobody frames the
 * pages, keeps them, lists them, or learns their address from a link that is followed; what a browser stops, it reports.
 */
export function headers(reply: FastifyReply, { frameSource = '', isFramed = false }: PageLeave = {}): FastifyReply {
  return reply
    .header(
      'content-security-policy',
      `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; img-src 'self'; frame-src 'self' ${frameSource}`.trimEnd() +
        `; form-action 'self'; base-uri 'none'; frame-ancestors ${isFramed ? "'self'" : "'none'"}; ${REPORTING}`,
    )
    .header('reporting-endpoints', REPORTING_ENDPOINTS)
    .header('x-frame-options', isFramed ? 'SAMEORIGIN' : 'DENY')
    .header('cache-control', 'no-store')
    .header('referrer-policy', 'no-referrer')
    .header('x-robots-tag', 'noindex, nofollow');
}

export function send(reply: FastifyReply, page: string, leave?: PageLeave) {
  return headers(reply, leave)
    .type('text/html; charset=utf-8')
    .serializer((body: unknown) => body as string)
    .send(page);
}

/** Runs what follows a secret, and counts those that nobody has. */
export type Follow = <T>(request: FastifyRequest, open: () => Promise<T>) => Promise<T>;

/**
 * What all pages for customers have in common: forms are read, requests of one address are limited, and every failure is
 * a page in words. `dead` is shown for links that lead nowhere.
 */
export function furnishPages(pages: App, clock: Clock, pathOf: (token: string) => string, dead: string): Follow {
  const requests = makeAttemptLimit(REQUESTS_MAX, WINDOW_MS);
  const wrongTokens = makeAttemptLimit(WRONG_TOKENS_MAX, WINDOW_MS);
  pages.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: FORM_BYTES_MAX },
    (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(body as string))),
  );
  pages.addHook('onRequest', async (request) => {
    // The page below the form looks again by itself, and only in the browser that agreed.
    if (request.url.endsWith('/progress')) return;
    if (!requests.allows(request.ip, clock.now())) throw new Failure('rate_limited');
  });
  pages.setErrorHandler((error, request, reply) => {
    const isDead = error instanceof z.ZodError || (error instanceof Failure && error.code === 'link_not_valid');
    if (isDead) return send(reply.status(410), dead);
    const failure = error instanceof Failure ? error : null;
    const status = failure?.status ?? statusOfRefusal(error);
    if (status === 500) request.log.error({ err: error, request: request.id }, 'a page of the portal failed');
    const { token } = request.params as { token?: string };
    return send(reply.status(status), refusedPage(wordsFor(failure), token ? pathOf(token) : null));
  });
  return async (request, open) => {
    try {
      return await open();
    } catch (error) {
      const isWrong = error instanceof Failure && error.code === 'link_not_valid';
      if (isWrong && !wrongTokens.allows(request.ip, clock.now())) throw new Failure('rate_limited');
      throw error;
    }
  };
}

function wordsFor(failure: Failure | null): string {
  if (failure && SAID_AS_IT_IS.has(failure.code)) return failure.message;
  return (
    (failure && CUSTOMER_WORDS[failure.code]) ??
    'Something did not work. Nothing was charged by this step. Please try again later.'
  );
}

/** Bodies that are too long or of another kind are the sender's fault, and schemas' refusals too. */
function statusOfRefusal(error: unknown): number {
  const { statusCode, validation } = error as { statusCode?: number; validation?: unknown };
  if (validation !== undefined) return 422;
  return statusCode !== undefined && statusCode >= 400 && statusCode < 500 ? statusCode : 500;
}
