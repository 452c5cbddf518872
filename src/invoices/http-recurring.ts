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
import * as api from './api-recurring.ts';
import { inWorkspaceOf, mayRead, mayWrite } from './http-context.ts';
import type { InvoicesRoom } from './make-invoices-room.ts';
import { listRecurring, readRecurring } from './read-recurring.ts';
import { recordUsage } from './record-usage.ts';
import {
  createRecurring,
  editRecurring,
  endRecurring,
  pauseRecurring,
  previewChange,
  resumeRecurring,
  skipRecurring,
} from './write-recurring.ts';

const tags = ['Recurring invoices'];
const params = z.object({ id: z.string().max(60) });
const idOf = (id: string) => uuidFromAddress('recurring', id);

/** Doors of schedules that make invoices by themselves, and of usage. */
export function registerRecurringDoors(app: App, room: InvoicesRoom): void {
  app.get(
    '/v1/recurring-invoices',
    {
      config: mayRead,
      schema: {
        tags,
        summary: 'Schedules that make invoices, the newest first',
        operationId: 'listRecurringInvoices',
        querystring: api.listRecurringQuery,
        response: { 200: api.recurringList },
      },
    },
    async (request) =>
      inWorkspaceOf(room, callerOf(request), (tx) => listRecurring(tx, callerOf(request), request.query)),
  );
  app.post(
    '/v1/recurring-invoices',
    {
      config: mayWrite,
      schema: {
        tags,
        summary: 'Set up a schedule that makes invoices',
        description: 'With an Idempotency-Key a repeated request answers with the schedule that the first one made.',
        operationId: 'createRecurringInvoice',
        body: api.newRecurringInvoice,
        response: { 201: api.recurringInvoice },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const key =
        request.headers['idempotency-key'] === undefined ? null : idempotencyKeyOf({ headers: request.headers });
      const answer = await inWorkspaceOf(room, caller, async (tx) =>
        readRecurring(tx, caller, await createRecurring(tx, caller, request.body, key)),
      );
      entityTag(reply, answer.version);
      return reply.status(201).send(answer);
    },
  );
  app.get(
    '/v1/recurring-invoices/:id',
    {
      config: mayRead,
      schema: {
        tags,
        summary: 'A schedule, what it will bill next, and what it made',
        operationId: 'getRecurringInvoice',
        params,
        response: { 200: api.recurringInvoice },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const id = idOf(request.params.id);
      const answer = await inWorkspaceOf(room, caller, (tx) => readRecurring(tx, caller, id));
      entityTag(reply, answer.version);
      return answer;
    },
  );
  app.patch(
    '/v1/recurring-invoices/:id',
    {
      config: mayWrite,
      schema: {
        tags,
        summary: 'Change a schedule for invoices to come',
        operationId: 'editRecurringInvoice',
        params,
        body: api.recurringChanges,
        response: { 200: api.recurringInvoice },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const id = idOf(request.params.id);
      const version = expectedVersionOf(request);
      const answer = await changed(room, caller, id, (tx) =>
        editRecurring(tx, caller, id, request.body, version, room.payments),
      );
      entityTag(reply, answer.version);
      return answer;
    },
  );
  app.post(
    '/v1/recurring-invoices/:id/change-previews',
    {
      config: mayRead,
      schema: {
        tags,
        summary: 'What a change of a schedule would credit and bill',
        operationId: 'previewRecurringChange',
        params,
        body: api.recurringChanges,
        response: { 200: api.changePreview },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const id = idOf(request.params.id);
      return inWorkspaceOf(room, caller, (tx) => previewChange(tx, caller, id, request.body));
    },
  );
  const step = <Body extends z.ZodType>(
    path: string,
    summary: string,
    operationId: string,
    body: Body,
    work: (tx: WorkspaceTx, caller: Caller, id: string, asked: z.output<Body>) => Promise<void>,
  ) =>
    app.post(
      `/v1/recurring-invoices/:id/${path}`,
      {
        config: mayWrite,
        schema: { tags, summary, operationId, params, body, response: { 200: api.recurringInvoice } },
      },
      async (request) => {
        const caller = callerOf(request);
        const id = idOf(request.params.id);
        return changed(room, caller, id, (tx) => work(tx, caller, id, request.body as z.output<Body>));
      },
    );
  step('pause', 'Leave invoices out for a while', 'pauseRecurringInvoice', api.newPause, pauseRecurring);
  step('resumption', 'Bill again from a date on', 'resumeRecurringInvoice', api.resumption, (tx, caller, id, { on }) =>
    resumeRecurring(tx, caller, id, on),
  );
  step('skips', 'Leave one invoice out, or bill it after all', 'skipRecurringInvoice', api.newSkip, skipRecurring);
  step('ending', 'End a schedule', 'endRecurringInvoice', api.ending, (tx, caller, id, { on }) =>
    endRecurring(tx, caller, id, on),
  );
  app.post(
    '/v1/recurring-invoices/:id/usage',
    {
      config: mayWrite,
      schema: {
        tags,
        summary: 'Tell what was used; the next invoice bills it',
        operationId: 'recordUsage',
        params,
        body: api.newUsage,
        response: { 201: api.usage },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const id = idOf(request.params.id);
      const answer = await inWorkspaceOf(room, caller, (tx) => recordUsage(tx, caller, id, request.body));
      return reply.status(201).send(answer);
    },
  );
}

function changed(room: InvoicesRoom, caller: Caller, id: string, work: (tx: WorkspaceTx) => Promise<void>) {
  return inWorkspaceOf(room, caller, async (tx) => {
    await work(tx);
    return readRecurring(tx, caller, id);
  });
}
