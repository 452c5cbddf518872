import { join } from 'node:path';
import pg from 'pg';
import { charges, prepare } from './charges.ts';
import { type BenchDatabase, type BenchRow, perSecond, ROOT, startBenchServer } from './harness.ts';

const CLIENTS = 8;
const SECONDS = 4;
const ROUNDS = 5;

/**
 * What keeping the sums costs: charges per second of the program as it is and of the same program whose two statements
 * that keep sums are not sent (bench/without-sums.mjs), in turns, on two databases of one PostgreSQL. Medians.
 */
export async function benchSums(database: BenchDatabase): Promise<BenchRow[]> {
  await database.owner.query('CREATE DATABASE without_sums');
  const url = database.url.replace(/\/bench$/, '/without_sums');
  const owner = new pg.Pool({ connectionString: url, max: 2 });
  owner.on('error', () => {});
  const keeping = await startBenchServer(database.url);
  const leaving = await startBenchServer(url, [], {
    NODE_OPTIONS: `--import=${join(ROOT, 'bench', 'without-sums.mjs')}`,
  });
  try {
    const sides = [
      { server: keeping, prepared: await prepare(database, keeping), rates: [] as number[] },
      { server: leaving, prepared: await prepare({ ...database, url, owner }, leaving), rates: [] as number[] },
    ];
    for (const { server, prepared } of sides) await charges(server, prepared, CLIENTS, 1);
    await database.owner.query('ANALYZE');
    await owner.query('ANALYZE');
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const side of sides) {
        side.rates.push((await charges(side.server, side.prepared, CLIENTS, SECONDS)).perSecond);
      }
    }
    const { rows } = await owner.query<{ kept: string }>('SELECT count(*) AS kept FROM ledger_contact_sums');
    if (rows[0]!.kept !== '0') throw new Error('The rival kept sums all the same.');
    const [withSums, without] = sides.map(({ rates }) => median(rates));
    const ratio = withSums! / without!;
    return [
      {
        bench: 'sums',
        case: `charges that keep sums against charges that do not, ${CLIENTS} clients`,
        ours: perSecond(withSums!),
        rival: perSecond(without!),
        ratio,
        target: '≥ 0.8',
        met: ratio >= 0.8,
      },
    ];
  } finally {
    await keeping.close();
    await leaving.close();
    await owner.end();
  }
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
