import { createHmac } from 'node:crypto';
import type Stripe from 'stripe';
import { describe, expect, it } from 'vitest';
import { declineFor } from '../declines.ts';
import { declineCodeOf, type FailureWords } from './decline-code.ts';
import { disputeOf } from './dispute.ts';
import { EVENT_TYPES, eventOf } from './event.ts';
import { outcomeOfIntent, outcomeOfRefund } from './outcome.ts';
import { payoutOf } from './payout.ts';
import { verifyEvent } from './verify-event.ts';

const ATTEMPT = '01a2143e-caac-70f1-a458-7b38e189f88b';

describe('a decline', () => {
  it.each<[FailureWords, string]>([
    [{ code: 'card_declined', decline_code: 'insufficient_funds' }, 'insufficient_funds'],
    [{ code: 'card_declined' }, 'generic_decline'],
    [{ code: 'card_declined', decline_code: 'a_word_of_next_year' }, 'a_word_of_next_year'],
    [{ code: 'expired_card' }, 'expired_card'],
    [
      { code: 'card_declined', decline_code: 'insufficient_funds', advice_code: 'do_not_try_again' },
      'do_not_try_again',
    ],
    [{ code: 'card_declined', decline_code: 'do_not_honor', advice_code: 'try_again_later' }, 'do_not_honor'],
    [{ code: 'payment_intent_authentication_failure' }, 'authentication_required'],
    [{ code: 'payment_intent_payment_attempt_failed', decline_code: 'account_closed' }, 'account_closed'],
    [{ code: 'payment_intent_payment_attempt_failed' }, 'generic_decline'],
    [{ code: 'amount_too_small' }, 'amount_not_accepted'],
    [{}, 'generic_decline'],
  ])('%j → %s', (words, code) => {
    expect(declineCodeOf(words)).toBe(code);
    // Whatever Stripe says has words for the desk.
    expect(declineFor(code).staffWords).toMatch(/\.$/);
  });

  it('of a bank debit says what the charge says, where the intent says nothing', () => {
    expect(declineCodeOf({ code: 'payment_intent_payment_attempt_failed' }, { failure_code: 'no_account' })).toBe(
      'invalid_account',
    );
  });
});

describe('a PaymentIntent', () => {
  const linkTo = (id: string) => `https://crm.example.com/confirm/${id}`;
  const intent = (fields: object) =>
    ({ id: 'pi_1', currency: 'usd', latest_charge: null, last_payment_error: null, ...fields }) as Stripe.PaymentIntent;

  it.each<[object, object]>([
    [{ status: 'succeeded' }, { status: 'settled', gatewayRef: 'pi_1', feeMinor: 0n }],
    [
      { status: 'succeeded', latest_charge: 'ch_1' },
      { status: 'settled', gatewayRef: 'pi_1', feeMinor: 0n },
    ],
    [{ status: 'processing' }, { status: 'pending', gatewayRef: 'pi_1' }],
    [{ status: 'requires_capture' }, { status: 'pending', gatewayRef: 'pi_1' }],
    [{ status: 'requires_action' }, { status: 'needs_customer', gatewayRef: 'pi_1', link: linkTo('pi_1') }],
    [
      { status: 'requires_payment_method', last_payment_error: { code: 'authentication_required' } },
      { status: 'needs_customer', gatewayRef: 'pi_1', link: linkTo('pi_1') },
    ],
    [
      {
        status: 'requires_payment_method',
        last_payment_error: { code: 'authentication_required', advice_code: 'do_not_try_again' },
      },
      { status: 'declined', gatewayRef: 'pi_1', code: 'do_not_try_again' },
    ],
    [
      { status: 'requires_payment_method', last_payment_error: { code: 'card_declined', decline_code: 'lost_card' } },
      { status: 'declined', gatewayRef: 'pi_1', code: 'lost_card' },
    ],
    [{ status: 'canceled' }, { status: 'declined', gatewayRef: 'pi_1', code: 'payment_canceled' }],
    [{ status: 'a_word_of_next_year' }, { status: 'unknown', why: expect.stringContaining('a_word_of_next_year') }],
    [{}, { status: 'unknown', why: expect.any(String) }],
  ])('%j', (fields, outcome) => expect(outcomeOfIntent(intent(fields), linkTo)).toEqual(outcome));
});

describe('a refund', () => {
  const refund = (fields: object) => ({ id: 're_1', currency: 'usd', ...fields }) as Stripe.Refund;
  it.each<[object, string]>([
    [{ status: 'succeeded' }, 'settled'],
    [{ status: 'pending' }, 'pending'],
    [{ status: 'requires_action' }, 'pending'],
    [{ status: 'failed' }, 'declined'],
    [{ status: 'failed', failure_balance_transaction: 'txn_1' }, 'returned'],
    [{ status: 'canceled' }, 'declined'],
    [{ status: 'a_word_of_next_year' }, 'unknown'],
    [{ status: null }, 'unknown'],
  ])('%j is %s', (fields, status) => expect(outcomeOfRefund(refund(fields)).status).toBe(status));
});

describe('a dispute', () => {
  const GONE = { amount: -5_000, fee: 1_500, currency: 'usd' };
  const BACK = { amount: 5_000, fee: 0, currency: 'usd' };
  const dispute = (status: string, balance_transactions: object[]) =>
    disputeOf({
      id: 'du_1',
      charge: 'ch_1',
      payment_intent: 'pi_1',
      amount: 5_000,
      currency: 'usd',
      reason: 'fraudulent',
      evidence_details: { due_by: 1_772_000_000 },
      status,
      balance_transactions,
    } as unknown as Stripe.Dispute);

  it.each<[string, object[], string]>([
    ['warning_needs_response', [], 'needs_response'],
    ['warning_under_review', [], 'needs_response'],
    ['warning_closed', [], 'won'],
    ['needs_response', [], 'needs_response'],
    ['needs_response', [GONE], 'withdrawn'],
    ['under_review', [GONE], 'withdrawn'],
    ['appeal_needs_response', [GONE], 'withdrawn'],
    ['won', [GONE, BACK], 'won'],
    ['lost', [GONE], 'lost'],
    ['prevented', [], 'won'],
    ['prevented', [GONE], 'lost'],
    ['charge_refunded', [GONE, BACK], 'won'],
    ['a_word_of_next_year', [], 'needs_response'],
    ['a_word_of_next_year', [GONE], 'withdrawn'],
    ['a_word_of_next_year', [GONE, BACK], 'needs_response'],
  ])('%s with %j is %s', (status, lines, expected) => {
    expect(dispute(status, lines)).toMatchObject({ status: expected, chargeRef: 'pi_1', amountMinor: 5_000n });
  });
});

describe('a payout', () => {
  const payout = (fields: object) =>
    payoutOf({
      id: 'po_1',
      amount: 100,
      currency: 'usd',
      arrival_date: 1_772_409_600,
      status: 'paid',
      automatic: true,
      ...fields,
    } as Stripe.Payout);
  it.each<[object, object]>([
    [{ reconciliation_status: 'completed' }, { itemised: true, status: 'paid', arrivesOn: '2026-03-02' }],
    [{ reconciliation_status: 'in_progress' }, { itemised: null }],
    [{ reconciliation_status: 'not_applicable', automatic: false }, { itemised: false }],
    [{ status: 'a_word_of_next_year' }, { status: 'pending' }],
    [
      { amount: -2_500, currency: 'jpy' },
      { amountMinor: -2_500n, currency: 'JPY' },
    ],
  ])('%j', (fields, expected) => expect(payout(fields)).toMatchObject(expected));
});

describe('a message', () => {
  const event = (type: string, object: unknown) =>
    eventOf({ id: 'evt_1', type, created: 1_772_000_000, data: { object } });
  const metadata = { attempt_id: ATTEMPT };

  it.each<[string, unknown, object]>([
    ['payment_intent.succeeded', { id: 'pi_1', metadata }, { kind: 'charge', attemptId: ATTEMPT }],
    ['payment_intent.succeeded', { id: 'pi_1', metadata: {} }, { kind: 'foreign_charge', gatewayRef: 'pi_1' }],
    [
      'payment_intent.payment_failed',
      { id: 'pi_1', metadata: { attempt_id: '7' } },
      { kind: 'foreign_charge', gatewayRef: 'pi_1' },
    ],
    ['charge.refunded', { id: 'ch_1', payment_intent: 'pi_1', metadata }, { kind: 'charge', attemptId: ATTEMPT }],
    ['charge.refunded', { id: 'ch_1', payment_intent: null }, { kind: 'foreign_charge', gatewayRef: 'ch_1' }],
    ['refund.failed', { id: 're_1', metadata }, { kind: 'refund', attemptId: ATTEMPT }],
    ['refund.updated', { id: 're_1', metadata: null }, { kind: 'foreign_refund', gatewayRef: 're_1' }],
    ['charge.dispute.closed', { id: 'du_1', charge: 'ch_1' }, { kind: 'dispute', disputeRef: 'du_1' }],
    ['setup_intent.succeeded', { id: 'seti_1' }, { kind: 'card_form', formRef: 'seti_1' }],
    ['payment_method.automatically_updated', { id: 'pm_1' }, { kind: 'method', methodRef: 'pm_1' }],
    ['mandate.updated', { id: 'mandate_1', payment_method: { id: 'pm_1' } }, { kind: 'method', methodRef: 'pm_1' }],
    ['payout.reconciliation_completed', { id: 'po_1' }, { kind: 'payout', payoutRef: 'po_1' }],
    [
      'radar.early_fraud_warning.created',
      { id: 'issfr_1', charge: 'ch_1', payment_intent: 'pi_1' },
      { kind: 'fraud_warning', warningRef: 'issfr_1', chargeRef: 'pi_1' },
    ],
    ['checkout.session.completed', { id: 'cs_1', setup_intent: 'seti_1' }, { kind: 'card_form', formRef: 'seti_1' }],
    [
      'checkout.session.completed',
      { id: 'cs_1', payment_intent: 'pi_1' },
      { kind: 'foreign_charge', gatewayRef: 'pi_1' },
    ],
    ['checkout.session.expired', { id: 'cs_1' }, { kind: 'other' }],
    ['customer.created', { id: 'cus_1' }, { kind: 'other' }],
    ['payment_intent.succeeded', null, { kind: 'other' }],
    ['payment_intent.succeeded', { id: 7 }, { kind: 'other' }],
  ])('%s of %j', (type, object, about) => expect(event(type, object)?.about).toEqual(about));

  it('of every kind that is subscribed to is about something', () => {
    const whole = { id: 'x_1', metadata, payment_intent: 'pi_1', charge: 'ch_1', payment_method: 'pm_1' };
    for (const type of EVENT_TYPES) expect(event(type, whole)?.about.kind, type).not.toBe('other');
    expect(new Set(EVENT_TYPES).size).toBe(EVENT_TYPES.length);
  });

  it.each([null, 7, 'x', [], {}, { id: 'evt_1' }, { id: 1, type: 2 }])('%j is none', (body) =>
    expect(eventOf(body)).toBeNull(),
  );
});

describe('a signature', () => {
  const body = JSON.stringify({ id: 'evt_1', type: 'payout.paid', created: 1, data: { object: { id: 'po_1' } } });
  const now = new Date('2026-03-02T09:00:00.000Z');
  const seconds = now.getTime() / 1000;
  const v1 = (secret: string, at = seconds) =>
    `v1=${createHmac('sha256', secret).update(`${at}.${body}`).digest('hex')}`;
  const holds = (header: string | undefined, secrets = ['whsec_new', 'whsec_old']) =>
    verifyEvent(
      { rawBody: body, header: (name) => (name === 'stripe-signature' ? header : undefined) },
      secrets,
      now,
    ) !== null;

  it.each<[string, string | undefined, boolean]>([
    ['of the secret of now', `t=${seconds},${v1('whsec_new')}`, true],
    ['of the secret before', `t=${seconds},${v1('whsec_old')}`, true],
    ['of both while one is changed', `t=${seconds},${v1('whsec_new')},${v1('whsec_old')}`, true],
    ['among others', `t=${seconds},v1=${'0'.repeat(64)},${v1('whsec_old')},v0=abc`, true],
    ['300 seconds old', `t=${seconds - 300},${v1('whsec_new', seconds - 300)}`, true],
    ['301 seconds old', `t=${seconds - 301},${v1('whsec_new', seconds - 301)}`, false],
    ['for the day after tomorrow', `t=${seconds + 172_800},${v1('whsec_new', seconds + 172_800)}`, false],
    ['of another moment than it says', `t=${seconds - 1},${v1('whsec_new')}`, false],
    ['of nobody’s secret', `t=${seconds},${v1('whsec_thief')}`, false],
    ['under the scheme of tests only', `t=${seconds},${v1('whsec_new').replace('v1', 'v0')}`, false],
    ['without a moment', v1('whsec_new'), false],
    ['that is empty', `t=${seconds},v1=`, false],
    ['that is missing', undefined, false],
  ])('%s', (_name, header, expected) => expect(holds(header)).toBe(expected));

  it('holds under no secret at all when there is none', () => {
    expect(holds(`t=${seconds},${v1('')}`, [])).toBe(false);
    expect(holds(`t=${seconds},${v1('')}`, [''])).toBe(false);
  });
});
