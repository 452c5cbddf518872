import { createHash } from 'node:crypto';
import { proportionHalfUp } from '../../foundation/allocate.ts';
import { exponentOf } from '../../foundation/currency.ts';
import type { Outcome } from '../gateway.ts';
import type { ChargeScript, RefundScript } from './test-methods.ts';

/** A movement as the sandbox gateway keeps it on "its" side. */
export interface Movement {
  readonly idempotencyKey: string;
  readonly ref: string;
  readonly kind: 'charge' | 'refund' | 'dispute' | 'fraud_warning';
  readonly parentRef: string | null;
  readonly methodRef: string | null;
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly status: MovementStatus;
  readonly code: string | null;
  readonly feeMinor: bigint;
  readonly inputHash: string;
  readonly createdAt: Date;
  readonly nextStatus: MovementStatus | null;
  readonly nextAt: Date | null;
}

export type MovementStatus =
  | 'settled'
  | 'declined'
  | 'needs_customer'
  | 'pending'
  | 'returned'
  /** The request never reached the gateway; kept only so that the second send of the same key gets through. */
  | 'lost_on_the_way'
  | 'scheduled'
  /** A warning that was given. */
  | 'warned'
  | 'needs_response'
  | 'withdrawn'
  | 'won'
  | 'lost';

const HOUR_MS = 3_600_000;
/** Disputes are decided this long after the money was taken. */
const DISPUTE_DECIDED_AFTER_MS = 10 * 24 * HOUR_MS;
/** The bank asks this long before it takes the money. */
const WITHDRAWN_AFTER_MS = 24 * HOUR_MS;
/** Evidence is accepted for this long after a dispute was opened. */
const EVIDENCE_ACCEPTED_MS = 7 * 24 * HOUR_MS;
/** Bank debits that bounce do so this long after they were paid. */
const RETURNED_AFTER_MS = 48 * HOUR_MS;

/** 2.9 % and 30 minor units where a currency has cents: what small businesses commonly pay, so that fees look real. */
export function feeOf(amountMinor: bigint, currency: string): bigint {
  const share = proportionHalfUp(amountMinor, 29n, 1000n);
  const fixed = exponentOf(currency) === 2 ? 30n : 0n;
  return share + fixed > amountMinor ? amountMinor : share + fixed;
}

/** Same key with other input is a mistake the gateway refuses. */
export function inputHashOf(parts: readonly (string | bigint)[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 32);
}

export interface FirstStep {
  readonly status: MovementStatus;
  readonly code: string | null;
  readonly nextStatus: MovementStatus | null;
  readonly nextAt: Date | null;
  /** A dispute that will be opened, or a warning that will be given. */
  readonly later: {
    readonly kind: 'dispute' | 'fraud_warning';
    readonly at: Date;
    readonly opens: MovementStatus;
  } | null;
  /** The caller does not hear the answer. */
  readonly replyLost: boolean;
}

const NOTHING_NEXT = { code: null, nextStatus: null, nextAt: null, later: null, replyLost: false } as const;

/** What a scripted charge does at once and what it will do later. */
export function firstStepOfCharge(script: ChargeScript, now: Date): FirstStep {
  const later = (hours: number) => new Date(now.getTime() + hours * HOUR_MS);
  switch (script.charge) {
    case 'settled':
      return { ...NOTHING_NEXT, status: 'settled' };
    case 'declined':
      return { ...NOTHING_NEXT, status: 'declined', code: script.code };
    case 'needs_customer':
      return { ...NOTHING_NEXT, status: 'needs_customer', code: 'authentication_required' };
    case 'pending':
      return {
        ...NOTHING_NEXT,
        status: 'pending',
        nextStatus: script.later === 'declined' ? 'declined' : 'settled',
        nextAt: later(script.afterHours),
      };
    case 'settled_reply_lost':
      return { ...NOTHING_NEXT, status: 'settled', replyLost: true };
    case 'never_arrives':
      return { ...NOTHING_NEXT, status: 'lost_on_the_way', replyLost: true };
    case 'settled_then_disputed':
      return {
        ...NOTHING_NEXT,
        status: 'settled',
        later: { kind: 'dispute', at: later(script.afterHours), opens: script.opens ?? 'withdrawn' },
      };
    case 'settled_then_warned':
      return {
        ...NOTHING_NEXT,
        status: 'settled',
        later: { kind: 'fraud_warning', at: later(script.afterHours), opens: 'warned' },
      };
  }
}

/** The same for a refund. */
export function firstStepOfRefund(script: RefundScript, now: Date): FirstStep {
  const tomorrow = new Date(now.getTime() + 24 * HOUR_MS);
  switch (script) {
    case 'settled':
      return { ...NOTHING_NEXT, status: 'settled' };
    case 'declined':
      return { ...NOTHING_NEXT, status: 'declined', code: 'processing_error' };
    case 'pending':
      return { ...NOTHING_NEXT, status: 'pending', nextStatus: 'settled', nextAt: tomorrow };
    case 'settled_then_returned':
      return { ...NOTHING_NEXT, status: 'settled', nextStatus: 'returned', nextAt: tomorrow };
  }
}

/** What a movement turns into when its time has come, and what comes after that. */
export function stepOn(
  movement: Movement,
  script: ChargeScript | null,
): Pick<Movement, 'status' | 'code' | 'nextStatus' | 'nextAt'> {
  const status = movement.nextStatus ?? movement.status;
  const at = movement.nextAt?.getTime() ?? 0;
  const done = { status, code: movement.code, nextStatus: null, nextAt: null };
  if (movement.kind === 'dispute' && status === 'needs_response') {
    return { ...done, nextStatus: 'withdrawn', nextAt: new Date(at + WITHDRAWN_AFTER_MS) };
  }
  if (movement.kind === 'dispute' && status === 'withdrawn') {
    const ends = script?.charge === 'settled_then_disputed' ? script.ends : 'lost';
    return { ...done, nextStatus: ends, nextAt: new Date(at + DISPUTE_DECIDED_AFTER_MS) };
  }
  if (status === 'settled' && script?.charge === 'pending' && script.later === 'settled_then_returned') {
    return { ...done, nextStatus: 'returned', nextAt: new Date(at + RETURNED_AFTER_MS) };
  }
  if (status === 'declined' || status === 'returned') return { ...done, code: 'insufficient_funds' };
  return done;
}

/** Until when the sandbox takes evidence for a dispute; its `createdAt` is the charge's. */
export function evidenceDueAt(dispute: Movement, script: ChargeScript | null): Date | null {
  if (script?.charge !== 'settled_then_disputed') return null;
  return new Date(dispute.createdAt.getTime() + script.afterHours * HOUR_MS + EVIDENCE_ACCEPTED_MS);
}

/** A charge or refund movement as the contract's outcome. */
export function outcomeOf(movement: Movement, link: (ref: string) => string): Outcome | { status: 'never_arrived' } {
  switch (movement.status) {
    case 'settled':
      return { status: 'settled', gatewayRef: movement.ref, feeMinor: movement.feeMinor };
    case 'declined':
      return { status: 'declined', gatewayRef: movement.ref, code: movement.code ?? 'generic_decline' };
    case 'needs_customer':
      return { status: 'needs_customer', gatewayRef: movement.ref, link: link(movement.ref) };
    case 'pending':
      return { status: 'pending', gatewayRef: movement.ref };
    case 'returned':
      return { status: 'returned', gatewayRef: movement.ref, code: movement.code ?? 'generic_decline' };
    default:
      return { status: 'never_arrived' };
  }
}
