import { newId } from '../../src/foundation/id.ts';
import { TEST_METHODS } from '../../src/gateways/scripted/test-methods.ts';
import type { Invoice } from '../../src/invoices/api.ts';
import type { Payment } from '../../src/payments/api.ts';
import { makeContact, saveTestMethod } from '../setup/money.ts';
import type { Method, TestServer, TestWorkspace } from '../setup/server.ts';
import type { Random } from './random.ts';
import type { RememberedAgeing } from './remember-ageing.ts';

/** What a test knows of its own about a history, to count again from: what it asked for and what it was told. */
export interface History {
  readonly server: TestServer;
  readonly workspace: TestWorkspace;
  readonly random: Random;
  readonly contacts: string[];
  readonly methods: { readonly id: string; readonly contactId: string }[];
  /** Charges it was told of, offline ones too; refunds by the same answers. */
  readonly charges: Map<string, Payment>;
  readonly refunds: Map<string, Payment>;
  readonly merges: string[];
  /** Documents as they were last told. */
  readonly invoices: Map<string, Invoice>;
  /** The ageing of past days, as it was told then. */
  readonly ageings: RememberedAgeing[];
  /** Which contact and how much tax each attempt is of, by its idempotency key: also for answers that were lost. */
  readonly asked: Map<string, { readonly contactId: string; readonly taxMinor: number }>;
  /** Answers that no history may give, and identities that did not hold. */
  readonly wrongs: string[];
  readonly log: string[];
}

export const CURRENCIES = ['USD', 'USD', 'USD', 'JPY', 'KWD'] as const;

/** Refusals that are right in some history; anything else, and every 5xx, is a finding. */
const REFUSALS = new Set([
  'retry_too_early',
  'retry_limit_reached',
  'contact_archived',
  'contact_merged',
  'method_not_usable',
  'merge_conflict',
  'payment_not_refundable',
  'payment_state_conflict',
  'refund_above_received',
  'idempotency_key_running',
  'invalid_request payment_method_id',
  'invalid_request retry_of',
  'allocation_refused',
  'invoice_state_conflict',
  'credit_above_billed',
  'invalid_request allocations[0].invoice_id',
  'invalid_request contact_id',
  // More is written off than is open.
  'invalid_request amount_minor',
]);

export async function beginHistory(server: TestServer, random: Random): Promise<History> {
  const workspace = await server.workspace();
  const contacts = await Promise.all(['Ada', 'Ben', 'Cleo'].map((name) => makeContact(server, workspace, name)));
  const history: History = {
    server,
    workspace,
    random,
    contacts,
    methods: [],
    charges: new Map(),
    refunds: new Map(),
    merges: [],
    invoices: new Map(),
    ageings: [],
    asked: new Map(),
    wrongs: [],
    log: [],
  };
  for (const contactId of contacts) {
    // Everybody has one good card, so that histories are not declines only.
    for (const name of ['approved', random.pick(TEST_METHODS).name, random.pick(TEST_METHODS).name]) {
      const { id } = await saveTestMethod(server, workspace, contactId, name);
      history.methods.push({ id, contactId });
    }
  }
  return history;
}

export async function ask<T>(
  history: History,
  method: Method,
  url: string,
  more: { body?: unknown; key?: string } = {},
): Promise<T | null> {
  const answer = await history.server.call<T>(method, url, { as: history.workspace.apiKey, ...more });
  const line = `${method} ${url} ${JSON.stringify(more.body ?? '')} → ${answer.status}`;
  if (answer.status < 300) {
    history.log.push(line);
    return answer.body;
  }
  const { code, fields } = (answer.body ?? {}) as { code?: string; fields?: { path: string }[] };
  const told = code === 'invalid_request' ? `${code} ${fields?.[0]?.path}` : String(code);
  history.log.push(`${line} ${told}`);
  if (!REFUSALS.has(told)) history.wrongs.push(`${line} ${answer.text}`);
  return null;
}

/** Every now and then the client repeats itself, at once or after the first answer. */
export async function askWithKey(history: History, url: string, body: unknown, key: string): Promise<Payment | null> {
  const once = () => ask<Payment>(history, 'POST', url, { body, key });
  const { random } = history;
  if (random.chance(10)) {
    const answers = await Promise.all([once(), once(), once()]);
    return answers.find((answer) => answer !== null) ?? null;
  }
  const first = await once();
  if (!random.chance(15)) return first;
  const again = await once();
  if (first && again && first.id !== again.id) history.wrongs.push(`key ${key} gave ${first.id} and ${again.id}`);
  return again ?? first;
}

async function charge(history: History, retryOf?: Payment): Promise<void> {
  const { random } = history;
  const contactId = retryOf && random.chance(80) ? retryOf.contact.id : random.pick(history.contacts);
  const own = history.methods.filter((method) => method.contactId === contactId);
  const method = random.chance(90) && own.length > 0 ? random.pick(own) : random.pick(history.methods);
  const amount = 1 + random.below(random.chance(20) ? 900_000 : 20_000);
  const taxMinor = !retryOf && random.chance(40) ? Math.floor(amount / 6) : 0;
  const key = newId();
  history.asked.set(key, { contactId, taxMinor });
  const payment = await askWithKey(
    history,
    `/v1/contacts/${contactId}/charges`,
    {
      amount_minor: retryOf?.amount_minor ?? amount,
      tax_minor: taxMinor,
      currency: retryOf?.currency ?? random.pick(CURRENCIES),
      payment_method_id: method.id,
      confirm_same_again: true,
      // Mostly insisted on: what is refused as too early is no history.
      confirm_early_retry: amount % 5 !== 0,
      ...(retryOf ? { retry_of: retryOf.id } : {}),
    },
    key,
  );
  if (payment) history.charges.set(payment.id, payment);
}

async function recordOffline(history: History): Promise<void> {
  const { random } = history;
  const contactId = random.pick(history.contacts);
  const body = {
    amount_minor: 1 + random.below(50_000),
    currency: random.pick(CURRENCIES),
    method_kind: random.pick(['cash', 'cheque', 'bank_transfer', 'other']),
    received_on: random.pick(['2026-02-27', '2025-11-30', '2026-03-01']),
  };
  const key = newId();
  history.asked.set(key, { contactId, taxMinor: 0 });
  const payment = await askWithKey(history, `/v1/contacts/${contactId}/offline-payments`, body, key);
  if (payment) history.charges.set(payment.id, payment);
}

async function refund(history: History): Promise<void> {
  const { random } = history;
  if (history.charges.size === 0) return;
  const paid = [...history.charges.values()].filter((payment) => payment.status === 'settled');
  const of = random.pick(random.chance(90) && paid.length > 0 ? paid : [...history.charges.values()]);
  const amount = random.chance(40) ? of.amount_minor : 1 + random.below(of.amount_minor + 2);
  const body = { amount_minor: amount, reason: 'requested_by_customer' };
  const payment = await askWithKey(history, `/v1/payments/${of.id}/refunds`, body, newId());
  if (payment) history.refunds.set(payment.id, payment);
}

async function retry(history: History): Promise<void> {
  const failed = [...history.charges.values()].filter((payment) => payment.needs_action);
  if (failed.length > 0) await charge(history, history.random.pick(failed));
}

async function dismiss(history: History): Promise<void> {
  const payments = [...history.charges.values(), ...history.refunds.values()];
  if (payments.length > 0) await ask(history, 'POST', `/v1/payments/${history.random.pick(payments).id}/dismissal`);
}

async function lookUp(history: History): Promise<void> {
  const payments = [...history.charges.values(), ...history.refunds.values()];
  if (payments.length > 0) await ask(history, 'POST', `/v1/payments/${history.random.pick(payments).id}/lookups`);
}

async function scriptFault(history: History): Promise<void> {
  const { random } = history;
  const operation = random.pick(['charge', 'refund', 'lookup', 'event'] as const);
  const fault = operation === 'event' ? ['events_missing', 'events_doubled'] : ['reply_lost', 'request_lost'];
  const body = { operation, fault: random.pick(fault), count: 1 + random.below(2) };
  await ask(history, 'POST', '/v1/sandbox/faults', { body });
}

/** Time passes in this workspace, by minutes or by days; what falls due at the gateway happens and is told. */
export async function passTime(history: History, seconds?: number): Promise<void> {
  const { random } = history;
  const advance_seconds = seconds ?? (random.chance(50) ? 60 + random.below(7_200) : 86_400 * (1 + random.below(4)));
  await ask(history, 'PUT', '/v1/sandbox/clock', { body: { advance_seconds } });
}

async function workOff({ server }: History): Promise<void> {
  await server.rooms.payments.resolver.resolveDue(server.clock.now());
  await server.rooms.payments.events.processWaiting(server.clock.now());
}

/** The customer confirms or refuses on the gateway's page. */
async function authenticate({ server, workspace, charges, random, log }: History): Promise<void> {
  const waiting = [...charges.values()].filter((payment) => payment.status === 'needs_customer');
  if (waiting.length === 0) return;
  const ref = random.pick(waiting).gateway_ref!;
  const caller = await workspace.caller();
  const done = await server.rooms.sandbox.answerAuthentication(workspace.id, ref, random.chance(70), caller.now);
  log.push(`authentication of ${ref}: ${done}`);
}

async function merge(history: History): Promise<void> {
  const { random, contacts } = history;
  const body = { merged_contact_id: random.pick(contacts) };
  const done = await ask<{ id: string }>(history, 'POST', `/v1/contacts/${random.pick(contacts)}/merges`, { body });
  if (done) history.merges.push(done.id);
}

async function unmerge(history: History): Promise<void> {
  if (history.merges.length > 0) await ask(history, 'DELETE', `/v1/merges/${history.random.pick(history.merges)}`);
}

/** Merging and parting at once must leave everybody as they were. */
async function mergeAndPart(history: History): Promise<void> {
  const { server, workspace, contacts, random } = history;
  const worths = () =>
    server.database.inWorkspace(workspace.id, (tx) =>
      tx.many({
        text: `SELECT contact_id, currency, received_minor, refunded_minor, dispute_lost_minor, fee_minor, tax_minor, payment_count
               FROM ledger_contact_sums WHERE workspace_id = $1 AND (received_minor, refunded_minor, dispute_lost_minor, fee_minor,
                 tax_minor, payment_count) <> (0, 0, 0, 0, 0, 0) ORDER BY contact_id, currency`,
        values: [workspace.id],
      }),
    );
  const before = await worths();
  const body = { merged_contact_id: random.pick(contacts) };
  const done = await ask<{ id: string }>(history, 'POST', `/v1/contacts/${random.pick(contacts)}/merges`, { body });
  if (!done) return;
  await ask(history, 'DELETE', `/v1/merges/${done.id}`);
  const show = (rows: unknown) =>
    JSON.stringify(rows, (_key, value) => (typeof value === 'bigint' ? String(value) : value));
  const after = await worths();
  if (show(before) !== show(after)) history.wrongs.push(`merged and parted: ${show(before)} became ${show(after)}`);
}

async function archiveOrRestore(history: History): Promise<void> {
  const { random } = history;
  const method = random.chance(40) ? 'POST' : 'DELETE';
  await ask(history, method, `/v1/contacts/${random.pick(history.contacts)}/archival`);
}

async function addMethod(history: History): Promise<void> {
  const contactId = history.random.pick(history.contacts);
  const body = { test_method: history.random.pick(TEST_METHODS).name };
  const method = await ask<{ id: string }>(history, 'POST', `/v1/contacts/${contactId}/sandbox-methods`, { body });
  if (method) history.methods.push({ id: method.id, contactId });
}

async function addContact(history: History): Promise<void> {
  if (history.contacts.length < 6) history.contacts.push(await makeContact(history.server, history.workspace, 'Dana'));
}

/** The list as the API tells it now, so that later steps choose from what is so. */
async function look(history: History): Promise<void> {
  const page = await ask<{ data: Payment[] }>(history, 'GET', '/v1/payments?limit=200');
  for (const payment of page?.data ?? []) {
    if (payment.kind === 'charge') history.charges.set(payment.id, payment);
    if (payment.kind === 'refund') history.refunds.set(payment.id, payment);
  }
}

export type Step = (history: History) => Promise<void>;
export type Steps = readonly (readonly [Step, number])[];

/** Each step with how often it is chosen. Those that may happen at the same time as others stand in bursts, too. */
const AT_ONCE: Steps = [
  [(history) => charge(history), 24],
  [refund, 18],
  [recordOffline, 8],
  [retry, 6],
  [merge, 5],
  [unmerge, 5],
  [dismiss, 2],
  [lookUp, 4],
  [authenticate, 5],
  [archiveOrRestore, 4],
  [addMethod, 4],
];
const ALONE: Steps = [
  [(history) => passTime(history), 10],
  [workOff, 8],
  [scriptFault, 8],
  [mergeAndPart, 4],
  [addContact, 2],
  [look, 12],
];

async function burst(history: History, atOnce: Steps): Promise<void> {
  const steps = Array.from({ length: 3 + history.random.below(4) }, () => choose(history.random, atOnce));
  await Promise.all(steps.map((step) => step(history)));
}

function choose(random: Random, steps: Steps): Step {
  let at = random.below(steps.reduce((sum, [, weight]) => sum + weight, 0));
  for (const [step, weight] of steps) {
    if (at < weight) return step;
    at -= weight;
  }
  throw new Error('one of the steps is chosen');
}

/** Takes `count` random steps; `more` stand among those that may happen at the same time as others, `moreAlone` do not. */
export async function live(history: History, count: number, more: Steps = [], moreAlone: Steps = []): Promise<void> {
  const atOnce = [...AT_ONCE, ...more];
  const all: Steps = [...atOnce, ...ALONE, ...moreAlone, [(one) => burst(one, atOnce), 10]];
  for (let index = 0; index < count; index += 1) await choose(history.random, all)(history);
}

/** Lets everything that is on its way arrive: faults end, time passes, the gateway tells again what was not heard. */
export async function settleDown(history: History, tellAgain: (history: History) => Promise<void>): Promise<void> {
  const { server, workspace } = history;
  await server.database.asOwner('UPDATE scripted_faults SET remaining = 0 WHERE workspace_id = $1', [workspace.id]);
  for (let round = 0; round < 3; round += 1) {
    await passTime(history, 20 * 86_400);
    await workOff(history);
  }
  await tellAgain(history);
  await workOff(history);
}
