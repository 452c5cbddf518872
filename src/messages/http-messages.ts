import { z } from 'zod';
import { type App, callerOf, uuidFromAddress, uuidFromField } from '../workspace/door.ts';
import * as api from './api.ts';
import { listMessages, readMessage, readMessageBytes, readMessageContent } from './list-messages.ts';
import type { MessagesRoom } from './make-messages-room.ts';
import { REPORT_BYTES_MAX, receiveBounce } from './receive-bounce.ts';
import { sendMessageAgain } from './send-message-again.ts';

const tags = ['Messages'];
const mayRead = { access: { right: 'invoices.read' } } as const;
const maySend = { access: { right: 'invoices.write' } } as const;
const maySet = { access: { right: 'settings.write' } } as const;

/** Doors of the outbox: what was sent, what was not, and what came back. */
export function registerMessageDoors(app: App, room: MessagesRoom): void {
  const { database } = room;

  app.get(
    '/v1/messages',
    {
      config: mayRead,
      schema: {
        tags,
        summary: 'Messages, the newest first',
        operationId: 'listMessages',
        querystring: api.listMessagesQuery,
        response: { 200: api.messageList },
      },
    },
    async (request) => {
      const { state, contact_id: contact, cursor, limit } = request.query;
      return database.inWorkspace(callerOf(request).workspace.id, (tx) =>
        listMessages(tx, {
          limit,
          ...(state ? { what: state } : {}),
          ...(cursor === undefined ? {} : { cursor }),
          ...(contact ? { contactId: uuidFromField('contact', contact, 'contact_id') } : {}),
        }),
      );
    },
  );

  app.get(
    '/v1/messages/:id',
    {
      config: mayRead,
      schema: {
        tags,
        summary: 'One message and what became of it',
        operationId: 'getMessage',
        params: api.messageParams,
        response: { 200: api.message },
      },
    },
    async (request) =>
      database.inWorkspace(callerOf(request).workspace.id, (tx) => readMessage(tx, idOf(request.params.id))),
  );

  app.get(
    '/v1/messages/:id/content',
    {
      config: mayRead,
      schema: {
        tags,
        summary: 'What a message says, and which files it brings',
        operationId: 'getMessageContent',
        params: api.messageParams,
        response: { 200: api.messageContent },
      },
    },
    async (request) =>
      database.inWorkspace(callerOf(request).workspace.id, (tx) => readMessageContent(tx, idOf(request.params.id))),
  );

  app.get(
    '/v1/messages/:id/message.eml',
    {
      config: mayRead,
      schema: {
        tags,
        summary: 'A message as a file, byte for byte as it is handed over',
        operationId: 'downloadMessage',
        params: api.messageParams,
        produces: ['message/rfc822'],
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const bytes = await database.inWorkspace(callerOf(request).workspace.id, (tx) => readMessageBytes(tx, idOf(id)));
      return reply
        .type('message/rfc822')
        .header('content-disposition', `attachment; filename="${id}.eml"`)
        .header('cache-control', 'private, no-store')
        .serializer((body: Buffer) => body as unknown as string)
        .send(bytes);
    },
  );

  app.post(
    '/v1/messages/:id/retries',
    {
      config: maySend,
      schema: {
        tags,
        summary: 'Send a message again that was kept, failed, or of which nobody knows whether it went out',
        operationId: 'sendMessageAgain',
        params: api.messageParams,
        response: { 201: api.message },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const id = idOf(request.params.id);
      await database.inWorkspace(caller.workspace.id, (tx) => sendMessageAgain(room, tx, caller, id));
      const answer = await database.inWorkspace(caller.workspace.id, (tx) => readMessage(tx, id));
      return reply.status(201).send(answer);
    },
  );
}

/** The door for mail that came back: a mail server pipes it here as it is. */
export function registerBounceDoor(app: App, room: MessagesRoom): void {
  void app.register(async (scope) => {
    scope.addContentTypeParser(
      'message/rfc822',
      { parseAs: 'buffer', bodyLimit: REPORT_BYTES_MAX },
      (_request, body, done) => done(null, body),
    );
    (scope as unknown as App).post(
      '/v1/messages/bounces',
      {
        config: maySet,
        bodyLimit: REPORT_BYTES_MAX,
        schema: {
          tags,
          summary:
            'Take in a mail that came back undelivered (Content-Type: message/rfc822, the whole mail as the body)',
          operationId: 'receiveBounce',
          consumes: ['message/rfc822'],
          body: z.instanceof(Buffer, { error: 'Send the whole mail as the body, with Content-Type: message/rfc822.' }),
          response: { 200: api.bounceAnswer },
        },
      },
      async (request) => {
        const caller = callerOf(request);
        const raw = request.body;
        return room.database.inWorkspace(caller.workspace.id, (tx) => receiveBounce(tx, caller, raw));
      },
    );
  });
}

const idOf = (id: string) => uuidFromAddress('message', id);
