import { z } from 'zod';
import { type App, callerOf, uuidFromAddress } from '../workspace/door.ts';
import { idParams } from './api.ts';
import * as api from './api-attachments.ts';
import {
  attachRecurringFile,
  listRecurringFiles,
  readRecurringFile,
  removeRecurringFile,
} from './attach-recurring-file.ts';
import { fileOf, sendAttachment } from './http-attachments.ts';
import { inWorkspaceOf, mayRead, mayWrite } from './http-context.ts';
import type { InvoicesRoom } from './make-invoices-room.ts';
import { shapeAttachment } from './read-attachments.ts';

const tags = ['Recurring invoices'];
const idOf = (id: string) => uuidFromAddress('recurring', id);

/** Doors of the files that go with every invoice of a schedule. */
export function registerRecurringFileDoors(app: App, room: InvoicesRoom): void {
  app.post(
    '/v1/recurring-invoices/:id/attachments',
    {
      config: mayWrite,
      schema: {
        tags,
        summary: 'Add a file that goes with every invoice from the next one on (multipart/form-data, one file)',
        description:
          'The kinds and sizes are those of a document’s files. The same file under the same name is there once.',
        operationId: 'attachRecurringFile',
        consumes: ['multipart/form-data'],
        params: idParams,
        response: { 201: api.attachment },
      },
    },
    async (request, reply) => {
      const given = await fileOf(request, reply);
      const caller = callerOf(request);
      const recurringId = idOf(request.params.id);
      const answer = await inWorkspaceOf(room, caller, async (tx) => {
        const id = await attachRecurringFile(tx, caller, recurringId, given);
        return shapeAttachment((await listRecurringFiles(tx, recurringId)).find((one) => one.id === id)!);
      });
      return reply.status(201).send(answer);
    },
  );

  app.get(
    '/v1/recurring-invoices/:id/attachments',
    {
      config: mayRead,
      schema: {
        tags,
        summary: 'Files that go with every invoice of a schedule',
        operationId: 'listRecurringFiles',
        params: idParams,
        response: { 200: api.attachments },
      },
    },
    async (request) => {
      const id = idOf(request.params.id);
      const rows = await inWorkspaceOf(room, callerOf(request), (tx) => listRecurringFiles(tx, id));
      return { data: rows.map(shapeAttachment) };
    },
  );

  app.get(
    '/v1/recurring-invoices/:id/attachments/:attachment',
    {
      config: mayRead,
      schema: {
        tags,
        summary: 'One of these files, to be saved',
        operationId: 'downloadRecurringFile',
        params: api.attachmentParams,
        produces: ['application/octet-stream'],
      },
    },
    async (request, reply) => {
      const { id, attachment } = request.params;
      const file = await inWorkspaceOf(room, callerOf(request), (tx) =>
        readRecurringFile(tx, idOf(id), uuidFromAddress('attachment', attachment)),
      );
      return sendAttachment(reply, file).header('cache-control', 'private, no-cache').send(file.bytes);
    },
  );

  app.delete(
    '/v1/recurring-invoices/:id/attachments/:attachment',
    {
      config: mayWrite,
      schema: {
        tags,
        summary: 'Take a file from a schedule; invoices that have it keep it',
        operationId: 'removeRecurringFile',
        params: api.attachmentParams,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { id, attachment } = request.params;
      await inWorkspaceOf(room, caller, (tx) =>
        removeRecurringFile(tx, caller, idOf(id), uuidFromAddress('attachment', attachment)),
      );
      return reply.status(204).send(null);
    },
  );
}
