import Fastify from 'fastify';
import pg from 'pg';
import { newId } from '../src/foundation/id.ts';
import { oneStatementOf } from './charges.ts';

interface Settings {
  url: string;
  workspaceId: string;
  people: { contactUuid: string; methodUuid: string }[];
}

/** The rival of the charges bench as a process of its own: Fastify, one route, one named statement, a pool. */
export async function runBareRoute({ url, workspaceId, people }: Settings): Promise<void> {
  const pool = new pg.Pool({ connectionString: url, max: 12 });
  const app = Fastify({ logger: false });
  const text = oneStatementOf();
  app.post('/charges', async (request, reply) => {
    const { amount_minor: amount, person } = request.body as { amount_minor: number; person: number };
    const { contactUuid, methodUuid } = people[person]!;
    const payment = newId();
    const fee = Math.round(amount * 0.029) + 30;
    await pool.query({
      name: 'bare',
      text,
      values: [
        workspaceId,
        payment,
        contactUuid,
        methodUuid,
        amount,
        fee,
        new Date(),
        newId(),
        newId(),
        newId(),
        newId(),
      ],
    });
    return reply.status(201).send({ id: payment, status: 'settled', amount_minor: amount });
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
