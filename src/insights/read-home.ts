import type { WorkspaceTx } from '../foundation/database.ts';
import { localDateOf } from '../foundation/local-date.ts';
import { countToInvoice } from '../invoices/list-work-items.ts';
import { listExpiringCards } from '../payments/list-expiring-cards.ts';
import { listPaymentRows } from '../payments/list-payment-rows.ts';
import { shapePayments } from '../payments/list-payments.ts';
import type { Caller } from '../workspace/caller.ts';
import type { Home } from './api.ts';
import { maySeeMoney } from './read-contact-overview.ts';
import { countNeedingAction, hasContacts, readDays, readFirstSteps } from './store.ts';
import { firstDayNeeded, takingsOf } from './takings.ts';

/** Rows listed on Home; the rest is one click away. */
const ATTENTION_COUNT = 8;
const RECENT_COUNT = 8;
const EXPIRING_COUNT = 5;

/**
 * Home: today's takings, what needs somebody, first steps. Without the right or the switch for money its parts are
 * empty. Two round trips.
 */
export async function readHome(tx: WorkspaceTx, caller: Caller): Promise<Home> {
  const today = localDateOf(caller.now, caller.workspace.timeZone);
  const [hasAny, steps, money] = await Promise.all([
    hasContacts(tx),
    readFirstSteps(tx),
    maySeeMoney(caller) ? readMoney(tx, caller, today) : NO_MONEY,
  ]);
  const names = ['contact', 'card', 'charge', 'import', 'business_details'] as const;
  return {
    today,
    ...money,
    has_contacts: hasAny,
    first_steps: names.map((name) => ({ name, done: steps[name] })),
    sample_present: steps.sample_present,
  };
}

const NO_MONEY = {
  takings: [],
  attention: [],
  attention_count: 0,
  expiring_cards: [],
  to_invoice_count: 0,
  recent: [],
};

async function readMoney(tx: WorkspaceTx, caller: Caller, today: string) {
  const [days, attention, attentionCount, recent, expiring, toInvoiceCount] = await Promise.all([
    readDays(tx, firstDayNeeded(today), today),
    listPaymentRows(tx, { needsAction: true, limit: ATTENTION_COUNT }),
    countNeedingAction(tx),
    listPaymentRows(tx, { limit: RECENT_COUNT }),
    listExpiringCards(tx, caller, EXPIRING_COUNT),
    caller.rights.has('invoices.read') ? countToInvoice(tx) : 0,
  ]);
  const shaped = await shapePayments(tx, caller, [...attention, ...recent]);
  const takings = days.map(({ day, currency, net_minor: netMinor, count }) => ({ day, currency, netMinor, count }));
  return {
    takings: takingsOf(takings, caller.workspace.currency, today),
    attention: shaped.slice(0, attention.length),
    attention_count: attentionCount,
    expiring_cards: expiring,
    to_invoice_count: toInvoiceCount,
    recent: shaped.slice(attention.length),
  };
}
