import { type NamedMethod, namedMethod } from './named-methods.ts';

export interface Amount {
  readonly value: string;
  readonly currency: string;
}
export interface Customer {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly metadata: unknown;
  readonly createdAt: Date;
}
export interface Mandate {
  readonly id: string;
  readonly customerId: string;
  readonly script: NamedMethod;
  status: 'valid' | 'pending' | 'invalid';
  readonly number: string;
  readonly createdAt: Date;
}
export interface Payment {
  readonly id: string;
  readonly amount: Amount;
  readonly description: string;
  readonly sequenceType: string;
  readonly customerId?: string | undefined;
  mandateId?: string;
  readonly metadata: unknown;
  readonly redirectUrl?: string | undefined;
  readonly webhookUrl?: string | undefined;
  method: string | null;
  status: string;
  reason: string | null;
  readonly createdAt: Date;
  paidAt?: Date;
  failedAt?: Date;
  canceledAt?: Date;
  expiredAt?: Date;
  settlementId?: string;
}
export interface Refund {
  readonly id: string;
  readonly paymentId: string;
  readonly amount: Amount;
  readonly metadata: unknown;
  readonly description: string;
  status: string;
  readonly createdAt: Date;
}
export interface Chargeback {
  readonly id: string;
  readonly paymentId: string;
  readonly amount: Amount;
  readonly reason: string;
  readonly createdAt: Date;
  reversedAt?: Date;
}
export interface Settlement {
  readonly id: string;
  readonly amount: Amount;
  readonly fees: Amount;
  readonly createdAt: Date;
}

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** The stand-in's own reckoning, apart from the program's. */
export function minorOf({ value, currency }: Amount): number {
  return currency === 'JPY' ? Number(value) : Math.round(Number(value) * 100);
}
export function amountOf(minor: number, currency: string): Amount {
  return { currency, value: currency === 'JPY' ? String(minor) : (minor / 100).toFixed(2) };
}

/** What the stand-in's account holds, and what becomes of it as time passes. */
export class MollieState {
  readonly customers = new Map<string, Customer>();
  readonly mandates = new Map<string, Mandate>();
  readonly payments = new Map<string, Payment>();
  readonly refunds = new Map<string, Refund>();
  readonly chargebacks = new Map<string, Chargeback>();
  readonly settlements = new Map<string, Settlement>();
  /** Who is told that something about a payment changed. */
  onTold: (webhookUrl: string, body: string) => void = () => {};

  #now: Date;
  #due: { at: number; run: () => void }[] = [];
  #count = 0;

  constructor(now: Date) {
    this.#now = now;
  }

  now(): Date {
    return new Date(this.#now);
  }

  /** Lets time pass; what falls due happens at its own moment. */
  advance(ms: number): void {
    const until = this.#now.getTime() + ms;
    for (;;) {
      const next = this.#due.filter(({ at }) => at <= until).sort((left, right) => left.at - right.at)[0];
      if (!next) break;
      this.#due.splice(this.#due.indexOf(next), 1);
      this.#now = new Date(Math.max(this.#now.getTime(), next.at));
      next.run();
    }
    this.#now = new Date(until);
  }

  addCustomer(input: { name?: string; email?: string; metadata?: unknown }): Customer {
    const { name = '', email = '', metadata = null } = input;
    const customer = { id: this.#id('cst'), name, email, metadata, createdAt: this.now() };
    this.customers.set(customer.id, customer);
    return customer;
  }

  addMandate(customerId: string, script: NamedMethod): Mandate {
    const number = script.method === 'creditcard' ? '4242' : `NL00STND${String(this.#count).padStart(10, '0')}`;
    const id = this.#id('mdt');
    const mandate: Mandate = { id, customerId, script, status: 'valid', number, createdAt: this.now() };
    this.mandates.set(id, mandate);
    return mandate;
  }

  addPayment(
    input: Pick<
      Payment,
      'amount' | 'description' | 'sequenceType' | 'customerId' | 'metadata' | 'redirectUrl' | 'webhookUrl'
    >,
  ): Payment {
    const id = this.#id('tr');
    const payment: Payment = { ...input, id, method: null, status: 'open', reason: null, createdAt: this.now() };
    this.payments.set(id, payment);
    return payment;
  }

  /** Charges a mandate as its script says. */
  chargeMandate(payment: Payment, mandate: Mandate): void {
    const { charge, method } = mandate.script;
    payment.mandateId = mandate.id;
    payment.method = method;
    if (charge.ends === 'paid') this.pay(payment);
    else if (charge.ends === 'failed') this.fail(payment, charge.reason);
    else if (charge.ends === 'later') {
      payment.status = 'pending';
      for (const { days, to, reason = 'MS03' } of charge.steps) {
        this.#later(days * DAY_MS, () => {
          if (to === 'paid') this.pay(payment);
          else if (to === 'failed') this.fail(payment, reason);
          else this.chargeBack(payment.id, reason);
        });
      }
    }
  }

  /** The customer chose a method on the page of a first payment. */
  completeFirst(payment: Payment, name: string): void {
    const script = namedMethod(name);
    if (!payment.customerId) throw new Error('a first payment belongs to a customer');
    payment.method = script.method === 'creditcard' ? 'creditcard' : 'ideal';
    payment.mandateId = this.addMandate(payment.customerId, script).id;
    this.pay(payment);
  }

  pay(payment: Payment): void {
    payment.status = 'paid';
    payment.paidAt = this.now();
    this.tell(payment);
  }

  fail(payment: Payment, reason: string): void {
    payment.status = 'failed';
    payment.reason = reason;
    payment.failedAt = this.now();
    this.tell(payment);
  }

  cancel(payment: Payment): void {
    payment.status = 'canceled';
    payment.canceledAt = this.now();
    this.tell(payment);
  }

  expire(payment: Payment): void {
    payment.status = 'expired';
    payment.expiredAt = this.now();
    this.tell(payment);
  }

  addRefund(payment: Payment, amount: Amount, metadata: unknown, description: string): Refund {
    const script = this.refundScriptOf(payment);
    const refund: Refund = {
      id: this.#id('re'),
      paymentId: payment.id,
      amount,
      metadata,
      description,
      status: script === 'bounces' ? 'refunded' : 'pending',
      createdAt: this.now(),
    };
    this.refunds.set(refund.id, refund);
    const become = (status: string) => () => {
      refund.status = status;
      this.tell(payment);
    };
    if (script === 'bounces') this.#later(5 * DAY_MS, become('failed'));
    else this.#later(script === 'slow' ? 2 * DAY_MS : HOUR_MS, become('refunded'));
    return refund;
  }

  refundScriptOf(payment: Payment): NamedMethod['refund'] {
    return (payment.mandateId && this.mandates.get(payment.mandateId)?.script.refund) || 'usual';
  }

  /** A payment made in Mollie's own dashboard, past this program. */
  payElsewhere(webhookUrl: string): Payment {
    const payment = this.addPayment({
      amount: amountOf(4_500, 'EUR'),
      description: 'Payment link',
      sequenceType: 'oneoff',
      metadata: null,
      webhookUrl,
    });
    payment.method = 'ideal';
    this.pay(payment);
    return payment;
  }

  chargeBack(paymentId: string, reason = '4853', amount?: Amount): Chargeback {
    const payment = this.payments.get(paymentId)!;
    const id = this.#id('chb');
    const chargeback = { id, paymentId, amount: amount ?? payment.amount, reason, createdAt: this.now() };
    this.chargebacks.set(id, chargeback);
    this.tell(payment);
    return chargeback;
  }

  reverseChargeback(id: string): void {
    const chargeback = this.chargebacks.get(id)!;
    chargeback.reversedAt = this.now();
    this.tell(this.payments.get(chargeback.paymentId)!);
  }

  /** Pays out everything that was paid in euro and not settled yet, less a fee. */
  settle(feeMinor: number): Settlement {
    const id = this.#id('stl');
    let sum = -feeMinor;
    for (const payment of this.payments.values()) {
      const { currency } = payment.amount;
      if (payment.status !== 'paid' || payment.settlementId || currency !== 'EUR') continue;
      payment.settlementId = id;
      sum += minorOf(payment.amount);
    }
    const settlement = { id, amount: amountOf(sum, 'EUR'), fees: amountOf(feeMinor, 'EUR'), createdAt: this.now() };
    this.settlements.set(id, settlement);
    return settlement;
  }

  of<Item extends { paymentId: string }>(items: Map<string, Item>, paymentId: string): Item[] {
    return [...items.values()].filter((item) => item.paymentId === paymentId);
  }

  refundedMinor(paymentId: string): number {
    return this.of(this.refunds, paymentId)
      .filter(({ status }) => status !== 'failed' && status !== 'canceled')
      .reduce((sum, { amount }) => sum + minorOf(amount), 0);
  }

  /** As Mollie does it: the id of the payment and nothing else. */
  tell(payment: Payment): void {
    if (payment.webhookUrl) this.onTold(payment.webhookUrl, `id=${payment.id}`);
  }

  #id(prefix: string): string {
    this.#count += 1;
    return `${prefix}_${this.#count.toString(36).padStart(4, '0')}StandIn`;
  }

  #later(ms: number, run: () => void): void {
    this.#due.push({ at: this.#now.getTime() + ms, run });
  }
}
