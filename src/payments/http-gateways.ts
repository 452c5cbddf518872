import { z } from 'zod';
import { Failure } from '../foundation/failure.ts';
import { toPublicId } from '../foundation/id.ts';
import { minorToJson } from '../foundation/money.ts';
import { type App, callerOf } from '../workspace/door.ts';
import * as api from './api.ts';
import type { PaymentsRoom } from './make-payments-room.ts';
import { readGatewayHealth } from './read-gateway-health.ts';
import { readPayouts } from './store-payouts.ts';

const mayRead = { access: { right: 'settings.read' } } as const;
const READ_MONEY = { access: { right: 'payments.read', switch: 'payments_and_ltv' } } as const;
const gatewayParams = z.object({ name: z.string().max(40) });
/** As many as a person looks at; older ones are in the gateway's own list. */
const PAYOUTS_MAX = 100;

/** Doors about gateways that this room answers: whether their messages come, and what they paid out. */
export function registerGatewayRoutes(app: App, room: PaymentsRoom): void {
  const { database } = room;
  const tags = ['Gateways'];
  const gatewayNamed = (name: string) => {
    const gateway = room.gateways.all.find((one) => one.name === name);
    if (!gateway) throw new Failure('not_found');
    return gateway;
  };

  app.get(
    '/v1/gateways/:name/health',
    {
      config: mayRead,
      schema: {
        tags,
        summary:
          'Whether the messages of a gateway come: the last one, its delay, what was refused or found by the sweep',
        operationId: 'getGatewayHealth',
        params: gatewayParams,
        response: { 200: api.gatewayHealth },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const gateway = gatewayNamed(request.params.name);
      return database.inWorkspace(caller.workspace.id, (tx) => readGatewayHealth(tx, caller, gateway));
    },
  );

  app.get(
    '/v1/gateways/:name/payouts',
    {
      config: READ_MONEY,
      schema: {
        tags,
        summary: 'The last payouts of a gateway to the bank account',
        operationId: 'listGatewayPayouts',
        params: gatewayParams,
        response: { 200: api.gatewayPayouts },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const { name } = gatewayNamed(request.params.name);
      const rows = await database.inWorkspace(caller.workspace.id, (tx) => readPayouts(tx, name, PAYOUTS_MAX));
      return {
        data: rows.map((row) => ({
          id: toPublicId('payout', row.id),
          gateway: row.gateway,
          payout_ref: row.payout_ref,
          amount_minor: minorToJson(row.amount_minor),
          currency: row.currency,
          status: row.status,
          arrives_on: row.arrives_on,
          itemised: row.itemised,
          created_at: row.created_at.toISOString(),
        })),
      };
    },
  );
}
