import { Agent, request } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { pause } from '../src/foundation/clock.ts';
import type { ImportRecord } from '../src/imports/api.ts';
import {
  type BenchDatabase,
  type BenchRow,
  type BenchServer,
  cpuSecondsOf,
  residentMiB,
  runCommand,
  send,
  startBenchServer,
} from './harness.ts';

const FILE_BYTES = 2 * 2 ** 30;
const LINES_PER_INVOICE = 100;
const CUSTOMERS = 5_000;
const LINES_PER_PIECE = 2_000;
/**
 * What the server may take beyond what it takes at rest, whatever the size of the file: most of it is room that the
 * engine's collector leaves itself when so much is read so fast (a fifth of it with --max-semi-space-size=4).
 */
const GROWTH_MIB_MAX = 256;
const LOOK_EVERY_MS = 100;

/**
 * A file of two gigabytes, made while it is sent and never kept here: through the API as the page sends it, checked and
 * written, with the server's memory looked at all the while; the same size behind a quotation mark that never closes; and
 * one that says it is larger than may be. Minutes long: `npm run bench -- large-import`.
 */
export async function benchLargeImport(database: BenchDatabase): Promise<BenchRow[]> {
  const made = await runCommand(database.url, [
    'setup',
    ...['--owner', 'bench@example.com', '--workspace', 'Large', '--currency', 'GBP', '--json'],
  ]);
  const { token } = (JSON.parse(made.output) as { api_key: { token: string } }).api_key;
  const server = await startBenchServer(database.url);
  const site: Site = { server, database, headers: { authorization: `Bearer ${token}` } };
  const rows: BenchRow[] = [];
  try {
    await pause(2_000);
    const restMiB = residentMiB(server.process.pid!);
    const told = (name: string, ours: string, target: string, met: boolean | null) =>
      rows.push({ bench: 'large-import', case: name, ours, rival: '–', ratio: null, target, met });
    const flat = (name: string, peakMiB: number, ours: string) =>
      told(
        name,
        `${peakMiB.toFixed(0)} MiB at its peak, ${restMiB.toFixed(0)} at rest; ${ours}`,
        `≤ rest + ${GROWTH_MIB_MAX} MiB`,
        peakMiB - restMiB <= GROWTH_MIB_MAX,
      );

    const quoted = await watched(site, () => upload(site, unclosedQuote()));
    const refused = quoted.result.status === 422 && quoted.result.text.includes('never closed');
    flat('2 GB behind a quote that never closes: sent and refused', quoted.peakMiB, `${quoted.seconds.toFixed(0)} s`);
    told('its answer', quoted.result.text.slice(0, 160), 'import_unreadable, naming the line', refused);
    const declared = await declareTooLarge(site);
    told('5 GB announced', declared, '413 before a byte of it is read', declared.startsWith('413'));
    told('imports kept of those two', String((await listed(site)).length), '0', (await listed(site)).length === 0);

    const counts = { lines: 0, invoices: 0 };
    const sent = await watched(site, () => upload(site, salesLines(counts)));
    if (sent.result.status !== 201) throw new Error(`the upload gave ${sent.result.status}: ${sent.result.text}`);
    const { id } = JSON.parse(sent.result.text) as ImportRecord;
    flat('2 GB of sales lines: sent', sent.peakMiB, `${sent.seconds.toFixed(0)} s`);
    const check = await watched(site, () => step(site, id, 'check', 'checked'));
    const checked = check.result.summary;
    flat('checked', check.peakMiB, speed(check, counts.lines, 'lines'));
    const commit = await watched(site, () => step(site, id, 'commitment', 'committed'));
    const written = commit.result.summary?.written;
    flat('written', commit.peakMiB, speed(commit, counts.invoices, 'payments'));
    const isWhole =
      checked?.ties === true &&
      checked.lines.read === counts.lines &&
      checked.lines.used === counts.lines &&
      written?.payments === counts.invoices &&
      written.contacts === CUSTOMERS;
    told(
      'what came of it',
      `${counts.lines} lines, ${written?.payments} payments of ${written?.contacts} contacts`,
      'every line used, the sums tie out',
      isWhole,
    );
  } finally {
    await server.close();
  }
  return rows;
}

interface Site {
  readonly server: BenchServer;
  readonly database: BenchDatabase;
  readonly headers: Record<string, string>;
}

interface Watched<T> {
  readonly result: T;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakMiB: number;
}

/** Does something while looking at what the server takes. */
async function watched<T>({ server, database }: Site, work: () => Promise<T>): Promise<Watched<T>> {
  const pid = server.process.pid!;
  const cpu = () => cpuSecondsOf(pid) + cpuSecondsOf(database.postgres.pid);
  let peakMiB = 0;
  const looking = setInterval(() => {
    peakMiB = Math.max(peakMiB, residentMiB(pid));
  }, LOOK_EVERY_MS);
  const [began, cpuBefore] = [performance.now(), cpu()];
  try {
    const result = await work();
    return { result, peakMiB, seconds: (performance.now() - began) / 1000, cpuSeconds: cpu() - cpuBefore };
  } finally {
    clearInterval(looking);
  }
}

const speed = ({ seconds, cpuSeconds }: Watched<unknown>, count: number, unit: string) =>
  `${seconds.toFixed(0)} s, ${(count / seconds).toFixed(0)} ${unit}/s, ${(count / cpuSeconds).toFixed(0)} per second of CPU`;

async function step({ server, headers }: Site, id: string, noun: string, until: string): Promise<ImportRecord> {
  const begun = await send(server.address, 'POST', `/v1/imports/${id}/${noun}`, headers, '{}');
  if (begun.status !== 202) throw new Error(`${noun} gave ${begun.status}: ${begun.text}`);
  for (;;) {
    const record = JSON.parse((await send(server.address, 'GET', `/v1/imports/${id}`, headers)).text) as ImportRecord;
    if (record.status === until) return record;
    if (record.status === 'failed') throw new Error(`the import failed: ${record.failure}`);
    await pause(500);
  }
}

async function listed({ server, headers }: Site): Promise<object[]> {
  return (JSON.parse((await send(server.address, 'GET', '/v1/imports', headers)).text) as { data: object[] }).data;
}

const BOUNDARY = 'counterfoil-bench';
const FORM = `--${BOUNDARY}\r\ncontent-disposition: form-data; name="file"; filename="large.csv"\r\ncontent-type: text/csv\r\n\r\n`;

/** Sends a file as it is made; resolves with the answer, also when it comes before the end. */
async function upload(site: Site, pieces: Iterable<string>): Promise<{ status: number; text: string }> {
  const { outgoing, answer } = begin(site, {});
  outgoing.write(FORM);
  await pipeline(Readable.from(pieces), outgoing, { end: false });
  outgoing.end(`\r\n--${BOUNDARY}--\r\n`);
  return answer;
}

async function declareTooLarge(site: Site): Promise<string> {
  const { outgoing, answer } = begin(site, { 'content-length': String(5 * 2 ** 30) });
  outgoing.write(FORM);
  const { status, text } = await answer;
  outgoing.destroy();
  return `${status} ${text.slice(0, 160)}`;
}

function begin({ server, headers }: Site, more: Record<string, string>) {
  const url = new URL('/v1/imports?kind=sales_lines', server.address);
  const outgoing = request(url, {
    method: 'POST',
    agent: new Agent(),
    headers: { ...headers, ...more, 'content-type': `multipart/form-data; boundary=${BOUNDARY}` },
  });
  const answer = new Promise<{ status: number; text: string }>((resolve, reject) => {
    outgoing.on('error', reject);
    outgoing.on('response', (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
    });
  });
  return { outgoing, answer };
}

/** Lines of invoices until the file is as large as it shall be; ends with a whole invoice. */
function* salesLines(counts: { lines: number; invoices: number }): Generator<string> {
  const head = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n';
  let bytes = head.length;
  yield head;
  while (bytes < FILE_BYTES) {
    const lines: string[] = [];
    for (let n = 0; n < LINES_PER_PIECE; n += 1) {
      const invoice = Math.floor(counts.lines / LINES_PER_INVOICE);
      const day = String(1 + (invoice % 28)).padStart(2, '0');
      lines.push(
        `${100_000 + invoice},S${n},"WHITE HANGING HEART, T-LIGHT HOLDER",${1 + (n % 6)},2024-03-${day} 08:26:00,2.55,C${invoice % CUSTOMERS},United Kingdom\n`,
      );
      counts.lines += 1;
    }
    counts.invoices = counts.lines / LINES_PER_INVOICE;
    const piece = lines.join('');
    bytes += piece.length;
    yield piece;
  }
}

function* unclosedQuote(): Generator<string> {
  const piece = 'InvoiceNo,Quantity,InvoiceDate,UnitPrice,CustomerID\n'.repeat(4_096);
  yield `"${piece}`;
  for (let bytes = piece.length; bytes < FILE_BYTES; bytes += piece.length) yield piece;
}
