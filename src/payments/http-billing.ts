import { z } from 'zod';
import { Failure } from '../foundation/failure.ts';
import { toPublicId } from '../foundation/id.ts';
import { readNumbers } from '../invoices/read-invoice.ts';
import { type App, callerOf, uuidFromAddress } from '../workspace/door.ts';
import * as api from './api-billing.ts';
import { editContactBilling, readContactBilling } from './edit-contact-billing.ts';
import { listAutoCharges } from './list-auto-charges.ts';
import type { PaymentsRoom } from './make-payments-room.ts';

const tags = ['Recurring invoices'];
const params = z.object({ id: z.string().max(60) });
const READ = { access: { right: 'invoices.read', switch: 'payments_and_ltv' } } as const;
const WRITE = { access: { right: 'invoices.write', switch: 'payments_and_ltv' } } as const;

/** Doors of how a contact is billed, and of what is charged by itself. */
export function registerBillingRoutes(app: App, { database }: PaymentsRoom): void {
  app.get(
    '/v1/contacts/:id/billing',
    {
      config: READ,
      schema: {
        tags,
        summary: 'How a contact is billed',
        operationId: 'getContactBilling',
        params,
        response: { 200: api.contactBilling },
      },
    },
    async (request) => {
      const id = uuidFromAddress('contact', request.params.id);
      const { workspace, now } = callerOf(request);
      return database.inWorkspace(workspace.id, (tx) => readContactBilling(tx, id, now));
    },
  );
  app.patch(
    '/v1/contacts/:id/billing',
    {
      config: WRITE,
      schema: {
        tags,
        summary: 'Change the usual terms of a contact, or which method is charged on due dates',
        operationId: 'editContactBilling',
        params,
        body: api.contactBillingChanges,
        response: { 200: api.contactBilling },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const id = uuidFromAddress('contact', request.params.id);
      return database.inWorkspace(caller.workspace.id, (tx) => editContactBilling(tx, caller, id, request.body));
    },
  );
  app.get(
    '/v1/invoices/:id/auto-charges',
    {
      config: READ,
      schema: {
        tags,
        summary: 'What of an invoice was or will be charged by itself',
        operationId: 'listAutoCharges',
        params,
        response: { 200: api.autoCharges },
      },
    },
    async (request) => {
      const id = uuidFromAddress('invoice', request.params.id);
      const data = await database.inWorkspace(callerOf(request).workspace.id, async (tx) => {
        if ((await readNumbers(tx, [id])).length === 0) throw new Failure('not_found');
        return listAutoCharges(tx, id);
      });
      return {
        data: data.map((row) => ({
          due_on: row.due_on,
          tries: row.step,
          next_at: row.next_at?.toISOString() ?? null,
          payment_id: row.payment_id === null ? null : toPublicId('payment', row.payment_id),
          ended: row.ended,
          reason: row.reason,
        })),
      };
    },
  );
}
