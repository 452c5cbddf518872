import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Failure } from '../foundation/failure.ts';
import { type App, callerOf, uuidFromAddress } from '../workspace/door.ts';
import { idParams } from './api.ts';
import * as api from './api-attachments.ts';
import { attachFile, fileTooLarge, type GivenFile, removeAttachment } from './attach-file.ts';
import { ATTACHMENT_BYTES_MAX, ATTACHMENT_KIND_WORDS, dispositionOf } from './attachment.ts';
import { refused } from './create-invoice.ts';
import { inWorkspaceOf, mayRead, mayWrite } from './http-context.ts';
import type { InvoicesRoom } from './make-invoices-room.ts';
import { type AttachedFile, listAttachments, readAttachment, shapeAttachment } from './read-attachments.ts';

const tags = ['Invoices'];
/** The form around a file: boundaries and the name of the field. */
const FORM_BYTES_MAX = 64 * 1024;
const idOf = (id: string) => uuidFromAddress('invoice', id);

/** Doors of the files that go with a document. */
export function registerAttachmentDoors(app: App, room: InvoicesRoom): void {
  app.post(
    '/v1/invoices/:id/attachments',
    {
      config: mayWrite,
      schema: {
        tags,
        summary: 'Add a file to a draft (multipart/form-data, one file)',
        description: `The customer sees it with the document. ${ATTACHMENT_KIND_WORDS}; at most 10 MB each, 20 MB and 10 files in all. The same file under the same name is there once.`,
        operationId: 'attachFile',
        consumes: ['multipart/form-data'],
        params: idParams,
        response: { 201: api.attachment },
      },
    },
    async (request, reply) => {
      const given = await fileOf(request, reply);
      const caller = callerOf(request);
      const invoiceId = idOf(request.params.id);
      const answer = await inWorkspaceOf(room, caller, async (tx) => {
        const id = await attachFile(tx, caller, invoiceId, given);
        return shapeAttachment((await listAttachments(tx, invoiceId)).find((one) => one.id === id)!);
      });
      return reply.status(201).send(answer);
    },
  );

  app.get(
    '/v1/invoices/:id/attachments',
    {
      config: mayRead,
      schema: {
        tags,
        summary: 'Files that go with a document',
        operationId: 'listAttachments',
        params: idParams,
        response: { 200: api.attachments },
      },
    },
    async (request) => {
      const rows = await inWorkspaceOf(room, callerOf(request), (tx) => listAttachments(tx, idOf(request.params.id)));
      return { data: rows.map(shapeAttachment) };
    },
  );

  app.get(
    '/v1/invoices/:id/attachments/:attachment',
    {
      config: mayRead,
      schema: {
        tags,
        summary: 'One of these files, to be saved',
        operationId: 'downloadAttachment',
        params: api.attachmentParams,
        produces: ['application/octet-stream'],
      },
    },
    async (request, reply) => {
      const { id, attachment } = request.params;
      const file = await inWorkspaceOf(room, callerOf(request), (tx) =>
        readAttachment(tx, idOf(id), uuidFromAddress('attachment', attachment)),
      );
      return sendAttachment(reply, file).header('cache-control', 'private, no-cache').send(file.bytes);
    },
  );

  app.delete(
    '/v1/invoices/:id/attachments/:attachment',
    {
      config: mayWrite,
      schema: {
        tags,
        summary: 'Take a file from a draft',
        operationId: 'removeAttachment',
        params: api.attachmentParams,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { id, attachment } = request.params;
      await inWorkspaceOf(room, caller, (tx) =>
        removeAttachment(tx, caller, idOf(id), uuidFromAddress('attachment', attachment)),
      );
      return reply.status(204).send(null);
    },
  );
}

/** The one file of a form. Throws payload_too_large, unsupported_media_type, invalid_request. */
export async function fileOf(request: FastifyRequest, reply: FastifyReply): Promise<GivenFile> {
  if (Number(request.headers['content-length'] ?? 0) > ATTACHMENT_BYTES_MAX + FORM_BYTES_MAX) {
    // Said before the first byte is read; what is still on its way has nobody to read it.
    reply.header('connection', 'close');
    throw fileTooLarge();
  }
  if (!request.isMultipart()) throw new Failure('unsupported_media_type', 'Send the file as multipart/form-data.');
  const part = await request.file({ limits: { fileSize: ATTACHMENT_BYTES_MAX } });
  if (!part) throw refused([{ path: 'file', message: 'A file is expected.' }]);
  return { name: part.filename, bytes: await part.toBuffer() };
}

/** Saved, never shown: whatever is in it, no browser takes it for a page of ours. */
export function sendAttachment(reply: FastifyReply, file: AttachedFile): FastifyReply {
  return reply
    .type('application/octet-stream')
    .header('content-disposition', dispositionOf(file.name))
    .header('x-content-type-options', 'nosniff')
    .header('content-security-policy', "default-src 'none'; sandbox")
    .serializer((body: unknown) => body as string);
}
