import type Stripe from 'stripe';
import { isUuid } from '../../foundation/id.ts';
import type { GatewayEvent } from '../gateway.ts';
import { idOf } from './method.ts';

/** The messages that the webhook address is subscribed to. */
export const EVENT_TYPES: readonly string[] = [
  'payment_intent.succeeded',
  'payment_intent.payment_failed',
  'payment_intent.processing',
  'payment_intent.requires_action',
  'payment_intent.canceled',
  'setup_intent.succeeded',
  'setup_intent.setup_failed',
  'charge.refunded',
  'refund.created',
  'refund.updated',
  'refund.failed',
  'charge.dispute.created',
  'charge.dispute.updated',
  'charge.dispute.closed',
  'charge.dispute.funds_withdrawn',
  'charge.dispute.funds_reinstated',
  'payout.created',
  'payout.paid',
  'payout.failed',
  'payout.canceled',
  'payout.reconciliation_completed',
  'payment_method.attached',
  'payment_method.detached',
  'payment_method.updated',
  'payment_method.automatically_updated',
  'mandate.updated',
  'radar.early_fraud_warning.created',
  'checkout.session.completed',
  'checkout.session.expired',
  'checkout.session.async_payment_succeeded',
  'checkout.session.async_payment_failed',
];

/** What every object in a message may carry; read with care, because newer versions send other shapes. */
interface MessageObject {
  readonly id?: unknown;
  readonly metadata?: Readonly<Record<string, unknown>> | null;
  readonly payment_intent?: string | { readonly id: string } | null;
  readonly charge?: string | { readonly id: string } | null;
  readonly setup_intent?: string | { readonly id: string } | null;
  readonly payment_method?: string | { readonly id: string } | null;
}

/** A verified message, reduced to what it is about; null when it is no message at all. */
export function eventOf(message: unknown): GatewayEvent | null {
  if (typeof message !== 'object' || message === null) return null;
  const { id, type, created, data } = message as Partial<Stripe.Event> & { data?: { object?: unknown } };
  if (typeof id !== 'string' || typeof type !== 'string') return null;
  const object = data?.object;
  return {
    eventRef: id,
    type,
    createdAt: typeof created === 'number' ? new Date(created * 1000) : null,
    about: typeof object === 'object' && object !== null ? aboutOf(type, object as MessageObject) : { kind: 'other' },
  };
}

/** The attempt of ours that an object carries. Other programs write other things under the same name. */
export function attemptIdOf(object: { readonly metadata?: Readonly<Record<string, unknown>> | null }): string | null {
  const attemptId = object.metadata?.attempt_id;
  return typeof attemptId === 'string' && isUuid(attemptId) ? attemptId : null;
}

const OTHER = { kind: 'other' } as const;

function aboutOf(type: string, object: MessageObject): GatewayEvent['about'] {
  const id = typeof object.id === 'string' ? object.id : '';
  if (id === '') return OTHER;
  if (type.startsWith('charge.dispute.')) return { kind: 'dispute', disputeRef: id };
  if (type.startsWith('payment_intent.')) return chargeAbout(object, id);
  if (type.startsWith('charge.')) return chargeAbout(object, idOf(object.payment_intent) ?? id);
  if (type.startsWith('refund.')) {
    const attemptId = attemptIdOf(object);
    return attemptId ? { kind: 'refund', attemptId } : { kind: 'foreign_refund', gatewayRef: id };
  }
  if (type.startsWith('setup_intent.')) return { kind: 'card_form', formRef: id };
  if (type.startsWith('payment_method.')) return { kind: 'method', methodRef: id };
  if (type.startsWith('payout.')) return { kind: 'payout', payoutRef: id };
  if (type.startsWith('radar.early_fraud_warning.')) {
    const chargeRef = idOf(object.payment_intent) ?? idOf(object.charge);
    return chargeRef ? { kind: 'fraud_warning', warningRef: id, chargeRef } : OTHER;
  }
  if (type === 'mandate.updated') {
    const methodRef = idOf(object.payment_method);
    return methodRef ? { kind: 'method', methodRef } : OTHER;
  }
  if (type.startsWith('checkout.session.')) {
    const formRef = idOf(object.setup_intent);
    if (formRef) return { kind: 'card_form', formRef };
    const intent = idOf(object.payment_intent);
    return intent ? chargeAbout(object, intent) : OTHER;
  }
  return OTHER;
}

function chargeAbout(object: MessageObject, gatewayRef: string): GatewayEvent['about'] {
  const attemptId = attemptIdOf(object);
  return attemptId ? { kind: 'charge', attemptId } : { kind: 'foreign_charge', gatewayRef };
}
