import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Clock } from '../foundation/clock.ts';
import { Failure, type FailureCode } from '../foundation/failure.ts';
import { fromPublicId, toPublicId } from '../foundation/id.ts';
import type { PaymentsRoom } from '../payments/make-payments-room.ts';
import { makeAttemptLimit } from '../workspace/attempt-limit.ts';
import type { App } from '../workspace/door.ts';
import { VISIT_MS } from './card-link.ts';
import { registerCardLinkRoutes } from './http-card-links.ts';
import {
  beginVisit,
  followForm,
  noteOpened,
  type OpenedLink,
  openCardLink,
  type PortalDependencies,
  readOffer,
} from './open-card-link.ts';
import {
  type Business,
  consentPage,
  deadPage,
  formPage,
  paymentPage,
  progressPage,
  refusedPage,
  STYLE,
  savedPage,
} from './pages.ts';
import { payByCardLink, readLinkPayment } from './pay-by-card-link.ts';

const PUBLIC = { access: { public: true } } as const;
const HIDDEN = { hide: true };
const VISIT_COOKIE = 'counterfoil_card_visit';
const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

const WINDOW_MS = 10 * 60_000;
/** A household behind one address stays below; a script does not. */
const REQUESTS_MAX = 600;
/** Secrets that nobody has, tried from one address. */
const WRONG_TOKENS_MAX = 30;
/** Forms opened and payments made by one link: slips and second cards, not a list of stolen cards to be tried out. */
const FORMS_MAX = 8;
const PAYMENTS_MAX = 12;

/** What customers are told; everything else is said to be the machine's fault, without its reason. */
const CUSTOMER_WORDS: Partial<Record<FailureCode, string>> = {
  rate_limited: 'There were too many tries. Wait a few minutes, then open the link again.',
  method_not_usable: 'This card cannot be used. Please use another one.',
  retry_too_early: 'This card did not work a short while ago. Please use another one, or try again later.',
  retry_limit_reached: 'This card has been tried too often. Please use another one.',
  payment_state_conflict: 'This payment has been made or is being made already.',
  idempotency_key_reused: 'This payment is being checked. You will not be charged twice.',
  idempotency_key_running: 'This payment is being made. You will not be charged twice.',
  not_found: 'There is nothing to pay here any more.',
};

export interface PortalOptions {
  readonly payments: PaymentsRoom;
  readonly clock: Clock;
  readonly publicUrl: () => string;
}

/** Doors of the portal: those of staff and programs, and the pages that customers see without an account. */
export function registerPortalRoom(app: App, dependencies: PortalOptions): void {
  registerCardLinkRoutes(app, dependencies);
  app.register(async (pages) => registerCardPages(pages as unknown as App, dependencies));
}

function registerCardPages(pages: App, dependencies: PortalDependencies): void {
  const { clock } = dependencies;
  const requests = makeAttemptLimit(REQUESTS_MAX, WINDOW_MS);
  const wrongTokens = makeAttemptLimit(WRONG_TOKENS_MAX, WINDOW_MS);
  const forms = makeAttemptLimit(FORMS_MAX, WINDOW_MS);
  const payments = makeAttemptLimit(PAYMENTS_MAX, WINDOW_MS);

  pages.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: 4_096 },
    (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(body as string))),
  );
  pages.addHook('onRequest', async (request) => {
    // The page below the form looks again by itself, and only in the browser that agreed.
    if (request.url.endsWith('/progress')) return;
    if (!requests.allows(request.ip, clock.now())) throw new Failure('rate_limited');
  });
  pages.setErrorHandler((error, request, reply) => {
    if (error instanceof Failure && error.code === 'link_not_valid') return send(reply.status(410), deadPage());
    const failure = error instanceof Failure ? error : null;
    const isAsked = failure === null && (error as { validation?: unknown }).validation !== undefined;
    if (!failure && !isAsked) request.log.error({ err: error }, 'a page of the portal failed');
    const words =
      (failure && CUSTOMER_WORDS[failure.code]) ??
      'Something did not work. Nothing was charged by this step. Please try again later.';
    const token = (request.params as { token?: string }).token;
    return send(
      reply.status(failure?.status ?? (isAsked ? 422 : 500)),
      refusedPage(words, token ? pathOf(token) : null),
    );
  });

  /** Who follows which link. Wrong secrets are counted, and after too many of them nothing is looked up. */
  async function open(request: FastifyRequest): Promise<{ opened: OpenedLink; path: string; token: string }> {
    const { token } = cardParams.parse(request.params);
    const now = clock.now();
    const visit = request.cookies[VISIT_COOKIE] ?? null;
    try {
      const opened = await openCardLink(dependencies, token, { ip: request.ip, visit });
      return { opened, path: pathOf(token), token };
    } catch (error) {
      const isWrong = error instanceof Failure && error.code === 'link_not_valid';
      if (isWrong && !wrongTokens.allows(request.ip, now)) throw new Failure('rate_limited');
      throw error;
    }
  }

  pages.get('/card/:token', { config: PUBLIC, schema: HIDDEN }, async (request, reply) => {
    const { opened, path, token } = await open(request);
    const form = await followForm(dependencies, opened);
    if (opened.link.used_at === null && form?.status !== 'completed') {
      await noteOpened(dependencies, opened);
      return send(reply, consentPage(businessOf(opened), path, expiryOf(opened)));
    }
    // Used, perhaps a moment ago: only the browser that used it goes on.
    const used = (await open(request)).opened;
    if (!used.isVisit) throw new Failure('link_not_valid');
    const { method, failed } = await dependencies.payments.database.inWorkspace(used.caller.workspace.id, (tx) =>
      readOffer(tx, used),
    );
    const offers = failed.map((row) => ({ id: toPublicId('payment', row.id), row }));
    return send(reply, savedPage(businessOf(used), pathOf(token), method, offers));
  });

  pages.post('/card/:token/consent', { config: PUBLIC, schema: HIDDEN }, async (request, reply) => {
    const { opened, path, token } = await open(request);
    const agreed = consentBody.safeParse(request.body);
    if (!agreed.success) return send(reply.status(422), consentPage(businessOf(opened), path, expiryOf(opened)));
    if (!forms.allows(opened.link.id, clock.now())) throw new Failure('rate_limited');
    const { form, visit } = await beginVisit(dependencies, opened, `${dependencies.publicUrl()}${path}`);
    const isHttps = dependencies.publicUrl().startsWith('https:');
    reply.setCookie(VISIT_COOKIE, visit, {
      path: pathOf(token),
      httpOnly: true,
      sameSite: 'lax',
      secure: isHttps,
      maxAge: VISIT_MS / 1000,
    });
    return send(reply, formPage(businessOf(opened), path, form), frameSourceOf(form.url));
  });

  pages.get('/card/:token/progress', { config: PUBLIC, schema: HIDDEN }, async (request, reply) => {
    const { opened, path } = await open(request);
    if (!opened.isVisit) throw new Failure('link_not_valid');
    return send(reply, progressPage(path, await followForm(dependencies, opened)), '', "'self'");
  });

  pages.post('/card/:token/payments', { config: PUBLIC, schema: HIDDEN }, async (request, reply) => {
    const { opened, path } = await open(request);
    const body = paymentBody.safeParse(request.body);
    const failedId = body.success ? fromPublicId('payment', body.data.payment) : null;
    if (failedId === null) throw new Failure('not_found');
    if (!payments.allows(opened.link.id, clock.now())) throw new Failure('rate_limited');
    await payByCardLink(dependencies, opened, failedId);
    return headers(reply).redirect(`${path}/payments/${toPublicId('payment', failedId)}`, 303);
  });

  pages.get('/card/:token/payments/:payment', { config: PUBLIC, schema: HIDDEN }, async (request, reply) => {
    const { opened, path } = await open(request);
    const failedId = fromPublicId('payment', z.object({ payment: z.string() }).parse(request.params).payment);
    const row = failedId === null ? null : await readLinkPayment(dependencies, opened, failedId);
    if (!row) throw new Failure('not_found');
    return send(reply, paymentPage(businessOf(opened), path, row));
  });
}

const cardParams = z.object({ token: z.string().max(100) });
const consentBody = z.object({ agree: z.literal('yes') });
const paymentBody = z.object({ payment: z.string().max(60) });

const pathOf = (token: string) => `/card/${encodeURIComponent(token)}`;

function businessOf({ caller: { workspace } }: OpenedLink): Business {
  return {
    name: workspace.legal.name || workspace.name,
    locale: workspace.locale,
    isTest: workspace.mode === 'sandbox',
  };
}

function expiryOf({ caller: { workspace }, link }: OpenedLink): string {
  return new Intl.DateTimeFormat('en', { dateStyle: 'long', timeZone: workspace.timeZone }).format(link.expires_at);
}

/** The origin that the gateway's form comes from; ours is allowed anyway. */
function frameSourceOf(url: string): string {
  return /^https?:\/\//.test(url) ? new URL(url).origin : '';
}

/**
 * No script at all, one style by its hash, frames of our own and of the gateway's form. Nobody frames the pages, keeps
 * them, lists them, or learns their address from a link that is followed.
 */
function headers(reply: FastifyReply, frameSource = '', frameAncestors = "'none'"): FastifyReply {
  return reply
    .header(
      'content-security-policy',
      `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; frame-src 'self' ${frameSource}`.trimEnd() +
        `; form-action 'self'; base-uri 'none'; frame-ancestors ${frameAncestors}`,
    )
    .header('x-frame-options', frameAncestors === "'none'" ? 'DENY' : 'SAMEORIGIN')
    .header('cache-control', 'no-store')
    .header('referrer-policy', 'no-referrer')
    .header('x-robots-tag', 'noindex, nofollow');
}

function send(reply: FastifyReply, page: string, frameSource?: string, frameAncestors?: string) {
  return headers(reply, frameSource, frameAncestors)
    .type('text/html; charset=utf-8')
    .serializer((body: unknown) => body as string)
    .send(page);
}
