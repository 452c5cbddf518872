import { localDateOf } from '../foundation/local-date.ts';
import { type Entry, reversalOf } from '../ledger/entry.ts';
import type { WorkspaceFacts } from '../workspace/caller.ts';
import {
  booksEffect,
  countersOnParent,
  type MethodKind,
  type PaymentKind,
  type PaymentRow,
  type PaymentStatus,
  type Via,
} from './attempt.ts';

/** One step in the life of an invented payment; the first is how it began. */
export interface SampleStep {
  readonly to: PaymentStatus;
  readonly at: Date;
  /** Decline code, where the step is a decline or a return. */
  readonly code?: string;
}

/** An invented movement of money with its whole history. Amounts in minor units, positive for every kind. */
export interface SamplePayment {
  readonly id: string;
  readonly kind: PaymentKind;
  readonly parentId: string | null;
  readonly retryOfId: string | null;
  readonly contactId: string;
  readonly paymentMethodId: string | null;
  readonly gateway: string;
  readonly gatewayRef: string;
  readonly customerLink: string | null;
  readonly methodKind: MethodKind;
  readonly methodLabel: string;
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly taxMinor: bigint;
  readonly feeMinor: bigint;
  readonly description: string;
  readonly reference: string | null;
  readonly reason: string | null;
  readonly needsAction: boolean;
  readonly steps: readonly SampleStep[];
}

/** Who stands in the histories of invented payments: nobody of the business, so that nobody is credited or blamed. */
export const SAMPLE_ACTOR = { kind: 'system', name: 'Sample business' } as const;

/** What references of the sample's own cards at the gateway begin with, so that cards a person added are told apart. */
export const SAMPLE_METHOD_PREFIX = 'sbm_sample_';

/** By which way each step would have been heard of. */
export function sampleVia(payment: SamplePayment, index: number): Via {
  if (payment.kind === 'dispute') return 'event';
  if (index === 0) return 'request';
  if (payment.gateway === 'manual') return 'staff';
  return index === 1 ? 'reply' : 'event';
}

/** The row as it stands after its last step. `children` are refunds and disputes of it. */
export function sampleRow(
  payment: SamplePayment,
  children: readonly SamplePayment[],
  about: { readonly sampleId: string; readonly timeZone: string },
): PaymentRow {
  const [first] = payment.steps;
  const last = payment.steps.at(-1)!;
  const counters = children.map((child) => countersOnParent(child.kind, child.steps.at(-1)!.to, child.amountMinor));
  const sum = (name: 'refundedMinor' | 'refundingMinor' | 'disputedMinor') =>
    counters.reduce((total, each) => total + each[name], 0n);
  const moved = payment.steps.find(({ to }) => to === 'settled' || to === 'withdrawn');
  return {
    id: payment.id,
    kind: payment.kind,
    parent_id: payment.parentId,
    contact_id: payment.contactId,
    payment_method_id: payment.paymentMethodId,
    gateway: payment.gateway,
    method_kind: payment.methodKind,
    method_label: payment.methodLabel,
    amount_minor: payment.amountMinor,
    currency: payment.currency,
    tax_minor: payment.taxMinor,
    fee_minor: moved ? payment.feeMinor : 0n,
    status: last.to,
    description: payment.description,
    reference: payment.reference,
    reason: payment.reason,
    source: 'sample',
    import_id: about.sampleId,
    external_ref: null,
    idempotency_key: null,
    input_hash: null,
    retry_of_id: payment.retryOfId,
    gateway_ref: payment.gatewayRef,
    decline_code: last.code ?? null,
    decline_class: null,
    customer_link: payment.customerLink,
    needs_action: payment.needsAction,
    refunded_minor: sum('refundedMinor'),
    refunding_minor: sum('refundingMinor'),
    disputed_minor: sum('disputedMinor'),
    occurred_at: first!.at,
    day: localDateOf(first!.at, about.timeZone),
    created_at: first!.at,
    sent_at: payment.kind === 'dispute' ? null : first!.at,
    settled_at: moved?.at ?? null,
    resolve_after: null,
    resolve_count: 0,
    transition_count: payment.steps.length,
    undone_at: null,
    created_by_kind: SAMPLE_ACTOR.kind,
    created_by_id: null,
    created_by_name: SAMPLE_ACTOR.name,
    purpose: 'sale',
    allocated_minor: 0n,
  };
}

/** The ledger entries of its history: booked and taken back where its steps say so. `book` makes the entry of a step. */
export function sampleEntries(
  payment: SamplePayment,
  workspace: Pick<WorkspaceFacts, 'timeZone'>,
  book: (at: Date, stepNumber: number) => Entry,
  newEntryId: () => string,
): Entry[] {
  const entries: Entry[] = [];
  for (const [index, step] of payment.steps.entries()) {
    const before = index === 0 ? undefined : payment.steps[index - 1]!.to;
    const effect = before === undefined ? 'none' : booksEffect(payment.kind, before, step.to);
    if (effect === 'book') entries.push(book(step.at, index + 1));
    if (effect === 'reverse') {
      entries.push(
        reversalOf(entries.at(-1)!, `${step.to}:${index + 1}`, {
          id: newEntryId(),
          effectiveOn: localDateOf(step.at, workspace.timeZone),
          effectiveAt: step.at,
          recordedAt: step.at,
        }),
      );
    }
  }
  return entries;
}
