import { z } from 'zod';
import { pageQuery } from '../foundation/api.ts';
import type { Database, WorkspaceTx } from '../foundation/database.ts';
import type { Caller } from '../workspace/caller.ts';
import { type App, callerOf, entityTag, expectedVersionOf, uuidFromAddress } from '../workspace/door.ts';
import * as api from './api.ts';
import { countSuitedContacts, listSmartListContacts, listSuitedContacts } from './list-smart-list-contacts.ts';
import { listTopContacts } from './list-top-contacts.ts';
import { readContactOverview } from './read-contact-overview.ts';
import { readHome } from './read-home.ts';
import { readContactGroup, readLifetimeValues } from './read-lifetime-value.ts';
import { readTimeline } from './read-timeline.ts';
import { changeSmartList, listSmartLists, removeSmartList, saveSmartList } from './save-smart-list.ts';
import { checkFilter } from './smart-list.ts';

const idParams = z.object({ id: z.string() });

/** Contacts are shown whether payments are on or not; each answer leaves its money out where it may not be seen. */
const READ = { access: { right: 'contacts.read' } } as const;
const MONEY = { access: { right: 'payments.read', switch: 'payments_and_ltv' } } as const;
const WRITE = { access: { right: 'contacts.write' } } as const;

/** Doors of the insights room. */
export function registerInsightsRoom(app: App, { database }: { database: Database }): void {
  const within = <T>(caller: Caller, work: (tx: WorkspaceTx) => Promise<T>) =>
    database.inWorkspace(caller.workspace.id, work);
  registerContactRoutes(app, within);
  registerWorkspaceRoutes(app, within);
  registerSmartListRoutes(app, within);
}

type Within = <T>(caller: Caller, work: (tx: WorkspaceTx) => Promise<T>) => Promise<T>;

function registerContactRoutes(app: App, within: Within): void {
  const tags = ['Insights'];
  app.get(
    '/v1/contacts/:id/overview',
    {
      config: READ,
      schema: {
        tags,
        summary: 'A contact’s page in one request: details, worth, what is owed, cards, recent payments',
        params: idParams,
        response: { 200: api.contactOverview },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const id = uuidFromAddress('contact', request.params.id);
      const overview = await within(caller, (tx) => readContactOverview(tx, caller, id));
      entityTag(reply, overview.contact.version);
      return overview;
    },
  );
  app.get(
    '/v1/contacts/:id/lifetime-value',
    {
      config: MONEY,
      schema: {
        tags,
        summary: 'What a contact is worth, per currency, with its parts',
        params: idParams,
        response: { 200: api.lifetimeValues },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const id = uuidFromAddress('contact', request.params.id);
      return within(caller, async (tx) => ({
        data: await readLifetimeValues(tx, caller, await readContactGroup(tx, caller, id)),
      }));
    },
  );
  app.get(
    '/v1/contacts/:id/timeline',
    {
      config: READ,
      schema: {
        tags,
        summary: 'Notes, payments and cards of a contact, newest first',
        params: idParams,
        querystring: pageQuery,
        response: { 200: api.timelinePage },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const id = uuidFromAddress('contact', request.params.id);
      return within(caller, (tx) => readTimeline(tx, caller, id, request.query));
    },
  );
}

function registerWorkspaceRoutes(app: App, within: Within): void {
  const tags = ['Insights'];
  app.get(
    '/v1/home',
    {
      config: READ,
      schema: { tags, summary: 'Takings, what needs somebody, first steps', response: { 200: api.home } },
    },
    async (request) => {
      const caller = callerOf(request);
      return within(caller, (tx) => readHome(tx, caller));
    },
  );
  app.get(
    '/v1/top-contacts',
    {
      config: MONEY,
      schema: {
        tags,
        summary: 'Most valuable contacts in one currency',
        querystring: api.topContactsQuery,
        response: { 200: api.topContacts },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const { currency = caller.workspace.currency, limit } = request.query;
      return within(caller, (tx) => listTopContacts(tx, currency, limit));
    },
  );
}

function registerSmartListRoutes(app: App, within: Within): void {
  const tags = ['Smart lists'];
  app.get(
    '/v1/smart-lists',
    {
      config: READ,
      schema: {
        tags,
        summary: 'Saved filters with how many contacts each holds now',
        response: { 200: api.smartLists },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      return within(caller, async (tx) => ({ data: await listSmartLists(tx, caller) }));
    },
  );
  app.post(
    '/v1/smart-lists',
    {
      config: WRITE,
      schema: { tags, summary: 'Save a filter', body: api.saveSmartList, response: { 201: api.smartList } },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const list = await within(caller, (tx) => saveSmartList(tx, caller, request.body));
      entityTag(reply, list.version);
      return reply.status(201).send(list);
    },
  );
  app.patch(
    '/v1/smart-lists/:id',
    {
      config: WRITE,
      schema: {
        tags,
        summary: 'Change a smart list’s name or filter',
        params: idParams,
        body: api.smartListChanges,
        response: { 200: api.smartList },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const id = uuidFromAddress('smartList', request.params.id);
      const expected = expectedVersionOf(request);
      const list = await within(caller, (tx) => changeSmartList(tx, caller, id, request.body, expected));
      entityTag(reply, list.version);
      return list;
    },
  );
  app.delete(
    '/v1/smart-lists/:id',
    {
      config: WRITE,
      schema: {
        tags,
        summary: 'Forget a smart list; its contacts stay',
        params: idParams,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const id = uuidFromAddress('smartList', request.params.id);
      await within(caller, (tx) => removeSmartList(tx, caller, id, expectedVersionOf(request)));
      return reply.status(204).send(null);
    },
  );
  app.get(
    '/v1/smart-lists/:id/contacts',
    {
      config: READ,
      schema: {
        tags,
        summary: 'The contacts that a smart list holds now, by name',
        params: idParams,
        querystring: api.smartListContactsQuery,
        response: { 200: api.smartListContacts },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const id = uuidFromAddress('smartList', request.params.id);
      return within(caller, (tx) => listSmartListContacts(tx, caller, id, request.query));
    },
  );
  app.post(
    '/v1/smart-lists/preview',
    {
      config: READ,
      schema: {
        tags,
        summary: 'Try a filter without saving it',
        body: api.previewSmartList,
        response: { 200: api.smartListPreview },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const { filter, ...page } = request.body;
      checkFilter(filter);
      return within(caller, async (tx) => {
        const [count, rows] = await Promise.all([
          countSuitedContacts(tx, caller, filter),
          listSuitedContacts(tx, caller, filter, page),
        ]);
        return { count, ...rows };
      });
    },
  );
}
