import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { Invoice } from '../../src/invoices/api.ts';
import { verifyInvoices } from '../../src/invoices/verify-invoices.ts';
import { verifyBooks } from '../../src/ledger/verify-books.ts';
import { bundleProgram, type RunningProgram, runProgram } from '../setup/child-program.ts';
import { makeContact } from '../setup/money.ts';
import { TEST_SECRET, type TestWorkspace, testServer } from '../setup/server.ts';

const server = await testServer();
const program = await bundleProgram(join(import.meta.dirname, 'whole-server-program.ts'), { call: 'runWholeServer' });
afterAll(program.remove);

const ISSUERS = 50;
const EACH = 3;
const LINES = [{ name: 'Consultation', quantity: '1.5', unit_price: '80.00' }];

/** A server process of its own; `address` when it listens. */
async function startServer(): Promise<{ running: RunningProgram; address: string }> {
  const running = runProgram(program.path, [JSON.stringify(server.database.connection), TEST_SECRET]);
  const [, address] = await running.line(/listening on (\S+)/);
  return { running, address: address! };
}

/** Writes and issues one invoice after the other at one server. The numbers it was answered, until the server is gone. */
async function issueAt(address: string, workspace: TestWorkspace, contact: string, onIssued: () => void) {
  const numbers: string[] = [];
  for (let one = 0; one < EACH; one += 1) {
    const answer = await fetch(`${address}/v1/invoices`, {
      method: 'POST',
      headers: { authorization: `Bearer ${workspace.apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ contact_id: contact, lines: LINES, issue: true }),
    }).catch(() => null);
    if (!answer) return numbers;
    expect(answer.status).toBe(201);
    numbers.push(((await answer.json()) as Invoice).number!);
    onIssued();
  }
  return numbers;
}

/** All numbers of the workspace in order, and what the books say against them. */
async function look(workspace: TestWorkspace) {
  const rows = await server.database.asOwner<{ number: string }>(
    'SELECT number FROM invoices WHERE workspace_id = $1 AND number IS NOT NULL ORDER BY number',
    [workspace.id],
  );
  const differences = await server.database.inWorkspace(workspace.id, async (tx) => [
    ...(await verifyBooks(tx)),
    ...(await verifyInvoices(tx)),
  ]);
  return { numbers: rows.map(({ number }) => number), differences };
}

/** The first ones of the year, one after the other. */
function inARow(count: number, year: string): string[] {
  return Array.from({ length: count }, (_, index) => `INV-${year}-${String(index + 1).padStart(4, '0')}`);
}

test('fifty issuers at two servers take every number once and leave none out', { timeout: 120_000 }, async () => {
  const workspace = await server.workspace();
  const contact = await makeContact(server, workspace);
  const servers = await Promise.all([startServer(), startServer()]);
  const answered = await Promise.all(
    Array.from({ length: ISSUERS }, (_, index) => issueAt(servers[index % 2]!.address, workspace, contact, () => {})),
  );
  for (const { running } of servers) running.child.kill('SIGKILL');
  await Promise.all(servers.map(({ running }) => running.ended));
  const { numbers, differences } = await look(workspace);
  const year = numbers[0]!.split('-')[1]!;
  expect(numbers).toEqual(inARow(ISSUERS * EACH, year));
  expect(answered.flat().sort()).toEqual(numbers);
  expect(differences).toEqual([]);
});

test('one of the two is killed while they issue: what was answered is there, and no number is missing', {
  timeout: 120_000,
}, async () => {
  const workspace = await server.workspace();
  const contact = await makeContact(server, workspace);
  const [doomed, other] = await Promise.all([startServer(), startServer()]);
  let issued = 0;
  const onIssued = () => {
    issued += 1;
    if (issued === ISSUERS) doomed.running.child.kill('SIGKILL');
  };
  const answered = await Promise.all(
    Array.from({ length: ISSUERS }, (_, index) =>
      issueAt((index % 2 === 0 ? doomed : other).address, workspace, contact, onIssued),
    ),
  );
  expect(await doomed.running.ended).toBe('SIGKILL');
  other.running.child.kill('SIGKILL');
  await other.running.ended;
  const { numbers, differences } = await look(workspace);
  const year = numbers[0]!.split('-')[1]!;
  expect(numbers).toEqual(inARow(numbers.length, year));
  const there = new Set(numbers);
  expect(answered.flat().filter((number) => !there.has(number))).toEqual([]);
  expect(new Set(answered.flat()).size).toBe(answered.flat().length);
  expect(answered.flat().length).toBeLessThan(ISSUERS * EACH);
  expect(differences).toEqual([]);
});
