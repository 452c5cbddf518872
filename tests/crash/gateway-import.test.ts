import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, expect, test, vi } from 'vitest';
import { verifyBooks } from '../../src/ledger/verify-books.ts';
import type { GatewayImport } from '../../src/payments/api.ts';
import { verifyPayments } from '../../src/payments/verify-payments.ts';
import { verifyAudit } from '../../src/workspace/verify-audit.ts';
import { makePast } from '../gateways/past-of-an-account.ts';
import { bundleProgram, type RunningProgram, runProgram } from '../setup/child-program.ts';
import { TEST_SECRET, TEST_START, type TestServer, type TestWorkspace, testServer } from '../setup/server.ts';
import { STAND_IN_PUBLISHABLE_KEY, STAND_IN_SECRET_KEY, startStripeStandIn } from '../stand-ins/stripe/stand-in.ts';
import { waitFor } from './crash-site.ts';
import type { ServerPlan } from './server-program.ts';

vi.setConfig({ testTimeout: 120_000 });

/** Longer than a server that died is waited for. */
const AWAY_MS = 3 * 60_000;

/** The account had all of it long before; what is told of it lately would come by the sweep too. */
let now = new Date(TEST_START.getTime() - 40 * 86_400_000);
const standIn = await startStripeStandIn({ now: () => now });
const past = makePast(standIn);
now = TEST_START;
const front = await frontOf(standIn.url);
const gateways = { stripe: { apiBaseUrl: front.url }, mollie: {} };
const server: TestServer = await testServer({ gateways });
const program = await bundleProgram(join(import.meta.dirname, 'server-program.ts'), { call: 'runServer' });
const running: RunningProgram[] = [];
afterAll(async () => {
  for (const each of running) each.child.kill('SIGKILL');
  await Promise.all(running.map(({ ended }) => ended));
  front.close();
  await standIn.stop();
  program.remove();
});

/** A page of a list as it is asked for: how many of the list were asked for since the import began, and after which object. */
interface Page {
  readonly list: string;
  readonly after: string | null;
}

/** Stands before the stand-in and lets the test do something when a page is asked for, before it is answered. */
async function frontOf(url: string) {
  const asked: Page[] = [];
  let onPage: (page: Page) => Promise<void> = async () => {};
  const proxy = createServer(async (request, response) => {
    const body: Buffer[] = [];
    for await (const piece of request) body.push(piece as Buffer);
    const { pathname, searchParams } = new URL(request.url ?? '/', url);
    const list = /^\/v1\/(customers|charges|refunds|disputes|payouts|balance_transactions)$/.exec(pathname)?.[1];
    // Lines of one payout are asked for when it is told of, not by an import.
    if (list !== undefined && request.method === 'GET' && !searchParams.has('payout')) {
      const page = { list, after: searchParams.get('starting_after') };
      asked.push(page);
      await onPage(page);
    }
    const answer = await fetch(url + request.url, {
      method: request.method ?? 'GET',
      headers: { authorization: request.headers.authorization ?? '' },
      ...(request.method === 'POST' ? { body: Buffer.concat(body) } : {}),
    });
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text());
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    takeAsked: () => asked.splice(0),
    whenPage(act: typeof onPage) {
      onPage = act;
    },
    close() {
      proxy.closeAllConnections();
      proxy.close();
    },
  };
}

async function connected(): Promise<TestWorkspace> {
  const workspace = await server.workspace();
  const values = { secret_key: STAND_IN_SECRET_KEY, publishable_key: STAND_IN_PUBLISHABLE_KEY };
  const { status } = await server.call('POST', '/v1/gateway-connections', {
    as: workspace.apiKey,
    body: { gateway: 'stripe', values },
  });
  expect(status).toBe(201);
  return workspace;
}

/** Starts the server at a later moment than the one before. */
async function startAgain(): Promise<{ running: RunningProgram; address: string }> {
  server.clock.advanceMs(AWAY_MS);
  const plan: ServerPlan = {
    connection: server.database.connection,
    secret: TEST_SECRET,
    gateways,
    now: server.clock.now().toISOString(),
  };
  const started = runProgram(program.path, [JSON.stringify(plan)]);
  running.push(started);
  const [, address] = await started.line(/listening on (\S+)/);
  return { running: started, address: address! };
}

const importOf = async ({ apiKey }: TestWorkspace): Promise<GatewayImport> =>
  (await server.call<{ data: GatewayImport[] }>('GET', '/v1/gateway-imports', { as: apiKey })).body.data[0]!;

/** Where an import stands: its step, and how many of each were seen. */
const seenOf = ({ counts }: GatewayImport) => Object.values(counts).reduce((sum, { seen }) => sum + seen, 0);

/** Every row that an import can write, counted, and the money. */
async function everything({ id }: TestWorkspace) {
  const counted = [
    'contacts',
    'payment_methods',
    'gateway_customers',
    'payments',
    'payment_transitions',
    'payment_settlements',
  ]
    .concat(['ledger_entries', 'ledger_transfers', 'gateway_payouts', 'gateway_balance_lines', 'gateway_imports'])
    .map((table) => `(SELECT count(*)::int FROM ${table} WHERE workspace_id = $1) AS ${table}`);
  const [row] = await server.database.asOwner(
    `SELECT ${counted.join(', ')},
       (SELECT json_agg(s ORDER BY s.currency) FROM (SELECT currency, sum(ltv_minor) AS ltv, sum(received_minor) AS received,
          sum(refunded_minor) AS refunded, sum(fee_minor) AS fee FROM ledger_contact_sums WHERE workspace_id = $1 GROUP BY currency) AS s) AS sums,
       (SELECT json_agg(t ORDER BY t.kind, t.status, t.currency) FROM (SELECT kind, status, currency, sum(count) AS count,
          sum(amount_minor) AS amount FROM payment_day_totals WHERE workspace_id = $1 GROUP BY kind, status, currency) AS t) AS totals`,
    [id],
  );
  return row;
}

async function wrongsOf({ id }: TestWorkspace): Promise<unknown[]> {
  const differences = await server.database.inWorkspace(
    id,
    async (tx) => [...(await verifyBooks(tx)), ...(await verifyPayments(tx))],
    { snapshot: true },
  );
  return [...differences, ...(await verifyAudit(server.database, id)).problems];
}

/**
 * Where the server is killed, in the order in which an import comes by. `asked`: the page was asked for and is not
 * answered. `writes`: a page was answered, and the transaction that writes it stands still at this table.
 */
const PLACES: readonly { readonly list: string; readonly page: number; readonly writes?: string }[] = [
  { list: 'customers', page: 2, writes: 'gateway_imports' },
  { list: 'charges', page: 2 },
  { list: 'charges', page: 3, writes: 'ledger_transfers' },
  { list: 'disputes', page: 1, writes: 'payments' },
  { list: 'balance_transactions', page: 3, writes: 'gateway_balance_lines' },
];

test('an import whose server is killed again and again goes on where it was, and comes to the same', async () => {
  const rehearsal = await connected();
  await server.call('POST', '/v1/gateway-imports', { as: rehearsal.apiKey, body: { gateway: 'stripe' } });
  await server.rooms.gatewayImports.idle();
  const undisturbed = await importOf(rehearsal);
  expect(undisturbed).toMatchObject({ status: 'done', tie_out: { equal: true } });
  const pages = front.takeAsked();

  const workspace = await connected();
  let before: GatewayImport | null = null;
  for (const place of PLACES) {
    const where = JSON.stringify(place);
    const { running: victim, address } = await dieAt(place, pages);
    if (before === null) {
      const begun = await fetch(`${address}/v1/gateway-imports`, {
        method: 'POST',
        headers: { authorization: `Bearer ${workspace.apiKey}`, 'content-type': 'application/json' },
        body: JSON.stringify({ gateway: 'stripe' }),
      });
      expect(begun.status, where).toBe(201);
    }
    expect(await victim.ended, where).toBe('SIGKILL');
    const after = await importOf(workspace);
    expect(after, where).toMatchObject({ status: 'running', failure: null });
    if (before !== null) {
      expect(seenOf(after), where).toBeGreaterThanOrEqual(seenOf(before));
      // What was written before is not asked for again: the first page is the one that was in hand.
      expect(front.takeAsked()[0], where).toEqual(pageAfter(before, pages));
    }
    front.takeAsked();
    before = after;
  }

  await startAgain();
  await waitFor(async () => (await importOf(workspace)).status !== 'running');
  const done = await importOf(workspace);
  expect(done).toMatchObject({ status: 'done', failure: null, tie_out: { equal: true } });
  expect(done.counts).toEqual(undisturbed.counts);
  expect(done.tie_out).toEqual(undisturbed.tie_out);
  expect(done.counts.charges).toMatchObject({ seen: past.charges, written: past.charges });
  expect(await everything(workspace)).toEqual(await everything(rehearsal));
  expect(await wrongsOf(workspace)).toEqual([]);
});

/** The page that an import goes on with: the one after those that were written. */
function pageAfter({ step, counts }: GatewayImport, pages: readonly Page[]): Page {
  const list = step === 'balance' ? 'balance_transactions' : step;
  const written = Math.ceil((counts[step]?.seen ?? 0) / 100);
  return pages.filter((page) => page.list === list)[written]!;
}

/** A server that dies at a place. Resolves when it listens. */
async function dieAt({ list, page, writes }: (typeof PLACES)[number], pages: readonly Page[]) {
  const { after } = pages.filter((one) => one.list === list)[page - 1]!;
  const holder = new pg.Client(server.database.ownerConnection);
  await holder.connect();
  let victim: RunningProgram | null = null;
  const kill = () => victim!.child.kill('SIGKILL');
  front.whenPage(async (asked) => {
    if (asked.list !== list || asked.after !== after) return;
    if (writes === undefined) return void kill();
    await holder.query('BEGIN');
    await holder.query(`LOCK TABLE ${writes} IN SHARE MODE`);
    void standsStill().then(kill);
  });
  const started = await startAgain();
  victim = started.running;
  void victim.ended.then(async () => {
    front.whenPage(async () => {});
    await holder.end();
  });
  return started;
}

async function standsStill(): Promise<void> {
  await waitFor(async () => {
    const waiting = await server.database.asOwner(
      `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    return waiting.length > 0;
  });
}
