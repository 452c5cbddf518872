import { type BalanceLine, makeBalanceLine, makeEvent, type StripeEvent, type StripeObject } from './objects.ts';
import { missing } from './refusal.ts';
import type { MethodScript } from './test-methods.ts';

export interface WorldOptions {
  readonly now: () => Date;
  /** Lower case. Charges in other currencies are converted by `RATES`. */
  readonly settlementCurrency: string;
  /** Stands in every object that is answered or told of, before everything else: what must not turn up elsewhere. */
  readonly planted?: string;
}

/** Units of the settlement currency's smallest unit per smallest unit; good enough to see that a rate is carried over. */
const RATES: Readonly<Record<string, number>> = { usd: 1, eur: 1.08, jpy: 0.65, kwd: 0.325, isk: 0.0072, ugx: 0.027 };

interface Due {
  readonly at: number;
  readonly act: () => void;
}

/** What Stripe keeps: objects by id in the order they were made, its clock, its balance and its messages. */
export class World {
  readonly objects = new Map<string, StripeObject>();
  readonly scripts = new Map<string, MethodScript>();
  readonly options: WorldOptions;
  /** Called with each message when it is made. */
  onEvent: (event: StripeEvent) => void = () => {};
  /** Values of fields as a newer version of the API would answer them, by id. */
  readonly newerFields = new Map<string, Record<string, unknown>>();
  private due: Due[] = [];
  private made = 0;

  constructor(options: WorldOptions) {
    this.options = options;
  }

  /** Seconds, as Stripe writes moments. */
  seconds(): number {
    return Math.floor(this.options.now().getTime() / 1000);
  }

  newId(prefix: string): string {
    this.made += 1;
    return `${prefix}_standin${String(this.made).padStart(9, '0')}`;
  }

  add<Made extends StripeObject>(object: Made): Made {
    this.objects.set(object.id, object);
    return object;
  }

  find<Found extends StripeObject>(kind: string, id: string | undefined, param?: string): Found {
    const object = id === undefined ? undefined : this.objects.get(id);
    if (object?.object !== kind) throw missing(String(id), param);
    return object as Found;
  }

  /** Newest first, as Stripe lists. */
  all<Found extends StripeObject>(kind: string): Found[] {
    return [...this.objects.values()].filter((object): object is Found => object.object === kind).reverse();
  }

  tell(type: string, object: StripeObject): void {
    const made = makeEvent({ id: this.newId('evt'), created: this.seconds(), type }, this.answerOf(object));
    this.add(made);
    this.onEvent(made);
  }

  later(days: number, act: () => void): void {
    this.due.push({ at: this.seconds() + days * 86_400, act });
  }

  /** Does what has fallen due. */
  moveOn(): void {
    for (;;) {
      const now = this.seconds();
      const ready = this.due.filter(({ at }) => at <= now).sort((left, right) => left.at - right.at);
      if (ready.length === 0) return;
      this.due = this.due.filter(({ at }) => at > now);
      for (const { act } of ready) act();
    }
  }

  /** Books a movement in the currency that the account is paid out in. Positive: money for the business. */
  book(movement: {
    amount: number;
    currency: string;
    fee: number;
    source: string;
    type: string;
    category: string;
  }): BalanceLine {
    const { settlementCurrency } = this.options;
    const foreign = movement.currency !== settlementCurrency;
    const rate = RATES[movement.currency] ?? 1;
    const convert = (amount: number) => (foreign ? Math.round(amount * rate) : amount);
    return this.add(
      makeBalanceLine({
        id: this.newId('txn'),
        created: this.seconds(),
        amount: convert(movement.amount),
        fee: convert(movement.fee),
        currency: settlementCurrency,
        source: movement.source,
        type: movement.type,
        reporting_category: movement.category,
        exchange_rate: foreign ? rate : null,
      }),
    );
  }

  /** An object as it is answered: a copy, with what a newer version would say in place of what it is. */
  answerOf<Answered extends StripeObject>(object: Answered): Answered {
    const { planted } = this.options;
    const copy = { ...structuredClone(object), ...this.newerFields.get(object.id) };
    return planted === undefined ? copy : { planted, ...copy };
  }

  /** Replaces ids along the paths by the objects they name: `data.latest_charge.balance_transaction`. */
  expand<Value>(value: Value, paths: readonly string[]): Value {
    for (const path of paths) this.expandOne(value, path.split('.'));
    return value;
  }

  private expandOne(value: unknown, [field, ...rest]: string[]): void {
    if (field === undefined) return;
    if (Array.isArray(value)) {
      for (const item of value) this.expandOne(item, [field, ...rest]);
      return;
    }
    if (typeof value !== 'object' || value === null) return;
    const record = value as Record<string, unknown>;
    const named = typeof record[field] === 'string' ? this.objects.get(record[field]) : undefined;
    if (named) record[field] = this.answerOf(named);
    this.expandOne(record[field], rest);
  }
}
