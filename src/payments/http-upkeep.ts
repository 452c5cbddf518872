import { z } from 'zod';
import { type App, callerOf, uuidFromAddress } from '../workspace/door.ts';
import { payment } from './api.ts';
import * as api from './api-upkeep.ts';
import { listExpiringCards } from './list-expiring-cards.ts';
import type { PaymentsRoom } from './make-payments-room.ts';
import { markEvidenceSent } from './mark-evidence-sent.ts';
import { readPayment } from './read-payment.ts';

const idParams = z.object({ id: z.string() });
const WRITE = { access: { right: 'payments.charge', switch: 'payments_and_ltv' } } as const;

const READ = { access: { right: 'payments.read', switch: 'payments_and_ltv' } } as const;
/** More than fit one page are narrowed by a smart list. */
const EXPIRING_CARDS_MAX = 200;

/** Doors of what disputes and cards ask of people. */
export function registerUpkeepRoutes(app: App, room: PaymentsRoom): void {
  app.get(
    '/v1/expiring-cards',
    {
      config: READ,
      schema: {
        tags: ['Payment methods'],
        summary: 'Cards that expire soon and are needed for something',
        response: { 200: api.expiringCards },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      return room.database.inWorkspace(caller.workspace.id, async (tx) => ({
        data: await listExpiringCards(tx, caller, EXPIRING_CARDS_MAX),
      }));
    },
  );
  const tags = ['Disputes'];
  app.put(
    '/v1/payments/:id/evidence',
    {
      config: WRITE,
      schema: {
        tags,
        summary: 'Say that evidence for a dispute was sent to the gateway',
        params: idParams,
        body: api.markEvidenceSent,
        response: { 200: payment },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const id = uuidFromAddress('payment', request.params.id);
      return room.database.inWorkspace(caller.workspace.id, async (tx) => {
        await markEvidenceSent(tx, caller, id, { note: request.body.note });
        return readPayment(tx, caller, id);
      });
    },
  );
  app.delete(
    '/v1/payments/:id/evidence',
    {
      config: WRITE,
      schema: {
        tags,
        summary: 'Take back that evidence was sent; the task is open again',
        params: idParams,
        response: { 200: payment },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const id = uuidFromAddress('payment', request.params.id);
      return room.database.inWorkspace(caller.workspace.id, async (tx) => {
        await markEvidenceSent(tx, caller, id, null);
        return readPayment(tx, caller, id);
      });
    },
  );
}
