import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Failure } from '../foundation/failure.ts';
import { fromPublicId, toPublicId } from '../foundation/id.ts';
import { makeAttemptLimit } from '../workspace/attempt-limit.ts';
import type { App } from '../workspace/door.ts';
import { VISIT_MS } from './card-link.ts';
import { registerCardLinkRoutes } from './http-card-links.ts';
import { registerCustomerLinkRoutes } from './http-customer-links.ts';
import { OF_CUSTOMER, registerCustomerPages } from './http-customer-page.ts';
import { registerDocumentPages } from './http-documents.ts';
import {
  FORMS_MAX,
  frameSourceOf,
  furnishPages,
  headers,
  PAYMENTS_MAX,
  send,
  speakTo,
  WINDOW_MS,
} from './http-page.ts';
import { registerStatementSendings } from './http-statements.ts';
import {
  beginVisit,
  followForm,
  noteOpened,
  type OpenedLink,
  openCardLink,
  type PortalDependencies,
  readOffer,
} from './open-card-link.ts';
import { type Business, consentPage, deadPage, formPage, paymentPage, progressPage, savedPage } from './pages.ts';
import { payByCardLink, readLinkPayment } from './pay-by-card-link.ts';

const PUBLIC = { access: { public: true } } as const;
const HIDDEN = { hide: true };
const VISIT_COOKIE = 'counterfoil_card_visit';

/** Doors of the portal: those of staff and programs, and the pages that customers see without an account. */
export function registerPortalRoom(app: App, dependencies: PortalDependencies): void {
  registerCardLinkRoutes(app, dependencies);
  app.register(async (pages) => registerCardPages(pages as unknown as App, dependencies));
  registerCustomerLinkRoutes(app, dependencies.messages);
  registerStatementSendings(app, dependencies.messages);
  app.register(async (pages) => registerDocumentPages(pages as unknown as App, dependencies));
  app.register(async (pages) => registerDocumentPages(pages as unknown as App, dependencies, OF_CUSTOMER));
  app.register(async (pages) => registerCustomerPages(pages as unknown as App, dependencies));
}

function registerCardPages(pages: App, dependencies: PortalDependencies): void {
  const { clock } = dependencies;
  const follow = furnishPages(pages, clock, pathOf, deadPage);
  const forms = makeAttemptLimit(FORMS_MAX, WINDOW_MS);
  const payments = makeAttemptLimit(PAYMENTS_MAX, WINDOW_MS);

  async function open(request: FastifyRequest): Promise<{ opened: OpenedLink; path: string; token: string }> {
    const { token } = cardParams.parse(request.params);
    const visit = request.cookies[VISIT_COOKIE] ?? null;
    const opened = await follow(request, () => openCardLink(dependencies, token, { ip: request.ip, visit }));
    speakTo(request, opened.locale);
    return { opened, path: pathOf(token), token };
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
    return send(reply, formPage(businessOf(opened), path, form), { frameSource: frameSourceOf(form.url) });
  });

  pages.get('/card/:token/progress', { config: PUBLIC, schema: HIDDEN }, async (request, reply) => {
    const { opened, path } = await open(request);
    if (!opened.isVisit) throw new Failure('link_not_valid');
    return send(reply, progressPage(opened.locale, path, await followForm(dependencies, opened)), { isFramed: true });
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

function businessOf({ caller: { workspace }, locale }: OpenedLink): Business {
  return { name: workspace.legal.name || workspace.name, locale, isTest: workspace.mode === 'sandbox' };
}

function expiryOf({ caller: { workspace }, link, locale }: OpenedLink): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: workspace.timeZone }).format(link.expires_at);
}
