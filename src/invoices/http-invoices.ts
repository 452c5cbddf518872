import type { FastifyRequest } from 'fastify';
import { fromPublicId } from '../foundation/id.ts';
import {
  type App,
  callerOf,
  entityTag,
  expectedVersionOf,
  idempotencyKeyOf,
  uuidFromAddress,
  uuidFromField,
} from '../workspace/door.ts';
import { answerQuote, copyInvoice, invoiceQuote } from './answer-quote.ts';
import * as api from './api.ts';
import { ATTACHMENTS_BYTES_MAX } from './attachment.ts';
import { previewInvoice, readWritingFacts, writeDocument } from './create-invoice.ts';
import { creditInvoice } from './credit-invoice.ts';
import { editInvoice, removeDraft } from './edit-invoice.ts';
import { inWorkspaceOf, mayRead, mayWrite } from './http-context.ts';
import { listInvoices, totalInvoices } from './list-invoices.ts';
import { type InvoicesRoom, writingOf } from './make-invoices-room.ts';
import { readInvoice, shapeWritten } from './read-invoice.ts';
import { voidInvoice, writeOffInvoice } from './void-invoice.ts';

const tags = ['Invoices'];
/** All files of a document as base 64, and the lines. */
const CREDIT_NOTE_BODY_BYTES_MAX = Math.ceil(ATTACHMENTS_BYTES_MAX / 3) * 4 + 2 ** 20;

/** Doors of invoices, quotes and credit notes. */
export function registerInvoiceDoors(app: App, room: InvoicesRoom): void {
  app.get(
    '/v1/invoices',
    {
      config: mayRead,
      schema: {
        tags,
        summary: 'Invoices, quotes or credit notes, newest first; what is open by its due date',
        operationId: 'listInvoices',
        querystring: api.listInvoicesQuery,
        response: { 200: api.invoiceList },
      },
    },
    async (request) =>
      inWorkspaceOf(room, callerOf(request), (tx) => listInvoices(tx, callerOf(request), request.query)),
  );

  app.get(
    '/v1/invoices/totals',
    {
      config: mayRead,
      schema: {
        tags,
        summary: 'Sums per currency over everything a filter matches',
        operationId: 'totalInvoices',
        querystring: api.invoiceFilter,
        response: { 200: api.invoiceTotals },
      },
    },
    async (request) =>
      inWorkspaceOf(room, callerOf(request), (tx) => totalInvoices(tx, callerOf(request), request.query)),
  );

  app.post(
    '/v1/invoices',
    {
      config: mayWrite,
      schema: {
        tags,
        summary: 'Write an invoice or quote as a draft, or issue it at once',
        description: 'With an Idempotency-Key a repeated request answers with the document that the first one made.',
        operationId: 'createInvoice',
        body: api.newInvoice,
        response: { 201: api.invoice },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { body } = request;
      const { id, document } = await room.write({
        caller,
        writing: writingOf(body),
        origin: { externalRef: body.external_ref ?? null, key: optionalKeyOf(request) },
        issue: body.issue ? { issuedOn: null, seriesId: seriesOf(body.series_id) } : null,
      });
      const answer =
        (document && shapeWritten(caller, document)) ??
        (await inWorkspaceOf(room, caller, (tx) => readInvoice(tx, caller, id)));
      entityTag(reply, answer.version);
      return reply.status(201).send(answer);
    },
  );

  app.post(
    '/v1/invoices/previews',
    {
      config: mayRead,
      schema: {
        tags,
        summary: 'What an invoice would come to, without writing it',
        operationId: 'previewInvoice',
        body: api.newInvoice,
        response: { 200: api.invoicePreview },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const contactId = fromPublicId('contact', request.body.contact_id);
      return inWorkspaceOf(room, caller, async (tx) => {
        const facts = await readWritingFacts(tx, contactId === null ? [] : [contactId], [request.body.lines]);
        return previewInvoice(writeDocument(writingOf(request.body), facts, caller), facts, caller);
      });
    },
  );

  app.get(
    '/v1/invoices/:id',
    {
      config: mayRead,
      schema: {
        tags,
        summary: 'One document',
        operationId: 'getInvoice',
        params: api.idParams,
        response: { 200: api.invoice },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const answer = await inWorkspaceOf(room, caller, (tx) => readInvoice(tx, caller, idOf(request.params.id)));
      entityTag(reply, answer.version);
      return answer;
    },
  );

  app.patch(
    '/v1/invoices/:id',
    {
      config: mayWrite,
      schema: {
        tags,
        summary: 'Change a draft',
        operationId: 'editInvoice',
        params: api.idParams,
        body: api.invoiceChanges,
        response: { 200: api.invoice },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const version = expectedVersionOf(request);
      const answer = await inWorkspaceOf(room, caller, (tx) =>
        editInvoice(tx, caller, idOf(request.params.id), request.body, version),
      );
      entityTag(reply, answer.version);
      return answer;
    },
  );

  app.delete(
    '/v1/invoices/:id',
    {
      config: mayWrite,
      schema: {
        tags,
        summary: 'Throw away a draft',
        operationId: 'removeDraft',
        params: api.idParams,
        response: { 204: api.nothing },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      await inWorkspaceOf(room, caller, (tx) => removeDraft(tx, caller, idOf(request.params.id)));
      return reply.status(204).send(null);
    },
  );
}

/** What is done to a document, each as a noun of its own. */
export function registerInvoiceStepDoors(app: App, room: InvoicesRoom): void {
  const answerWith = async (request: FastifyRequest, id: string) => {
    const caller = callerOf(request);
    return inWorkspaceOf(room, caller, (tx) => readInvoice(tx, caller, id));
  };

  app.post(
    '/v1/invoices/:id/issuance',
    {
      config: mayWrite,
      schema: {
        tags,
        summary: 'Issue a draft: it gets its number and never changes again',
        operationId: 'issueInvoice',
        params: api.idParams,
        body: api.issuance,
        response: { 201: api.invoice },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { issued_on, series_id } = request.body;
      const { id, applied } = await room.issue({
        caller,
        invoiceId: idOf(request.params.id),
        issuedOn: issued_on ?? null,
        seriesId: seriesOf(series_id),
      });
      if (!applied) reply.header('idempotent-replayed', 'true');
      return reply.status(201).send(await answerWith(request, id));
    },
  );

  app.post(
    '/v1/invoices/:id/voiding',
    {
      config: mayWrite,
      schema: {
        tags,
        summary: 'Declare an issued invoice or quote void; its number stays taken',
        operationId: 'voidInvoice',
        params: api.idParams,
        body: api.voiding,
        response: { 201: api.invoice },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const id = idOf(request.params.id);
      await inWorkspaceOf(room, caller, (tx) => voidInvoice(tx, caller, id, request.body.reason));
      return reply.status(201).send(await answerWith(request, id));
    },
  );

  app.post(
    '/v1/invoices/:id/write-offs',
    {
      config: mayWrite,
      schema: {
        tags,
        summary: 'Give up what is open, or a part of it',
        operationId: 'writeOffInvoice',
        params: api.idParams,
        body: api.writeOff,
        response: { 201: api.invoice },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const id = idOf(request.params.id);
      const { amount_minor, reason } = request.body;
      const amount = amount_minor === undefined ? null : BigInt(amount_minor);
      await inWorkspaceOf(room, caller, (tx) => writeOffInvoice(tx, caller, id, amount, reason));
      return reply.status(201).send(await answerWith(request, id));
    },
  );

  app.post(
    '/v1/invoices/:id/credit-notes',
    {
      config: mayWrite,
      bodyLimit: CREDIT_NOTE_BODY_BYTES_MAX,
      schema: {
        tags,
        summary: 'Write and issue a credit note about an invoice',
        operationId: 'creditInvoice',
        params: api.idParams,
        body: api.newCreditNote,
        response: { 201: api.invoice },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { lines, reason, attachments } = request.body;
      const files = attachments.map(({ name, content }) => ({ name, bytes: Buffer.from(content, 'base64') }));
      const creditId = await inWorkspaceOf(room, caller, (tx) =>
        creditInvoice(tx, caller, idOf(request.params.id), { lines: lines ?? null, reason, files }, room.payments),
      );
      return reply.status(201).send(await answerWith(request, creditId));
    },
  );

  app.post(
    '/v1/invoices/:id/copies',
    {
      config: mayWrite,
      schema: {
        tags,
        summary: 'Write the same document again as a draft',
        operationId: 'copyInvoice',
        params: api.idParams,
        body: api.newCopy,
        response: { 201: api.invoice },
      },
    },
    async (request, reply) => {
      const copy = await copyInvoice(room, callerOf(request), idOf(request.params.id), request.body.replaces);
      return reply.status(201).send(await answerWith(request, copy));
    },
  );

  app.post(
    '/v1/invoices/:id/acceptance',
    {
      config: mayWrite,
      schema: {
        tags,
        summary: 'Record the customer’s answer to a quote',
        operationId: 'answerQuote',
        params: api.idParams,
        body: api.quoteAnswer,
        response: { 201: api.invoice },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const id = idOf(request.params.id);
      await inWorkspaceOf(room, caller, (tx) =>
        answerQuote(tx, caller, id, request.body.answer, request.body.by ?? caller.name),
      );
      return reply.status(201).send(await answerWith(request, id));
    },
  );

  app.post(
    '/v1/invoices/:id/invoicing',
    {
      config: mayWrite,
      schema: {
        tags,
        summary: 'Make a draft invoice from a quote, once',
        operationId: 'invoiceQuote',
        params: api.idParams,
        response: { 201: api.invoice },
      },
    },
    async (request, reply) => {
      const id = await invoiceQuote(room, callerOf(request), idOf(request.params.id));
      return reply.status(201).send(await answerWith(request, id));
    },
  );
}

function idOf(publicId: string): string {
  return uuidFromAddress('invoice', publicId);
}

function seriesOf(publicId: string | undefined): string | null {
  return publicId === undefined ? null : uuidFromField('series', publicId, 'series_id');
}

/** A key is welcome here and not asked for: writing a draft moves no money. */
function optionalKeyOf(request: FastifyRequest): string | null {
  const { headers } = request;
  return headers['idempotency-key'] === undefined ? null : `api ${idempotencyKeyOf({ headers })}`;
}
