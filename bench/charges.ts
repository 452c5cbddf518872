import { spawn } from 'node:child_process';
import pg from 'pg';
import { newId } from '../src/foundation/id.ts';
import {
  addressFrom,
  type BenchDatabase,
  type BenchRow,
  type BenchServer,
  cpuSecondsOf,
  load,
  ms,
  perSecond,
  printStatements,
  residentMiB,
  runCommand,
  send,
  startBenchServer,
} from './harness.ts';

/** Contacts that the load is spread over: enough that the same one is rarely charged twice at once. */
const CONTACTS = 1_000;
/** Rarely the same for the same contact, so that nobody is asked whether it is meant to be charged again. */
let drawn = 0;
const nextAmount = () => 1_000 + (drawn++ % 900_001);
const SECONDS = 4;
const ROUNDS = 3;
const WARM_UP_SECONDS = 5;
/** BENCH_CLIENTS=1 measures one load alone, for a profile of it. */
const CLIENTS = (process.env.BENCH_CLIENTS ?? '1,8,32').split(',').map(Number);

export interface Prepared {
  readonly workspaceId: string;
  readonly apiKey: string;
  readonly people: { contact: string; method: string; contactUuid: string; methodUuid: string }[];
}

/**
 * Charges per second through the whole HTTP API against (a) a bare Fastify route that writes the same rows with one
 * statement and (b) the same rows written directly in eight round trips; and what one charge costs in CPU.
 */
export async function benchCharges(database: BenchDatabase): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  const server = await startBenchServer(database.url);
  try {
    const prepared = await prepare(database, server);
    const rival = await startBareRoute(database, prepared);
    try {
      // Both are warm before anything is counted: the first thousands of requests are the compiler's.
      await charges(server, prepared, CLIENTS.at(-1)!, WARM_UP_SECONDS);
      await bare(rival.address, CLIENTS.at(-1)!, WARM_UP_SECONDS);
      // What autovacuum does within a minute; both sides profit.
      await database.owner.query('ANALYZE');
      for (const clients of CLIENTS) {
        const ours: Measured[] = [];
        const theirs: Measured[] = [];
        // In turns, so that a noisy moment of the machine meets both.
        for (let round = 0; round < ROUNDS; round += 1) {
          ours.push(await measured(server.process.pid!, database, () => charges(server, prepared, clients, SECONDS)));
          theirs.push(await measured(rival.pid, database, () => bare(rival.address, clients, SECONDS)));
        }
        const mine = rateOf(ours);
        const his = rateOf(theirs);
        const ratio = mine / his;
        rows.push(
          row(
            `charges, ${clients} clients, against a bare route`,
            perSecond(mine),
            perSecond(his),
            ratio,
            '≥ 0.5',
            ratio >= 0.5,
          ),
        );
        const [cpu, theirCpu] = [cpuOf(ours), cpuOf(theirs)];
        rows.push(
          row(
            `CPU of server and PostgreSQL per charge, ${clients} clients`,
            ms(cpu),
            ms(theirCpu),
            cpu / theirCpu,
            '≤ 5 ms',
            cpu <= 5,
          ),
        );
        if (clients === 8) {
          const direct = await writtenDirectly(database, prepared, clients);
          rows.push(
            row(
              'charges, 8 clients, against eight round trips',
              perSecond(mine),
              perSecond(direct),
              mine / direct,
              '≥ 0.25',
              mine / direct >= 0.25,
            ),
          );
        }
      }
      if (process.env.BENCH_STATEMENTS) await printStatements(database);
      rows.push(
        row(
          'server’s resident memory after the load',
          `${residentMiB(server.process.pid!).toFixed(0)} MiB`,
          '–',
          null,
          'told',
          null,
        ),
      );
    } finally {
      await rival.close();
    }
  } finally {
    await server.close();
  }
  const verified = await runCommand(database.url, ['verify'], { COUNTERFOIL_SECRET: 'x'.repeat(48) });
  rows.push(
    row(
      'verify after the load',
      verified.code === 0 ? 'finds nothing' : verified.output.slice(0, 200),
      '–',
      null,
      'finds nothing',
      verified.code === 0,
    ),
  );
  return rows;
}

const row = (
  name: string,
  ours: string,
  rival: string,
  ratio: number | null,
  target: string,
  met: boolean | null,
): BenchRow => ({
  bench: 'charges',
  case: name,
  ours,
  rival,
  ratio,
  target,
  met,
});

interface Measured {
  readonly count: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
}

/** A load, with the CPU that the serving process and PostgreSQL spent on it; the client's own is left out. */
async function measured(
  pid: number,
  database: BenchDatabase,
  work: () => Promise<Awaited<ReturnType<typeof load>>>,
): Promise<Measured> {
  const cpu = () => cpuSecondsOf(pid) + cpuSecondsOf(database.postgres.pid);
  const before = cpu();
  const { count, perSecond: rate } = await work();
  return { count, seconds: count / rate, cpuSeconds: cpu() - before };
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const rateOf = (runs: readonly Measured[]) => sum(runs.map((run) => run.count)) / sum(runs.map((run) => run.seconds));
const cpuOf = (runs: readonly Measured[]) =>
  (sum(runs.map((run) => run.cpuSeconds)) * 1000) / sum(runs.map((run) => run.count));

export async function prepare(database: BenchDatabase, server: BenchServer): Promise<Prepared> {
  const made = await runCommand(database.url, [
    'setup',
    '--owner',
    'bench@example.com',
    '--workspace',
    'Bench',
    '--json',
  ]);
  const apiKey = (JSON.parse(made.output) as { api_key: { token: string } }).api_key.token;
  const headers = { authorization: `Bearer ${apiKey}` };
  const probe = await send(server.address, 'GET', '/v1/payments', headers);
  if (probe.status !== 200) throw new Error(`the server refuses the key: ${probe.text} ${made.output}`);
  const people: { contact: string; method: string }[] = [];
  for (let index = 0; index < CONTACTS; index += 1) {
    const contact = JSON.parse(
      (await send(server.address, 'POST', '/v1/contacts', headers, JSON.stringify({ name: `Customer ${index}` }))).text,
    ) as { id: string };
    const method = JSON.parse(
      (
        await send(
          server.address,
          'POST',
          `/v1/contacts/${contact.id}/sandbox-methods`,
          headers,
          '{"test_method":"approved"}',
        )
      ).text,
    ) as { id: string };
    people.push({ contact: contact.id, method: method.id });
  }
  const { rows } = await database.owner.query<{ id: string; contact_id: string; workspace_id: string }>(
    'SELECT workspace_id, id, contact_id FROM payment_methods ORDER BY added_at, id',
  );
  const workspaceId = rows[0]!.workspace_id;
  const withUuids = people.map((person, index) => ({
    ...person,
    contactUuid: rows[index]!.contact_id,
    methodUuid: rows[index]!.id,
  }));
  return { workspaceId, apiKey, people: withUuids };
}

export function charges(server: BenchServer, { apiKey, people }: Prepared, clients: number, seconds: number) {
  return load(clients, seconds, async (index) => {
    const { contact, method } = people[index % people.length]!;
    const body = JSON.stringify({
      amount_minor: nextAmount(),
      currency: 'USD',
      payment_method_id: method,
      description: 'Consultation',
    });
    const answer = await send(
      server.address,
      'POST',
      `/v1/contacts/${contact}/charges`,
      { authorization: `Bearer ${apiKey}`, 'idempotency-key': newId() },
      body,
    );
    if (answer.status !== 201) throw new Error(`a charge was refused: ${answer.text}`);
  });
}

function bare(address: string, clients: number, seconds: number) {
  return load(clients, seconds, async (index) => {
    const answer = await send(
      address,
      'POST',
      '/charges',
      {},
      JSON.stringify({ amount_minor: nextAmount(), person: index % CONTACTS }),
    );
    if (answer.status !== 201) throw new Error(`the bare route failed: ${answer.text}`);
  });
}

/** The rival: Fastify, one route, one statement, no key, no limits, no history of its own; same tables, same rows. */
async function startBareRoute(database: BenchDatabase, prepared: Prepared) {
  const child = spawn(process.execPath, [process.argv[1]!, '--bare-route'], {
    env: {
      ...process.env,
      BENCH_BARE_ROUTE: JSON.stringify({
        url: database.url,
        workspaceId: prepared.workspaceId,
        people: prepared.people.map(({ contactUuid, methodUuid }) => ({ contactUuid, methodUuid })),
      }),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const address = await addressFrom(child);
  return {
    address,
    pid: child.pid!,
    async close() {
      child.kill('SIGTERM');
      await new Promise((resolve) => child.once('exit', resolve));
    },
  };
}

/** The same rows by a program that knows the tables and nothing else, in eight round trips per charge. */
async function writtenDirectly(
  database: BenchDatabase,
  { workspaceId, people }: Prepared,
  clients: number,
): Promise<number> {
  const connections = await Promise.all(
    Array.from({ length: clients }, async () => {
      const client = new pg.Client({ connectionString: database.url });
      await client.connect();
      return client;
    }),
  );
  const result = await load(clients, SECONDS, async (index, worker) => {
    const client = connections[worker]!;
    const person = people[index % people.length]!;
    const ids = { payment: newId(), entry: newId(), receipt: newId(), outbox: newId(), audit: newId() };
    await client.query('BEGIN');
    for (const { name, text, values } of statementsOf(workspaceId, person, nextAmount(), ids))
      await client.query({ name, text, values });
    await client.query('COMMIT');
  });
  await Promise.all(connections.map((client) => client.end()));
  return result.perSecond;
}

interface RowIds {
  payment: string;
  entry: string;
  receipt: string;
  outbox: string;
  audit: string;
}

/** Six statements that write the rows of one settled charge. */
export function statementsOf(workspaceId: string, person: Prepared['people'][number], amount: number, ids: RowIds) {
  const now = new Date();
  const fee = Math.round(amount * 0.029) + 30;
  return [
    {
      name: 'b1',
      text: PAYMENT,
      values: [
        workspaceId,
        ids.payment,
        person.contactUuid,
        person.methodUuid,
        amount,
        fee,
        now,
        ids.payment,
        ids.audit,
      ],
    },
    { name: 'b2', text: HISTORY, values: [workspaceId, ids.payment, now] },
    { name: 'b3', text: ENTRY, values: [workspaceId, ids.entry, ids.payment, person.contactUuid, now] },
    { name: 'b4', text: TRANSFERS, values: [workspaceId, ids.entry, person.contactUuid, amount, fee] },
    { name: 'b5', text: SUMS, values: [workspaceId, person.contactUuid, amount, fee] },
    {
      name: 'b6',
      text: REST,
      values: [workspaceId, ids.payment, ids.receipt, ids.outbox, ids.audit, now, amount, person.methodUuid],
    },
  ];
}

const PAYMENT = `INSERT INTO payments (workspace_id, id, kind, contact_id, payment_method_id, gateway, method_kind, method_label, amount_minor, currency,
    fee_minor, status, description, source, idempotency_key, input_hash, gateway_ref, occurred_at, day, created_at, sent_at, settled_at, transition_count,
    created_by_kind, created_by_id, created_by_name)
  VALUES ($1, $2, 'charge', $3, $4, 'scripted', 'card', 'Visa ·· 4242', $5, 'USD', $6, 'settled', 'Consultation', 'api', $8, 'hash', 'sbp_' || $8, $7, $7::timestamptz::date,
    $7, $7, $7, 2, 'api_key', $9, 'Bench')`;
const HISTORY = `INSERT INTO payment_transitions (workspace_id, payment_id, seq, from_status, to_status, at, by_kind, by_name, via)
  VALUES ($1, $2, 1, NULL, 'sent', $3, 'api_key', 'Bench', 'request'), ($1, $2, 2, 'sent', 'settled', $3, 'gateway', 'Sandbox', 'reply')`;
const ENTRY = `INSERT INTO ledger_entries (workspace_id, id, booking, source_id, event, contact_id, currency, effective_on, effective_at, recorded_at)
  VALUES ($1, $2, 'charge_settled', $3, 'settled:2', $4, 'USD', $5::timestamptz::date, $5, $5)`;
const TRANSFERS = `INSERT INTO ledger_transfers (workspace_id, entry_id, line, debit_account, credit_account, contact_id, currency, amount_minor)
  VALUES ($1, $2, 1, 'gateway_clearing', 'revenue', $3, 'USD', $4), ($1, $2, 2, 'gateway_fees', 'gateway_clearing', $3, 'USD', $5)`;
const SUMS = `INSERT INTO ledger_contact_sums AS kept (workspace_id, contact_id, currency, received_minor, fee_minor, payment_count)
  VALUES ($1, $2, 'USD', $3, $4, 1) ON CONFLICT (workspace_id, contact_id, currency) DO UPDATE SET
    received_minor = kept.received_minor + excluded.received_minor, fee_minor = kept.fee_minor + excluded.fee_minor,
    payment_count = kept.payment_count + excluded.payment_count`;
/** Receipt, outbox, audit, the day's totals and the gateway's own row. */
const REST = `WITH receipt AS (INSERT INTO receipts (workspace_id, id, payment_id, number, issued_at, snapshot)
      VALUES ($1, $3, $2, 'R-0', $6, '{"test":true,"business":{"name":"Bench"},"customer":{"name":"Customer"},"amount_minor":1000}')),
    message AS (INSERT INTO outbox (workspace_id, id, topic, payload, created_at) VALUES ($1, $4, 'payment.settled', '{}', $6)),
    trace AS (INSERT INTO audit_log (workspace_id, id, at, actor_kind, actor_name, action, subject_kind, subject_id, details)
      VALUES ($1, $5, $6, 'api_key', 'Bench', 'charge.confirmed', 'payment', $2, '{"amount_minor":1000}')),
    totals AS (INSERT INTO payment_day_totals AS kept (workspace_id, day, kind, status, currency, method_kind, gateway, source, slot, count, amount_minor)
      VALUES ($1, $6::timestamptz::date, 'charge', 'settled', 'USD', 'card', 'scripted', 'api', (get_byte(uuid_send($2), 15) % 16)::smallint, 1, $7)
      ON CONFLICT (workspace_id, day, kind, status, currency, method_kind, gateway, source, slot) DO UPDATE SET
        count = kept.count + 1, amount_minor = kept.amount_minor + excluded.amount_minor)
  INSERT INTO scripted_movements (workspace_id, idempotency_key, ref, kind, method_ref, amount_minor, currency, status, input_hash, created_at)
  VALUES ($1, $2::text, 'sbp_' || $2::text, 'charge', $8::text, $7, 'USD', 'settled', 'hash', $6)`;

/** Everything in one statement, as the bare route sends it. */
export function oneStatementOf(): string {
  return `WITH payment AS (INSERT INTO payments (workspace_id, id, kind, contact_id, payment_method_id, gateway, method_kind, method_label, amount_minor, currency,
      fee_minor, status, description, source, idempotency_key, input_hash, gateway_ref, occurred_at, day, created_at, sent_at, settled_at, transition_count,
      created_by_kind, created_by_name)
    VALUES ($1::uuid, $2::uuid, 'charge', $3::uuid, $4::uuid, 'scripted', 'card', 'Visa ·· 4242', $5::bigint, 'USD', $6::bigint, 'settled', 'Consultation', 'api', $2::text, 'hash', 'sbp_' || $2::text,
      $7::timestamptz, $7::timestamptz::date, $7::timestamptz, $7::timestamptz, $7::timestamptz, 2, 'api_key', 'Bench')),
  history AS (INSERT INTO payment_transitions (workspace_id, payment_id, seq, from_status, to_status, at, by_kind, by_name, via)
    VALUES ($1::uuid, $2::uuid, 1, NULL, 'sent', $7::timestamptz, 'api_key', 'Bench', 'request'), ($1::uuid, $2::uuid, 2, 'sent', 'settled', $7::timestamptz, 'gateway', 'Sandbox', 'reply')),
  entry AS (INSERT INTO ledger_entries (workspace_id, id, booking, source_id, event, contact_id, currency, effective_on, effective_at, recorded_at)
    VALUES ($1::uuid, $8::uuid, 'charge_settled', $2::uuid, 'settled:2', $3::uuid, 'USD', $7::timestamptz::date, $7::timestamptz, $7::timestamptz)),
  transfers AS (INSERT INTO ledger_transfers (workspace_id, entry_id, line, debit_account, credit_account, contact_id, currency, amount_minor)
    VALUES ($1::uuid, $8::uuid, 1, 'gateway_clearing', 'revenue', $3::uuid, 'USD', $5::bigint), ($1::uuid, $8::uuid, 2, 'gateway_fees', 'gateway_clearing', $3::uuid, 'USD', $6::bigint)),
  sums AS (INSERT INTO ledger_contact_sums AS kept (workspace_id, contact_id, currency, received_minor, fee_minor, payment_count)
    VALUES ($1::uuid, $3::uuid, 'USD', $5::bigint, $6::bigint, 1) ON CONFLICT (workspace_id, contact_id, currency) DO UPDATE SET
      received_minor = kept.received_minor + excluded.received_minor, fee_minor = kept.fee_minor + excluded.fee_minor,
      payment_count = kept.payment_count + excluded.payment_count),
  receipt AS (INSERT INTO receipts (workspace_id, id, payment_id, number, issued_at, snapshot)
    VALUES ($1::uuid, $9::uuid, $2::uuid, 'R-0', $7::timestamptz, '{"test":true,"business":{"name":"Bench"},"customer":{"name":"Customer"},"amount_minor":1000}')),
  message AS (INSERT INTO outbox (workspace_id, id, topic, payload, created_at) VALUES ($1::uuid, $10::uuid, 'payment.settled', '{}', $7::timestamptz)),
  trace AS (INSERT INTO audit_log (workspace_id, id, at, actor_kind, actor_name, action, subject_kind, subject_id, details)
    VALUES ($1::uuid, $11::uuid, $7::timestamptz, 'api_key', 'Bench', 'charge.confirmed', 'payment', $2::uuid, '{"amount_minor":1000}')),
  totals AS (INSERT INTO payment_day_totals AS kept (workspace_id, day, kind, status, currency, method_kind, gateway, source, slot, count, amount_minor)
    VALUES ($1::uuid, $7::timestamptz::date, 'charge', 'settled', 'USD', 'card', 'scripted', 'api', (get_byte(uuid_send($2::uuid), 15) % 16)::smallint, 1, $5::bigint)
    ON CONFLICT (workspace_id, day, kind, status, currency, method_kind, gateway, source, slot) DO UPDATE SET
      count = kept.count + 1, amount_minor = kept.amount_minor + excluded.amount_minor)
  INSERT INTO scripted_movements (workspace_id, idempotency_key, ref, kind, method_ref, amount_minor, currency, status, input_hash, created_at)
  VALUES ($1::uuid, $2::text, 'sbp_' || $2::text, 'charge', $4::text, $5::bigint, 'USD', 'settled', 'hash', $7::timestamptz)`;
}
