import { describe, expect, it, test } from 'vitest';
import type { CARD_REASONS } from '../../../tests/stand-ins/mollie/named-methods.ts';
import { DECLINES, declineFor } from '../declines.ts';
import { codeOfFailure, codeOfRefusal, codeOfReturn } from './decline-code.ts';
import { methodOfMandate, stateOfMandate } from './mandate-method.ts';
import { makeMessageLimit } from './message-limit.ts';
import { busyWaitMs } from './mollie-account.ts';
import { minorOfMollie, toMollieAmount } from './mollie-amount.ts';
import { splitRef } from './mollie-ref.ts';
import { idOfMessage } from './payment-event.ts';
import { disputeOf, outcomeOfPayment, outcomeOfRefund } from './payment-outcome.ts';
import { isReachableFromOutside, without } from './request-fields.ts';

describe('amounts are decimal strings with the currency’s digits', () => {
  test.each([
    [1_234n, 'EUR', '12.34'],
    [5n, 'EUR', '0.05'],
    [1_234n, 'JPY', '1234'],
    [12_340n, 'KWD', '12.340'],
    [0n, 'EUR', '0.00'],
  ])('%s %s is %s, there and back', (minor, currency, value) => {
    expect(toMollieAmount(minor, currency)).toEqual({ value, currency });
    expect(minorOfMollie({ value, currency })).toBe(minor);
  });
  test.each([
    [{ value: '-7.50', currency: 'EUR' }, -750n],
    [{ value: '100.00', currency: 'ISK' }, 100n],
    [{ value: '1.005', currency: 'EUR' }, null],
    [{ value: '1.00', currency: 'XXX' }, null],
    [{ value: 'much', currency: 'EUR' }, null],
    [undefined, null],
  ])('%o is read as %s', (amount, minor) => expect(minorOfMollie(amount)).toBe(minor));
});

describe('reasons of Mollie’s become codes of the decline table', () => {
  const CARD: Record<(typeof CARD_REASONS)[number], string> = {
    authentication_abandoned: 'authentication_failed',
    authentication_failed: 'authentication_failed',
    authentication_required: 'authentication_required',
    authentication_unavailable_acs: 'issuer_not_available',
    card_declined: 'generic_decline',
    card_expired: 'expired_card',
    inactive_card: 'restricted_card',
    insufficient_funds: 'insufficient_funds',
    invalid_cvv: 'incorrect_cvc',
    invalid_card_holder_name: 'incorrect_holder_name',
    invalid_card_number: 'incorrect_number',
    invalid_card_type: 'card_not_supported',
    possible_fraud: 'fraudulent',
    refused_by_issuer: 'do_not_honor',
    unknown_reason: 'generic_decline',
  };
  test.each(Object.entries(CARD))('card: %s is %s', (reason, code) => {
    expect(codeOfFailure({ details: { failureReason: reason } as never })).toBe(code);
    expect(Object.keys(DECLINES)).toContain(code);
  });
  test.each([
    ['AC01', 'no_account', 'other_card'],
    ['AC04', 'account_closed', 'other_card'],
    ['AC06', 'bank_account_restricted', 'other_card'],
    ['AM04', 'insufficient_funds', 'retry_later'],
    ['MD01', 'mandate_invalid', 'other_card'],
    ['MD06', 'debit_disputed', 'stop'],
    ['MD07', 'customer_deceased', 'stop'],
    ['MS02', 'stop_payment_order', 'stop'],
    ['MS03', 'generic_decline', 'retry_later'],
    ['ZZ99', 'generic_decline', 'retry_later'],
  ])('bank debit: %s is %s, %s', (reason, code, declineClass) => {
    expect(codeOfFailure({ details: { bankReasonCode: reason } as never })).toBe(code);
    expect(DECLINES[code]).toBeDefined();
    expect(declineFor(code).class).toBe(declineClass);
  });
  it('a failure without details and a return without a reason have a code all the same', () => {
    expect(codeOfFailure({})).toBe('generic_decline');
    expect(codeOfReturn(undefined)).toBe('debit_disputed');
    expect(codeOfReturn({ reason: { code: 'AM04' } })).toBe('insufficient_funds');
  });
  test.each([
    ['charge', { code: 401, field: null, detail: '' }, 'gateway_not_connected'],
    ['refund', { code: 403, field: null, detail: '' }, 'gateway_not_connected'],
    ['charge', { code: 422, field: 'amount', detail: 'The amount is higher than the maximum' }, 'amount_not_accepted'],
    ['charge', { code: 422, field: 'amount.currency', detail: '' }, 'currency_not_supported'],
    ['charge', { code: 422, field: 'mandateId', detail: '' }, 'mandate_invalid'],
    ['charge', { code: 422, field: null, detail: 'No suitable mandates found for customer' }, 'mandate_invalid'],
    ['charge', { code: 410, field: null, detail: 'Gone' }, 'invalid_account'],
    ['charge', { code: 422, field: 'locale', detail: 'Invalid' }, 'gateway_refused'],
    ['refund', { code: 422, field: 'amount', detail: 'higher than the maximum' }, 'refund_not_allowed'],
    ['refund', { code: 422, field: null, detail: 'Insufficient balance' }, 'gateway_balance_too_low'],
  ] as const)('a %s refused with %o is %s', (kind, refusal, code) => {
    expect(codeOfRefusal(kind, refusal)).toBe(code);
    expect(DECLINES[code]).toBeDefined();
  });
});

const PAYMENT = {
  id: 'tr_1',
  method: 'creditcard',
  status: 'open',
  amount: { value: '10.00', currency: 'EUR' },
  createdAt: '2026-03-02T09:00:00+00:00',
  _links: {},
};
const payment = (more: object) => ({ ...PAYMENT, ...more }) as never;
const CHARGEBACK = {
  id: 'chb_1',
  paymentId: 'tr_1',
  amount: PAYMENT.amount,
  createdAt: PAYMENT.createdAt,
  reason: { code: 'MD06', description: 'Taken back' },
  reversedAt: null,
};

describe('a payment of Mollie’s is an outcome of ours', () => {
  const debit = (chargebacks: object[]) => ({ method: 'directdebit', status: 'paid', _embedded: { chargebacks } });
  test.each([
    ['paid', { status: 'paid' }, { status: 'settled', feeMinor: 0n }],
    ['pending', { status: 'pending' }, { status: 'pending' }],
    ['authorized', { status: 'authorized' }, { status: 'pending' }],
    ['open without a page', {}, { status: 'pending' }],
    [
      'open with a page',
      { _links: { checkout: { href: 'https://pay.example' } } },
      { status: 'needs_customer', link: 'https://pay.example' },
    ],
    ['failed', { status: 'failed' }, { status: 'declined', code: 'generic_decline' }],
    ['canceled', { status: 'canceled' }, { status: 'declined', code: 'canceled_by_customer' }],
    ['expired', { status: 'expired' }, { status: 'declined', code: 'payment_expired' }],
    ['in a state of a newer version', { status: 'paid_in_shells' }, { status: 'unknown' }],
    ['a debit that came back', debit([CHARGEBACK]), { status: 'returned', code: 'debit_disputed' }],
    ['a debit whose return was reversed', debit([{ ...CHARGEBACK, reversedAt: '2026-03-09' }]), { status: 'settled' }],
    ['a card charged back', { status: 'paid', _embedded: { chargebacks: [CHARGEBACK] } }, { status: 'settled' }],
  ])('%s', (_case, more, outcome) => expect(outcomeOfPayment(payment(more))).toMatchObject(outcome));

  it('tells what is credited, and in which payout', () => {
    const settlementAmount = { value: '9.20', currency: 'EUR' };
    const outcome = outcomeOfPayment(payment({ status: 'paid', settlementAmount, settlementId: 'stl_1' }));
    expect(outcome).toMatchObject({
      facts: {
        balanceRef: 'tr_1',
        settlementCurrency: 'EUR',
        grossMinor: 920n,
        feeMinor: 0n,
        netMinor: 920n,
        payoutRef: 'stl_1',
      },
    });
  });
});

describe('a refund of Mollie’s is an outcome of ours', () => {
  test.each([
    ['queued', 'pending'],
    ['pending', 'pending'],
    ['processing', 'pending'],
    ['refunded', 'settled'],
    ['failed', 'returned'],
    ['canceled', 'declined'],
    ['carried_back', 'unknown'],
  ])('%s is %s', (status, ours) => {
    const outcome = outcomeOfRefund({ id: 're_1', paymentId: 'tr_1', status } as never);
    expect(outcome.status).toBe(ours);
    if (ours !== 'unknown') expect(outcome).toMatchObject({ gatewayRef: 'tr_1/re_1' });
    if ('code' in outcome) expect(DECLINES[outcome.code]).toBeDefined();
  });
});

test('a chargeback has taken the money until it is reversed', () => {
  expect(disputeOf(CHARGEBACK as never)).toMatchObject({
    disputeRef: 'tr_1/chb_1',
    chargeRef: 'tr_1',
    status: 'withdrawn',
    amountMinor: 1_000n,
    reason: 'Taken back',
    evidenceDueAt: null,
  });
  expect(disputeOf({ ...CHARGEBACK, reversedAt: '2026-03-09T09:00:00+00:00' } as never)).toMatchObject({
    status: 'won',
  });
});

describe('a mandate', () => {
  const card = {
    id: 'mdt_1',
    status: 'valid',
    method: 'creditcard',
    details: { cardNumber: '4242', cardLabel: 'Visa', cardFingerprint: 'fp', cardExpiryDate: '2031-08-31' },
  };
  const account = {
    id: 'mdt_2',
    status: 'valid',
    method: 'directdebit',
    details: { consumerAccount: 'NL55 INGB 0000 1234' },
  };
  it('of a card is a card', () => {
    expect(methodOfMandate('cst_1', card as never)).toEqual({
      customerRef: 'cst_1',
      methodRef: 'cst_1/mdt_1',
      kind: 'card',
      brand: 'visa',
      last4: '4242',
      expMonth: 8,
      expYear: 2031,
      fingerprint: 'fp',
    });
  });
  it('of an account is a bank debit whose number is not kept', () => {
    const method = methodOfMandate('cst_1', account as never)!;
    expect(method).toMatchObject({ kind: 'bank_debit', last4: '1234', expMonth: null });
    expect(JSON.stringify(method)).not.toContain('0000');
    const again = methodOfMandate('cst_2', { ...account, id: 'mdt_3' } as never)!;
    expect(again.fingerprint).toBe(method.fingerprint);
  });
  test.each([
    ['valid', 'attached'],
    ['pending', 'attached'],
    ['invalid', 'detached'],
    ['paused', 'unknown'],
  ])('that is %s is %s', (status, ours) => {
    expect(stateOfMandate('cst_1', { ...card, status } as never).status).toBe(ours);
  });
});

describe('the words of a message', () => {
  test.each([
    ['id=tr_d0b0E3EA3v', 'tr_d0b0E3EA3v'],
    ['id=sub_rVKGtNd6s3', 'sub_rVKGtNd6s3'],
    ['id=tr_1%2F..%2Fcustomers', null],
    ['id=tr_1&id=tr_2', null],
    ['id=tr_1&x=1', null],
    ['id=', null],
    ['{"id":"tr_1"}', null],
    [`id=tr_${'a'.repeat(300)}`, null],
  ])('%s name %s', (body, id) => expect(idOfMessage(body)).toBe(id));
});

test.each([
  ['mandate', 'cst_1/mdt_1', true],
  ['mandate', 'cst_1/../mdt_1', false],
  ['refund', 'tr_1/re_1', true],
  ['refund', 'tr_1/chb_1', false],
  ['chargeback', 'tr_1/chb_1/x', false],
] as const)('whether a reference is one of a %s: %s, %s', (kind, ref, is) =>
  expect(splitRef(kind, ref) !== null).toBe(is),
);

test.each([
  ['https://crm.example.com/gateway-events/mollie/x', true],
  ['https://203.0.113.7/x', true],
  ['http://localhost:4411/x', false],
  ['http://127.0.0.1:4411/x', false],
  ['http://10.1.2.3/x', false],
  ['http://172.20.0.2/x', false],
  ['http://192.168.1.4/x', false],
  ['http://crm.local/x', false],
  ['http://crm/x', false],
  ['http://[::1]:4411/x', false],
  ['no address', false],
])('whether Mollie can reach %s: %s', (url, can) => expect(isReachableFromOutside(url)).toBe(can));

test('fields can be left out of requests, except those that give them their meaning', () => {
  const parameters = { amount: 1, webhookUrl: 'https://x', idempotencyKey: 'k', metadata: {} };
  expect(without(new Set(['webhookUrl', 'amount', 'idempotencyKey', 'metadata']), parameters)).toEqual({
    amount: 1,
    idempotencyKey: 'k',
    metadata: {},
  });
});

describe('messages are limited', () => {
  it('to a burst and a steady rate, for each workspace by itself', () => {
    let ms = 0;
    const limit = makeMessageLimit(() => ms);
    const taken = () => Array.from({ length: 400 }, () => limit.take('one')).filter(Boolean).length;
    expect(taken()).toBe(300);
    expect(limit.take('another')).toBe(true);
    ms += 10_000;
    expect(taken()).toBe(50);
  });
  it('and made-up ids cost ten times as much', () => {
    const limit = makeMessageLimit(() => 0);
    let taken = 0;
    while (limit.take('one')) {
      limit.wasUnknown('one');
      taken += 1;
    }
    expect(taken).toBe(30);
  });
});

test('waits after “too many requests” grow and are spread', () => {
  const waits = (seed: string) => [1, 2, 3].map((tried) => busyWaitMs(seed, tried));
  for (const seed of ['a', 'b', 'c']) {
    const [first, second, third] = waits(seed) as [number, number, number];
    expect(first).toBeGreaterThanOrEqual(200);
    expect(first).toBeLessThanOrEqual(400);
    expect(second).toBeGreaterThanOrEqual(400);
    expect(third).toBeLessThanOrEqual(1_600);
  }
  expect(waits('a')).toEqual(waits('a'));
  expect(waits('a')).not.toEqual(waits('b'));
});
