import Fastify from 'fastify';
import pg from 'pg';
import { type PageFacts, pageCases } from './page-cases.ts';

/** The rival of the pages bench as a process of its own: Fastify, one route, the hand-written statements, a pool. */
export async function runBarePages({ url, facts }: { url: string; facts: PageFacts }): Promise<void> {
  const pool = new pg.Pool({ connectionString: url, max: 12, pipeline: true } as pg.PoolConfig);
  const cases = pageCases(facts);
  const app = Fastify({ logger: false });
  app.get('/page', async (request) => {
    const { number, turn } = request.query as { number: string; turn: string };
    const client = await pool.connect();
    try {
      const sent = cases[Number(number)]!.statements(Number(turn)).map((statement) =>
        client.query(statement.text, [...statement.values]),
      );
      return (await Promise.all(sent)).map((answer) => answer.rows);
    } finally {
      client.release();
    }
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const address = app.server.address();
  console.log(`listening on http://127.0.0.1:${address && typeof address === 'object' ? address.port : 0}`);
  process.on('SIGTERM', () => {
    void app
      .close()
      .then(() => pool.end())
      .then(() => process.exit(0));
  });
}
