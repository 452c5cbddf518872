import { z } from 'zod';
import { Failure } from '../foundation/failure.ts';
import { toPublicId } from '../foundation/id.ts';
import { minorToJson } from '../foundation/money.ts';
import { type App, callerOf } from '../workspace/door.ts';
import * as api from './api.ts';
import type { GatewayImports } from './import-gateway-history.ts';
import type { PaymentsRoom } from './make-payments-room.ts';
import { readGatewayHealth } from './read-gateway-health.ts';
import { type GatewayImportRow, readGatewayImports } from './store-gateway-imports.ts';
import { readPayouts } from './store-payouts.ts';

const mayRead = { access: { right: 'settings.read' } } as const;
const READ_MONEY = { access: { right: 'payments.read', switch: 'payments_and_ltv' } } as const;
const IMPORT = { access: { right: 'import', switch: 'payments_and_ltv' } } as const;
const tags = ['Gateways'];
/** Imports shown: nobody brings the same account over more often. */
const IMPORTS_MAX = 20;
const gatewayParams = z.object({ name: z.string().max(40) });
/** As many as a person looks at; older ones are in the gateway's own list. */
const PAYOUTS_MAX = 100;

/** Doors about gateways that this room answers: whether their messages come, and what they paid out. */
export function registerGatewayRoutes(app: App, room: PaymentsRoom, imports: GatewayImports): void {
  const { database } = room;
  registerImportRoutes(app, room, imports);
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

function registerImportRoutes(app: App, { database }: PaymentsRoom, imports: GatewayImports): void {
  const list = (workspaceId: string) =>
    database.inWorkspace(workspaceId, async (tx) => (await readGatewayImports(tx, IMPORTS_MAX)).map(shapeImport));

  app.get(
    '/v1/gateway-imports',
    {
      config: mayRead,
      schema: {
        tags,
        summary: 'What was brought over from connected accounts, with how it ties out to their own ledger',
        operationId: 'listGatewayImports',
        response: { 200: api.gatewayImports },
      },
    },
    async (request) => ({ data: await list(callerOf(request).workspace.id) }),
  );

  app.post(
    '/v1/gateway-imports',
    {
      config: IMPORT,
      schema: {
        tags,
        summary: 'Bring over what a connected account already has; what failed before goes on where it stopped',
        operationId: 'startGatewayImport',
        body: api.startGatewayImport,
        response: { 201: api.gatewayImport },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const id = toPublicId('import', await imports.start(caller, request.body.gateway));
      const found = (await list(caller.workspace.id)).find((one) => one.id === id);
      if (!found) throw new Failure('not_found');
      return reply.status(201).send(found);
    },
  );
}

function shapeImport(row: GatewayImportRow): api.GatewayImport {
  return {
    id: toPublicId('import', row.id),
    gateway: row.gateway,
    status: row.status,
    step: row.step as api.GatewayImport['step'],
    counts: row.counts as api.GatewayImport['counts'],
    tie_out: row.tie_out as api.GatewayImport['tie_out'],
    failure: row.failure,
    started_by: row.started_by,
    started_at: row.started_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
    finished_at: row.finished_at?.toISOString() ?? null,
  };
}
