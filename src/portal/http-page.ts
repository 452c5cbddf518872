import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Clock } from '../foundation/clock.ts';
import { Failure } from '../foundation/failure.ts';
import { REPORTING, REPORTING_ENDPOINTS } from '../gateways/policy-reports.ts';
import { makeAttemptLimit } from '../workspace/attempt-limit.ts';
import type { App } from '../workspace/door.ts';
import { LINK_LANGUAGES } from './link-words.ts';
import { refusedPage, STYLE } from './pages.ts';
import { refusalWords } from './refusal-words.ts';

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

/** In which language somebody is spoken to, once it is known who it is. */
const LOCALES = new WeakMap<FastifyRequest, string>();

/** From here on refusals of this request are told in the customer's own language. */
export function speakTo(request: FastifyRequest, locale: string): void {
  LOCALES.set(request, locale);
}

/** The customer's language; where the link leads to nobody, the first of those that their browser asks for and there is. */
function localeOf(request: FastifyRequest): string {
  const asked = (request.headers['accept-language'] ?? '').split(',').map((one) => one.split(';')[0]!.trim());
  const known = asked.find((one) => LINK_LANGUAGES.includes(one.toLowerCase().split('-')[0]!));
  return LOCALES.get(request) ?? known ?? 'en';
}

/**
 * What all pages for customers have in common: forms are read, requests of one address are limited, and every failure is
 * a page in words. `dead` is shown for links that lead nowhere.
 */
export function furnishPages(
  pages: App,
  clock: Clock,
  pathOf: (token: string) => string,
  dead: (locale: string) => string,
): Follow {
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
    if (isDead) return send(reply.status(410), dead(localeOf(request)));
    const failure = error instanceof Failure ? error : null;
    const status = failure?.status ?? statusOfRefusal(error);
    if (status === 500) request.log.error({ err: error, request: request.id }, 'a page of the portal failed');
    const { token } = request.params as { token?: string };
    const locale = localeOf(request);
    return send(reply.status(status), refusedPage(locale, refusalWords(failure, locale), token ? pathOf(token) : null));
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

/** Bodies that are too long or of another kind are the sender's fault, and schemas' refusals too. */
function statusOfRefusal(error: unknown): number {
  const { statusCode, validation } = error as { statusCode?: number; validation?: unknown };
  if (validation !== undefined) return 422;
  return statusCode !== undefined && statusCode >= 400 && statusCode < 500 ? statusCode : 500;
}
