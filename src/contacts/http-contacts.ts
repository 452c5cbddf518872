import type { z } from 'zod';
import { type Caller, requireRight, requireSwitch } from '../workspace/caller.ts';
import { type App, callerOf, entityTag, expectedVersionOf, uuidFromAddress, uuidFromField } from '../workspace/door.ts';
import * as api from './api.ts';
import { archiveContact, restoreContact } from './archive-contact.ts';
import { addTag, removeTag } from './change-tags.ts';
import type { ContactFieldChanges } from './contact.ts';
import { createContact } from './create-contact.ts';
import { editContact } from './edit-contact.ts';
import { findDuplicates } from './find-duplicates.ts';
import { type DoorContext, inWorkspaceOf, mayRead, mayWrite } from './http-context.ts';
import { listContacts } from './list-contacts.ts';
import { listAllTags, readContact } from './read-contact.ts';

const tags = ['Contacts'];

/** Doors of contacts themselves: the list, one contact, its archival and its tags. */
export function registerContactDoors(app: App, context: DoorContext): void {
  registerList(app, context);
  registerOne(app, context);
  registerArchival(app, context);
  registerTags(app, context);
}

function registerList(app: App, context: DoorContext) {
  app.get(
    '/v1/contacts',
    {
      config: mayRead,
      schema: {
        tags,
        summary: 'List, filter and search contacts',
        operationId: 'listContacts',
        querystring: api.contactListQuery,
        response: { 200: api.contactPage },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const { owner, company, ...query } = request.query;
      if (query.sort === 'ltv') {
        requireRight(caller, 'payments.read');
        requireSwitch(caller, 'payments_and_ltv');
      }
      return inWorkspaceOf(context, caller, (tx) =>
        listContacts(tx, {
          ...query,
          ownerMemberId: owner && uuidFromField('member', owner, 'owner'),
          companyId: company && uuidFromField('company', company, 'company'),
          withLtv: seesLtv(caller),
        }),
      );
    },
  );

  app.post(
    '/v1/contacts',
    {
      config: mayWrite,
      schema: {
        tags,
        summary: 'Add a contact',
        operationId: 'createContact',
        body: api.newContact,
        response: { 201: api.contact },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { name, tags: tagsGiven, custom, ...rest } = request.body;
      const input = { ...changesOf(rest), name, tags: tagsGiven, customChanges: custom };
      const answer = await inWorkspaceOf(context, caller, (tx) => createContact(tx, caller, input));
      entityTag(reply, answer.version);
      return reply.status(201).send(answer);
    },
  );
}

function registerOne(app: App, context: DoorContext) {
  app.get(
    '/v1/contacts/:id',
    {
      config: mayRead,
      schema: {
        tags,
        summary: 'One contact',
        operationId: 'getContact',
        params: api.contactParams,
        response: { 200: api.contact },
      },
    },
    async (request, reply) => {
      const id = uuidFromAddress('contact', request.params.id);
      const answer = await inWorkspaceOf(context, callerOf(request), (tx) => readContact(tx, id));
      entityTag(reply, answer.version);
      return answer;
    },
  );

  app.patch(
    '/v1/contacts/:id',
    {
      config: mayWrite,
      schema: {
        tags,
        summary: 'Change fields of a contact; those left out stay. Send If-Match to refuse overwriting somebody else',
        operationId: 'editContact',
        params: api.contactParams,
        body: api.contactChanges,
        response: { 200: api.contact },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const id = uuidFromAddress('contact', request.params.id);
      const { custom, ...rest } = request.body;
      const edit = { ...changesOf(rest), customChanges: custom };
      const version = expectedVersionOf(request);
      const answer = await inWorkspaceOf(context, caller, (tx) => editContact(tx, caller, id, edit, version));
      entityTag(reply, answer.version);
      return answer;
    },
  );

  app.get(
    '/v1/contacts/:id/duplicates',
    {
      config: mayRead,
      schema: {
        tags,
        summary: 'Contacts with the same e-mail address, telephone number or name',
        operationId: 'listDuplicates',
        params: api.contactParams,
        response: { 200: api.duplicateList },
      },
    },
    async (request) => {
      const id = uuidFromAddress('contact', request.params.id);
      return { data: await inWorkspaceOf(context, callerOf(request), (tx) => findDuplicates(tx, id)) };
    },
  );
}

function registerArchival(app: App, context: DoorContext) {
  const schema = { tags, params: api.contactParams, response: { 200: api.contact } };

  app.post(
    '/v1/contacts/:id/archival',
    { config: mayWrite, schema: { ...schema, summary: 'Archive a contact', operationId: 'archiveContact' } },
    async (request, reply) => {
      const caller = callerOf(request);
      const id = uuidFromAddress('contact', request.params.id);
      const answer = await inWorkspaceOf(context, caller, (tx) => archiveContact(tx, caller, id));
      entityTag(reply, answer.version);
      return answer;
    },
  );

  app.delete(
    '/v1/contacts/:id/archival',
    {
      config: mayWrite,
      schema: { ...schema, summary: 'Bring an archived contact back', operationId: 'restoreContact' },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const id = uuidFromAddress('contact', request.params.id);
      const answer = await inWorkspaceOf(context, caller, (tx) => restoreContact(tx, caller, id));
      entityTag(reply, answer.version);
      return answer;
    },
  );
}

function registerTags(app: App, context: DoorContext) {
  app.get(
    '/v1/tags',
    {
      config: mayRead,
      schema: {
        tags,
        summary: 'The different tags of all contacts',
        operationId: 'listTags',
        response: { 200: api.tagList },
      },
    },
    async (request) => ({ data: await inWorkspaceOf(context, callerOf(request), listAllTags) }),
  );

  const schema = { tags, params: api.tagParams, response: { 200: api.contact } };

  app.put(
    '/v1/contacts/:id/tags/:tag',
    { config: mayWrite, schema: { ...schema, summary: 'Put a tag on a contact', operationId: 'addTag' } },
    async (request) => {
      const caller = callerOf(request);
      const id = uuidFromAddress('contact', request.params.id);
      return inWorkspaceOf(context, caller, (tx) => addTag(tx, caller, id, request.params.tag));
    },
  );

  app.delete(
    '/v1/contacts/:id/tags/:tag',
    { config: mayWrite, schema: { ...schema, summary: 'Take a tag off a contact', operationId: 'removeTag' } },
    async (request) => {
      const caller = callerOf(request);
      const id = uuidFromAddress('contact', request.params.id);
      return inWorkspaceOf(context, caller, (tx) => removeTag(tx, caller, id, request.params.tag));
    },
  );
}

/** Lifetime values are money: they go with the payments feature and the right to see payments. */
function seesLtv(caller: Caller): boolean {
  return caller.workspace.switches.payments_and_ltv && caller.rights.has('payments.read');
}

/** Fields of a body as the verbs take them; absent ones stay absent. */
function changesOf(body: Omit<z.output<typeof api.contactChanges>, 'custom'>): ContactFieldChanges {
  const { company_id: company, owner_id: owner, time_zone: timeZone, external_ref: externalRef, ...same } = body;
  return {
    ...same,
    ...(company === undefined ? {} : { companyId: company && uuidFromField('company', company, 'company_id') }),
    ...(owner === undefined ? {} : { ownerMemberId: owner && uuidFromField('member', owner, 'owner_id') }),
    ...(timeZone === undefined ? {} : { timeZone }),
    ...(externalRef === undefined ? {} : { externalRef }),
  };
}
