import { z } from 'zod';
import { Failure } from '../foundation/failure.ts';
import { readNumbers } from '../invoices/read-invoice.ts';
import { type App, callerOf, uuidFromAddress, uuidFromField } from '../workspace/door.ts';
import type { AskedAllocation } from './allocate-payment.ts';
import * as api from './api-account.ts';
import { applyAccount, listAllocations, readAccount, takeBackAllocation } from './apply-account.ts';
import type { PaymentsRoom } from './make-payments-room.ts';
import { readRow } from './read-payment.ts';

const tags = ['Allocations'];
const READ = { access: { right: 'payments.read', switch: 'payments_and_ltv' } } as const;
const WRITE = { access: { right: 'payments.record_offline', switch: 'payments_and_ltv' } } as const;
const idParams = z.object({ id: z.string().max(60) });

/** Doors of what customers owe, have on account, and of which money pays which invoice. */
export function registerAccountRoutes(app: App, { database }: PaymentsRoom): void {
  app.get(
    '/v1/contacts/:id/account',
    {
      config: READ,
      schema: {
        tags,
        summary: 'What a contact owes and has on account, per currency',
        operationId: 'getAccount',
        params: idParams,
        response: { 200: api.contactAccount },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const id = uuidFromAddress('contact', request.params.id);
      return database.inWorkspace(caller.workspace.id, (tx) => readAccount(tx, caller, id));
    },
  );
  app.post(
    '/v1/contacts/:id/allocations',
    {
      config: WRITE,
      schema: {
        tags,
        summary: 'Put money on account to invoices',
        operationId: 'applyAccount',
        params: idParams,
        body: api.applyAccount,
        response: { 201: api.allocationAnswers },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { payment_id, allocations } = request.body;
      const asked = {
        paymentId: payment_id === undefined ? null : uuidFromField('payment', payment_id, 'payment_id'),
        allocations: allocationsOf(allocations) ?? [],
      };
      const id = uuidFromAddress('contact', request.params.id);
      const data = await database.inWorkspace(caller.workspace.id, (tx) => applyAccount(tx, caller, id, asked));
      return reply.status(201).send({ data });
    },
  );
  app.get(
    '/v1/invoices/:id/allocations',
    {
      config: READ,
      schema: {
        tags,
        summary: 'Which money pays an invoice',
        operationId: 'listAllocationsOfInvoice',
        params: idParams,
        response: { 200: api.allocationAnswers },
      },
    },
    async (request) => {
      const invoiceId = uuidFromAddress('invoice', request.params.id);
      const { id } = callerOf(request).workspace;
      const data = await database.inWorkspace(id, async (tx) => {
        if ((await readNumbers(tx, [invoiceId])).length === 0) throw new Failure('not_found');
        return listAllocations(tx, { invoiceId });
      });
      return { data };
    },
  );
  app.get(
    '/v1/payments/:id/allocations',
    {
      config: READ,
      schema: {
        tags,
        summary: 'Which invoices a payment pays',
        operationId: 'listAllocationsOfPayment',
        params: idParams,
        response: { 200: api.allocationAnswers },
      },
    },
    async (request) => {
      const paymentId = uuidFromAddress('payment', request.params.id);
      const { id } = callerOf(request).workspace;
      const data = await database.inWorkspace(id, async (tx) => {
        await readRow(tx, paymentId);
        return listAllocations(tx, { paymentId });
      });
      return { data };
    },
  );
  app.post(
    '/v1/allocations/:id/reversal',
    {
      config: WRITE,
      schema: {
        tags,
        summary: 'Take an allocation back: the money is on account again',
        operationId: 'takeBackAllocation',
        params: idParams,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const id = uuidFromAddress('allocation', request.params.id);
      await database.inWorkspace(caller.workspace.id, (tx) => takeBackAllocation(tx, caller, id));
      return reply.status(204).send(null);
    },
  );
}

/** Allocations of a body; null when it names none at all (a sale of its own). */
export function allocationsOf(
  list: readonly { readonly invoice_id: string; readonly amount_minor: number }[] | undefined,
): AskedAllocation[] | null {
  if (list === undefined) return null;
  return list.map(({ invoice_id, amount_minor }, index) => ({
    invoiceId: uuidFromField('invoice', invoice_id, `allocations[${index}].invoice_id`),
    amountMinor: BigInt(amount_minor),
  }));
}
