import { type Form, listOf, mapOf, textOf } from './form-body.ts';
import {
  type BalanceLine,
  type Charge,
  type Customer,
  type Dispute,
  type Intent,
  type LastError,
  type Method,
  makeCharge,
  makeCustomer,
  makeDispute,
  makeIntent,
  makeMethod,
  makePayout,
  makeRefund,
  makeSetupIntent,
  type Payout,
  type Refund,
  type SetupIntent,
} from './objects.ts';
import { invalid, missing, Refusal } from './refusal.ts';
import { type MethodScript, methodScript } from './test-methods.ts';
import type { World } from './world.ts';

const DEBIT_DAYS = 4;
const REFUND_DAYS = 1;
const DISPUTE_FEE = 1_500;
const THREE_DECIMALS = new Set(['bhd', 'jod', 'kwd', 'omr', 'tnd']);
const WHOLE_ONLY = new Set(['isk', 'ugx']);

/** What happens at Stripe's side, whoever asked for it: a request, the customer in their browser, or time. */
export class Actions {
  readonly world: World;
  constructor(world: World) {
    this.world = world;
  }

  createCustomer(form: Form): Customer {
    return this.world.add(
      makeCustomer({
        id: this.world.newId('cus'),
        created: this.world.seconds(),
        name: textOf(form.name) ?? null,
        email: textOf(form.email) ?? null,
        phone: textOf(form.phone) ?? null,
        metadata: mapOf(form.metadata),
      }),
    );
  }

  /** A saved method by the name of a test method, on a customer. */
  attachTestMethod(name: string, customer: string): Method {
    const script = methodScript(name);
    if (!script) throw missing(name, 'payment_method');
    const { world } = this;
    const method = world.add(makeMethod({ id: world.newId('pm'), created: world.seconds(), name }, script));
    method.customer = customer;
    world.scripts.set(method.id, script);
    world.tell('payment_method.attached', method);
    return method;
  }

  detach(id: string): Method {
    const method = this.world.find<Method>('payment_method', id, 'payment_method');
    if (method.customer === null) {
      throw invalid('The payment method you provided is not attached to a customer.', { param: 'payment_method' });
    }
    method.customer = null;
    this.world.tell('payment_method.detached', method);
    return method;
  }

  createSetupIntent(form: Form): SetupIntent {
    const customer = textOf(form.customer);
    if (customer !== undefined) this.world.find('customer', customer, 'customer');
    const { world } = this;
    return world.add(
      makeSetupIntent({
        id: world.newId('seti'),
        created: world.seconds(),
        customer: customer ?? null,
        metadata: mapOf(form.metadata),
      }),
    );
  }

  /** The customer fills in the form in their browser with a test method. `confirmed`: they also answered their bank. */
  completeSetup(id: string, testMethod: string, confirmed: boolean): SetupIntent {
    const { world } = this;
    const intent = world.find<SetupIntent>('setup_intent', id);
    const script = methodScript(testMethod);
    if (!script) throw missing(testMethod, 'payment_method');
    if (script.setup === 'asks' && !confirmed) {
      intent.status = 'requires_action';
      return intent;
    }
    if (script.setup === 'declines' || intent.customer === null) {
      intent.status = 'requires_payment_method';
      intent.last_setup_error = {
        type: 'card_error',
        code: 'card_declined',
        decline_code: 'generic_decline',
        message: 'Your card was declined.',
      };
      world.tell('setup_intent.setup_failed', intent);
      return intent;
    }
    intent.payment_method = this.attachTestMethod(testMethod, intent.customer).id;
    intent.status = 'succeeded';
    intent.last_setup_error = null;
    world.tell('setup_intent.succeeded', intent);
    return intent;
  }

  createIntent(form: Form): Intent {
    const { world } = this;
    const amount = Number(textOf(form.amount));
    const currency = textOf(form.currency) ?? '';
    if (!Number.isInteger(amount) || amount <= 0)
      throw invalid('Invalid integer', { code: 'parameter_invalid_integer', param: 'amount' });
    checkAmount(amount, currency);
    const customer = textOf(form.customer);
    if (customer !== undefined) world.find('customer', customer, 'customer');
    const methodId = textOf(form.payment_method);
    const method = methodId === undefined ? null : world.find<Method>('payment_method', methodId, 'payment_method');
    if (method && method.customer !== (customer ?? null)) {
      throw invalid('The PaymentMethod does not belong to the Customer you supplied.', { param: 'payment_method' });
    }
    const intent = world.add(
      makeIntent({
        id: world.newId('pi'),
        created: world.seconds(),
        amount,
        currency,
        customer: customer ?? null,
        payment_method: methodId ?? null,
        metadata: mapOf(form.metadata),
        description: textOf(form.description) ?? null,
      }),
    );
    if (textOf(form.confirm) === 'true' && method) this.confirm(intent, method, textOf(form.off_session) === 'true');
    return intent;
  }

  private confirm(intent: Intent, method: Method, offSession: boolean): void {
    const script = this.scriptOf(method.id);
    const { charge } = script;
    if (charge.does === 'succeed') {
      this.succeed(intent, script);
      return;
    }
    if (charge.does === 'ask_customer' && !offSession) {
      // The customer is there: nothing is declined, the intent waits for them.
      intent.status = 'requires_action';
      this.world.tell('payment_intent.requires_action', intent);
      return;
    }
    if (charge.does === 'process') {
      this.process(intent, script, charge.ends);
      return;
    }
    const error: LastError =
      charge.does === 'ask_customer'
        ? {
            type: 'card_error',
            code: 'authentication_required',
            decline_code: 'authentication_required',
            message: 'Your card was declined. This transaction requires authentication.',
          }
        : {
            type: 'card_error',
            code: charge.code,
            ...(charge.declineCode ? { decline_code: charge.declineCode } : {}),
            ...(charge.advice ? { advice_code: charge.advice } : {}),
            message: 'Your card was declined.',
          };
    this.fail(intent, script, error);
    throw new Refusal(402, {
      ...error,
      charge: intent.latest_charge,
      payment_intent: this.world.answerOf(intent),
      payment_method: this.world.answerOf(method),
    });
  }

  private fail(intent: Intent, script: MethodScript, error: LastError): void {
    intent.status = 'requires_payment_method';
    const method = this.world.objects.get(intent.payment_method ?? '');
    intent.last_payment_error = method ? { ...error, payment_method: this.world.answerOf(method) } : error;
    const charge = this.addCharge(intent, script, 'failed', error);
    intent.latest_charge = charge.id;
    intent.payment_method = null;
    this.world.tell('payment_intent.payment_failed', intent);
  }

  private succeed(intent: Intent, script: MethodScript): void {
    const { world } = this;
    const charge = this.addCharge(intent, script, 'succeeded', null);
    this.bookCharge(charge);
    intent.latest_charge = charge.id;
    intent.status = 'succeeded';
    intent.amount_received = intent.amount;
    intent.last_payment_error = null;
    world.tell('payment_intent.succeeded', intent);
    if (script.disputed) world.later(0, () => this.openDispute(charge.id));
  }

  private bookCharge(charge: Charge): void {
    const fee = Math.min(charge.amount, Math.round(charge.amount * 0.029) + 30);
    charge.balance_transaction = this.world.book({
      amount: charge.amount,
      currency: charge.currency,
      fee,
      source: charge.id,
      type: 'charge',
      category: 'charge',
    }).id;
  }

  /** A bank debit: started now, paid or failed days later. */
  private process(intent: Intent, script: MethodScript, ends: string): void {
    const { world } = this;
    const charge = this.addCharge(intent, script, 'pending', null);
    intent.latest_charge = charge.id;
    intent.status = 'processing';
    world.tell('payment_intent.processing', intent);
    world.later(DEBIT_DAYS, () => {
      if (ends === 'succeed') {
        charge.status = 'succeeded';
        charge.paid = true;
        charge.captured = true;
        charge.amount_captured = charge.amount;
        this.bookCharge(charge);
        intent.status = 'succeeded';
        intent.amount_received = intent.amount;
        world.tell('payment_intent.succeeded', intent);
        return;
      }
      charge.status = 'failed';
      charge.failure_code = ends;
      intent.status = 'requires_payment_method';
      intent.payment_method = null;
      intent.last_payment_error = {
        type: 'invalid_request_error',
        code: 'payment_intent_payment_attempt_failed',
        decline_code: ends,
        message: 'The payment failed.',
      };
      world.tell('payment_intent.payment_failed', intent);
    });
  }

  /** The customer answers their bank on our page. */
  answerCustomer(id: string, methodId: string | null, confirms: boolean): Intent {
    const intent = this.world.find<Intent>('payment_intent', id);
    if (!['requires_payment_method', 'requires_action'].includes(intent.status)) return intent;
    const failed = this.world.objects.get(intent.latest_charge ?? '') as Charge | undefined;
    const used = methodId ?? failed?.payment_method ?? intent.payment_method;
    const script = this.scriptOf(used ?? '');
    if (confirms) {
      intent.payment_method = used ?? null;
      this.succeed(intent, script);
    } else {
      this.fail(intent, script, {
        type: 'invalid_request_error',
        code: 'payment_intent_authentication_failure',
        message: 'The provided PaymentMethod has failed authentication.',
      });
    }
    return intent;
  }

  createRefund(form: Form): Refund {
    const { world } = this;
    const intentId = textOf(form.payment_intent);
    const chargeId = intentId
      ? world.find<Intent>('payment_intent', intentId, 'payment_intent').latest_charge
      : textOf(form.charge);
    const charge = world.find<Charge>('charge', chargeId ?? undefined, 'charge');
    const amount = Number(textOf(form.amount) ?? charge.amount - charge.amount_refunded);
    checkAmount(amount, charge.currency);
    const left = charge.amount - charge.amount_refunded;
    if (left === 0) throw invalid('Charge has already been refunded.', { code: 'charge_already_refunded' });
    if (amount > left) {
      throw invalid(`Refund amount is greater than unrefunded amount on charge.`, { param: 'amount' });
    }
    const script = this.scriptOf(charge.payment_method ?? '');
    if (script.refund === 'refused')
      throw invalid('Insufficient funds in your Stripe balance.', { code: 'balance_insufficient' });
    const line = world.book({
      amount: -amount,
      currency: charge.currency,
      fee: 0,
      source: charge.id,
      type: 'refund',
      category: 'refund',
    });
    const refund = world.add(
      makeRefund({
        id: world.newId('re'),
        created: world.seconds(),
        amount,
        charge: charge.id,
        currency: charge.currency,
        status: script.refund === 'pending' ? 'pending' : 'succeeded',
        metadata: mapOf(form.metadata),
        payment_intent: charge.payment_intent,
        balance_transaction: line.id,
      }),
    );
    line.source = refund.id;
    charge.amount_refunded += amount;
    charge.refunded = charge.amount_refunded === charge.amount;
    world.tell('refund.created', refund);
    world.tell('charge.refunded', charge);
    if (script.refund === 'pending') {
      world.later(REFUND_DAYS, () => {
        refund.status = 'succeeded';
        world.tell('refund.updated', refund);
      });
    }
    if (script.refund === 'fails_later') world.later(REFUND_DAYS, () => this.failRefund(refund, charge));
    return refund;
  }

  private failRefund(refund: Refund, charge: Charge): void {
    const { world } = this;
    refund.status = 'failed';
    refund.failure_reason = 'expired_or_canceled_card';
    refund.failure_balance_transaction = world.book({
      amount: refund.amount,
      currency: refund.currency,
      fee: 0,
      source: refund.id,
      type: 'refund_failure',
      category: 'refund_failure',
    }).id;
    charge.amount_refunded -= refund.amount;
    charge.refunded = false;
    world.tell('refund.failed', refund);
  }

  /** By the id of a charge or of its intent. */
  private chargeBy(ref: string): Charge {
    const intent = ref.startsWith('pi_') ? this.world.find<Intent>('payment_intent', ref) : null;
    return this.world.find<Charge>('charge', intent ? (intent.latest_charge ?? undefined) : ref);
  }

  openDispute(chargeRef: string): Dispute {
    const { world } = this;
    const charge = this.chargeBy(chargeRef);
    const dispute = world.add(
      makeDispute({
        id: world.newId('du'),
        created: world.seconds(),
        amount: charge.amount,
        charge: charge.id,
        currency: charge.currency,
        payment_intent: charge.payment_intent,
      }),
    );
    charge.disputed = true;
    world.tell('charge.dispute.created', dispute);
    return dispute;
  }

  disputeOf(chargeRef: string): Dispute {
    const charge = this.chargeBy(chargeRef);
    const dispute = this.world.all<Dispute>('dispute').find((found) => found.charge === charge.id);
    if (!dispute) throw missing(`dispute of ${chargeRef}`);
    return dispute;
  }

  withdrawDispute(chargeRef: string): void {
    const dispute = this.disputeOf(chargeRef);
    dispute.balance_transactions.push(this.bookDispute(dispute, -1));
    this.world.tell('charge.dispute.funds_withdrawn', dispute);
  }

  endDispute(chargeRef: string, how: 'won' | 'lost'): void {
    const dispute = this.disputeOf(chargeRef);
    dispute.status = how;
    if (how === 'won' && dispute.balance_transactions.length > 0) {
      dispute.balance_transactions.push(this.bookDispute(dispute, 1));
      this.world.tell('charge.dispute.funds_reinstated', dispute);
    }
    this.world.tell('charge.dispute.closed', dispute);
  }

  private bookDispute(dispute: Dispute, direction: 1 | -1): BalanceLine {
    return this.world.book({
      amount: direction * dispute.amount,
      currency: dispute.currency,
      fee: direction === -1 ? DISPUTE_FEE : 0,
      source: dispute.id,
      type: 'adjustment',
      category: direction === -1 ? 'dispute' : 'dispute_reversal',
    });
  }

  warnOfFraud(chargeRef: string): string {
    const { world } = this;
    const charge = this.chargeBy(chargeRef);
    const warning = world.add({
      id: world.newId('issfr'),
      object: 'radar.early_fraud_warning',
      created: world.seconds(),
      actionable: true,
      charge: charge.id,
      fraud_type: 'misc',
      livemode: false,
      payment_intent: charge.payment_intent ?? undefined,
    });
    world.tell('radar.early_fraud_warning.created', warning);
    return warning.id;
  }

  /** The network replaces a card. */
  replaceCard(id: string, last4: string, expYear: number): void {
    const method = this.world.find<Method>('payment_method', id);
    method.card = { ...(method.card as object), last4, exp_year: expYear };
    this.world.tell('payment_method.automatically_updated', method);
  }

  /** Pays out everything that no payout has taken yet. */
  payOut(): Payout {
    const { world } = this;
    const lines = world
      .all<BalanceLine>('balance_transaction')
      .filter((line) => line.payout === undefined && line.type !== 'payout');
    const amount = lines.reduce((sum, line) => sum + line.net, 0);
    const currency = world.options.settlementCurrency;
    const payout = world.add(makePayout({ id: world.newId('po'), created: world.seconds(), amount, currency }));
    const own = world.book({
      amount: -amount,
      currency,
      fee: 0,
      source: payout.id,
      type: 'payout',
      category: 'payout',
    });
    payout.balance_transaction = own.id;
    // Kept beside the lines: Stripe itself tells it only by its list for a payout.
    for (const line of [...lines, own]) Object.defineProperty(line, 'payout', { value: payout.id, enumerable: false });
    world.tell('payout.created', payout);
    world.tell('payout.paid', payout);
    world.tell('payout.reconciliation_completed', payout);
    return payout;
  }

  private addCharge(intent: Intent, script: MethodScript, status: string, failure: LastError | null): Charge {
    const { world } = this;
    return world.add(
      makeCharge(
        {
          id: world.newId(script.type === 'card' ? 'ch' : 'py'),
          created: world.seconds(),
          amount: intent.amount,
          currency: intent.currency,
          payment_intent: intent.id,
          payment_method: intent.payment_method,
          status,
          metadata: { ...intent.metadata },
          customer: intent.customer,
          description: typeof intent.description === 'string' ? intent.description : null,
        },
        script,
        failure,
      ),
    );
  }

  private scriptOf(methodId: string): MethodScript {
    const script = this.world.scripts.get(methodId);
    if (!script) throw missing(methodId, 'payment_method');
    return script;
  }
}

function checkAmount(amount: number, currency: string): void {
  const step = THREE_DECIMALS.has(currency) ? 10 : WHOLE_ONLY.has(currency) ? 100 : 1;
  if (amount % step !== 0)
    throw invalid('This amount ends in a fraction that the currency does not take.', {
      param: 'amount',
      code: 'invalid_charge_amount',
    });
}

/** Ids to expand of a request. */
export const expandsOf = (form: Form): string[] => listOf(form.expand);
