import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { givenDate } from '../foundation/api.ts';
import { Failure } from '../foundation/failure.ts';
import { fromPublicId, isUuid, newId, toPublicId } from '../foundation/id.ts';
import { addDays, localDateOf } from '../foundation/local-date.ts';
import { readAccountStatement } from '../invoices/read-account-statement.ts';
import { readNumbers } from '../invoices/read-invoice.ts';
import { readBusinessLogo } from '../invoices/read-logo.ts';
import { renderStatement, statementFileName } from '../invoices/render-statement.ts';
import { readStatements } from '../ledger/read-statement.ts';
import { openCardForm, readCardForm } from '../payments/add-card.ts';
import { consentText } from '../payments/consent-languages.ts';
import { editPaymentMethod, removePaymentMethod } from '../payments/edit-payment-method.ts';
import { readRow } from '../payments/read-payment.ts';
import { readReceipt } from '../payments/read-receipt.ts';
import { renderReceipt } from '../payments/render-receipt.ts';
import { makeAttemptLimit } from '../workspace/attempt-limit.ts';
import type { App } from '../workspace/door.ts';
import { readWorkspaceFacts } from '../workspace/read-facts.ts';
import {
  askPage,
  confirmedPage,
  confirmPage,
  customerPage,
  reviewPage,
  type Said,
  statementPage,
} from './customer-page.ts';
import { confirmAddress, editCustomerDetails, sendAddressConfirmation } from './edit-customer-details.ts';
import { type DocumentPlace, sendFile } from './http-documents.ts';
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
import { noteCustomerSeen, openCustomerLink, openCustomerPage } from './open-customer-page.ts';
import { openCustomersDocument } from './open-document.ts';
import type { OpenedCustomer } from './opened-customer.ts';
import { payWords } from './page-words.ts';
import { type Business, deadDocumentPage, formPage, paymentPage, progressPage } from './pages.ts';
import { chosenOf, payCustomerInvoices, readCustomerPayment } from './pay-customer-invoices.ts';
import { readCards, readCustomerContent, readPayable } from './read-customer-page.ts';
import { sendAskedLinks } from './send-asked-link.ts';

const PUBLIC = { config: { access: { public: true } }, schema: { hide: true } } as const;
/** The card form that this browser has open. */
const FORM_COOKIE = 'counterfoil_customer_form';
const FORM_MS = 60 * 60_000;
/** Changes of cards and details by one link. */
const CHANGES_MAX = 30;
/** Addresses that one link may have confirmed: slips, not a way to write to strangers. */
const ADDRESSES_MAX = 3;
/** Links asked for from one network address, and for one e-mail address. */
const ASKED_BY_IP_MAX = 10;
const ASKED_BY_EMAIL_MAX = 3;
/** Statements drawn by one link: some work each. */
const STATEMENTS_MAX = 30;
/** What fits one page, and reads quickly. */
const MOVEMENTS_MAX = 500;
const STATEMENT_DAYS = 90;

const params = z.object({ token: z.string().max(100) });
const text = (max: number) => z.string().trim().max(max).default('');
const detailsBody = z.object({
  name: z.string().trim().min(1).max(200),
  phone: text(60),
  line1: text(200),
  line2: text(200),
  city: text(200),
  region: text(200),
  postal_code: text(200),
  tax_id: text(200),
});
const emailBody = z.object({ email: z.email().max(320) });
const methodBody = z.object({ method: z.string().max(60) });
const paymentBody = z.looseObject({
  form: z.string().refine(isUuid),
  total: z.string().max(20),
  method: z.string().max(60),
});
const statementQuery = z.object({ from: givenDate.optional(), to: givenDate.optional() });

const pathOf = (token: string) => `/my/${encodeURIComponent(token)}`;

/** A document seen from its customer's page. */
export const OF_CUSTOMER: DocumentPlace = {
  route: '/my/:token/documents/:document',
  pathOf: ({ token, document }) => `${pathOf(token)}/documents/${encodeURIComponent(document)}`,
  open: (dependencies, { token, document }, ip) => openCustomersDocument(dependencies, token, document, ip),
  back: pathOf,
};

/** The page where a customer sees all they have with the business, and where they ask for the link to it. */
export function registerCustomerPages(pages: App, dependencies: PortalDependencies): void {
  const { clock, payments: room } = dependencies;
  const { database } = room;
  const follow = furnishPages(pages, clock, pathOf, deadDocumentPage);
  const limits = {
    forms: makeAttemptLimit(FORMS_MAX, WINDOW_MS),
    payments: makeAttemptLimit(PAYMENTS_MAX, WINDOW_MS),
    changes: makeAttemptLimit(CHANGES_MAX, WINDOW_MS),
    addresses: makeAttemptLimit(ADDRESSES_MAX, WINDOW_MS),
    files: makeAttemptLimit(STATEMENTS_MAX, WINDOW_MS),
    askedByIp: makeAttemptLimit(ASKED_BY_IP_MAX, WINDOW_MS),
    askedByEmail: makeAttemptLimit(ASKED_BY_EMAIL_MAX, WINDOW_MS),
  };
  const count = (kind: keyof typeof limits, key: string) => {
    if (!limits[kind].allows(key, clock.now())) throw new Failure('rate_limited');
  };

  async function open(request: FastifyRequest): Promise<{ opened: OpenedCustomer; path: string }> {
    const { token } = params.parse(request.params);
    const opened = await follow(request, () => openCustomerPage(dependencies, token, request.ip));
    speakTo(request, opened.locale);
    return { opened, path: pathOf(token) };
  }

  async function followForm(request: FastifyRequest, { caller }: OpenedCustomer) {
    const id = fromPublicId('cardForm', request.cookies[FORM_COOKIE] ?? '');
    return id === null ? null : readCardForm(room, caller, id);
  }

  registerAsking();
  registerReading();
  registerPaying();
  registerChanging();

  function registerAsking(): void {
    async function businessOf(request: FastifyRequest) {
      const { workspace } = z.object({ workspace: z.string().max(60) }).parse(request.params);
      const id = fromPublicId('workspace', workspace);
      const facts = id === null ? null : await readWorkspaceFacts(database, id);
      if (!facts?.switches.payments_and_ltv) throw new Failure('link_not_valid');
      const business = {
        name: facts.legal.name || facts.name,
        locale: facts.locale,
        isTest: facts.mode === 'sandbox',
      };
      speakTo(request, facts.locale);
      return { id: facts.id, business, path: `/my/of/${workspace}` };
    }
    pages.get('/my/of/:workspace', PUBLIC, async (request, reply) => {
      const { business, path } = await follow(request, () => businessOf(request));
      return send(reply, askPage(business, path, false));
    });
    pages.post('/my/of/:workspace', PUBLIC, async (request, reply) => {
      const { id, business, path } = await follow(request, () => businessOf(request));
      const body = emailBody.safeParse(request.body);
      if (!body.success) return send(reply.status(422), askPage(business, path, false));
      const email = body.data.email.toLowerCase();
      count('askedByIp', request.ip);
      // Counted for known and unknown addresses alike, and said alike: too often is no more than not again.
      if (limits.askedByEmail.allows(`${id} ${email}`, clock.now())) {
        // Not awaited: how long the answer takes must not tell whether the address is known.
        void sendAskedLinks(dependencies, id, email).catch((error) =>
          request.log.error({ err: error, request: request.id }, 'a link that was asked for could not be sent'),
        );
      }
      return send(reply, askPage(business, path, true));
    });
  }

  function registerReading(): void {
    // Programs that only look whether there is a page have not opened it.
    pages.get('/my/:token', { ...PUBLIC, exposeHeadRoute: false }, async (request, reply) => {
      const { token } = params.parse(request.params);
      const path = pathOf(token);
      const opened = await follow(request, () => openCustomerLink(dependencies, token, request.ip));
      speakTo(request, opened.locale);
      if (opened.link.new_email !== null) return send(reply, confirmPage(opened, { path }));
      const form = await followForm(request, opened);
      if (form && form.status !== 'open') reply.clearCookie(FORM_COOKIE, { path });
      await noteCustomerSeen(dependencies, opened);
      const content = await database.inWorkspace(opened.caller.workspace.id, (tx) => readCustomerContent(tx, opened));
      const { said, email } = z
        .object({ said: z.enum(['email', 'confirmed']).nullable().catch(null), email: text(320).catch('') })
        .parse(request.query ?? {});
      return send(reply, customerPage(opened, content, { path, said: said as Said, email }));
    });
    pages.get('/my/:token/logo', PUBLIC, async (request, reply) => {
      const { opened } = await open(request);
      const logo = await database.inWorkspace(opened.caller.workspace.id, readBusinessLogo);
      if (!logo) throw new Failure('not_found');
      return sendFile(reply, logo.bytes, logo.type, null);
    });
    pages.get('/my/:token/statement', PUBLIC, async (request, reply) => {
      const { opened, path } = await open(request);
      const { caller, contactIds } = opened;
      const query = statementQuery.safeParse(request.query);
      if (!query.success) throw new Failure('invalid_request');
      const to = query.data.to ?? localDateOf(caller.now, caller.workspace.timeZone);
      const from = query.data.from ?? addDays(to, -STATEMENT_DAYS);
      const { statements, numbers } = await database.inWorkspace(caller.workspace.id, async (tx) => {
        const found = from > to ? [] : await readStatements(tx, contactIds, { from, to }, MOVEMENTS_MAX);
        const ids = found.flatMap(({ movements }) => movements.flatMap((row) => row.document_id ?? []));
        const rows = await readNumbers(tx, ids);
        return { statements: found, numbers: new Map(rows.map((row) => [row.id, row.number ?? ''])) };
      });
      return send(reply, statementPage(opened, statements, numbers, { path, from, to }));
    });
    pages.get('/my/:token/statement.pdf', PUBLIC, async (request, reply) => {
      const { opened } = await open(request);
      const query = statementQuery.safeParse(request.query);
      if (!query.success) throw new Failure('invalid_request');
      count('files', opened.link.id);
      const { caller, contactId } = opened;
      const { statement, logo } = await database.inWorkspace(caller.workspace.id, async (tx) => ({
        statement: await readAccountStatement(tx, caller, contactId, query.data),
        logo: await readBusinessLogo(tx),
      }));
      const name = statementFileName(statement).replace(/\.pdf$/, '');
      return sendFile(reply, await renderStatement(statement, logo?.picture ?? null), 'application/pdf', name);
    });
    pages.get('/my/:token/receipts/:payment.pdf', PUBLIC, async (request, reply) => {
      const { opened } = await open(request);
      const asked = z.object({ payment: z.string() }).parse(request.params).payment;
      const id = fromPublicId('payment', asked);
      const receipt = await database.inWorkspace(opened.caller.workspace.id, async (tx) => {
        const row = id === null ? null : await readRow(tx, id);
        if (!row || !opened.contactIds.includes(row.contact_id)) throw new Failure('not_found');
        return readReceipt(tx, row.id);
      });
      return sendFile(reply, await renderReceipt(receipt), 'application/pdf', receipt.number);
    });
  }

  function registerPaying(): void {
    pages.get('/my/:token/pay', PUBLIC, async (request, reply) => {
      const { opened, path } = await open(request);
      const { payable, methods } = await database.inWorkspace(opened.caller.workspace.id, async (tx) => ({
        payable: await readPayable(tx, opened),
        methods: (await readCards(tx, opened)).filter(({ state }) => state === 'usable'),
      }));
      const chosen = chosenOf(payable, chosenIn(request.query));
      if (methods.length === 0) throw new Failure('method_not_usable');
      return send(reply, reviewPage(opened, chosen, methods, { path, form: newId() }));
    });
    pages.post('/my/:token/payments', PUBLIC, async (request, reply) => {
      const { opened, path } = await open(request);
      const body = paymentBody.safeParse(request.body);
      if (!body.success) throw new Failure('invalid_request');
      count('payments', opened.link.id);
      const { form, total, method } = body.data;
      await payCustomerInvoices(dependencies, opened, { form, total, method, invoices: chosenIn(body.data) });
      return headers(reply).redirect(`${path}/payments/${form}`, 303);
    });
    pages.get('/my/:token/payments/:form', PUBLIC, async (request, reply) => {
      const { opened, path } = await open(request);
      const { form } = z.object({ form: z.string() }).parse(request.params);
      const row = isUuid(form) ? await readCustomerPayment(dependencies, opened, form) : null;
      if (!row) throw new Failure('not_found');
      const url = `${path}/receipts/${toPublicId('payment', row.id)}.pdf`;
      const receipt = { url, label: payWords(opened.locale).receipt };
      return send(reply, paymentPage(businessOfCustomer(opened), path, row, receipt));
    });
    pages.post('/my/:token/consent', PUBLIC, async (request, reply) => {
      const { opened, path } = await open(request);
      const { caller, contactId } = opened;
      if (!z.object({ agree: z.literal('yes') }).safeParse(request.body).success)
        return headers(reply).redirect(path, 303);
      count('forms', opened.link.id);
      const given = {
        at: caller.now,
        ip: caller.ip,
        textVersion: consentText('', opened.locale).version,
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
      const frameSource = frameSourceOf(form.url);
      return send(reply, formPage(businessOfCustomer(opened), path, form), { frameSource });
    });
    pages.get('/my/:token/progress', PUBLIC, async (request, reply) => {
      const { opened, path } = await open(request);
      return send(reply, progressPage(opened.locale, path, await followForm(request, opened)), { isFramed: true });
    });
  }

  function registerChanging(): void {
    /** A saved method of this very customer. */
    async function methodOf(request: FastifyRequest, opened: OpenedCustomer): Promise<string> {
      const body = methodBody.safeParse(request.body);
      const methods = await database.inWorkspace(opened.caller.workspace.id, (tx) => readCards(tx, opened));
      const found = body.success && methods.find(({ id }) => id === body.data.method);
      if (!found) throw new Failure('not_found');
      count('changes', opened.link.id);
      return fromPublicId('paymentMethod', found.id)!;
    }
    pages.post('/my/:token/cards/default', PUBLIC, async (request, reply) => {
      const { opened, path } = await open(request);
      const id = await methodOf(request, opened);
      await database.inWorkspace(opened.caller.workspace.id, (tx) =>
        editPaymentMethod(tx, opened.caller, id, { makeDefault: true }),
      );
      return headers(reply).redirect(path, 303);
    });
    pages.post('/my/:token/cards/remove', PUBLIC, async (request, reply) => {
      const { opened, path } = await open(request);
      await removePaymentMethod(room, opened.caller, await methodOf(request, opened));
      return headers(reply).redirect(path, 303);
    });
    pages.post('/my/:token/details', PUBLIC, async (request, reply) => {
      const { opened, path } = await open(request);
      const body = detailsBody.safeParse(request.body);
      if (!body.success) throw new Failure('invalid_request');
      count('changes', opened.link.id);
      await editCustomerDetails(dependencies, opened, body.data);
      return headers(reply).redirect(path, 303);
    });
    pages.post('/my/:token/email', PUBLIC, async (request, reply) => {
      const { opened, path } = await open(request);
      const body = emailBody.safeParse(request.body);
      if (!body.success) throw new Failure('invalid_request');
      count('addresses', opened.link.id);
      await sendAddressConfirmation(dependencies, opened, body.data.email);
      return headers(reply).redirect(`${path}?said=email&email=${encodeURIComponent(body.data.email)}`, 303);
    });
    pages.post('/my/:token/confirm', PUBLIC, async (request, reply) => {
      const { token } = params.parse(request.params);
      const opened = await follow(request, () => openCustomerLink(dependencies, token, request.ip));
      speakTo(request, opened.locale);
      await confirmAddress(dependencies, opened);
      return send(reply, confirmedPage(opened));
    });
  }
}

/** Invoices that are ticked in a form: fields pay-inv_… */
function chosenIn(fields: unknown): string[] {
  return Object.keys((fields ?? {}) as object).flatMap((name) => (name.startsWith('pay-') ? [name.slice(4)] : []));
}

function businessOfCustomer({ caller: { workspace }, locale }: OpenedCustomer): Business {
  return { name: workspace.legal.name || workspace.name, locale, isTest: workspace.mode === 'sandbox' };
}
