import { createHmac } from 'node:crypto';
import { newId } from '../../src/foundation/id.ts';
import { SIGNATURE_HEADER } from '../../src/gateways/scripted/scripted-gateway.ts';
import type { LifetimeValue } from '../../src/insights/api.ts';
import { verifyBooks } from '../../src/ledger/verify-books.ts';
import { LTV_PARTS, type Payment, type PaymentTotals } from '../../src/payments/api.ts';
import { verifyPayments } from '../../src/payments/verify-payments.ts';
import { verifyAudit } from '../../src/workspace/verify-audit.ts';
import { TEST_SECRET } from '../setup/server.ts';
import type { History } from './history.ts';

/** What a contact is worth in one currency by the test's own count. */
interface Worth {
  received: number;
  refunded: number;
  dispute_lost: number;
  fee: number;
  tax: number;
  count: number;
}

interface MovementRow {
  idempotency_key: string;
  ref: string;
  kind: 'charge' | 'refund' | 'dispute' | 'fraud_warning';
  parent_ref: string | null;
  amount_minor: bigint;
  fee_minor: bigint;
  currency: string;
  status: string;
}

function readMovements({ server, workspace }: History): Promise<MovementRow[]> {
  return server.database.asOwner<MovementRow>(
    `SELECT idempotency_key, ref, kind, parent_ref, amount_minor::text, fee_minor::text, currency, status
     FROM scripted_movements WHERE workspace_id = $1 ORDER BY created_at, ref`,
    [workspace.id],
  );
}

/** Messages that were lost are sent again as gateways do for days: in any order, some of them twice. */
export async function tellAgain(history: History): Promise<void> {
  const { server, workspace, random } = history;
  const secret = createHmac('sha256', TEST_SECRET).update('sandbox gateway events').digest('hex');
  const { now } = await workspace.caller();
  const at = Math.floor(now.getTime() / 1000);
  const movements = (await readMovements(history)).filter((movement) => movement.status !== 'lost_on_the_way');
  while (movements.length > 0) {
    const index = random.below(movements.length);
    const movement = movements[index]!;
    if (random.chance(80)) movements.splice(index, 1);
    const body = JSON.stringify({
      // An id of its own: the first message may be known by its id and yet not have been heard to the end.
      id: `again_${newId()}`,
      type: `${movement.kind}.${movement.status}`,
      object: {
        kind: movement.kind,
        ref: movement.ref,
        reference: movement.idempotency_key,
        of: movement.parent_ref ?? '',
      },
    });
    const signature = `t=${at},v1=${createHmac('sha256', secret).update(`${at}.${body}`).digest('hex')}`;
    const heard = await server.rooms.payments.events.receive(
      'scripted',
      workspace.id,
      { rawBody: body, header: (name) => (name === SIGNATURE_HEADER ? signature : undefined) },
      server.clock.now(),
    );
    if (!heard) history.wrongs.push(`the message ${body} was not believed`);
  }
}

/**
 * Counts everything anew from the gateway's own movements and the offline money the test recorded, and compares it with
 * the book, the API and the lists behind each figure. Returns what differs.
 */
export async function recount(history: History): Promise<string[]> {
  const found = [...history.wrongs];
  const say = (what: string, is: unknown, should: unknown) => {
    if (JSON.stringify(is) !== JSON.stringify(should)) {
      found.push(`${what} is ${JSON.stringify(is)}, not ${JSON.stringify(should)}`);
    }
  };
  const payments = await allPages(history, '');
  const worths = await worthOfEverybody(history, payments, found);
  const roots = await rootsOf(history);

  for (const root of new Set(roots.values())) {
    const { data } = await get<{ data: LifetimeValue[] }>(history, `/v1/contacts/${root}/lifetime-value`);
    const told = new Map(data.filter(hasMoney).map((value) => [value.currency, worthOf(value)]));
    const counted = new Map(
      [...worths].filter(([key]) => key.startsWith(root)).map(([key, worth]) => [key.slice(-3), worth]),
    );
    say(`worth of ${root}`, [...told].sort(), [...counted].filter(([, worth]) => hasMoney(worth)).sort());
    for (const [currency, worth] of told) {
      for (const part of LTV_PARTS) {
        const listed = await allPages(history, `contact=${root}&currency=${currency}&ltv_part=${part}`);
        say(`sum of the payments behind ${part} ${currency} of ${root}`, sumOfPart(part, listed), worth[part]);
      }
    }
  }
  say('totals', await totals(history), totalsOf(payments));
  await say2Totals(history, payments, say);

  for (const payment of payments) {
    if (payment.kind === 'charge' && payment.refunded_minor + payment.refunding_minor > payment.amount_minor) {
      found.push(`${payment.id}: more given back than came in`);
    }
    const parent = payments.find((one) => one.id === payment.parent_id);
    if (parent && parent.currency !== payment.currency) found.push(`${payment.id} mixes currencies`);
    if (['sent', 'unknown'].includes(payment.status)) found.push(`${payment.id} was never resolved: ${payment.status}`);
  }
  const { server, workspace } = history;
  const differences = await server.database.inWorkspace(
    workspace.id,
    async (tx) => [...(await verifyBooks(tx)), ...(await verifyPayments(tx))],
    { snapshot: true },
  );
  found.push(...differences.map(({ what, kept, readded }) => `${what}: kept ${kept}, re-added ${readded}`));
  found.push(...(await verifyAudit(server.database, workspace.id)).problems);
  return found;
}

/** Totals of some narrower filters: by status, by method, by contact. */
async function say2Totals(
  history: History,
  payments: Payment[],
  say: (what: string, is: unknown, should: unknown) => void,
) {
  const { random } = history;
  const status = random.pick(['settled', 'declined', 'returned', 'settled,lost']);
  const matching = payments.filter((payment) => status.split(',').includes(payment.status));
  say(`totals of ${status}`, await totals(history, `status=${status}`), totalsOf(matching));
  const least = random.below(20_000);
  const large = payments.filter((payment) => payment.amount_minor >= least);
  say(`totals from ${least}`, await totals(history, `amount_min=${least}`), totalsOf(large));
}

/** Contact and currency → worth, from what the gateway did and what was recorded by hand. */
async function worthOfEverybody(
  history: History,
  payments: readonly Payment[],
  found: string[],
): Promise<Map<string, Worth>> {
  const roots = await rootsOf(history);
  const worths = new Map<string, Worth>();
  const worthAt = (contactId: string, currency: string): Worth => {
    const key = `${roots.get(contactId)} ${currency}`;
    const worth = worths.get(key) ?? { received: 0, refunded: 0, dispute_lost: 0, fee: 0, tax: 0, count: 0 };
    worths.set(key, worth);
    return worth;
  };
  const contactOf = await contactsByAttempt(history);
  const movements = await readMovements(history);
  const byRef = new Map(movements.map((movement) => [movement.ref, movement]));
  const refundedOf = new Map<string, number>();
  for (const { idempotency_key, kind, parent_ref, amount_minor, fee_minor, currency, status } of movements) {
    const chargeKey = kind === 'charge' ? idempotency_key : byRef.get(parent_ref ?? '')?.idempotency_key;
    const about = contactOf.get(chargeKey ?? '');
    if (!about) {
      found.push(`nobody asked for the movement ${idempotency_key}`);
      continue;
    }
    const worth = worthAt(about.contactId, currency);
    const amount = Number(amount_minor);
    if (kind === 'charge' && status === 'settled') {
      worth.received += amount;
      worth.fee += Number(fee_minor);
      worth.tax += about.taxMinor;
      worth.count += 1;
    } else if (kind === 'refund' && status === 'settled') {
      worth.refunded += amount;
      refundedOf.set(parent_ref!, (refundedOf.get(parent_ref!) ?? 0) + amount);
    } else if (kind === 'dispute' && (status === 'withdrawn' || status === 'lost')) {
      worth.dispute_lost += amount;
      worth.fee += Number(fee_minor);
    }
  }
  for (const [ref, refunded] of refundedOf) {
    if (refunded > Number(byRef.get(ref)?.amount_minor)) found.push(`the gateway gave back ${refunded} of ${ref}`);
  }
  for (const payment of payments) {
    // How a refund shares out tax is its own rule, tested where it lives; here its sums only have to agree.
    if (payment.kind === 'refund' && payment.status === 'settled') {
      worthAt(payment.contact.id, payment.currency).tax -= payment.tax_minor;
    }
    if (payment.gateway !== 'manual' || payment.status !== 'settled') continue;
    const known = payment.kind === 'charge' ? history.charges.has(payment.id) : history.refunds.has(payment.id);
    if (!known) found.push(`nobody recorded ${payment.id}`);
  }
  for (const { gateway, amount_minor, currency, contact } of history.charges.values()) {
    if (gateway !== 'manual') continue;
    worthAt(contact.id, currency).received += amount_minor;
    worthAt(contact.id, currency).count += 1;
  }
  for (const { gateway, amount_minor, currency, contact } of history.refunds.values()) {
    if (gateway === 'manual') worthAt(contact.id, currency).refunded += amount_minor;
  }
  return worths;
}

/** Attempt id → what the test asked for, by the key that it chose. */
async function contactsByAttempt({ server, workspace, asked }: History) {
  const rows = await server.database.asOwner<{ id: string; idempotency_key: string }>(
    `SELECT id, idempotency_key FROM payments WHERE workspace_id = $1 AND kind = 'charge'`,
    [workspace.id],
  );
  return new Map(rows.map((row) => [row.id, asked.get(row.idempotency_key)]));
}

/** Contact → the one that stands for it now. */
async function rootsOf(history: History): Promise<Map<string, string>> {
  const roots = new Map<string, string>();
  for (const id of history.contacts) {
    const contact = await get<{ merged_into: string | null }>(history, `/v1/contacts/${id}`);
    roots.set(id, contact.merged_into ?? id);
  }
  return roots;
}

function worthOf(value: LifetimeValue): Worth {
  return {
    received: value.received_minor,
    refunded: value.refunded_minor,
    dispute_lost: value.dispute_lost_minor,
    fee: value.fee_minor,
    tax: value.tax_minor,
    count: value.payment_count,
  };
}

function hasMoney(worth: LifetimeValue | Worth): boolean {
  return Object.values('received_minor' in worth ? worthOf(worth) : worth).some((part) => part !== 0);
}

function sumOfPart(part: (typeof LTV_PARTS)[number], listed: readonly Payment[]): number {
  if (part === 'fee') return listed.reduce((sum, payment) => sum + payment.fee_minor, 0);
  if (part === 'tax') {
    return listed.reduce(
      (sum, payment) => sum + (payment.kind === 'refund' ? -payment.tax_minor : payment.tax_minor),
      0,
    );
  }
  return listed.reduce((sum, payment) => sum + payment.amount_minor, 0);
}

async function totals(history: History, filter = ''): Promise<PaymentTotals['data']> {
  return (await get<PaymentTotals>(history, `/v1/payment-totals?${filter}`)).data;
}

/** The same totals, added up from rows. */
function totalsOf(payments: readonly Payment[]): PaymentTotals['data'] {
  const currencies = [...new Set(payments.map((payment) => payment.currency))].sort();
  return currencies.map((currency) => {
    const own = payments.filter((payment) => payment.currency === currency);
    const sum = (kind: string, ...statuses: string[]) =>
      own
        .filter((payment) => payment.kind === kind && statuses.includes(payment.status))
        .reduce((all, payment) => all + payment.amount_minor, 0);
    const charged_minor = sum('charge', 'settled');
    const refunded_minor = sum('refund', 'settled');
    const disputed_minor = sum('dispute', 'withdrawn', 'lost');
    const net_minor = charged_minor - refunded_minor - disputed_minor;
    return { currency, count: own.length, charged_minor, refunded_minor, disputed_minor, net_minor };
  });
}

async function allPages(history: History, filter: string): Promise<Payment[]> {
  const all: Payment[] = [];
  // Small pages now and then, so that their seams are walked over, too.
  const limit = history.random.pick([7, 50, 200]);
  let cursor: string | null = '';
  while (cursor !== null) {
    const position: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const url = `/v1/payments?${filter}&limit=${limit}${position}`;
    const page: { data: Payment[]; next_cursor: string | null } = await get(history, url);
    all.push(...page.data);
    cursor = page.next_cursor;
  }
  return all;
}

async function get<T>({ server, workspace }: History, url: string): Promise<T> {
  const { status, body, text } = await server.call<T>('GET', url, { as: workspace.apiKey });
  if (status !== 200) throw new Error(`GET ${url} gave ${status} ${text}`);
  return body;
}
