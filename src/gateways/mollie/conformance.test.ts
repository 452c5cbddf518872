import { afterAll } from 'vitest';
import { trustAuthority } from '../../../tests/stand-ins/mollie/certificates.ts';
import { answerCheckout } from '../../../tests/stand-ins/mollie/checkout-page.ts';
import { startMollieStandIn, TEST_KEY } from '../../../tests/stand-ins/mollie/mollie-stand-in.ts';
import { CARD_REASONS } from '../../../tests/stand-ins/mollie/named-methods.ts';
import type { WireFault } from '../../../tests/stand-ins/mollie/wire-faults.ts';
import { newId } from '../../foundation/id.ts';
import type { BreakWire, GatewayHarness } from '../conformance/harness.ts';
import { testConformance } from '../conformance.ts';
import { type DeclineClass, declineFor } from '../declines.ts';
import type { IncomingEvent } from '../gateway.ts';
import { codeOfFailure } from './decline-code.ts';
import { makeMollieGateway } from './mollie-gateway.ts';

const NO_FEE = { cannot: 'Mollie tells its fees once per settlement and never of one payment' };

let messages: IncomingEvent[] = [];
const standIn = await startMollieStandIn({
  now: new Date('2026-03-02T09:00:00.000Z'),
  tell: (_webhookUrl, rawBody) => messages.push({ rawBody, header: () => undefined }),
});
const distrust = trustAuthority(standIn.authority);
afterAll(async () => {
  distrust();
  await standIn.stop();
});

const workspaceId = newId();
const WEBHOOK = 'https://crm.example.com/gateway-events/mollie/token';
/** Everything that an adapter says in words could end in a log. */
const said: string[] = [];
const { state } = standIn;

const withinMs = (timeoutMs: number) =>
  makeMollieGateway({
    readConnection: async () => ({ accountRef: 'pfl_StandIn', values: { api_key: TEST_KEY }, signingSecrets: [] }),
    publicUrl: () => 'https://crm.example.com',
    eventAddress: async () => WEBHOOK,
    apiUrl: standIn.apiUrl,
    timeoutMs,
  });
const patient = withinMs(6_000);
/** Takes over while the wire hangs: the same adapter, and nobody waits for nothing. */
const hasty = withinMs(900);
let hanging = 0;
const now = () => (hanging > 0 ? hasty : patient);

const saved = (name: string) => async () => standIn.addMethod(name);
const paymentOf = (attemptId: string) =>
  [...state.payments.values()].filter(
    ({ metadata }) => (metadata as { attempt_id?: string } | null)?.attempt_id === attemptId,
  );
const refundsOf = (attemptId: string) =>
  [...state.refunds.values()].filter(
    ({ metadata }) => (metadata as { attempt_id?: string } | null)?.attempt_id === attemptId,
  );

function declines(declineClass: DeclineClass) {
  return CARD_REASONS.map((reason) => ({
    code: codeOfFailure({ details: { failureReason: reason } as never }),
    method: saved(`card_fails_${reason}`),
  })).filter(({ code }) => declineFor(code).class === declineClass);
}

const breakWith =
  (fault: WireFault): BreakWire =>
  async (operation, times) => {
    const mend = standIn.faults.plan(operation, fault, times);
    const hangs = fault.startsWith('hang') ? 1 : 0;
    hanging += hangs;
    return async () => {
      mend();
      hanging -= hangs;
    };
  };

const harness: GatewayHarness = {
  gateway: {
    ...patient,
    async charge(context, order) {
      const outcome = await now().charge(context, order);
      said.push(JSON.stringify(outcome, (_name, value) => (typeof value === 'bigint' ? String(value) : value)));
      return outcome;
    },
    refund: (context, order) => now().refund(context, order),
    lookUp: (context, attempt) => now().lookUp(context, attempt),
  },
  context: () => ({ workspaceId, now: state.now() }),
  advance: async (ms) => state.advance(ms),
  async takeMessages() {
    const taken = messages;
    messages = [];
    return taken;
  },
  gatewaySide: async (attemptId) => [
    ...paymentOf(attemptId)
      .filter(({ status }) => status === 'paid' || status === 'pending')
      .map(({ amount }) => ({ decimal: amount.value, currency: amount.currency })),
    ...refundsOf(attemptId)
      .filter(({ status }) => status !== 'failed' && status !== 'canceled')
      .map(({ amount }) => ({ decimal: amount.value, currency: amount.currency })),
  ],
  currencies: { 0: 'JPY', 2: 'EUR', 3: { cannot: 'Mollie takes no currency that has three decimals' } },
  approved: saved('card_pays'),
  declines: {
    retry_later: declines('retry_later'),
    other_card: declines('other_card'),
    ask_customer: declines('ask_customer'),
    stop: declines('stop'),
  },
  needsCustomer: {
    method: saved('card_asks'),
    async answer({ gatewayRef }, confirms) {
      answerCheckout(state, state.payments.get(gatewayRef)!, confirms ? 'confirm' : 'cancel');
    },
  },
  debits: { paid: saved('debit_pays'), fails: saved('debit_fails'), returned: saved('debit_comes_back') },
  refunds: {
    pending: saved('card_refund_slow'),
    refused: saved('card_refund_refused'),
    returned: saved('card_refund_bounces'),
  },
  disputes: {
    method: async () => standIn.addMethod('card_pays'),
    opens: async (chargeRef) => void state.chargeBack(chargeRef),
    takesMoney: async () => {},
    async ends(chargeRef) {
      state.advance(20 * 86_400_000);
      for (const { id } of state.of(state.chargebacks, chargeRef)) state.reverseChargeback(id);
    },
    neverTells: {
      lost: { cannot: 'Mollie tells of a chargeback when the money is gone, and once more if it comes back' },
    },
  },
  fraudWarning: { cannot: 'Mollie passes no early fraud warnings of the networks on' },
  foreignCharge: async () => state.payElsewhere(WEBHOOK).id,
  cardForm: async ({ formRef }, how) => {
    answerCheckout(state, state.payments.get(formRef)!, how === 'saves' ? 'card_pays' : 'fail');
  },
  networkUpdate: { cannot: 'Mollie follows replaced cards by itself and sends no message about mandates' },
  newerWords: {
    charge: async (attemptId) => {
      for (const payment of paymentOf(attemptId)) payment.status = 'paid_in_shells';
    },
    refund: async (attemptId) => {
      for (const refund of refundsOf(attemptId)) refund.status = 'carried_back';
    },
    dispute: { cannot: 'a chargeback of Mollie has no state in words, only the moment of its reversal' },
    message: async () => void messages.push({ rawBody: 'id=new_Thing123', header: () => undefined }),
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
    tls_refused: breakWith('tls_refused'),
  },
  takeRequests: () =>
    standIn.requests
      .splice(0)
      .filter(({ operation }) => operation !== 'other' && operation !== 'form')
      .map(({ operation, key, atMs }) => ({ operation: operation as 'charge' | 'refund' | 'lookup', key, atMs })),
  signing: { cannot: 'Mollie signs nothing: the payment a message names is fetched, and only that answer counts' },
  facts: NO_FEE,
  payouts: { cannot: 'Mollie sends no message about settlements; they are read with an access token' },
  secrets: { log: () => said.join('\n'), values: [TEST_KEY] },
};

testConformance(harness);
