import { createHash } from 'node:crypto';
import type { Payment } from '@mollie/api-client';
import type { GatewayEvent } from '../gateway.ts';
import { attemptIdOf, joinRef, savesMethod } from './mollie-ref.ts';
import { chargebacksOf, isBankDebit, refundsOf } from './payment-outcome.ts';

type About = GatewayEvent['about'];

/** The id in a message of Mollie's, of whatever kind; null when it is none. */
export function idOfMessage(rawBody: string): string | null {
  if (rawBody.length > 200) return null;
  const [field, ...more] = [...new URLSearchParams(rawBody)];
  return more.length === 0 && field?.[0] === 'id' && /^[a-z]{2,12}_[A-Za-z0-9]{1,64}$/.test(field[1]) ? field[1] : null;
}

/**
 * Mollie's message says only that something about a payment changed. The payment as it is now says what it can be about;
 * the same state told twice is one event, and a new state is a new one.
 */
export function eventOfPayment(payment: Payment): GatewayEvent {
  const [newest, ...others] = aboutsOf(payment);
  return {
    eventRef: `${payment.id}:${stateOf(payment)}`,
    type: `payment.${payment.status}`,
    createdAt: happenedAt(payment),
    about: newest!.about,
    ...(others.length === 0 ? {} : { also: others.map(({ about }) => about) }),
  };
}

/**
 * An id of a payment that this account does not have (`payment.unknown`), or of something this program does not use:
 * answered like a known one, and worth nothing.
 */
export function eventOfOther(id: string, type: 'payment.unknown' | 'other'): GatewayEvent {
  return { eventRef: `${type}:${id}`, type, createdAt: null, about: { kind: 'other' } };
}

/** Everything the message may be about, what changed last by Mollie's times first; of two at once the smaller thing. */
function aboutsOf(payment: Payment): { about: About; at: string }[] {
  const abouts: { about: About; at: string }[] = [];
  // A bank debit that came back is a state of the charge itself.
  for (const chargeback of isBankDebit(payment) ? [] : chargebacksOf(payment)) {
    const about: About = { kind: 'dispute', disputeRef: joinRef(payment.id, chargeback.id) };
    abouts.push({ about, at: chargeback.reversedAt ?? chargeback.createdAt });
  }
  for (const refund of refundsOf(payment)) {
    const attemptId = attemptIdOf(refund.metadata);
    const about: About = attemptId
      ? { kind: 'refund', attemptId }
      : { kind: 'foreign_refund', gatewayRef: joinRef(payment.id, refund.id) };
    abouts.push({ about, at: refund.createdAt });
  }
  abouts.push({ about: aboutOfPayment(payment), at: lastMomentOf(payment) });
  return abouts.sort((left, right) => Date.parse(right.at) - Date.parse(left.at));
}

function aboutOfPayment(payment: Payment): About {
  if (savesMethod(payment.metadata)) return { kind: 'card_form', formRef: payment.id };
  const attemptId = attemptIdOf(payment.metadata);
  return attemptId ? { kind: 'charge', attemptId } : { kind: 'foreign_charge', gatewayRef: payment.id };
}

/** Mollie sets these one after the other, so that the last one that is set is the newest. */
function lastMomentOf(payment: Payment): string {
  const returned = isBankDebit(payment) ? chargebacksOf(payment).map(({ createdAt }) => createdAt) : [];
  const moments = [payment.paidAt, payment.failedAt, payment.canceledAt, payment.expiredAt, ...returned];
  return moments.filter((moment) => typeof moment === 'string').at(-1) ?? payment.createdAt;
}

/** When the newest thing happened, where Mollie gives a time for it: refunds have none but that of their making. */
function happenedAt(payment: Payment): Date | null {
  const [newest] = aboutsOf(payment);
  const timed = newest!.about.kind !== 'refund' && newest!.about.kind !== 'foreign_refund';
  const at = new Date(newest!.at);
  return timed && !Number.isNaN(at.getTime()) ? at : null;
}

/** Everything that a later message could tell otherwise. */
function stateOf(payment: Payment): string {
  const state = [
    payment.status,
    payment.mandateId ?? null,
    payment.settlementId ?? null,
    ...refundsOf(payment).map(({ id, status }) => [id, status]),
    ...chargebacksOf(payment).map(({ id, reversedAt }) => [id, reversedAt ?? null]),
  ];
  return createHash('sha256').update(JSON.stringify(state)).digest('hex').slice(0, 24);
}
