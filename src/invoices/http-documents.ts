import { z } from 'zod';
import { type App, callerOf, uuidFromAddress } from '../workspace/door.ts';
import { idParams } from './api.ts';
import { E_INVOICE_PROFILES } from './e-invoice-rules.ts';
import { inWorkspaceOf, mayRead } from './http-context.ts';
import type { InvoicesRoom } from './make-invoices-room.ts';
import { fileNameOf, renderDocument, writeEInvoice } from './render-document.ts';

const tags = ['Invoices'];
const pdfQuery = z.object({ form: z.enum(['plain', 'hybrid']).default('plain') });
const xmlQuery = z.object({ profile: z.enum(E_INVOICE_PROFILES).default('en16931') });

/** Doors of a document as a file. */
export function registerDocumentDoors(app: App, room: InvoicesRoom): void {
  app.get(
    '/v1/invoices/:id/document.pdf',
    {
      config: mayRead,
      schema: {
        tags,
        summary: 'The document as PDF; of a draft, a preview',
        description: 'As a hybrid (Factur-X, ZUGFeRD) it carries the same invoice as data.',
        operationId: 'getDocumentPdf',
        params: idParams,
        querystring: pdfQuery,
        produces: ['application/pdf'],
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const id = uuidFromAddress('invoice', request.params.id);
      const { snapshot, bytes } = await inWorkspaceOf(room, caller, (tx) =>
        renderDocument(tx, caller, id, request.query.form),
      );
      return reply
        .type('application/pdf')
        .header('content-disposition', `inline; filename="${fileNameOf(snapshot)}.pdf"`)
        .header('cache-control', 'private, no-cache')
        .serializer((body: Buffer) => body as unknown as string)
        .send(await bytes);
    },
  );
  app.get(
    '/v1/invoices/:id/document.xml',
    {
      config: mayRead,
      schema: {
        tags,
        summary: 'An issued invoice or credit note as an e-invoice (UBL 2.1, EN 16931)',
        operationId: 'getDocumentXml',
        params: idParams,
        querystring: xmlQuery,
        produces: ['application/xml'],
      },
    },
    async (request, reply) => {
      const id = uuidFromAddress('invoice', request.params.id);
      const { name, text } = await inWorkspaceOf(room, callerOf(request), (tx) =>
        writeEInvoice(tx, id, request.query.profile),
      );
      return reply
        .type('application/xml; charset=utf-8')
        .header('content-disposition', `attachment; filename="${name}"`)
        .serializer((body: string) => body)
        .send(text);
    },
  );
}
