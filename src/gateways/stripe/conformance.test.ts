import { pino } from 'pino';
import { afterAll, expect, it } from 'vitest';
import type { Intent, Method, Refund, SetupIntent, StripeObject } from '../../../tests/stand-ins/stripe/objects.ts';
import {
  STAND_IN_PUBLISHABLE_KEY,
  STAND_IN_SECRET_KEY,
  startStripeStandIn,
} from '../../../tests/stand-ins/stripe/stand-in.ts';
import { methodScript } from '../../../tests/stand-ins/stripe/test-methods.ts';
import { signMessage } from '../../../tests/stand-ins/stripe/webhooks.ts';
import { movableClock } from '../../foundation/clock.ts';
import { newId } from '../../foundation/id.ts';
import type { BreakWire, GatewayHarness, Operation, SavedMethod, WireFault } from '../conformance/harness.ts';
import { testConformance } from '../conformance.ts';
import type { Gateway, GatewayContext, IncomingEvent } from '../gateway.ts';
import { makeStripeGateway } from './stripe-gateway.ts';

const clock = movableClock(new Date('2026-03-02T09:00:00.000Z'));
const workspaceId = newId();
const standIn = await startStripeStandIn({ now: clock.now });
afterAll(standIn.stop);
const { actions, world } = standIn;

let signingSecrets = ['whsec_standin_first_6b1d2f0e'];
const logged: string[] = [];
const log = pino({ level: 'trace' }, { write: (line: string) => logged.push(line) });

const connection = {
  accountRef: 'acct_standin',
  values: { secret_key: STAND_IN_SECRET_KEY, publishable_key: STAND_IN_PUBLISHABLE_KEY },
  get signingSecrets() {
    return signingSecrets;
  },
};
const gatewayAt = (apiBaseUrl: string) =>
  makeStripeGateway({
    readConnection: async (id) => (id === workspaceId ? connection : null),
    publicUrl: () => 'https://crm.example.com',
    secret: 'the program’s secret in the tests of the gateway',
    clock,
    log,
    config: { apiBaseUrl, timeoutMs: 1_000, networkRetries: 1, backoff: { firstMs: 60, longestMs: 300 } },
  });
const plain = gatewayAt(standIn.url);
/** The same adapter, to an address whose certificate nobody vouches for. */
const untrusted = gatewayAt(standIn.tlsUrl);
const overTls = new Set<Operation>();
const via = (operation: Operation) => (overTls.has(operation) ? untrusted : plain);
const gateway: Gateway = {
  ...plain,
  charge: (context, order) => via('charge').charge(context, order),
  refund: (context, order) => via('refund').refund(context, order),
  lookUp: (context, attempt) => via('lookup').lookUp(context, attempt),
};
const context = (): GatewayContext => ({ workspaceId, now: clock.now() });

async function advance(ms: number): Promise<void> {
  clock.advanceMs(ms);
  world.moveOn();
}

const method = (name: string) => async (): Promise<SavedMethod> => {
  const customer = actions.createCustomer({ name: 'Ada Lovelace' });
  return { customerRef: customer.id, methodRef: actions.attachTestMethod(name, customer.id).id };
};
const declines = (...codes: string[]) => codes.map((code) => ({ code, method: method(`declined_${code}`) }));

/** Messages as they were signed at the moment they were made. */
let messages: IncomingEvent[] = [];
const tellStandIn = world.onEvent;
world.onEvent = (event) => {
  tellStandIn(event);
  if (plain.connecting?.eventTypes.includes(event.type) || event.type.startsWith('newer.')) {
    const { rawBody, signature } = signMessage(event, [...signingSecrets], world.seconds());
    messages.push({ rawBody, header: (name) => (name === 'stripe-signature' ? signature : undefined) });
  }
};

const REQUESTS: Record<Operation, RegExp> = {
  charge: /^POST \/v1\/payment_intents$/,
  refund: /^POST \/v1\/refunds$/,
  lookup: /^GET \/v1\/(payment_intents|refunds)/,
};
const breakWith =
  (fault: Exclude<WireFault, 'tls_refused'>): BreakWire =>
  async (operation, times) => {
    const mend = standIn.faults.add(fault, REQUESTS[operation], times);
    return async () => mend();
  };
const breakTls: BreakWire = async (operation) => {
  overTls.add(operation);
  return async () => {
    overTls.delete(operation);
  };
};

const byAttempt = <Kind extends StripeObject & { metadata: Record<string, string> }>(kind: string, attemptId: string) =>
  world.all<Kind>(kind).filter(({ metadata }) => metadata.attempt_id === attemptId);

/** Decimals by Stripe's page on currencies, written down here once more so that the adapter is not asked about itself. */
const DECIMALS_AT_STRIPE: Record<string, number> = { jpy: 0, kwd: 3 };
function movementOf({ amount, currency }: { amount: number; currency: string }) {
  const decimals = DECIMALS_AT_STRIPE[currency] ?? 2;
  return { decimal: (amount / 10 ** decimals).toFixed(decimals), currency: currency.toUpperCase() };
}

const harness: GatewayHarness = {
  gateway,
  context,
  advance,
  async takeMessages() {
    const taken = messages;
    messages = [];
    return taken;
  },
  async gatewaySide(attemptId) {
    const charges = byAttempt<Intent>('payment_intent', attemptId).filter(({ status }) => status === 'succeeded');
    const refunds = byAttempt<Refund>('refund', attemptId).filter(({ status }) =>
      ['succeeded', 'pending'].includes(status),
    );
    return [...charges, ...refunds].map(movementOf);
  },
  currencies: { 0: 'JPY', 2: 'USD', 3: 'KWD' },
  approved: method('pm_card_visa'),
  declines: {
    retry_later: declines(
      'insufficient_funds',
      'processing_error',
      'try_again_later',
      'do_not_honor',
      'generic_decline',
    ),
    other_card: declines('card_not_supported', 'restricted_card', 'invalid_account'),
    ask_customer: declines('expired_card', 'incorrect_cvc', 'invalid_expiry_year'),
    stop: [
      ...declines('lost_card', 'stolen_card', 'fraudulent'),
      { code: 'do_not_try_again', method: method('advised_insufficient_funds') },
    ],
  },
  needsCustomer: {
    method: method('pm_card_authenticationRequired'),
    async answer({ gatewayRef, link }, confirms) {
      expect(link).toContain(`/stripe-pages/confirm/${workspaceId}/${gatewayRef}?key=`);
      actions.answerCustomer(gatewayRef, null, confirms);
    },
  },
  debits: {
    paid: method('pm_usBankAccount_success'),
    fails: method('pm_usBankAccount_insufficientFunds'),
    returned: { cannot: 'a debit that Stripe has paid and that comes back is told as a dispute' },
  },
  refunds: {
    pending: method('pm_card_pendingRefund'),
    refused: method('pm_card_visa_refundRefused'),
    returned: method('pm_card_refundFail'),
  },
  disputes: {
    method: () => method('pm_card_visa')(),
    async opens(chargeRef) {
      actions.openDispute(chargeRef);
    },
    takesMoney: async (chargeRef) => actions.withdrawDispute(chargeRef),
    ends: async (chargeRef, how) => actions.endDispute(chargeRef, how),
  },
  fraudWarning: async (chargeRef) => {
    actions.warnOfFraud(chargeRef);
  },
  foreignCharge: async () => {
    const { customerRef, methodRef } = await method('pm_card_visa')();
    return actions.createIntent({
      amount: '1500',
      currency: 'usd',
      customer: customerRef,
      payment_method: methodRef,
      confirm: 'true',
      metadata: { attempt_id: 'an id of another program' },
    }).id;
  },
  cardForm: async ({ formRef }, how) => {
    actions.completeSetup(formRef, how === 'saves' ? 'pm_card_visa' : 'pm_card_visa_setupDeclined', true);
  },
  networkUpdate: async (methodRef) => {
    actions.replaceCard(methodRef, '1881', 2034);
    return { last4: '1881', expYear: 2034 };
  },
  newerWords: {
    charge: async (attemptId) => sayNewWord(byAttempt<Intent>('payment_intent', attemptId)[0]!),
    refund: async (attemptId) => sayNewWord(byAttempt<Refund>('refund', attemptId)[0]!),
    dispute: async (disputeRef) => sayNewWord(world.find('dispute', disputeRef)),
    message: async () => world.tell('newer.kind_of_message', world.all('customer')[0]!),
  },
  faults: {
    hang_before: breakWith('hang_before'),
    hang_after: breakWith('hang_after'),
    cut_before: breakWith('cut_before'),
    cut_mid_reply: breakWith('cut_mid_reply'),
    server_error_before: breakWith('server_error_before'),
    server_error_after: breakWith('server_error_after'),
    malformed_after: breakWith('malformed_after'),
    rate_limited: breakWith('rate_limited'),
    redirected: breakWith('redirected'),
    tls_refused: breakTls,
  },
  takeRequests: () =>
    standIn.takeSeen().flatMap(({ method, path, key, atMs }) => {
      const operation = (Object.keys(REQUESTS) as Operation[]).find((name) => REQUESTS[name].test(`${method} ${path}`));
      return operation ? [{ operation, key, atMs }] : [];
    }),
  signing: {
    toleranceMs: 300_000,
    async rotate() {
      signingSecrets = ['whsec_standin_second_91c3aa07', ...signingSecrets.slice(0, 1)];
    },
  },
  facts: true,
  payouts: async () => {
    const payout = actions.payOut();
    return { payoutRef: payout.id, ...movementOf(payout) };
  },
  secrets: {
    log: () => logged.join(''),
    get values() {
      const clientSecrets = [...world.all<Intent>('payment_intent'), ...world.all<SetupIntent>('setup_intent')].map(
        ({ client_secret }) => client_secret,
      );
      return [STAND_IN_SECRET_KEY, ...signingSecrets, ...clientSecrets, 'Ada Lovelace', 'Your card was declined'];
    },
  },
};

function sayNewWord(object: StripeObject): void {
  world.newerFields.set(object.id, { status: 'a_word_of_next_year' });
}

testConformance(harness);

it('every request and every answer fits Stripe’s published description', () => {
  expect(standIn.problems()).toEqual([]);
});

it('what went wrong has been logged, in codes', () => {
  expect(logged.some((line) => line.includes('"code":"rate_limit"'))).toBe(true);
});

it('a redirect is never followed, and no key goes elsewhere', () => {
  expect(standIn.elsewhere).toEqual([]);
});

it('the test methods of the harness exist', () => {
  for (const found of world.all<Method>('payment_method')) expect(found.id).toMatch(/^pm_/);
  expect(methodScript('a name nobody has')).toBeNull();
});
