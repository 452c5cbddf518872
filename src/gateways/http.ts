import { z } from 'zod';
import { type App, callerOf, uuidFromAddress } from '../workspace/door.ts';
import * as api from './api.ts';
import { chooseGateway, connectGateway, disconnectGateway, rotateGatewayKeys } from './connect-gateway.ts';
import { listConnections, listGateways, readConnection, type ShowDependencies } from './read-connection.ts';

const mayRead = { access: { right: 'settings.read' } } as const;
const mayWrite = { access: { right: 'settings.write' } } as const;

/** Doors of the gateways room: which gateways there are, and connecting them. */
export function registerGatewaysRoom(app: App, dependencies: ShowDependencies): void {
  const tags = ['Gateways'];

  app.get(
    '/v1/gateways',
    {
      config: mayRead,
      schema: {
        tags,
        summary: 'Gateways that this workspace uses or could connect',
        operationId: 'listGateways',
        response: { 200: api.gateways },
      },
    },
    async (request) => ({ data: await listGateways(dependencies, callerOf(request)) }),
  );

  app.put(
    '/v1/default-gateway',
    {
      config: mayWrite,
      schema: {
        tags,
        summary: 'Choose the gateway that new cards are added through',
        operationId: 'chooseDefaultGateway',
        body: api.chooseBody,
        response: { 200: api.gateways },
      },
    },
    async (request) => {
      await chooseGateway(dependencies, callerOf(request), request.body.gateway);
      return { data: await listGateways(dependencies, callerOf(request)) };
    },
  );

  app.get(
    '/v1/gateway-connections',
    {
      config: mayRead,
      schema: {
        tags,
        summary: 'Connected accounts, the newest first, and those that were disconnected',
        operationId: 'listGatewayConnections',
        response: { 200: api.gatewayConnections },
      },
    },
    async (request) => ({ data: await listConnections(dependencies, callerOf(request)) }),
  );

  app.post(
    '/v1/gateway-connections',
    {
      config: mayWrite,
      schema: {
        tags,
        summary: 'Connect an account at a gateway; its keys are checked with it first',
        operationId: 'connectGateway',
        body: api.connectBody,
        response: { 201: api.gatewayConnection },
      },
    },
    async (request, reply) => {
      const { gateway, values } = request.body;
      const id = await connectGateway(dependencies, callerOf(request), gateway, values);
      return reply.status(201).send(await readConnection(dependencies, callerOf(request), id));
    },
  );

  app.post(
    '/v1/gateway-connections/:id/rotations',
    {
      config: mayWrite,
      schema: {
        tags,
        summary: 'Exchange keys of a connected account without a pause',
        operationId: 'rotateGatewayKeys',
        params: api.connectionParams,
        body: api.rotateBody,
        response: { 201: api.gatewayConnection },
      },
    },
    async (request, reply) => {
      const id = uuidFromAddress('gatewayConnection', request.params.id);
      await rotateGatewayKeys(dependencies, callerOf(request), id, request.body.values);
      return reply.status(201).send(await readConnection(dependencies, callerOf(request), id));
    },
  );

  app.delete(
    '/v1/gateway-connections/:id',
    {
      config: mayWrite,
      schema: {
        tags,
        summary: 'Disconnect an account and forget its keys; its saved methods cannot be charged any more',
        operationId: 'disconnectGateway',
        params: api.connectionParams,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      await disconnectGateway(dependencies, callerOf(request), uuidFromAddress('gatewayConnection', request.params.id));
      return reply.status(204).send(null);
    },
  );
}
