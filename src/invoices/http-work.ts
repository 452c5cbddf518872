import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { WorkspaceTx } from '../foundation/database.ts';
import type { Caller } from '../workspace/caller.ts';
import {
  type App,
  callerOf,
  entityTag,
  expectedVersionOf,
  idempotencyKeyOf,
  uuidFromAddress,
} from '../workspace/door.ts';
import { invoice } from './api.ts';
import * as api from './api-work.ts';
import { cancelWorkItem, completeWorkItem, reopenWorkItem, replanWorkItem } from './complete-work-item.ts';
import { inWorkspaceOf, mayRead, mayWrite } from './http-context.ts';
import { listToInvoice, listWorkItems } from './list-work-items.ts';
import type { InvoicesRoom } from './make-invoices-room.ts';
import { makeWorkInvoice } from './make-work-invoice.ts';
import { readInvoice } from './read-invoice.ts';
import { readWorkItem } from './read-work-items.ts';
import { createWorkItem, editWorkItem } from './write-work-item.ts';

const tags = ['Work'];
const params = z.object({ id: z.string().max(60) });
const idOf = (id: string) => uuidFromAddress('workItem', id);

/** Doors of appointments and deals, and of what is done and not invoiced. */
export function registerWorkDoors(app: App, room: InvoicesRoom): void {
  app.get(
    '/v1/work-items',
    {
      config: mayRead,
      schema: {
        tags,
        summary: 'Appointments and deals, newest first; what is to be invoiced by the day it was done',
        operationId: 'listWorkItems',
        querystring: api.listWorkQuery,
        response: { 200: api.workList },
      },
    },
    async (request) => inWorkspaceOf(room, callerOf(request), (tx) => listWorkItems(tx, request.query)),
  );
  app.get(
    '/v1/work-items/to-invoice',
    {
      config: mayRead,
      schema: {
        tags,
        summary: 'What is done and not invoiced, by contact; who has waited longest first',
        operationId: 'listWorkToInvoice',
        querystring: api.toInvoiceQuery,
        response: { 200: api.toInvoiceList },
      },
    },
    async (request) => inWorkspaceOf(room, callerOf(request), (tx) => listToInvoice(tx, request.query)),
  );
  app.post(
    '/v1/work-items',
    {
      config: mayWrite,
      schema: {
        tags,
        summary: 'Add an appointment or deal, planned or done already',
        description: 'With an Idempotency-Key a repeated request answers with what the first one made.',
        operationId: 'createWorkItem',
        body: api.newWorkItem,
        response: { 201: api.workItem },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const answer = await inWorkspaceOf(room, caller, async (tx) =>
        readWorkItem(tx, await createWorkItem(tx, caller, request.body, optionalKeyOf(request))),
      );
      entityTag(reply, answer.version);
      return reply.status(201).send(answer);
    },
  );
  app.post(
    '/v1/work-items/invoicing',
    {
      config: mayWrite,
      schema: {
        tags,
        summary: 'Make one draft invoice of done work of one contact',
        description:
          'The lines stand in the order of the ids. Work is on one invoice at a time: it waits for another one when the draft ' +
          'is thrown away or the invoice is voided. With an Idempotency-Key a repeated request answers with the draft that the ' +
          'first one made.',
        operationId: 'invoiceWork',
        body: api.workInvoicing,
        response: { 201: invoice },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const key = optionalKeyOf(request);
      const answer = await inWorkspaceOf(room, caller, async (tx) =>
        readInvoice(tx, caller, await makeWorkInvoice(tx, caller, request.body.work_item_ids, key)),
      );
      entityTag(reply, answer.version);
      return reply.status(201).send(answer);
    },
  );
  app.get(
    '/v1/work-items/:id',
    {
      config: mayRead,
      schema: {
        tags,
        summary: 'One appointment or deal',
        operationId: 'getWorkItem',
        params,
        response: { 200: api.workItem },
      },
    },
    async (request, reply) => {
      const id = idOf(request.params.id);
      const answer = await inWorkspaceOf(room, callerOf(request), (tx) => readWorkItem(tx, id));
      entityTag(reply, answer.version);
      return answer;
    },
  );
  app.patch(
    '/v1/work-items/:id',
    {
      config: mayWrite,
      schema: {
        tags,
        summary: 'Change an appointment or deal; what an invoice says of it stays while that invoice is alive',
        operationId: 'editWorkItem',
        params,
        body: api.workItemChanges,
        response: { 200: api.workItem },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const id = idOf(request.params.id);
      const version = expectedVersionOf(request);
      const answer = await inWorkspaceOf(room, caller, async (tx) => {
        await editWorkItem(tx, caller, id, request.body, version);
        return readWorkItem(tx, id);
      });
      entityTag(reply, answer.version);
      return answer;
    },
  );
}

/** What happens to work: done or cancelled, and each of them taken back. */
export function registerWorkStepDoors(app: App, room: InvoicesRoom): void {
  const changed = async (
    request: FastifyRequest<{ Params: { id: string } }>,
    work: (tx: WorkspaceTx, caller: Caller, id: string) => Promise<void>,
  ) => {
    const caller = callerOf(request);
    const id = idOf(request.params.id);
    return inWorkspaceOf(room, caller, async (tx) => {
      await work(tx, caller, id);
      return readWorkItem(tx, id);
    });
  };
  const response = { 200: api.workItem };
  app.post(
    '/v1/work-items/:id/completion',
    {
      config: mayWrite,
      schema: {
        ...{ tags, params, response, body: api.workCompletion },
        summary: 'Mark it done',
        operationId: 'completeWorkItem',
      },
    },
    async (request) => changed(request, (tx, caller, id) => completeWorkItem(tx, caller, id, request.body.done_on)),
  );
  app.delete(
    '/v1/work-items/:id/completion',
    {
      config: mayWrite,
      schema: { tags, params, response, summary: 'It is not done after all', operationId: 'reopenWorkItem' },
    },
    async (request) => changed(request, reopenWorkItem),
  );
  app.post(
    '/v1/work-items/:id/cancellation',
    {
      config: mayWrite,
      schema: { tags, params, response, summary: 'Cancel it', operationId: 'cancelWorkItem' },
    },
    async (request) => changed(request, cancelWorkItem),
  );
  app.delete(
    '/v1/work-items/:id/cancellation',
    {
      config: mayWrite,
      schema: { tags, params, response, summary: 'Plan it again', operationId: 'replanWorkItem' },
    },
    async (request) => changed(request, replanWorkItem),
  );
}

/** A key is welcome here and not asked for: nothing here moves money. */
function optionalKeyOf({ headers }: FastifyRequest): string | null {
  return headers['idempotency-key'] === undefined ? null : `api ${idempotencyKeyOf({ headers })}`;
}
