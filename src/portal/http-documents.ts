import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { givenDate } from '../foundation/api.ts';
import { Failure } from '../foundation/failure.ts';
import { fromPublicId, isUuid, newId } from '../foundation/id.ts';
import { dispositionOf } from '../invoices/attachment.ts';
import { readAttachment } from '../invoices/read-attachments.ts';
import { readBusinessLogo } from '../invoices/read-logo.ts';
import { renderInvoice } from '../invoices/render-invoice.ts';
import { openCardForm, readCardForm } from '../payments/add-card.ts';
import { consentText } from '../payments/consent-languages.ts';
import { readReceipt } from '../payments/read-receipt.ts';
import { renderReceipt } from '../payments/render-receipt.ts';
import { makeAttemptLimit } from '../workspace/attempt-limit.ts';
import type { App } from '../workspace/door.ts';
import { documentPage } from './document-page.ts';
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
import type { PortalDependencies } from './open-card-link.ts';
import { noteDocumentSeen, openDocument } from './open-document.ts';
import { canBePaid, type OpenedDocument } from './opened-document.ts';
import { payWords } from './page-words.ts';
import { type Business, deadDocumentPage, formPage, paymentPage, progressPage } from './pages.ts';
import {
  answerOpenedQuote,
  disputeDocument,
  payDocument,
  promisePayment,
  readDocumentPayment,
} from './pay-document.ts';

const PUBLIC = { config: { access: { public: true } }, schema: { hide: true } } as const;
/** The card form that this browser has open. */
const FORM_COOKIE = 'counterfoil_document_form';
const FORM_MS = 60 * 60_000;
/** Promises, disputes and answers by one link. */
const WORDS_MAX = 20;

const params = z.object({ token: z.string().max(100), document: z.string().max(60).default('') });
const consentBody = z.object({ agree: z.literal('yes') });
const formId = z.string().refine(isUuid);
const paymentBody = z.object({ form: formId, amount: z.string().max(20), method: z.string().max(60) });
const promiseBody = z.object({ day: givenDate });
const disputeBody = z.object({ words: z.string().trim().min(1).max(1_000), line: z.string().max(4).default('') });
const answerBody = z.object({ answer: z.enum(['accepted', 'declined']), name: z.string().trim().min(1).max(200) });

const pathOf = (token: string) => `/d/${encodeURIComponent(token)}`;

/** Where a document's page stands, and whose secret opens it. */
export interface DocumentPlace {
  /** Pattern of its address; it holds `:token`. */
  readonly route: string;
  pathOf(asked: z.output<typeof params>): string;
  open(dependencies: PortalDependencies, asked: z.output<typeof params>, ip: string | null): Promise<OpenedDocument>;
  /** The page that it was reached from, where there is one. */
  readonly back?: (token: string) => string;
}

const BY_LINK: DocumentPlace = {
  route: '/d/:token',
  pathOf: ({ token }) => pathOf(token),
  open: (dependencies, { token }, ip) => openDocument(dependencies, token, ip),
};

/** The page behind a document's link: what customers see, pay, answer and object to without an account. */
export function registerDocumentPages(
  pages: App,
  dependencies: PortalDependencies,
  place: DocumentPlace = BY_LINK,
): void {
  const { clock, payments: room } = dependencies;
  const { route } = place;
  const follow = furnishPages(pages, clock, place.back ?? pathOf, deadDocumentPage);
  const forms = makeAttemptLimit(FORMS_MAX, WINDOW_MS);
  const payments = makeAttemptLimit(PAYMENTS_MAX, WINDOW_MS);
  const said = makeAttemptLimit(WORDS_MAX, WINDOW_MS);

  async function open(request: FastifyRequest): Promise<{ opened: OpenedDocument; path: string; back: string | null }> {
    const asked = params.parse(request.params);
    const opened = await follow(request, () => place.open(dependencies, asked, request.ip));
    speakTo(request, opened.snapshot.locale);
    return { opened, path: place.pathOf(asked), back: place.back?.(asked.token) ?? null };
  }

  /** The form that this browser opened, as the gateway says; a card that was given by then is saved. */
  async function followForm(request: FastifyRequest, { caller }: OpenedDocument) {
    const id = fromPublicId('cardForm', request.cookies[FORM_COOKIE] ?? '');
    return id === null ? null : readCardForm(room, caller, id);
  }

  // Programs that only look whether there is a page have not opened it.
  pages.get(route, { ...PUBLIC, exposeHeadRoute: false }, async (request, reply) => {
    const { opened, path, back } = await open(request);
    const form = await followForm(request, opened);
    if (form && form.status !== 'open') reply.clearCookie(FORM_COOKIE, { path });
    await noteDocumentSeen(dependencies, opened);
    const shown = form?.status === 'completed' ? (await open(request)).opened : opened;
    return send(reply, documentPage(shown, { path, form: newId(), back }));
  });

  pages.get(`${route}/document.pdf`, PUBLIC, async (request, reply) => {
    const { opened } = await open(request);
    const logo = await room.database.inWorkspace(opened.caller.workspace.id, readBusinessLogo);
    const pdf = await renderInvoice(opened.snapshot, { logo: logo?.picture ?? null });
    return sendFile(reply, pdf, 'application/pdf', opened.snapshot.number);
  });

  pages.get(`${route}/logo`, PUBLIC, async (request, reply) => {
    const { opened } = await open(request);
    const logo = await room.database.inWorkspace(opened.caller.workspace.id, readBusinessLogo);
    if (!logo) throw new Failure('not_found');
    return sendFile(reply, logo.bytes, logo.type, null);
  });

  pages.get(`${route}/files/:file`, PUBLIC, async (request, reply) => {
    const { opened } = await open(request);
    const { file } = z.object({ file: z.string() }).parse(request.params);
    const id = fromPublicId('attachment', file);
    if (id === null) throw new Failure('not_found');
    const { caller, invoiceId } = opened;
    const { name, bytes } = await room.database.inWorkspace(caller.workspace.id, (tx) =>
      readAttachment(tx, invoiceId, id),
    );
    headers(reply).header('content-disposition', dispositionOf(name)).header('x-content-type-options', 'nosniff');
    return sendFile(reply, bytes, 'application/octet-stream', null);
  });

  pages.post(`${route}/consent`, PUBLIC, async (request, reply) => {
    const { opened, path } = await open(request);
    const { caller, contactId, invoice } = opened;
    if (!canBePaid(caller, invoice)) throw new Failure('invoice_state_conflict', 'There is nothing to pay here.');
    if (!consentBody.safeParse(request.body).success) return send(reply.status(422), showAgain(opened, path));
    if (!forms.allows(opened.linkId, clock.now())) throw new Failure('rate_limited');
    const given = {
      at: caller.now,
      ip: caller.ip,
      textVersion: consentText('', opened.snapshot.locale).version,
      returnUrl: `${dependencies.publicUrl()}${path}`,
    };
    const form = await openCardForm(room, caller, contactId, { channel: 'web', label: null, given });
    reply.setCookie(FORM_COOKIE, form.id, {
      path,
      httpOnly: true,
      sameSite: 'lax',
      secure: dependencies.publicUrl().startsWith('https:'),
      maxAge: FORM_MS / 1000,
    });
    return send(reply, formPage(businessOf(opened), path, form), { frameSource: frameSourceOf(form.url) });
  });

  pages.get(`${route}/progress`, PUBLIC, async (request, reply) => {
    const { opened, path } = await open(request);
    return send(reply, progressPage(opened.snapshot.locale, path, await followForm(request, opened)), {
      isFramed: true,
    });
  });

  pages.post(`${route}/payments`, PUBLIC, async (request, reply) => {
    const { opened, path } = await open(request);
    const body = paymentBody.safeParse(request.body);
    if (!body.success) return send(reply.status(422), showAgain(opened, path));
    if (!payments.allows(opened.linkId, clock.now())) throw new Failure('rate_limited');
    await payDocument(dependencies, opened, body.data);
    return headers(reply).redirect(`${path}/payments/${body.data.form}`, 303);
  });

  /** A payment of this link by the form it was made with; nobody can name another's. */
  async function paymentOf(request: FastifyRequest) {
    const { opened, path } = await open(request);
    const { form } = z.object({ form: z.string() }).parse(request.params);
    const row = isUuid(form) ? await readDocumentPayment(dependencies, opened, form) : null;
    if (!row) throw new Failure('not_found');
    return { opened, path, row, form };
  }

  pages.get(`${route}/payments/:form`, PUBLIC, async (request, reply) => {
    const { opened, path, row, form } = await paymentOf(request);
    const receipt = { url: `${path}/payments/${form}/receipt.pdf`, label: payWords(opened.snapshot.locale).receipt };
    return send(reply, paymentPage(businessOf(opened), path, row, receipt));
  });

  pages.get(`${route}/payments/:form/receipt.pdf`, PUBLIC, async (request, reply) => {
    const { opened, row } = await paymentOf(request);
    const receipt = await room.database.inWorkspace(opened.caller.workspace.id, (tx) => readReceipt(tx, row.id));
    return sendFile(reply, await renderReceipt(receipt), 'application/pdf', receipt.number);
  });

  /** What the customer says by a form of the page; then they see the page with it. */
  function registerSaying<T>(
    name: string,
    body: z.ZodType<T>,
    say: (opened: OpenedDocument, body: T) => Promise<unknown>,
  ): void {
    pages.post(`${route}/${name}`, PUBLIC, async (request, reply) => {
      const { opened, path } = await open(request);
      const given = body.safeParse(request.body);
      if (!given.success) return send(reply.status(422), showAgain(opened, path));
      if (!said.allows(opened.linkId, clock.now())) throw new Failure('rate_limited');
      await say(opened, given.data);
      return headers(reply).redirect(path, 303);
    });
  }
  registerSaying('promise', promiseBody, (opened, { day }) => promisePayment(dependencies, opened, day));
  registerSaying('dispute', disputeBody, (opened, { words, line }) =>
    disputeDocument(dependencies, opened, words, line === '' ? null : Number(line)),
  );
  registerSaying('answer', answerBody, (opened, { answer, name }) =>
    answerOpenedQuote(dependencies, opened, answer, name),
  );
}

const showAgain = (opened: OpenedDocument, path: string) => documentPage(opened, { path, form: newId(), back: null });

export function sendFile(reply: FastifyReply, bytes: Buffer, type: string, name: string | null) {
  if (name !== null) {
    const plain = name.replace(/[^\w.-]+/g, '-');
    headers(reply).header('content-disposition', `inline; filename="${plain}.pdf"`);
  }
  return headers(reply)
    .type(type)
    .serializer((body: unknown) => body as string)
    .send(bytes);
}

function businessOf({ caller: { workspace }, snapshot }: OpenedDocument): Business {
  return { name: snapshot.seller.name, locale: snapshot.locale, isTest: workspace.mode === 'sandbox' };
}
