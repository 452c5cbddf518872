import { prepare } from './charges.ts';
import {
  type BenchDatabase,
  type BenchRow,
  printStatements,
  residentMiB,
  runCommand,
  startBenchServer,
} from './harness.ts';

/** Schedules that are due on one day; BENCH_SCHEDULES=10000 for a look. */
const SCHEDULES = Number(process.env.BENCH_SCHEDULES ?? 100_000);
const SECONDS_MAX = 180;
const LOOK_EVERY_MS = 500;

/**
 * The monthly run: as many schedules as a large business has, all due today, made into issued invoices by the program's own
 * loop, without charging or sending. The server is killed in the middle and started again; every one is made once.
 */
export async function benchRecurring(database: BenchDatabase): Promise<BenchRow[]> {
  const first = await startBenchServer(database.url);
  const { workspaceId, people } = await prepare(database, first);
  await first.close();
  const lines = [
    {
      name: 'Membership',
      description: '',
      quantity: '1',
      unit: '',
      unit_code: 'C62',
      unit_price: '49.00',
      discount: null,
      taxes: [],
    },
    {
      name: 'Locker',
      description: '',
      quantity: '2',
      unit: '',
      unit_code: 'C62',
      unit_price: '4.50',
      discount: null,
      taxes: [],
    },
  ];
  const { rows: days } = await database.owner.query<{ day: string }>('SELECT current_date::text AS day');
  const today = days[0]!.day;
  const recurrence = {
    unit: 'month',
    every: 1,
    startsOn: today,
    trialUntil: null,
    countMax: null,
    endsOn: null,
    pauses: [],
    skips: [],
  };
  const revisions = [{ from: today, content: { lines, meters: [], discount: null, notes: '', reference: null } }];
  await database.owner.query(
    `INSERT INTO recurring_invoices (workspace_id, id, contact_id, name, currency, recurrence, revisions, auto_send, next_on,
       created_at, created_by, updated_at)
     SELECT $1, gen_random_uuid(), ($2::uuid[])[1 + n % cardinality($2::uuid[])], 'Membership ' || n, 'USD', $3, $4, false, $5::date,
       now(), 'Bench', now() FROM generate_series(1, $6::int) n`,
    [
      workspaceId,
      people.map(({ contactUuid }) => contactUuid),
      JSON.stringify(recurrence),
      JSON.stringify(revisions),
      today,
      SCHEDULES,
    ],
  );
  // Not the tables that are empty still: a session that has met them as empty plans their checks so until they are looked at
  // again, which on a server in use is long past.
  await database.owner.query('ANALYZE contacts, recurring_invoices');

  // From the counter of the series, which moves with the documents: counting their rows would load what is being measured.
  const counted = async () =>
    Number(
      (await database.owner.query('SELECT coalesce(max(next_number) - 1, 0) AS n FROM number_series_years')).rows[0].n,
    );
  const memory: number[] = [];
  const until = async (count: number, server: Awaited<ReturnType<typeof startBenchServer>>) => {
    for (;;) {
      memory.push(residentMiB(server.process.pid!));
      if ((await counted()) >= count) return;
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  };
  const begun = performance.now();
  const killed = await startBenchServer(database.url);
  await until(SCHEDULES / 2, killed);
  killed.process.kill('SIGKILL');
  await new Promise((resolve) => killed.process.once('exit', resolve));
  const atKill = memory.length;
  const resumed = await startBenchServer(database.url);
  await until(SCHEDULES, resumed);
  const seconds = (performance.now() - begun) / 1000;
  await resumed.close();
  if (process.env.BENCH_STATEMENTS) await printStatements(database);

  const { rows } = await database.owner.query<{ made: string; schedules: string; numbers: string; last: string }>(
    `SELECT count(*) AS made, count(DISTINCT (recurring_id, recurring_number)) AS schedules, count(DISTINCT number) AS numbers,
       max(series_number) AS last FROM invoices WHERE source = 'recurring'`,
  );
  const { made, schedules, numbers, last } = rows[0]!;
  const isOnce = [made, schedules, numbers, last].every((count) => Number(count) === SCHEDULES);
  const verified = await runCommand(database.url, ['verify'], { COUNTERFOIL_SECRET: 'x'.repeat(48) });
  const early = memory.slice(0, Math.max(1, Math.floor(atKill / 4)));
  const row = (name: string, ours: string, target: string, met: boolean | null): BenchRow => ({
    ...{ bench: 'recurring', case: name, ours, rival: '–', ratio: null, target, met },
  });
  return [
    row(
      `${SCHEDULES} recurring invoices, killed half way and resumed`,
      `${seconds.toFixed(0)} s`,
      `≤ ${SECONDS_MAX} s`,
      seconds <= SECONDS_MAX,
    ),
    row('invoices per second', `${(SCHEDULES / seconds).toFixed(0)}/s`, 'told', null),
    row(
      'resident memory: early, and at most',
      `${Math.max(...early).toFixed(0)} MiB, ${Math.max(...memory).toFixed(0)} MiB`,
      'flat',
      null,
    ),
    row('each made once, numbers without a gap', isOnce ? 'yes' : JSON.stringify(rows[0]), 'yes', isOnce),
    row(
      'verify afterwards',
      verified.code === 0 ? 'finds nothing' : verified.output.slice(0, 200),
      'finds nothing',
      verified.code === 0,
    ),
  ];
}
