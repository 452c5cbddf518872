import type { Actions } from './actions.ts';
import { type Form, type FormValue, textOf } from './form-body.ts';
import type { BalanceLine, Charge, Dispute, Intent, Method, Refund, StripeObject } from './objects.ts';
import { invalid, missing } from './refusal.ts';
import type { World } from './world.ts';

export interface Route {
  readonly method: string;
  /** As in Stripe's description. */
  readonly path: string;
  readonly answer: (ids: readonly string[], form: Form) => unknown;
}

const PAGE_BY_DEFAULT = 10;
const PAGE_MAX = 100;

/** The part of Stripe's API that the adapter uses, by the paths of its description. */
export function makeRoutes(world: World, actions: Actions): Route[] {
  const one = (kind: string) => (ids: readonly string[]) => world.answerOf(world.find(kind, ids[0]));
  const list =
    <Item extends StripeObject>(kind: string, url: string, holds: (item: Item, form: Form) => boolean = () => true) =>
    (_ids: readonly string[], form: Form) =>
      page(world, world.all<Item>(kind), url, form, holds);
  const get = (path: string, answer: Route['answer']): Route => ({ method: 'GET', path, answer });
  const post = (path: string, answer: Route['answer']): Route => ({ method: 'POST', path, answer });
  const field = (form: Form, name: string, value: unknown) => form[name] === undefined || form[name] === value;

  return [
    get('/v1/account', () => account()),
    post('/v1/customers', (_ids, form) => world.answerOf(actions.createCustomer(form))),
    get('/v1/customers', list('customer', '/v1/customers')),
    get('/v1/customers/{customer}/payment_methods', ([customer], form) => {
      world.find('customer', customer);
      const url = `/v1/customers/${customer}/payment_methods`;
      return page(world, world.all<Method>('payment_method'), url, form, (item) => item.customer === customer);
    }),
    get('/v1/payment_methods/{payment_method}', one('payment_method')),
    post('/v1/payment_methods/{payment_method}/detach', ([id]) => world.answerOf(actions.detach(id!))),
    post('/v1/setup_intents', (_ids, form) => world.answerOf(actions.createSetupIntent(form))),
    get('/v1/setup_intents/{intent}', one('setup_intent')),
    post('/v1/payment_intents', (_ids, form) => world.answerOf(actions.createIntent(form))),
    get('/v1/payment_intents/{intent}', one('payment_intent')),
    get('/v1/payment_intents', (ids, form) => {
      if (form.customer !== undefined) world.find('customer', textOf(form.customer), 'customer');
      const holds = (item: Intent) => field(form, 'customer', item.customer);
      return list<Intent>('payment_intent', '/v1/payment_intents', holds)(ids, form);
    }),
    post('/v1/refunds', (_ids, form) => world.answerOf(actions.createRefund(form))),
    get('/v1/refunds/{refund}', one('refund')),
    get(
      '/v1/refunds',
      list<Refund>(
        'refund',
        '/v1/refunds',
        (item, form) => field(form, 'charge', item.charge) && field(form, 'payment_intent', item.payment_intent),
      ),
    ),
    get('/v1/charges/{charge}', one('charge')),
    get('/v1/charges', list<Charge>('charge', '/v1/charges')),
    get('/v1/disputes/{dispute}', one('dispute')),
    get('/v1/disputes', list<Dispute>('dispute', '/v1/disputes')),
    get('/v1/payouts/{payout}', one('payout')),
    get('/v1/payouts', list('payout', '/v1/payouts')),
    get(
      '/v1/balance_transactions',
      list<BalanceLine>('balance_transaction', '/v1/balance_transactions', (item, form) =>
        field(form, 'payout', item.payout),
      ),
    ),
    get('/v1/events', list('event', '/v1/events')),
  ];
}

/** The route of a request and the ids in its path. */
export function findRoute(
  routes: readonly Route[],
  method: string,
  path: string,
): { route: Route; ids: string[] } | null {
  for (const route of routes) {
    const pattern = new RegExp(`^${route.path.replaceAll(/\{\w+\}/g, '([^/]+)')}$`);
    const match = route.method === method ? pattern.exec(path) : null;
    if (match) return { route, ids: match.slice(1).map(decodeURIComponent) };
  }
  return null;
}

function page<Item extends StripeObject>(
  world: World,
  newestFirst: readonly Item[],
  url: string,
  form: Form,
  holds: (item: Item, form: Form) => boolean,
) {
  const limit = Number(textOf(form.limit) ?? PAGE_BY_DEFAULT);
  if (!(limit >= 1 && limit <= PAGE_MAX)) throw invalid('limit must be between 1 and 100', { param: 'limit' });
  const fitting = newestFirst.filter((item) => holds(item, form) && isWithin(item.created, form.created));
  const after = textOf(form.starting_after);
  const position = after === undefined ? -1 : fitting.findIndex(({ id }) => id === after);
  if (after !== undefined && position === -1) throw missing(after, 'starting_after');
  const data = fitting.slice(position + 1, position + 1 + limit);
  return {
    object: 'list',
    url,
    has_more: fitting.length > position + 1 + limit,
    data: data.map((item) => world.answerOf(item)),
  };
}

function isWithin(created: number, range: FormValue | undefined): boolean {
  if (typeof range !== 'object' || Array.isArray(range)) return true;
  const bound = (name: string) => (range[name] === undefined ? null : Number(textOf(range[name])));
  const [gte, lte] = [bound('gte'), bound('lte')];
  return (gte === null || created >= gte) && (lte === null || created <= lte);
}

function account() {
  return {
    id: 'acct_standin',
    object: 'account',
    business_profile: { mcc: null, name: 'Harbour Studio' },
    charges_enabled: true,
    country: 'US',
    created: 1_700_000_000,
    default_currency: 'usd',
    details_submitted: true,
    email: 'owner@example.com',
    payouts_enabled: true,
    settings: {
      branding: { icon: null, logo: null, primary_color: null, secondary_color: null },
      card_payments: { statement_descriptor_prefix: null },
      dashboard: { display_name: 'Harbour Studio', timezone: 'Etc/UTC' },
      payments: { statement_descriptor: null, statement_descriptor_kana: null, statement_descriptor_kanji: null },
    },
    type: 'standard',
  };
}
