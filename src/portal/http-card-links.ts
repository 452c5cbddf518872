import { z } from 'zod';
import type { PaymentsRoom } from '../payments/make-payments-room.ts';
import { type App, callerOf, uuidFromAddress, uuidFromField } from '../workspace/door.ts';
import * as api from './api.ts';
import { makeCardLink } from './make-card-link.ts';
import { listCardLinks, revokeCardLink } from './revoke-card-link.ts';

const idParams = z.object({ id: z.string() });
const READ = { access: { right: 'payments.read', switch: 'payments_and_ltv' } } as const;
const WRITE = { access: { right: 'payments.charge', switch: 'payments_and_ltv' } } as const;

/** Doors by which staff and programs make links for customers, see them and end them. */
export function registerCardLinkRoutes(
  app: App,
  { payments, publicUrl }: { readonly payments: PaymentsRoom; readonly publicUrl: () => string },
): void {
  const tags = ['Card links'];
  const { database } = payments;
  app.post(
    '/v1/contacts/:id/card-links',
    {
      config: WRITE,
      schema: {
        tags,
        summary: 'A link by which the customer saves a card without an account',
        params: idParams,
        body: api.makeCardLink,
        response: { 201: api.newCardLink },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { payment_id, expires_in_hours } = request.body;
      const input = {
        contactId: uuidFromAddress('contact', request.params.id),
        paymentId: payment_id === undefined ? null : uuidFromField('payment', payment_id, 'payment_id'),
        hours: expires_in_hours ?? null,
      };
      const link = await database.inWorkspace(caller.workspace.id, (tx) =>
        makeCardLink(tx, caller, input, publicUrl()),
      );
      return reply.status(201).send(link);
    },
  );
  app.post(
    '/v1/payments/:id/card-links',
    {
      config: WRITE,
      schema: {
        tags,
        summary: 'A link by which the customer of a failed charge saves a new card and pays it',
        params: idParams,
        response: { 201: api.newCardLink },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const input = { contactId: null, paymentId: uuidFromAddress('payment', request.params.id), hours: null };
      const link = await database.inWorkspace(caller.workspace.id, (tx) =>
        makeCardLink(tx, caller, input, publicUrl()),
      );
      return reply.status(201).send(link);
    },
  );
  app.get(
    '/v1/contacts/:id/card-links',
    {
      config: READ,
      schema: {
        tags,
        summary: 'Card links of a contact and where they stand',
        params: idParams,
        response: { 200: api.cardLinks },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const contactId = uuidFromAddress('contact', request.params.id);
      return database.inWorkspace(caller.workspace.id, async (tx) => ({
        data: await listCardLinks(tx, caller, contactId),
      }));
    },
  );
  app.delete(
    '/v1/card-links/:id',
    {
      config: WRITE,
      schema: { tags, summary: 'End a card link', params: idParams, response: { 204: z.null() } },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const id = uuidFromAddress('cardLink', request.params.id);
      await database.inWorkspace(caller.workspace.id, (tx) => revokeCardLink(tx, caller, id));
      return reply.status(204).send(null);
    },
  );
}
