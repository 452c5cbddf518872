import { z } from 'zod';
import { toPublicId } from '../foundation/id.ts';
import type { MessagesRoom } from '../messages/make-messages-room.ts';
import { type App, callerOf, entityTag, expectedVersionOf, uuidFromAddress } from '../workspace/door.ts';
import * as api from './api.ts';
import { askAddress, type CustomerPageSettings } from './customer-link.ts';
import { editCustomerPage, readCustomerPage } from './edit-customer-page.ts';
import { listCustomerLinks, makeCustomerLink, revokeCustomerLinks } from './make-customer-link.ts';

const idParams = z.object({ id: z.string() });
const READ = { access: { right: 'payments.read', switch: 'payments_and_ltv' } } as const;
const WRITE = { access: { right: 'payments.charge', switch: 'payments_and_ltv' } } as const;
const SET = { access: { right: 'settings.write', switch: 'payments_and_ltv' } } as const;

/** Doors by which staff and programs let customers into their own page, and shut it. */
export function registerCustomerLinkRoutes(app: App, messages: MessagesRoom): void {
  const tags = ['Customer’s page'];
  const { database, publicUrl } = messages;
  const shape = (settings: CustomerPageSettings, workspaceId: string) => ({
    ...settings,
    ask_url: askAddress(publicUrl(), toPublicId('workspace', workspaceId)),
  });
  app.post(
    '/v1/contacts/:id/customer-links',
    {
      config: WRITE,
      schema: {
        tags,
        summary: 'A link by which a customer sees their own page without an account',
        params: idParams,
        body: api.makeCustomerLink,
        response: { 201: api.newCustomerLink },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { expires_in_days: days, send } = request.body;
      const contactId = uuidFromAddress('contact', request.params.id);
      const input = { contactId, hours: days === undefined ? null : days * 24, send };
      const link = await database.inWorkspace(caller.workspace.id, (tx) =>
        makeCustomerLink(messages, tx, caller, input),
      );
      return reply.status(201).send(link);
    },
  );
  app.get(
    '/v1/contacts/:id/customer-links',
    {
      config: READ,
      schema: {
        tags,
        summary: 'Links to a customer’s own page and where they stand',
        params: idParams,
        response: { 200: api.customerLinks },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const contactId = uuidFromAddress('contact', request.params.id);
      return database.inWorkspace(caller.workspace.id, async (tx) => ({
        data: await listCustomerLinks(tx, caller, contactId),
      }));
    },
  );
  app.delete(
    '/v1/contacts/:id/customer-links',
    {
      config: WRITE,
      schema: {
        tags,
        summary: 'End all links to a customer’s own page',
        params: idParams,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const contactId = uuidFromAddress('contact', request.params.id);
      await database.inWorkspace(caller.workspace.id, (tx) => revokeCustomerLinks(tx, caller, contactId));
      return reply.status(204).send(null);
    },
  );
  app.get(
    '/v1/customer-page',
    {
      config: READ,
      schema: { tags, summary: 'How customers come to their page', response: { 200: api.customerPageSettings } },
    },
    async (request, reply) => {
      const { workspace } = callerOf(request);
      const settings = await database.inWorkspace(workspace.id, readCustomerPage);
      entityTag(reply, settings.version);
      return shape(settings, workspace.id);
    },
  );
  app.patch(
    '/v1/customer-page',
    {
      config: SET,
      schema: {
        tags,
        summary: 'Change how customers come to their page',
        body: api.customerPageChanges,
        response: { 200: api.customerPageSettings },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const version = expectedVersionOf(request);
      const settings = await database.inWorkspace(caller.workspace.id, (tx) =>
        editCustomerPage(tx, caller, request.body, version),
      );
      entityTag(reply, settings.version);
      return shape(settings, caller.workspace.id);
    },
  );
}
