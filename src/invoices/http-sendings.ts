import { z } from 'zod';
import { toPublicId } from '../foundation/id.ts';
import { documentLinks, madeDocumentLink } from '../messages/api.ts';
import { listDocumentLinks } from '../messages/list-document-links.ts';
import { listMessagesAbout, readMessage } from '../messages/list-messages.ts';
import { makeDocumentLink, revokeDocumentLinks } from '../messages/make-document-link.ts';
import { type App, callerOf, idempotencyKeyOf, uuidFromAddress } from '../workspace/door.ts';
import { recordAudit } from '../workspace/write-audit.ts';
import { idParams } from './api.ts';
import * as api from './api-sendings.ts';
import { inWorkspaceOf, mayRead, mayWrite } from './http-context.ts';
import type { InvoicesRoom } from './make-invoices-room.ts';
import { readInvoice, readIssuedDocument } from './read-invoice.ts';
import { type SendingDependencies, sendInvoice } from './send-invoice.ts';

const tags = ['Invoices'];
const about = (id: string) => ({ kind: 'invoice', id }) as const;

/** Doors by which a document goes to the customer: by e-mail, and by link. */
export function registerSendingDoors(app: App, room: InvoicesRoom, sending: SendingDependencies): void {
  app.post(
    '/v1/invoices/:id/sendings',
    {
      config: mayWrite,
      schema: {
        tags,
        summary: 'Send a document by e-mail',
        description:
          'With an Idempotency-Key a repeated request answers with the message that the first one made; without one there is one message for each day and address.',
        operationId: 'sendInvoice',
        params: idParams,
        body: api.newSending,
        response: { 201: api.sending },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { headers } = request;
      const key = headers['idempotency-key'] === undefined ? null : idempotencyKeyOf({ headers });
      const invoiceId = idOf(request.params.id);
      const answer = await inWorkspaceOf(room, caller, async (tx) =>
        readMessage(tx, await sendInvoice(sending, tx, caller, invoiceId, { ...request.body, key })),
      );
      return reply.status(201).send(answer);
    },
  );

  app.get(
    '/v1/invoices/:id/sendings',
    {
      config: mayRead,
      schema: {
        tags,
        summary: 'Messages that a document was sent with, the newest first',
        operationId: 'listInvoiceSendings',
        params: idParams,
        response: { 200: api.sendings },
      },
    },
    async (request) => {
      const id = idOf(request.params.id);
      const caller = callerOf(request);
      return inWorkspaceOf(room, caller, async (tx) => {
        await readInvoice(tx, caller, id);
        return { data: await listMessagesAbout(tx, id) };
      });
    },
  );

  app.post(
    '/v1/invoices/:id/links',
    {
      config: mayWrite,
      schema: {
        tags,
        summary: 'Make a link by which the customer sees and pays a document; it is shown in this answer only',
        operationId: 'makeInvoiceLink',
        params: idParams,
        response: { 201: madeDocumentLink },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const id = idOf(request.params.id);
      const link = await inWorkspaceOf(room, caller, async (tx) => {
        await readIssuedDocument(tx, id);
        const made = await makeDocumentLink(tx, caller, about(id), sending.messages.publicUrl());
        await recordAudit(tx, caller, { action: 'document_link.made', subjectKind: 'invoice', subjectId: id });
        return made;
      });
      return reply.status(201).send({ id: toPublicId('documentLink', link.id), url: link.url });
    },
  );

  app.get(
    '/v1/invoices/:id/links',
    {
      config: mayRead,
      schema: {
        tags,
        summary: 'Links of a document, the newest first, without their addresses',
        operationId: 'listInvoiceLinks',
        params: idParams,
        response: { 200: documentLinks },
      },
    },
    async (request) => {
      const id = idOf(request.params.id);
      const caller = callerOf(request);
      return inWorkspaceOf(room, caller, async (tx) => {
        await readInvoice(tx, caller, id);
        return { data: await listDocumentLinks(tx, about(id)) };
      });
    },
  );

  app.delete(
    '/v1/invoices/:id/links',
    {
      config: mayWrite,
      schema: {
        tags,
        summary: 'Make every link of a document worthless',
        operationId: 'revokeInvoiceLinks',
        params: idParams,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const id = idOf(request.params.id);
      await inWorkspaceOf(room, caller, (tx) => revokeDocumentLinks(tx, caller, about(id), null));
      return reply.status(204).send(null);
    },
  );
}

const idOf = (id: string) => uuidFromAddress('invoice', id);
