import { localDateOf } from '../foundation/local-date.ts';
import type { Caller } from '../workspace/caller.ts';
import type { PaymentRow } from './attempt.ts';

/** What every attempt begins with. */
export function newAttempt(caller: Caller) {
  return {
    status: 'sent',
    fee_minor: 0n,
    reference: null,
    reason: null,
    import_id: null,
    external_ref: null,
    gateway_ref: null,
    decline_code: null,
    decline_class: null,
    customer_link: null,
    needs_action: false,
    refunded_minor: 0n,
    refunding_minor: 0n,
    disputed_minor: 0n,
    occurred_at: caller.now,
    day: localDateOf(caller.now, caller.workspace.timeZone),
    created_at: caller.now,
    sent_at: caller.now,
    settled_at: null,
    resolve_count: 0,
    transition_count: 1,
    undone_at: null,
    created_by_kind: caller.kind,
    created_by_id: caller.id,
    created_by_name: caller.name,
    purpose: 'sale',
    allocated_minor: 0n,
  } as const satisfies Partial<PaymentRow>;
}
