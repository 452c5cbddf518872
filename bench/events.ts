import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  addressFrom,
  type BenchDatabase,
  type BenchRow,
  cpuSecondsOf,
  load,
  perSecond,
  runCommand,
  send,
  startBenchServer,
} from './harness.ts';

const CLIENTS = 64;
const SECONDS = 5;
const ROUNDS = 3;
const WARM_UP_SECONDS = 3;
const SIGNING_SECRET = 'whsec_of_the_bench_0123456789abcdef';
const KEYS = { secret_key: 'sk_test_of_the_bench_0123456789', publishable_key: 'pk_test_of_the_bench_0123456789' };

/**
 * Signed messages per second until they are on disk, against a bare HTTP handler that only checks the signature. Both get
 * the same messages with Stripe's signature from the same clients; ours are of a kind that asks nothing of the gateway.
 */
export async function benchEvents(database: BenchDatabase): Promise<BenchRow[]> {
  const account = await startAccount();
  const server = await startBenchServer(database.url, [], { STRIPE_API_URL: account.address });
  const rival = spawn(process.execPath, [process.argv[1]!, '--bare-events'], {
    env: { ...process.env, BENCH_BARE_EVENTS: JSON.stringify({ secret: SIGNING_SECRET }) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const rivalAddress = await addressFrom(rival);
    const path = await connect(database, server.address);
    let made = 0;
    const tell = (address: string, to: string) => async () => {
      made += 1;
      const { body, signature } = message(`evt_bench_${made}`);
      const answer = await send(address, 'POST', to, { 'stripe-signature': signature }, body);
      if (answer.status !== 200) throw new Error(`${answer.status}: ${answer.text}`);
    };
    await load(CLIENTS, WARM_UP_SECONDS, tell(server.address, path));
    await load(CLIENTS, WARM_UP_SECONDS, tell(rivalAddress, '/'));
    const rates = { ours: [] as number[], theirs: [] as number[], cpuMs: [] as number[], theirCpuMs: [] as number[] };
    let acknowledged = 0;
    const before = await countEvents(database);
    for (let round = 0; round < ROUNDS; round += 1) {
      const cpu = cpuSecondsOf(server.process.pid!);
      const ours = await load(CLIENTS, SECONDS, tell(server.address, path));
      rates.cpuMs.push(((cpuSecondsOf(server.process.pid!) - cpu) * 1000) / ours.count);
      rates.ours.push(ours.perSecond);
      acknowledged += ours.count;
      const rivalCpu = cpuSecondsOf(rival.pid!);
      const theirs = await load(CLIENTS, SECONDS, tell(rivalAddress, '/'));
      rates.theirCpuMs.push(((cpuSecondsOf(rival.pid!) - rivalCpu) * 1000) / theirs.count);
      rates.theirs.push(theirs.perSecond);
    }
    const kept = (await countEvents(database)) - before;
    const [mine, his] = [median(rates.ours), median(rates.theirs)];
    const [cpuMs, theirCpuMs] = [median(rates.cpuMs), median(rates.theirCpuMs)];
    // What a whole core of this machine carries: the clients and the database want the others.
    const perCore = 1000 / cpuMs;
    return [
      row(
        'signed messages until on disk, 64 clients',
        perSecond(mine),
        `${perSecond(his)} bare check`,
        mine / his,
        '≥ 0.5',
      ),
      row('by CPU of the server', `${cpuMs.toFixed(3)} ms`, `${theirCpuMs.toFixed(3)} ms`, theirCpuMs / cpuMs, '≥ 0.5'),
      { ...row('messages that one core carries', perSecond(perCore), '–', null, '≥ 2000/s'), met: perCore >= 2_000 },
      {
        ...row('answered and kept', String(kept), `${acknowledged} answered`, kept / acknowledged, '1'),
        met: kept === acknowledged,
      },
    ];
  } finally {
    rival.kill('SIGTERM');
    await server.close();
    account.close();
  }
}

function message(id: string): { body: string; signature: string } {
  const at = Math.floor(Date.now() / 1000);
  const body = JSON.stringify(
    {
      id,
      object: 'event',
      api_version: '2026-10-28.endive',
      created: at,
      type: 'customer.updated',
      livemode: false,
      pending_webhooks: 1,
      request: { id: null, idempotency_key: null },
      data: { object: { id: `cus_${id}`, object: 'customer', name: 'Ada Lovelace', description: 'x'.repeat(900) } },
    },
    null,
    2,
  );
  const signature = `t=${at},v1=${createHmac('sha256', SIGNING_SECRET).update(`${at}.${body}`).digest('hex')}`;
  return { body, signature };
}

/** All that connecting asks of Stripe: whose account it is. */
async function startAccount(): Promise<{ address: string; close(): void }> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ id: 'acct_bench', object: 'account', email: 'bench@example.com' }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() };
}

/** A workspace with the account connected; the path of its address for messages. */
async function connect(database: BenchDatabase, address: string): Promise<string> {
  const setUp = ['setup', '--owner', 'bench@example.com', '--workspace', 'Bench', '--json'];
  const { output } = await runCommand(database.url, setUp);
  const { api_key: apiKey } = JSON.parse(output) as { api_key: { token: string } };
  const headers = { authorization: `Bearer ${apiKey.token}` };
  const values = { ...KEYS, signing_secret: SIGNING_SECRET };
  const body = JSON.stringify({ gateway: 'stripe', values });
  const answer = await send(address, 'POST', '/v1/gateway-connections', headers, body);
  if (answer.status !== 201) throw new Error(answer.text);
  return new URL((JSON.parse(answer.text) as { event_address: string }).event_address).pathname;
}

async function countEvents(database: BenchDatabase): Promise<number> {
  const { rows } = await database.owner.query<{ count: string }>('SELECT count(*) FROM gateway_events');
  return Number(rows[0]!.count);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

function row(name: string, ours: string, rival: string, ratio: number | null, target: string): BenchRow {
  return { bench: 'events', case: name, ours, rival, ratio, target, met: ratio === null ? null : ratio >= 0.5 };
}
