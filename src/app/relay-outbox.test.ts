import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { chargeThrough, makeContact, saveTestMethod } from '../../tests/setup/money.ts';
import { testServer } from '../../tests/setup/server.ts';
import { writeOutbox } from '../foundation/outbox.ts';
import { mayBecome, type PaymentKind, type PaymentStatus } from '../payments/attempt.ts';
import { type Happening, makeReactions, type Reactions } from './reactions.ts';
import { forgetOldMessages, relayOutbox, retryDelayMs } from './relay-outbox.ts';

const server = await testServer();
const { database, clock } = server;
const REACTIONS = makeReactions({ messages: server.rooms.messages, renderPdf: null });

interface OutboxRow extends Record<string, unknown> {
  topic: string;
  handed_at: Date | null;
  attempts: number;
  failure: string | null;
}

function rowsOf(workspaceId: string) {
  return database.inWorkspace(workspaceId, (tx) =>
    tx.many<OutboxRow>({
      text: 'SELECT topic, handed_at, attempts, failure FROM outbox WHERE workspace_id = $1 ORDER BY created_at, id',
      values: [tx.workspaceId],
    }),
  );
}

function write(workspaceId: string, count: number, topic = 'test.happened') {
  const messages = Array.from({ length: count }, (_, number) => ({ topic, payload: { number: String(number) } }));
  return database.inWorkspace(workspaceId, (tx) => writeOutbox(tx, messages, clock.now()));
}

function relayWith(reactions: Reactions, errors: unknown[] = []) {
  return relayOutbox({ database, clock, reactions, onError: (error) => errors.push(error) });
}

test('two relays at once: each row of each workspace is handed over once', async () => {
  const workspaces = await Promise.all([server.workspace(), server.workspace()]);
  for (const { id } of workspaces) await write(id, 450);
  const told: Happening[] = [];
  const reactions: Reactions = {
    'test.happened': async (happening) => {
      told.push(happening);
    },
  };
  const counts = await Promise.all([relayWith(reactions), relayWith(reactions), relayWith(reactions)]);
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(900);
  expect(new Set(told.map(({ outboxId }) => outboxId)).size).toBe(900);
  expect(told).toHaveLength(900);
  expect(await relayWith(reactions)).toBe(0);
});

test('a reaction that fails is tried again after a growing while and holds nothing else up', async () => {
  const { id } = await server.workspace();
  await write(id, 1, 'test.fails');
  await write(id, 1, 'test.works');
  let failures = 2;
  const reactions: Reactions = {
    'test.fails': async () => {
      if (failures-- > 0) throw new Error('The mail server is away.');
    },
    'test.works': async () => {},
  };
  const errors: unknown[] = [];
  expect(await relayWith(reactions, errors)).toBe(1);
  expect((await rowsOf(id))[0]).toMatchObject({ handed_at: null, attempts: 1, failure: 'The mail server is away.' });
  expect(await relayWith(reactions, errors)).toBe(0);
  clock.advanceMs(retryDelayMs(1));
  expect(await relayWith(reactions, errors)).toBe(0);
  clock.advanceMs(retryDelayMs(2) - 1);
  expect(await relayWith(reactions, errors)).toBe(0);
  clock.advanceMs(1);
  expect(await relayWith(reactions, errors)).toBe(1);
  expect(errors).toHaveLength(2);
  expect((await rowsOf(id))[0]).toMatchObject({ attempts: 3, failure: null });
});

test('a relay that died with a row in its hand leaves it to the next one', async () => {
  const { id } = await server.workspace();
  await write(id, 1, 'test.dies');
  let isAlive = false;
  const never = new Promise<void>(() => {});
  const reactions: Reactions = { 'test.dies': () => (isAlive ? Promise.resolve() : never) };
  void relayWith(reactions);
  await expect.poll(async () => (await rowsOf(id))[0]?.attempts).toBe(1);
  isAlive = true;
  expect(await relayWith(reactions)).toBe(0);
  clock.advanceMs(61_000);
  expect(await relayWith(reactions)).toBe(1);
});

test('a topic that nobody knows waits for a program that knows it', async () => {
  const { id } = await server.workspace();
  await write(id, 1, 'test.of_next_year');
  const errors: unknown[] = [];
  expect(await relayWith(REACTIONS, errors)).toBe(0);
  expect(String(errors[0])).toContain('test.of_next_year');
  clock.advanceMs(retryDelayMs(1));
  expect(await relayWith({ ...REACTIONS, 'test.of_next_year': null })).toBe(1);
});

test('what was handed over is forgotten after seven days, what waits is not', async () => {
  const { id } = await server.workspace();
  await write(id, 3, 'test.old');
  await relayWith({ 'test.old': null });
  await write(id, 1, 'test.waits');
  const options = { database, clock, reactions: REACTIONS, onError: () => {} };
  clock.advanceMs(7 * 86_400_000 - 1);
  await forgetOldMessages(options);
  expect(await rowsOf(id)).toHaveLength(4);
  clock.advanceMs(2);
  await forgetOldMessages(options);
  expect((await rowsOf(id)).map(({ topic }) => topic)).toEqual(['test.waits']);
});

test('a charge is announced once, and the table knows every topic that payments can announce', async () => {
  const workspace = await server.workspace();
  const contact = await makeContact(server, workspace);
  const card = await saveTestMethod(server, workspace, contact);
  await chargeThrough(server, workspace, contact, card.id);
  await relayWith(REACTIONS);
  const rows = await rowsOf(workspace.id);
  expect(rows.map(({ topic, handed_at }) => [topic, handed_at !== null])).toEqual([['payment.settled', true]]);

  const kinds: PaymentKind[] = ['charge', 'refund', 'dispute'];
  const statuses = Object.keys(REACTIONS)
    .filter((topic) => topic.startsWith('payment.'))
    .map((topic) => topic.replace('payment.', '')) as PaymentStatus[];
  const all: PaymentStatus[] = [
    ...(['sent', 'settled', 'declined', 'needs_customer', 'pending', 'unknown', 'canceled', 'returned'] as const),
    ...(['needs_response', 'withdrawn', 'won', 'lost'] as const),
  ];
  const reachable = all.filter((to) => kinds.some((kind) => all.some((from) => mayBecome(kind, from, to))));
  expect([...statuses].sort()).toEqual([...reachable].sort());
});

/** What each file can announce, named by hand where a topic is put together. */
const WRITERS: Readonly<Record<string, readonly string[]>> = {
  // Outcomes: every status that a payment can reach, see above.
  'payments/record-outcome.ts': [],
  'payments/watch-cards.ts': ['card.expiring'],
  'payments/charge-due-invoices.ts': ['auto_charge.failed'],
  // The same topic.
  'payments/retry-returned-charge.ts': [],
  'invoices/issue-invoice.ts': ['invoice.issued', 'credit_note.issued', 'quote.issued'],
  'invoices/void-invoice.ts': ['invoice.voided', 'credit_note.voided', 'quote.voided', 'invoice.written_off'],
  'invoices/run-recurring.ts': ['invoice.to_send'],
  // The same topic.
  'invoices/settle-price-change.ts': [],
  'invoices/answer-quote.ts': ['quote.accepted', 'quote.declined'],
};

test('every file of every room that announces something is known here, and the table knows what it announces', () => {
  const source = join(import.meta.dirname, '..');
  const writers = readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts') && path !== join('foundation', 'outbox.ts'))
    .filter((path) => /writeOutbox\(|outboxRows\(/.test(readFileSync(join(source, path), 'utf8')))
    .map((path) => path.replaceAll('\\', '/'));
  expect(writers.sort()).toEqual(Object.keys(WRITERS).sort());
  const others = Object.keys(REACTIONS).filter((topic) => !topic.startsWith('payment.'));
  expect(others.sort()).toEqual(Object.values(WRITERS).flat().sort());
});
