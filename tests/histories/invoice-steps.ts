import { newId } from '../../src/foundation/id.ts';
import type { Invoice } from '../../src/invoices/api.ts';
import type { Allocation } from '../../src/payments/api-account.ts';
import { ask, askWithKey, CURRENCIES, type History, type Steps } from './history.ts';

/** What is done with invoices in a random history, beside charges, refunds and merges. */

const TERMS = [
  null,
  { due: { kind: 'immediate' }, early_discount: null, shift: 'none' },
  { due: { kind: 'net', days: 30 }, early_discount: { percent: '2', days: 10 }, shift: 'none' },
  {
    due: {
      kind: 'instalments',
      parts: [
        { percent: '40', due: { kind: 'immediate' } },
        { percent: '60', due: { kind: 'net', days: 14 } },
      ],
    },
    early_discount: null,
    shift: 'none',
  },
] as const;

function linesOf({ random }: History, most = 3) {
  return Array.from({ length: 1 + random.below(most) }, () => ({
    name: random.pick(['Work', 'Material', 'Travel']),
    quantity: String(1 + random.below(4)),
    unit_price: String(1 + random.below(180)),
  }));
}

async function write(history: History): Promise<void> {
  const { random } = history;
  const body = {
    contact_id: random.pick(history.contacts),
    currency: random.pick(CURRENCIES),
    lines: linesOf(history),
    terms: random.pick(TERMS),
    issue: random.chance(75),
  };
  keep(history, await ask<Invoice>(history, 'POST', '/v1/invoices', { body }));
}

function keep({ invoices }: History, invoice: Invoice | null): void {
  if (invoice?.kind === 'invoice') invoices.set(invoice.id, invoice);
}

async function again(history: History, id: string): Promise<void> {
  keep(history, await ask<Invoice>(history, 'GET', `/v1/invoices/${id}`));
}

async function step(history: History, noun: string, body: object): Promise<void> {
  if (history.invoices.size === 0) return;
  const { id } = history.random.pick([...history.invoices.values()]);
  await ask(history, 'POST', `/v1/invoices/${id}/${noun}`, { body });
  await again(history, id);
}

const issue = (history: History) => step(history, 'issuance', {});
const voidOne = (history: History) => step(history, 'voiding', { reason: 'A mistake' });
const credit = (history: History) =>
  step(history, 'credit-notes', {
    reason: 'Not as agreed',
    ...(history.random.chance(40) ? {} : { lines: linesOf(history, 1) }),
  });
const writeOff = (history: History) =>
  step(history, 'write-offs', {
    reason: 'Gone',
    ...(history.random.chance(50) ? {} : { amount_minor: 1 + history.random.below(5_000) }),
  });

/** Somebody's open invoices of one currency, and how much of each is to be paid. */
function toPay(history: History) {
  const { random } = history;
  const open = [...history.invoices.values()].filter((one) => one.open_minor > 0);
  if (open.length === 0) return null;
  const first = random.pick(open);
  const others = open.filter((one) => one.currency === first.currency && one.contact.id === first.contact.id);
  const chosen = [first, ...others.filter((one) => one.id !== first.id && random.chance(40))];
  const allocations = chosen.map((one) => ({
    invoice_id: one.id,
    amount_minor: random.chance(60) ? one.open_minor : 1 + random.below(one.open_minor),
  }));
  const sum = allocations.reduce((total, one) => total + one.amount_minor, 0);
  return { contactId: first.contact.id, currency: first.currency, allocations, sum };
}

async function payByCard(history: History): Promise<void> {
  const { random } = history;
  const due = toPay(history);
  const own = history.methods.filter(({ contactId }) => contactId === due?.contactId);
  if (!due || own.length === 0) return;
  const key = newId();
  history.asked.set(key, { contactId: due.contactId, taxMinor: 0 });
  const body = {
    amount_minor: due.sum + (random.chance(25) ? random.below(3_000) : 0),
    currency: due.currency,
    payment_method_id: random.pick(own).id,
    allocations: random.chance(90) ? due.allocations : [],
    confirm_same_again: true,
    confirm_early_retry: true,
  };
  const payment = await askWithKey(history, `/v1/contacts/${due.contactId}/charges`, body, key);
  if (payment) history.charges.set(payment.id, payment);
  for (const { invoice_id } of due.allocations) await again(history, invoice_id);
}

async function payOffline(history: History): Promise<void> {
  const { random } = history;
  const due = toPay(history);
  if (!due) return;
  const key = newId();
  history.asked.set(key, { contactId: due.contactId, taxMinor: 0 });
  const body = {
    amount_minor: due.sum + (random.chance(40) ? random.below(5_000) : 0),
    currency: due.currency,
    method_kind: random.pick(['cash', 'bank_transfer']),
    received_on: random.pick(['2026-03-02', '2026-02-20', '2026-03-01']),
    allocations: random.chance(80) ? due.allocations : [],
  };
  const payment = await askWithKey(history, `/v1/contacts/${due.contactId}/offline-payments`, body, key);
  if (payment) history.charges.set(payment.id, payment);
  for (const { invoice_id } of due.allocations) await again(history, invoice_id);
}

async function apply(history: History): Promise<void> {
  const due = toPay(history);
  if (!due) return;
  const body = { allocations: due.allocations };
  await ask(history, 'POST', `/v1/contacts/${due.contactId}/allocations`, { body });
  for (const { invoice_id } of due.allocations) await again(history, invoice_id);
}

async function unapply(history: History): Promise<void> {
  const paid = [...history.invoices.values()].filter((one) => one.paid_minor > 0);
  if (paid.length === 0) return;
  const { id } = history.random.pick(paid);
  const answer = await ask<{ data: Allocation[] }>(history, 'GET', `/v1/invoices/${id}/allocations`);
  if (!answer || answer.data.length === 0) return;
  await ask(history, 'POST', `/v1/allocations/${history.random.pick(answer.data).id}/reversal`);
  await again(history, id);
}

/** Invoices as they are now, so that later steps choose from what is so. */
async function look(history: History): Promise<void> {
  for (const id of history.invoices.keys()) await again(history, id);
}

export const INVOICE_STEPS: Steps = [
  [write, 26],
  [issue, 6],
  [voidOne, 4],
  [credit, 9],
  [writeOff, 4],
  [payByCard, 30],
  [payOffline, 14],
  [apply, 10],
  [unapply, 6],
  [look, 8],
];
