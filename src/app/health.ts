import type { Database } from '../foundation/database.ts';
import type { App } from '../workspace/door.ts';

/** `/healthz`: the process answers. `/readyz`: it can reach its database. For load balancers and whoever hosts it. */
export function registerHealth(app: App, database: Database): void {
  app.get('/healthz', { config: { access: { public: true } }, schema: { hide: true } }, async () => ({ status: 'ok' }));
  app.get('/readyz', { config: { access: { public: true } }, schema: { hide: true } }, async (_request, reply) => {
    try {
      await database.inGlobal((tx) => tx.one({ text: 'SELECT max(version) AS version FROM schema_migrations' }));
      return { status: 'ready' };
    } catch {
      return reply.status(503).send({ status: 'database unreachable' });
    }
  });
}
