import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pause } from '../src/foundation/clock.ts';
import { type BenchDatabase, type BenchRow, cpuSecondsOf, runCommand, send, startBenchServer } from './harness.ts';

const CHARGES = 100_000;
const CUSTOMERS = 1_000;
const PAGE = 100;
/** What Stripe itself needs for a page of a hundred is several times that. */
const PAGE_MS = 25;
const KEYS = { secret_key: 'sk_test_of_the_bench_0123456789', publishable_key: 'pk_test_of_the_bench_0123456789' };

/**
 * Bringing over an account with a hundred thousand charges, against merely paging through the same lists, one page after
 * the other, and reading them as JSON. Both are bound by how fast the account gives its pages.
 */
export async function benchGatewayImport(database: BenchDatabase): Promise<BenchRow[]> {
  const account = await startAccount();
  const server = await startBenchServer(database.url, [], { STRIPE_API_URL: account.address });
  try {
    const setUp = ['setup', '--owner', 'bench@example.com', '--workspace', 'Bench', '--json'];
    const { output } = await runCommand(database.url, setUp);
    const { api_key: apiKey } = JSON.parse(output) as { api_key: { token: string } };
    const headers = { authorization: `Bearer ${apiKey.token}` };
    const ask = async <T>(method: string, path: string, body?: object) => {
      const answer = await send(server.address, method, path, headers, body && JSON.stringify(body));
      if (answer.status >= 300) throw new Error(answer.text);
      return JSON.parse(answer.text) as T;
    };
    await ask('POST', '/v1/gateway-connections', { gateway: 'stripe', values: KEYS });

    const paging = await secondsOf(() => pageThrough(account.address));
    const cpu = cpuSecondsOf(server.process.pid!);
    const importing = await secondsOf(async () => {
      await ask('POST', '/v1/gateway-imports', { gateway: 'stripe' });
      for (;;) {
        await pause(250);
        const [last] = (await ask<{ data: { status: string; failure: string | null }[] }>('GET', '/v1/gateway-imports'))
          .data;
        if (last?.status === 'done') return;
        if (last?.status === 'failed') throw new Error(last.failure ?? 'failed');
      }
    });
    const cpuSeconds = cpuSecondsOf(server.process.pid!) - cpu;
    const { rows } = await database.owner.query<{ count: string }>('SELECT count(*) FROM payments');
    const [last] = (await ask<{ data: { tie_out: { equal: boolean } }[] }>('GET', '/v1/gateway-imports')).data;
    const ratio = paging / importing;
    const row = { bench: 'gateway-import', rival: '–', ratio: null, target: '–', met: null };
    return [
      {
        ...row,
        case: `${CHARGES} charges brought over`,
        ours: `${importing.toFixed(1)} s`,
        rival: `${paging.toFixed(1)} s paging`,
        ratio,
        target: '≥ 0.7',
        met: ratio >= 0.7,
      },
      { ...row, case: 'charges per second', ours: (CHARGES / importing).toFixed(0) },
      { ...row, case: 'CPU of the server per charge', ours: `${((cpuSeconds * 1000) / CHARGES).toFixed(3)} ms` },
      {
        ...row,
        case: 'in the book, both sides equal',
        ours: rows[0]!.count,
        target: String(CHARGES),
        met: Number(rows[0]!.count) === CHARGES && last!.tie_out.equal,
      },
    ];
  } finally {
    await server.close();
    account.close();
  }
}

async function secondsOf(work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}

/** What bringing over has to ask for at least, and nothing done with it. */
async function pageThrough(address: string): Promise<void> {
  for (const list of ['customers', 'charges', 'refunds', 'disputes', 'payouts', 'balance_transactions']) {
    for (let after = ''; ; ) {
      const answer = await send(address, 'GET', `/v1/${list}?limit=${PAGE}${after}`, {});
      const page = JSON.parse(answer.text) as { data: { id: string }[]; has_more: boolean };
      if (list === 'customers') {
        const waiting = [...page.data];
        const one = async () => {
          for (let next = waiting.shift(); next; next = waiting.shift()) {
            await send(address, 'GET', `/v1/customers/${next.id}/payment_methods`, {});
          }
        };
        await Promise.all(Array.from({ length: 8 }, one));
      }
      if (!page.has_more) break;
      after = `&starting_after=${page.data.at(-1)!.id}`;
    }
  }
}

/** An account whose objects are made from their number, so that a page costs nothing to find. */
async function startAccount(): Promise<{ address: string; close(): void }> {
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://account');
    if (url.pathname !== '/v1/account') await pause(PAGE_MS);
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answerTo(url)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() };
}

function answerTo(url: URL): object {
  const list = url.pathname.replace('/v1/', '');
  const after = /(\d+)$/.exec(url.searchParams.get('starting_after') ?? '')?.[1];
  const first = after === undefined ? 0 : Number(after) + 1;
  if (list === 'account') return { id: 'acct_bench', object: 'account', email: 'bench@example.com' };
  const [count, make] = LISTS[list] ?? [0, () => ({})];
  const data = Array.from({ length: Math.min(PAGE, count - first) }, (_, index) => make(first + index));
  return { object: 'list', url: url.pathname, has_more: first + PAGE < count, data };
}

const CREATED = 1_760_000_000;
const amountOf = (index: number) => 1_000 + (index % 9_000);
const feeOf = (index: number) => Math.round(amountOf(index) * 0.029) + 30;

const LISTS: Readonly<Record<string, readonly [number, (index: number) => object]>> = {
  customers: [
    CUSTOMERS,
    (index) => ({
      id: `cus_${index}`,
      object: 'customer',
      name: `Person ${index}`,
      email: `person${index}@example.com`,
      phone: null,
      created: CREATED,
    }),
  ],
  charges: [CHARGES, chargeAt],
  balance_transactions: [CHARGES, lineAt],
};

function chargeAt(index: number): object {
  return {
    id: `ch_${index}`,
    object: 'charge',
    amount: amountOf(index),
    amount_captured: amountOf(index),
    captured: true,
    created: CREATED + index,
    currency: 'usd',
    customer: `cus_${index % CUSTOMERS}`,
    description: 'Consultation',
    metadata: {},
    payment_intent: null,
    payment_method: null,
    payment_method_details: { type: 'card', card: { brand: 'visa', last4: '4242' } },
    status: 'succeeded',
    balance_transaction: lineAt(index),
  };
}

function lineAt(index: number): object {
  return {
    id: `txn_${index}`,
    object: 'balance_transaction',
    amount: amountOf(index),
    available_on: CREATED + index,
    created: CREATED + index,
    currency: 'usd',
    exchange_rate: null,
    fee: feeOf(index),
    net: amountOf(index) - feeOf(index),
    reporting_category: 'charge',
    source: `ch_${index}`,
    type: 'charge',
  };
}
