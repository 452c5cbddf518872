import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { newId } from '../foundation/id.ts';
import type { Caller } from '../workspace/caller.ts';
import { type App, callerOf, entityTag, expectedVersionOf } from '../workspace/door.ts';
import * as api from './api.ts';
import { editMailSettings, readMailSettings } from './edit-mail-settings.ts';
import { editMessageTemplate, listMessageTemplates, previewMessage } from './edit-message-template.ts';
import { readMessage } from './list-messages.ts';
import type { MessagesRoom } from './make-messages-room.ts';
import { sendTestMail } from './send-test-mail.ts';

const tags = ['Messages'];
const mayRead = { access: { right: 'settings.read' } } as const;
const maySet = { access: { right: 'settings.write' } } as const;

/** Doors of Settings → Mail. */
export function registerMailSettingsDoors(app: App, room: MessagesRoom): void {
  const { database } = room;
  const answer = async (caller: Caller, reply: FastifyReply) => {
    const settings = await database.inWorkspace(caller.workspace.id, (tx) => readMailSettings(room, tx, caller));
    entityTag(reply, settings.version);
    return settings;
  };

  app.get(
    '/v1/mail-settings',
    {
      config: mayRead,
      schema: {
        tags,
        summary: 'How the workspace sends mail, and what would happen to a message now',
        operationId: 'getMailSettings',
        response: { 200: api.mailSettings },
      },
    },
    async (request, reply) => answer(callerOf(request), reply),
  );

  app.patch(
    '/v1/mail-settings',
    {
      config: maySet,
      schema: {
        tags,
        summary: 'Change how the workspace sends mail, and who is told of what',
        operationId: 'editMailSettings',
        body: api.mailSettingsChanges,
        response: { 200: api.mailSettings },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const expected = expectedVersionOf(request);
      await database.inWorkspace(caller.workspace.id, (tx) =>
        editMailSettings(room, tx, caller, request.body, expected),
      );
      return answer(caller, reply);
    },
  );

  app.post(
    '/v1/mail-settings/tests',
    {
      config: maySet,
      schema: {
        tags,
        summary: 'Send a test mail now, and tell what the mail server said',
        operationId: 'sendTestMail',
        body: api.testMailBody,
        response: { 201: api.message },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const id = await sendTestMail(room, caller, request.body.to, newId());
      return reply.status(201).send(await database.inWorkspace(caller.workspace.id, (tx) => readMessage(tx, id)));
    },
  );

  app.get(
    '/v1/message-templates',
    {
      config: mayRead,
      schema: {
        tags,
        summary: 'Words of every kind of message in every language, with the variables that they may use',
        operationId: 'listMessageTemplates',
        response: { 200: api.messageTemplates },
      },
    },
    async (request) =>
      database.inWorkspace(callerOf(request).workspace.id, async (tx) => ({ data: await listMessageTemplates(tx) })),
  );

  app.put(
    '/v1/message-templates/:kind/:language',
    {
      config: maySet,
      schema: {
        tags,
        summary: 'Change the words of a kind of message in a language; empty ones bring the program’s own back',
        operationId: 'editMessageTemplate',
        params: api.templateParams,
        body: api.templateBody,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { params, body } = request;
      await database.inWorkspace(caller.workspace.id, (tx) => editMessageTemplate(tx, caller, params, body));
      return reply.status(204).send(null);
    },
  );

  app.post(
    '/v1/message-templates/previews',
    {
      config: mayRead,
      schema: {
        tags,
        summary: 'A message filled with examples, without keeping or sending anything',
        operationId: 'previewMessage',
        body: api.previewBody,
        response: { 200: api.messagePreview },
      },
    },
    async (request) => {
      const { kind, language, ...words } = request.body;
      const caller = callerOf(request);
      const look = await database.inWorkspace(caller.workspace.id, room.readLook);
      return previewMessage(caller, { kind, language, words }, look);
    },
  );
}
