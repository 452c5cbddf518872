import { type App, callerOf, entityTag, expectedVersionOf, uuidFromAddress } from '../workspace/door.ts';
import * as api from './api.ts';
import { type DoorContext, inWorkspaceOf, mayRead, mayWrite } from './http-context.ts';
import { createCustomField, editCustomField, listCustomFields, removeCustomField } from './write-custom-field.ts';

const tags = ['Custom fields'];

/** Doors of the fields that a workspace adds to its contacts. */
export function registerCustomFieldDoors(app: App, context: DoorContext): void {
  app.get(
    '/v1/custom-fields',
    {
      config: mayRead,
      schema: {
        tags,
        summary: 'Custom fields in their order',
        operationId: 'listCustomFields',
        response: { 200: api.customFieldList },
      },
    },
    async (request) => ({ data: await inWorkspaceOf(context, callerOf(request), listCustomFields) }),
  );

  app.post(
    '/v1/custom-fields',
    {
      config: mayWrite,
      schema: {
        tags,
        summary: 'Add a custom field, or bring a removed one back with its values',
        operationId: 'createCustomField',
        body: api.newCustomField,
        response: { 201: api.customField },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const answer = await inWorkspaceOf(context, caller, (tx) => createCustomField(tx, caller, request.body));
      entityTag(reply, answer.version);
      return reply.status(201).send(answer);
    },
  );

  app.patch(
    '/v1/custom-fields/:id',
    {
      config: mayWrite,
      schema: {
        tags,
        summary: 'Change label, choices or position of a custom field',
        operationId: 'editCustomField',
        params: api.contactParams,
        body: api.customFieldChanges,
        response: { 200: api.customField },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const id = uuidFromAddress('customField', request.params.id);
      const version = expectedVersionOf(request);
      const answer = await inWorkspaceOf(context, caller, (tx) =>
        editCustomField(tx, caller, id, request.body, version),
      );
      entityTag(reply, answer.version);
      return answer;
    },
  );

  app.delete(
    '/v1/custom-fields/:id',
    {
      config: mayWrite,
      schema: {
        tags,
        summary: 'Remove a custom field; contacts keep its values in case it comes back',
        operationId: 'removeCustomField',
        params: api.contactParams,
        response: { 204: api.nothing },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const id = uuidFromAddress('customField', request.params.id);
      await inWorkspaceOf(context, caller, (tx) => removeCustomField(tx, caller, id));
      return reply.status(204).send(null);
    },
  );
}
