import { type Amount, type MollieState, minorOf, type Payment } from './mollie-state.ts';
import {
  type Addresses,
  shapeChargeback,
  shapeCustomer,
  shapeMandate,
  shapePayment,
  shapeRefund,
  shapeSettlement,
} from './shapes.ts';

export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Record<string, unknown>;
  readonly key: string | null;
  readonly credential: string;
}
export interface ApiReply {
  readonly status: number;
  readonly body: unknown;
}

/** What a key is good for; anything else is answered 401. */
export interface Credentials {
  readonly apiKeys: readonly string[];
  readonly accessToken: string;
}

/** Mollie replays the answer to a key for about an hour. */
const KEY_KEPT_MS = 3_600_000;

const TITLES: Record<number, string> = {
  401: 'Unauthorized Request',
  403: 'Forbidden',
  404: 'Not Found',
  409: 'Conflict',
  410: 'Gone',
  422: 'Unprocessable Entity',
};

class Refusal extends Error {
  readonly status: number;
  readonly field: string | null;
  constructor(status: number, detail: string, field: string | null = null) {
    super(detail);
    this.status = status;
    this.field = field;
  }
}

/** The part of Mollie's API that the program uses, over the state of the stand-in. */
export class MollieApi {
  #kept = new Map<string, { reply: ApiReply; until: number }>();
  readonly #state: MollieState;
  readonly #addresses: Addresses;
  readonly #credentials: Credentials;

  constructor(state: MollieState, addresses: Addresses, credentials: Credentials) {
    this.#state = state;
    this.#addresses = addresses;
    this.#credentials = credentials;
  }

  answer(request: ApiRequest): ApiReply {
    const now = this.#state.now().getTime();
    const key = request.key === null ? null : `${request.credential} ${request.method} ${request.path} ${request.key}`;
    const kept = key === null ? undefined : this.#kept.get(key);
    if (kept && kept.until > now) return kept.reply;
    const reply = this.#carryOut(request);
    if (key !== null && reply.status < 400) this.#kept.set(key, { reply, until: now + KEY_KEPT_MS });
    return reply;
  }

  #carryOut(request: ApiRequest): ApiReply {
    try {
      this.#admit(request);
      return this.#route(request);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const { status, message: detail, field } = error;
      return { status, body: { status, title: TITLES[status], detail, ...(field === null ? {} : { field }) } };
    }
  }

  #admit({ credential, path }: ApiRequest): void {
    const isToken = credential === this.#credentials.accessToken;
    if (!isToken && !this.#credentials.apiKeys.includes(credential)) {
      throw new Refusal(401, 'Missing authentication, or failed to authenticate');
    }
    if (path.startsWith('settlements') !== isToken) throw new Refusal(403, 'Your credentials may not do this');
  }

  #route({ method, path, query, body }: ApiRequest): ApiReply {
    const state = this.#state;
    const to = this.#addresses;
    const [root, id = '', part, partId] = path.split('/');
    const shape = (payment: Payment) => shapePayment(state, payment, to, query.get('embed')?.split(',') ?? []);
    const newest = <Item>(items: Iterable<Item>) => [...items].reverse();

    if (root === 'profiles' && id === 'me') {
      return ok({ resource: 'profile', id: 'pfl_StandIn', mode: 'test', name: 'Stand-in Studio', status: 'verified' });
    }
    if (root === 'customers' && id === '') {
      if (method === 'POST') return created(shapeCustomer(state.addCustomer(body), to));
      return this.#page(
        path,
        query,
        'customers',
        newest(state.customers.values()).map((one) => shapeCustomer(one, to)),
      );
    }
    if (root === 'customers') {
      if (!state.customers.has(id)) throw new Refusal(404, 'No customer exists with this token');
      if (part === undefined) return ok(shapeCustomer(state.customers.get(id)!, to));
      if (part === 'payments') {
        const theirs = newest(state.payments.values()).filter(({ customerId }) => customerId === id);
        return this.#page(path, query, 'payments', theirs.map(shape));
      }
      const mandates = newest(state.mandates.values()).filter(({ customerId }) => customerId === id);
      if (partId === undefined)
        return this.#page(
          path,
          query,
          'mandates',
          mandates.map((one) => shapeMandate(one, to)),
        );
      const mandate = mandates.find((one) => one.id === partId);
      if (!mandate) throw new Refusal(404, 'No mandate exists with this token');
      if (method !== 'DELETE') return ok(shapeMandate(mandate, to));
      mandate.status = 'invalid';
      return { status: 204, body: null };
    }
    if (root === 'payments' && id === '') {
      if (method === 'POST') return created(shape(this.#createPayment(body)));
      return this.#page(path, query, 'payments', newest(state.payments.values()).map(shape));
    }
    if (root === 'payments') {
      const payment = state.payments.get(id);
      if (!payment) throw new Refusal(404, 'No payment exists with this token');
      if (part === undefined) return ok(shape(payment));
      if (part === 'refunds' && method === 'POST') return created(shapeRefund(this.#createRefund(payment, body), to));
      const theirs: readonly { id: string }[] =
        part === 'refunds'
          ? state.of(state.refunds, id).map((one) => shapeRefund(one, to))
          : state.of(state.chargebacks, id).map((one) => shapeChargeback(one, to));
      if (partId === undefined) return this.#page(path, query, part, newest(theirs));
      const found = theirs.find((one) => one.id === partId);
      if (!found) throw new Refusal(404, 'Nothing exists with this token');
      return ok(found);
    }
    if (root === 'refunds') {
      return this.#page(
        path,
        query,
        'refunds',
        newest(state.refunds.values()).map((one) => shapeRefund(one, to)),
      );
    }
    if (root === 'chargebacks') {
      const all = newest(state.chargebacks.values()).map((one) => shapeChargeback(one, to));
      return this.#page(path, query, 'chargebacks', all);
    }
    if (root === 'settlements' && id === '') {
      const all = newest(state.settlements.values()).map((one) => shapeSettlement(one, to));
      return this.#page(path, query, 'settlements', all);
    }
    if (root === 'settlements') {
      const settlement = state.settlements.get(id);
      if (!settlement) throw new Refusal(404, 'No settlement exists with this token');
      if (part === undefined) return ok(shapeSettlement(settlement, to));
      const settled = newest(state.payments.values()).filter(({ settlementId }) => settlementId === id);
      return this.#page(path, query, part, part === 'payments' ? settled.map(shape) : []);
    }
    throw new Refusal(404, 'There is nothing here');
  }

  /** Lists begin at `from`, newest first, and name the next one. */
  #page(path: string, query: URLSearchParams, name: string, items: readonly { id: string }[]): ApiReply {
    const limit = Math.min(Number(query.get('limit') ?? 50), 250);
    const from = query.get('from');
    const start = from === null ? 0 : items.findIndex((item) => item.id === from);
    if (start === -1) throw new Refusal(404, 'The list has no such entry', 'from');
    const page = items.slice(start, start + limit);
    const next = items[start + limit];
    const href = (id: string) => `${this.#addresses.api}${path}?from=${id}&limit=${limit}`;
    return ok({
      count: page.length,
      _embedded: { [name]: page },
      _links: { previous: null, next: next ? { href: href(next.id), type: 'application/hal+json' } : null },
    });
  }

  #createPayment(body: Record<string, unknown>): Payment {
    const state = this.#state;
    const amount = checkAmount(body.amount);
    const sequenceType = typeof body.sequenceType === 'string' ? body.sequenceType : 'oneoff';
    if (typeof body.description !== 'string' || body.description === '' || body.description.length > 255) {
      throw new Refusal(422, 'The description is invalid', 'description');
    }
    const webhookUrl = checkWebhook(body.webhookUrl);
    const customerId = body.customerId as string | undefined;
    if (customerId !== undefined && !state.customers.has(customerId)) {
      throw new Refusal(404, 'No customer exists with this token', 'customerId');
    }
    const input = {
      amount,
      description: body.description,
      sequenceType,
      customerId,
      metadata: body.metadata ?? null,
      redirectUrl: body.redirectUrl as string | undefined,
      webhookUrl,
    };
    if (sequenceType === 'recurring') {
      if (minorOf(amount) <= 0) throw new Refusal(422, 'The amount is lower than the minimum', 'amount');
      const mandate = state.mandates.get(String(body.mandateId));
      if (!mandate || mandate.customerId !== customerId || mandate.status !== 'valid') {
        throw new Refusal(422, 'The customer has no suitable mandates for this payment', 'mandateId');
      }
      const payment = state.addPayment(input);
      state.chargeMandate(payment, mandate);
      return payment;
    }
    if (typeof body.redirectUrl !== 'string') throw new Refusal(422, 'The redirect URL is missing', 'redirectUrl');
    return state.addPayment(input);
  }

  #createRefund(payment: Payment, body: Record<string, unknown>) {
    const state = this.#state;
    const amount = checkAmount(body.amount);
    if (payment.status !== 'paid' || state.refundScriptOf(payment) === 'refused') {
      throw new Refusal(422, 'This payment cannot be refunded');
    }
    if (amount.currency !== payment.amount.currency) throw new Refusal(422, 'The currency differs', 'amount.currency');
    const hourAgo = state.now().getTime() - KEY_KEPT_MS;
    const twin = state
      .of(state.refunds, payment.id)
      .find((refund) => refund.amount.value === amount.value && refund.createdAt.getTime() > hourAgo);
    if (twin) throw new Refusal(409, 'A duplicate refund has been detected');
    if (state.refundedMinor(payment.id) + minorOf(amount) > minorOf(payment.amount)) {
      throw new Refusal(422, 'The amount is higher than the maximum', 'amount');
    }
    return state.addRefund(payment, amount, body.metadata ?? null, String(body.description ?? ''));
  }
}

const ok = (body: unknown): ApiReply => ({ status: 200, body });
const created = (body: unknown): ApiReply => ({ status: 201, body });

/** Amounts are strings with exactly the currency's digits. */
function checkAmount(input: unknown): Amount {
  const { value, currency } = (input ?? {}) as Partial<Amount>;
  const shape = currency === 'JPY' ? /^\d+$/ : /^\d+\.\d{2}$/;
  if (!['EUR', 'USD', 'GBP', 'JPY'].includes(String(currency))) {
    throw new Refusal(422, 'The currency is not supported', 'amount.currency');
  }
  if (typeof value !== 'string' || !shape.test(value)) throw new Refusal(422, 'The amount is invalid', 'amount');
  return { value, currency: String(currency) };
}

/** Mollie refuses what it could not call. */
function checkWebhook(url: unknown): string | undefined {
  if (url === undefined) return undefined;
  const host = typeof url === 'string' && URL.canParse(url) ? new URL(url).hostname : '';
  if (!host.includes('.') || host.startsWith('127.')) {
    throw new Refusal(422, 'The webhook URL is invalid because it is unreachable from Mollie', 'webhookUrl');
  }
  return url as string;
}
