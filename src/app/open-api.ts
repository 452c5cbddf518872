import fastifySwagger from '@fastify/swagger';
import fastifySwaggerUi from '@fastify/swagger-ui';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import type { Access, App } from '../workspace/door.ts';
import { SESSION_COOKIE } from '../workspace/session-cookie.ts';
import { completeDocument, type DocumentObject, type RouteFacts, routeKey } from './complete-open-api.ts';

const DESCRIPTION = `Amounts are whole minor units with an ISO 4217 currency. Lists are pages: pass \`next_cursor\` back as
\`cursor\`. Errors are problem+json with a stable \`code\`. Every POST that moves money needs an \`Idempotency-Key\`; the
same key with the same input is the same movement and the same answer. Edits take an \`If-Match\` with the \`ETag\` that was read.`;

/** `/openapi.json` made from the same zod schemas that check the requests, and `/docs` to read it. */
export async function registerOpenApi(app: App): Promise<void> {
  const routes = new Map<string, RouteFacts>();
  app.addHook('onRoute', ({ method, url, config, schema }) => {
    const access = (config as { access?: Access } | undefined)?.access;
    if (!access) return;
    const takesFile = ((schema as { consumes?: string[] } | undefined)?.consumes ?? []).includes('multipart/form-data');
    for (const one of [method].flat()) routes.set(routeKey(one, url), { access, takesFile });
  });
  await app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Counterfoil',
        version: '1',
        description: DESCRIPTION,
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: '/', description: 'This server' }],
      components: {
        securitySchemes: {
          apiKey: { type: 'http', scheme: 'bearer', description: 'An API key made in Settings → API keys.' },
          session: {
            type: 'apiKey',
            in: 'cookie',
            name: SESSION_COOKIE,
            description:
              'Somebody signed in with a browser. The workspace is named in the header Counterfoil-Workspace, and ' +
              'whatever is not a GET carries the header “Counterfoil-Client: web”.',
          },
        },
      },
    },
    transform: jsonSchemaTransform,
    // First the schemas with a name of their own, which the paths refer to.
    transformObject: (found: Parameters<typeof jsonSchemaTransformObject>[0]) =>
      completeDocument(jsonSchemaTransformObject(found) as unknown as DocumentObject, routes) as never,
  } as Parameters<typeof fastifySwagger>[1]);
  await app.register(fastifySwaggerUi, {
    routePrefix: '/docs',
    staticCSP: true,
    uiConfig: { deepLinking: true, docExpansion: 'list', defaultModelsExpandDepth: -1 },
    theme: {
      title: 'Counterfoil API',
      // The bar for opening other documents: there is only this one.
      css: [{ filename: 'counterfoil.css', content: '.swagger-ui .topbar { display: none; }' }],
    },
  });
  app.get('/openapi.json', { config: { access: { public: true } }, schema: { hide: true } }, async () => app.swagger());
}
