import type { Invoice } from '../src/invoices/api.ts';
import { prepare } from './charges.ts';
import { type BenchDatabase, type BenchRow, cpuSecondsOf, load, perSecond, send, startBenchServer } from './harness.ts';

const DOCUMENTS = 200;
const SECONDS = 6;
const PER_CORE_MIN = 50;
const BYTES_MAX = 100_000;

/** What is written on them: each needs other fonts. */
const KINDS = [
  { name: 'Latin', customer: 'Ada Lovelace', line: 'Consultation, one hour', target: true },
  {
    name: 'Greek, Cyrillic and Hebrew',
    customer: 'Ελένη Παππά · Ирина Волкова · דנה לוי',
    line: 'Συμβουλή · Урок · שיעור',
    target: false,
  },
  {
    name: 'Chinese, Japanese and Korean',
    customer: '王小明 · 山田花子 · 김철수',
    line: '咨询 · 相談 · 상담',
    target: false,
  },
];

/**
 * PDFs of issued invoices through the HTTP API, each another document: how many in a second of one core's CPU, the server's
 * and PostgreSQL's together; and how large they are.
 */
export async function benchDocuments(database: BenchDatabase): Promise<BenchRow[]> {
  const server = await startBenchServer(database.url);
  try {
    const { apiKey } = await prepare(database, server);
    const headers = { authorization: `Bearer ${apiKey}` };
    const post = async <T>(path: string, body: object) => {
      const answer = await send(server.address, 'POST', path, headers, JSON.stringify(body));
      if (answer.status !== 201) throw new Error(answer.text);
      return JSON.parse(answer.text) as T;
    };
    await post('/v1/taxes', { code: 'VAT20', label: 'VAT 20 %', rate: '20' });
    const rows: BenchRow[] = [];
    for (const { name, customer, line, target } of KINDS) {
      const contact = await post<{ id: string }>('/v1/contacts', { name: customer });
      const lines = [1, 2, 3].map((n) => ({
        name: `${line} ${n}`,
        quantity: `${n}.5`,
        unit_price: '80.00',
        taxes: ['VAT20'],
      }));
      const ids: string[] = [];
      for (let at = 0; at < DOCUMENTS; at += 1) {
        ids.push((await post<Invoice>('/v1/invoices', { contact_id: contact.id, lines, issue: true })).id);
      }
      let largest = 0;
      const one = async (index: number) => {
        const answer = await send(
          server.address,
          'GET',
          `/v1/invoices/${ids[index % ids.length]}/document.pdf`,
          headers,
        );
        if (answer.status !== 200) throw new Error(answer.text);
        largest = Math.max(largest, answer.bytes);
      };
      await load(2, 2, one);
      const cpu = () => cpuSecondsOf(server.process.pid!) + cpuSecondsOf(database.postgres.pid);
      const before = cpu();
      const { count, perSecond: rate } = await load(2, SECONDS, one);
      const perCore = count / (cpu() - before);
      const row = { bench: 'documents', rival: '–', ratio: null };
      rows.push(
        {
          ...row,
          case: `${name}: PDFs per second of one core`,
          ours: `${perSecond(perCore)} (${perSecond(rate)} with two at once)`,
          target: target ? `≥ ${PER_CORE_MIN}/s` : 'told',
          met: target ? perCore >= PER_CORE_MIN : null,
        },
        {
          ...row,
          case: `${name}: size`,
          ours: `${(largest / 1000).toFixed(0)} kB`,
          target: '< 100 kB',
          met: largest < BYTES_MAX,
        },
      );
    }
    return rows;
  } finally {
    await server.close();
  }
}
