import { type App, callerOf, uuidFromAddress, uuidFromField } from '../workspace/door.ts';
import * as api from './api.ts';
import { type DoorContext, inWorkspaceOf, mayRead, mayWrite } from './http-context.ts';
import { listMerges, mergeContacts } from './merge-contacts.ts';
import { unmergeContacts } from './unmerge-contacts.ts';

const tags = ['Contacts'];

/** Doors of merging duplicates and of parting them again. */
export function registerMergeDoors(app: App, context: DoorContext): void {
  app.post(
    '/v1/contacts/:id/merges',
    {
      config: mayWrite,
      schema: {
        tags,
        summary: 'Merge another contact into this one: money, cards, notes and tags are then shown together',
        operationId: 'mergeContacts',
        params: api.contactParams,
        body: api.newMerge,
        response: { 201: api.merge },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const keptId = uuidFromAddress('contact', request.params.id);
      const mergedId = uuidFromField('contact', request.body.merged_contact_id, 'merged_contact_id');
      const answer = await inWorkspaceOf(context, caller, (tx) => mergeContacts(tx, caller, keptId, mergedId));
      return reply.status(201).send(answer);
    },
  );

  app.get(
    '/v1/contacts/:id/merges',
    {
      config: mayRead,
      schema: {
        tags,
        summary: 'Merges into a contact, undone ones too',
        operationId: 'listMerges',
        params: api.contactParams,
        response: { 200: api.mergeList },
      },
    },
    async (request) => {
      const id = uuidFromAddress('contact', request.params.id);
      return { data: await inWorkspaceOf(context, callerOf(request), (tx) => listMerges(tx, id)) };
    },
  );

  app.delete(
    '/v1/merges/:id',
    {
      config: mayWrite,
      schema: {
        tags,
        summary: 'Undo a merge: both contacts are as if it had not been',
        operationId: 'unmergeContacts',
        params: api.contactParams,
        response: { 200: api.merge },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const id = uuidFromAddress('merge', request.params.id);
      return inWorkspaceOf(context, caller, (tx) => unmergeContacts(tx, caller, id));
    },
  );
}
