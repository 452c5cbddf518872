import { pageQuery } from '../foundation/api.ts';
import { type App, callerOf, entityTag, expectedVersionOf, uuidFromAddress } from '../workspace/door.ts';
import * as api from './api.ts';
import { type DoorContext, inWorkspaceOf, mayRead, mayWrite } from './http-context.ts';
import { listNotesOfContact } from './list-notes.ts';
import { deleteNote, editNote, restoreNote, writeNote } from './write-note.ts';

const tags = ['Notes'];

/** Doors of notes on contacts. */
export function registerNoteDoors(app: App, context: DoorContext): void {
  app.get(
    '/v1/contacts/:id/notes',
    {
      config: mayRead,
      schema: {
        tags,
        summary: 'Notes of a contact and of those merged into it, newest first',
        operationId: 'listNotes',
        params: api.contactParams,
        querystring: pageQuery.strict(),
        response: { 200: api.notePage },
      },
    },
    async (request) => {
      const id = uuidFromAddress('contact', request.params.id);
      return inWorkspaceOf(context, callerOf(request), (tx) => listNotesOfContact(tx, id, request.query));
    },
  );

  app.post(
    '/v1/contacts/:id/notes',
    {
      config: mayWrite,
      schema: {
        tags,
        summary: 'Write a note',
        operationId: 'writeNote',
        params: api.contactParams,
        body: api.noteBody,
        response: { 201: api.note },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const id = uuidFromAddress('contact', request.params.id);
      const answer = await inWorkspaceOf(context, caller, (tx) => writeNote(tx, caller, id, request.body.body));
      entityTag(reply, answer.version);
      return reply.status(201).send(answer);
    },
  );

  const schema = { tags, params: api.contactParams, response: { 200: api.note } };

  app.patch(
    '/v1/notes/:id',
    {
      config: mayWrite,
      schema: { ...schema, summary: 'Replace the text of a note', operationId: 'editNote', body: api.noteBody },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const id = uuidFromAddress('note', request.params.id);
      const version = expectedVersionOf(request);
      const answer = await inWorkspaceOf(context, caller, (tx) => editNote(tx, caller, id, request.body.body, version));
      entityTag(reply, answer.version);
      return answer;
    },
  );

  app.delete(
    '/v1/notes/:id',
    { config: mayWrite, schema: { ...schema, summary: 'Take a note away', operationId: 'deleteNote' } },
    async (request) => {
      const caller = callerOf(request);
      const id = uuidFromAddress('note', request.params.id);
      return inWorkspaceOf(context, caller, (tx) => deleteNote(tx, caller, id));
    },
  );

  app.post(
    '/v1/notes/:id/restoration',
    { config: mayWrite, schema: { ...schema, summary: 'Bring a deleted note back', operationId: 'restoreNote' } },
    async (request) => {
      const caller = callerOf(request);
      const id = uuidFromAddress('note', request.params.id);
      return inWorkspaceOf(context, caller, (tx) => restoreNote(tx, caller, id));
    },
  );
}
