import { declineFor } from '../gateways/declines.ts';
import type { Outcome } from '../gateways/gateway.ts';
import { needsAction, type PaymentRow, type TransitionRow, type Via } from './attempt.ts';
import { openDelayMs, resolveDelayMs } from './limits.ts';

/** What is to be recorded: an answer of the gateway, or a decision of our own about an attempt or dispute. */
export type Recorded =
  | Outcome
  | { readonly status: 'canceled'; readonly why: string }
  | { readonly status: 'withdrawn' | 'won' | 'lost'; readonly feeMinor: bigint };

/** An outcome with who told of it, how and when. */
interface Told {
  readonly outcome: Recorded;
  readonly via: Via;
  readonly by: { readonly kind: string; readonly name: string };
  readonly now: Date;
}

/** The columns that an outcome sets, besides the status. */
export function columnsSetBy(row: PaymentRow, { outcome, now, via }: Told): Partial<PaymentRow> {
  const gatewayRef = 'gatewayRef' in outcome && outcome.gatewayRef !== null ? { gateway_ref: outcome.gatewayRef } : {};
  const attention = { needs_action: needsAction(row.kind, outcome.status) && row.source !== 'import' };
  const resolved = { resolve_after: null, customer_link: null, ...attention, ...gatewayRef };
  const open = { ...resolved, resolve_count: 0, resolve_after: new Date(now.getTime() + openDelayMs(0)) };
  switch (outcome.status) {
    case 'settled':
      return { ...resolved, fee_minor: outcome.feeMinor, settled_at: now, decline_code: null, decline_class: null };
    case 'declined':
    case 'returned':
      return { ...resolved, decline_code: outcome.code, decline_class: declineFor(outcome.code).class };
    case 'needs_customer':
      return { ...open, customer_link: outcome.link };
    case 'pending':
      return open;
    case 'unknown': {
      const resolve_count = via === 'lookup' ? row.resolve_count + 1 : row.resolve_count;
      return { ...attention, resolve_count, resolve_after: new Date(now.getTime() + resolveDelayMs(resolve_count)) };
    }
    case 'withdrawn':
    case 'lost':
      return { ...resolved, fee_minor: outcome.feeMinor, settled_at: row.settled_at ?? now };
    default:
      return resolved;
  }
}

/** The row of history that the outcome leaves. */
export function transitionOf(before: PaymentRow, after: PaymentRow, report: Told): TransitionRow {
  return {
    payment_id: after.id,
    seq: after.transition_count,
    from_status: before.status,
    to_status: after.status,
    at: report.now,
    by_kind: report.by.kind,
    by_name: report.by.name,
    via: report.via,
    why: whyOf(report.outcome),
  };
}

function whyOf(outcome: Recorded): string {
  if ('why' in outcome) return outcome.why;
  if ('code' in outcome) return outcome.code;
  return '';
}
