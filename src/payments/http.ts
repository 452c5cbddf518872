import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { contactIdsOfRoot, rootOf } from '../contacts/read-contact.ts';
import type { WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import { TEST_METHODS } from '../gateways/scripted/test-methods.ts';
import { type Caller, requireSandbox } from '../workspace/caller.ts';
import { type App, callerOf, idempotencyKeyOf, uuidFromAddress, uuidFromField } from '../workspace/door.ts';
import { openCardForm, readCardForm } from './add-card.ts';
import type { PaymentAnswer } from './answer-request.ts';
import * as api from './api.ts';
import * as sandbox from './api-sandbox.ts';
import type { PaymentRow } from './attempt.ts';
import { dismissPayment } from './dismiss-payment.ts';
import { addSandboxMethod, scriptFault } from './drive-sandbox.ts';
import { editPaymentMethod, listPaymentMethods, removePaymentMethod } from './edit-payment-method.ts';
import { allocationsOf, registerAccountRoutes } from './http-account.ts';
import { registerBillingRoutes } from './http-billing.ts';
import { registerGatewayEventDoor } from './http-gateway-events.ts';
import { registerGatewayRoutes } from './http-gateways.ts';
import { registerUpkeepRoutes } from './http-upkeep.ts';
import type { GatewayImports } from './import-gateway-history.ts';
import { listPayments, shapePayments, totalPayments } from './list-payments.ts';
import type { PaymentsRoom } from './make-payments-room.ts';
import { readPayment, readPaymentDetail, readRow } from './read-payment.ts';
import { readReceipt } from './read-receipt.ts';
import { recordOfflinePayment } from './record-offline-payment.ts';
import { refundPayment } from './refund-payment.ts';
import { renderReceipt } from './render-receipt.ts';
import { readPaymentsByKey } from './store.ts';
import { readRecentDescriptions } from './store-list.ts';
import { writeCardUpdateMessage } from './write-card-message.ts';

const idParams = z.object({ id: z.string() });
/** Descriptions offered while a new charge is typed. */
const RECENT_DESCRIPTIONS_MAX = 8;

const READ = { access: { right: 'payments.read', switch: 'payments_and_ltv' } } as const;
const CHARGE = {
  access: { right: 'payments.charge', switch: 'charge_customers_directly', askedAgain: true },
} as const;
const WRITE_METHODS = { access: { right: 'payments.charge', switch: 'payments_and_ltv' } } as const;
const SANDBOX = { access: { right: 'settings.write' } } as const;

/** Doors of the payments room. */
export function registerPaymentsRoom(app: App, room: PaymentsRoom, imports: GatewayImports): void {
  registerMethodRoutes(app, room);
  registerMoneyRoutes(app, room);
  registerAccountRoutes(app, room);
  registerBillingRoutes(app, room);
  registerReadRoutes(app, room);
  registerSandboxRoutes(app, room);
  registerUpkeepRoutes(app, room);
  registerGatewayRoutes(app, room, imports);
  registerGatewayEventDoor(app, room);
}

function registerMethodRoutes(app: App, room: PaymentsRoom): void {
  const { database } = room;
  const tags = ['Payment methods'];

  app.get(
    '/v1/contacts/:id/payment-methods',
    {
      config: READ,
      schema: {
        tags,
        summary: 'Saved methods of a contact',
        params: idParams,
        response: { 200: z.object({ data: z.array(api.paymentMethod) }) },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const contactId = uuidFromAddress('contact', request.params.id);
      return {
        data: await database.inWorkspace(caller.workspace.id, (tx) => listPaymentMethods(tx, caller, contactId)),
      };
    },
  );
  app.post(
    '/v1/contacts/:id/card-forms',
    {
      config: WRITE_METHODS,
      schema: {
        tags,
        summary: 'Open the gateway’s form for a new card',
        params: idParams,
        body: api.openCardForm,
        response: { 201: api.cardForm },
      },
    },
    async (request, reply) => {
      const { consent_channel: channel, label, gateway = null } = request.body;
      const contactId = uuidFromAddress('contact', request.params.id);
      const consent = { channel, label: label || null };
      return reply.status(201).send(await openCardForm(room, callerOf(request), contactId, consent, gateway));
    },
  );
  app.get(
    '/v1/card-forms/:id',
    {
      config: READ,
      schema: { tags, summary: 'Where a card form stands', params: idParams, response: { 200: api.cardForm } },
    },
    async (request) => readCardForm(room, callerOf(request), uuidFromAddress('cardForm', request.params.id)),
  );
  app.patch(
    '/v1/payment-methods/:id',
    {
      config: WRITE_METHODS,
      schema: {
        tags,
        summary: 'Relabel a method or make it the default',
        params: idParams,
        body: api.editPaymentMethod,
        response: { 200: api.paymentMethod },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const id = uuidFromAddress('paymentMethod', request.params.id);
      const change = { label: request.body.label, makeDefault: request.body.is_default === true };
      return database.inWorkspace(caller.workspace.id, (tx) => editPaymentMethod(tx, caller, id, change));
    },
  );
  app.delete(
    '/v1/payment-methods/:id',
    {
      config: WRITE_METHODS,
      schema: { tags, summary: 'Remove a method', params: idParams, response: { 204: z.null() } },
    },
    async (request, reply) => {
      await removePaymentMethod(room, callerOf(request), uuidFromAddress('paymentMethod', request.params.id));
      return reply.status(204).send(null);
    },
  );
}

function registerMoneyRoutes(app: App, room: PaymentsRoom): void {
  const tags = ['Charges'];
  const shaped = (caller: Caller, row: PaymentRow) =>
    room.database.inWorkspace(caller.workspace.id, async (tx) => (await shapePayments(tx, caller, [row]))[0]!);

  app.post(
    '/v1/contacts/:id/charges',
    {
      config: CHARGE,
      schema: {
        tags,
        summary: 'Charge a saved method once',
        params: idParams,
        body: api.createCharge,
        response: { 201: api.payment },
      },
    },
    async (request, reply) => {
      const key = idempotencyKeyOf(request);
      const caller = callerOf(request);
      const { body } = request;
      const input = {
        contactId: uuidFromAddress('contact', request.params.id),
        paymentMethodId: uuidFromField('paymentMethod', body.payment_method_id, 'payment_method_id'),
        amountMinor: BigInt(body.amount_minor),
        currency: body.currency,
        taxMinor: BigInt(body.tax_minor),
        description: body.description,
        retryOfId: body.retry_of === undefined ? null : uuidFromField('payment', body.retry_of, 'retry_of'),
        confirmSameAgain: body.confirm_same_again,
        ...(body.confirm_early_retry ? { confirmEarlyRetry: true as const } : {}),
        allocations: allocationsOf(body.allocations),
      };
      return sendAnswer(reply, await room.charges.charge(caller, input, key));
    },
  );
  app.post(
    '/v1/payments/:id/refunds',
    {
      config: { access: { right: 'payments.refund', switch: 'payments_and_ltv' } },
      schema: {
        tags,
        summary: 'Give money of a charge back',
        params: idParams,
        body: api.createRefund,
        response: { 201: api.payment },
      },
    },
    async (request, reply) => {
      const key = idempotencyKeyOf(request);
      const caller = callerOf(request);
      const { amount_minor, reason, note } = request.body;
      const input = {
        paymentId: uuidFromAddress('payment', request.params.id),
        amountMinor: BigInt(amount_minor),
        reason,
        note,
      };
      return sendAnswer(reply, await refundPayment(room, caller, input, key));
    },
  );
  app.post(
    '/v1/contacts/:id/offline-payments',
    {
      config: { access: { right: 'payments.record_offline', switch: 'payments_and_ltv' } },
      schema: {
        tags,
        summary: 'Record money received without a gateway',
        params: idParams,
        body: api.recordOfflinePayment,
        response: { 201: api.payment },
      },
    },
    async (request, reply) => {
      const key = idempotencyKeyOf(request);
      const caller = callerOf(request);
      const { body } = request;
      const input = {
        contactId: uuidFromAddress('contact', request.params.id),
        amountMinor: BigInt(body.amount_minor),
        currency: body.currency,
        taxMinor: BigInt(body.tax_minor),
        methodKind: body.method_kind,
        receivedOn: body.received_on,
        reference: body.reference,
        description: body.description,
        allocations: allocationsOf(body.allocations),
      };
      return sendAnswer(reply, await recordOfflinePayment(room, caller, input, key));
    },
  );
  app.post(
    '/v1/payments/:id/lookups',
    {
      config: WRITE_METHODS,
      schema: {
        tags,
        summary: 'Ask the gateway now what became of a payment',
        params: idParams,
        response: { 200: api.payment },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const id = uuidFromAddress('payment', request.params.id);
      const row = await room.database.inWorkspace(caller.workspace.id, (tx) => readRow(tx, id));
      // The request that sent it may still be waiting for its answer; that one decides.
      const running = row.status === 'sent' && row.resolve_after !== null && row.resolve_after > caller.now;
      return shaped(caller, running ? row : await room.resolver.resolve(caller, row));
    },
  );
  app.post(
    '/v1/payments/:id/dismissal',
    {
      config: WRITE_METHODS,
      schema: {
        tags,
        summary: 'Nothing has to be done about this payment any more',
        params: idParams,
        response: { 200: api.payment },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const id = uuidFromAddress('payment', request.params.id);
      return room.database.inWorkspace(caller.workspace.id, async (tx) => {
        await dismissPayment(tx, caller, id);
        return readPayment(tx, caller, id);
      });
    },
  );
}

/** Sends an answer as the bytes it was stored as; one that was given before says so. */
function sendAnswer(reply: FastifyReply, { status, body, replayed }: PaymentAnswer) {
  if (replayed) reply.header('idempotent-replayed', 'true');
  // The body is JSON already: a string under this type is sent as it is.
  return reply.status(status).header('content-type', 'application/json; charset=utf-8').send(body);
}

function registerReadRoutes(app: App, room: PaymentsRoom): void {
  const tags = ['Payments'];
  const read = <T>(caller: Caller, work: (tx: WorkspaceTx) => Promise<T>) =>
    room.database.inWorkspace(caller.workspace.id, work);

  app.get(
    '/v1/payments',
    {
      config: READ,
      schema: {
        tags,
        summary: 'All money movements, newest first',
        querystring: api.listPaymentsQuery,
        response: { 200: api.paymentPage },
      },
    },
    async (request) => read(callerOf(request), (tx) => listPayments(tx, callerOf(request), request.query)),
  );
  app.get(
    '/v1/payment-totals',
    {
      config: READ,
      schema: {
        tags,
        summary: 'Sums per currency of a filter',
        querystring: api.paymentFilter,
        response: { 200: api.paymentTotals },
      },
    },
    async (request) => read(callerOf(request), (tx) => totalPayments(tx, request.query)),
  );
  app.get(
    '/v1/payments/by-key/:key',
    {
      config: READ,
      schema: {
        tags,
        summary: 'What became of a confirmed request',
        params: z.object({ key: z.string().max(255) }),
        response: { 200: api.payment },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      return read(caller, async (tx) => {
        const [row] = await readPaymentsByKey(tx, [request.params.key]);
        if (!row) throw new Failure('not_found');
        return (await shapePayments(tx, caller, [row]))[0]!;
      });
    },
  );
  app.get(
    '/v1/payments/:id',
    {
      config: READ,
      schema: {
        tags,
        summary: 'One payment with its history, ledger lines and events',
        params: idParams,
        response: { 200: api.paymentDetail },
      },
    },
    async (request) =>
      read(callerOf(request), (tx) =>
        readPaymentDetail(tx, callerOf(request), uuidFromAddress('payment', request.params.id)),
      ),
  );
  app.get(
    '/v1/payments/:id/receipt',
    {
      config: READ,
      schema: { tags, summary: 'The receipt of a payment', params: idParams, response: { 200: api.receipt } },
    },
    async (request) => read(callerOf(request), (tx) => readReceipt(tx, uuidFromAddress('payment', request.params.id))),
  );
  app.get(
    '/v1/payments/:id/receipt.pdf',
    { config: READ, schema: { tags, summary: 'The receipt as PDF', params: idParams, produces: ['application/pdf'] } },
    async (request, reply) => {
      const receipt = await read(callerOf(request), (tx) =>
        readReceipt(tx, uuidFromAddress('payment', request.params.id)),
      );
      return reply
        .type('application/pdf')
        .header('content-disposition', `inline; filename="${receipt.number}.pdf"`)
        .serializer((body: Buffer) => body as unknown as string)
        .send(await renderReceipt(receipt));
    },
  );
  app.get(
    '/v1/payments/:id/card-update-message',
    {
      config: READ,
      schema: {
        tags,
        summary: 'A message that asks the customer for another card',
        params: idParams,
        response: { 200: api.cardUpdateMessage },
      },
    },
    async (request) =>
      read(callerOf(request), (tx) =>
        writeCardUpdateMessage(tx, callerOf(request), uuidFromAddress('payment', request.params.id)),
      ),
  );
  app.get(
    '/v1/contacts/:id/recent-descriptions',
    {
      config: READ,
      schema: {
        tags,
        summary: 'Descriptions to offer for a new charge',
        params: idParams,
        response: { 200: api.recentDescriptions },
      },
    },
    async (request) =>
      read(callerOf(request), async (tx) => {
        const ids = await contactIdsOfRoot(tx, await rootOf(tx, uuidFromAddress('contact', request.params.id)));
        return { data: await readRecentDescriptions(tx, ids, RECENT_DESCRIPTIONS_MAX) };
      }),
  );
}

function registerSandboxRoutes(app: App, room: PaymentsRoom): void {
  const tags = ['Sandbox'];
  app.get(
    '/v1/sandbox/test-methods',
    {
      config: { access: { right: 'payments.read' } },
      schema: {
        tags,
        summary: 'Named test methods',
        response: { 200: z.object({ data: z.array(sandbox.testMethod) }) },
      },
    },
    async (request) => {
      requireSandbox(callerOf(request));
      return { data: TEST_METHODS.map(({ name, label, kind, brand, last4 }) => ({ name, label, kind, brand, last4 })) };
    },
  );
  app.post(
    '/v1/contacts/:id/sandbox-methods',
    {
      config: WRITE_METHODS,
      schema: {
        tags,
        summary: 'Save a test method without the form',
        params: idParams,
        body: sandbox.addTestMethod,
        response: { 201: api.paymentMethod },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      requireSandbox(caller);
      const { test_method, label } = request.body;
      const contactId = uuidFromAddress('contact', request.params.id);
      return reply
        .status(201)
        .send(await addSandboxMethod(room.database, caller, contactId, test_method, label || null));
    },
  );
  app.post(
    '/v1/sandbox/faults',
    {
      config: SANDBOX,
      schema: {
        tags,
        summary: 'Script what goes wrong in the next calls',
        body: sandbox.scriptFault,
        response: { 201: z.object({ remaining: z.number() }) },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      requireSandbox(caller);
      await scriptFault(room.database, caller, request.body);
      return reply.status(201).send({ remaining: request.body.count });
    },
  );
}
