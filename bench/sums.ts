import pg from 'pg';
import { charges, prepare } from './charges.ts';
import { type BenchDatabase, type BenchRow, perSecond, startBenchServer } from './harness.ts';

const CLIENTS = 8;
const SECONDS = 4;
const ROUNDS = 5;

/**
 * What keeping the sums costs: charges per second of the program as it is and of the same program on a database whose
 * functions lack the two statements that keep sums, in turns, on two databases of one PostgreSQL. Medians.
 */
export async function benchSums(database: BenchDatabase): Promise<BenchRow[]> {
  await database.owner.query('CREATE DATABASE without_sums');
  const url = database.url.replace(/\/bench$/, '/without_sums');
  const owner = new pg.Pool({ connectionString: url, max: 2 });
  owner.on('error', () => {});
  const keeping = await startBenchServer(database.url);
  const leaving = await startBenchServer(url);
  try {
    await leaveOut(owner, 'ledger_post', 'ledger_contact_sums');
    await leaveOut(owner, 'payments_record', 'payment_day_totals');
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
    const { rows } = await owner.query<{ kept: string }>(
      'SELECT (SELECT count(*) FROM ledger_contact_sums) + (SELECT count(*) FROM payment_day_totals) AS kept',
    );
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

/** Makes a function anew without its one statement that fills a table. */
async function leaveOut(owner: pg.Pool, name: string, table: string): Promise<void> {
  const { rows } = await owner.query<{ text: string }>(
    `SELECT pg_get_functiondef(p.oid) AS text FROM pg_proc p WHERE p.proname = $1`,
    [name],
  );
  const text = rows[0]!.text;
  const without = text.replace(new RegExp(`INSERT INTO ${table} [^;]*;`), '');
  if (without === text) throw new Error(`${name} does not fill ${table}.`);
  await owner.query(without);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
