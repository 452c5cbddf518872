import fastifySwagger from '@fastify/swagger';
import fastifySwaggerUi from '@fastify/swagger-ui';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import type { App } from '../workspace/door.ts';

/** `/openapi.json` made from the same zod schemas that check the requests, and `/docs` to read it. */
export async function registerOpenApi(app: App): Promise<void> {
  await app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Counterfoil',
        version: '1',
        description:
          'Amounts are whole minor units with an ISO 4217 currency. Lists are pages: pass next_cursor back as cursor. ' +
          'Errors are problem+json with a stable code. Every POST that moves money needs an Idempotency-Key.',
      },
      components: {
        securitySchemes: {
          apiKey: { type: 'http', scheme: 'bearer', description: 'An API key made in Settings → API keys.' },
        },
      },
      security: [{ apiKey: [] }],
    },
    transform: jsonSchemaTransform,
  });
  await app.register(fastifySwaggerUi, { routePrefix: '/docs', staticCSP: true });
  app.get('/openapi.json', { config: { access: { public: true } }, schema: { hide: true } }, async () => app.swagger());
}
