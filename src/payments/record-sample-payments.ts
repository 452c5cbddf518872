import { readPayersForShare } from '../contacts/read-contact.ts';
import { check } from '../foundation/assert.ts';
import type { WorkspaceTx } from '../foundation/database.ts';
import { newId } from '../foundation/id.ts';
import { declineFor } from '../gateways/declines.ts';
import type { GatewayMethod } from '../gateways/gateway.ts';
import { postEntries } from '../ledger/post-entry.ts';
import type { WorkspaceFacts } from '../workspace/caller.ts';
import type { PaymentRow } from './attempt.ts';
import { CONSENT_TEXT_VERSION } from './consent.ts';
import type { MethodRow } from './payment-method.ts';
import { hasReceipt } from './receipt.ts';
import { bookingOf, receiptOf } from './record-outcome.ts';
import { SAMPLE_ACTOR, type SamplePayment, sampleEntries, sampleRow, sampleVia } from './sample-payment.ts';
import { insertPayments, insertReceipts, insertTransitions } from './store.ts';
import { insertMethodRows } from './store-samples.ts';
import { addToDayTotals, totalsDelta } from './store-totals.ts';

/** Samples are alone in their buckets of day totals (the source is part of the key), so one slot serves them all. */
export const SAMPLE_SLOT = 0;

/** A saved card of an invented contact. */
export interface SampleMethod {
  readonly id: string;
  readonly contactId: string;
  readonly gateway: string;
  readonly known: GatewayMethod;
  readonly label: string | null;
  readonly isDefault: boolean;
  /** A hard decline that it met; the words are those of the decline table. */
  readonly blockedByCode: string | null;
  readonly consentChannel: 'web' | 'phone' | 'paper';
  readonly addedAt: Date;
}

/** Adds saved cards of invented contacts. */
export async function addSampleMethods(tx: WorkspaceTx, methods: readonly SampleMethod[]): Promise<void> {
  await insertMethodRows(tx, methods.map(methodRow));
}

function methodRow(method: SampleMethod): MethodRow {
  const { known } = method;
  return {
    id: method.id,
    contact_id: method.contactId,
    gateway: method.gateway,
    gateway_customer_ref: known.customerRef,
    gateway_method_ref: known.methodRef,
    kind: known.kind,
    brand: known.brand,
    last4: known.last4,
    exp_month: known.expMonth,
    exp_year: known.expYear,
    fingerprint: known.fingerprint,
    failed_at: null,
    retry_after: null,
    label: method.label,
    is_default: method.isDefault,
    blocked_reason: method.blockedByCode === null ? null : declineFor(method.blockedByCode).staffWords,
    consent_text_version: CONSENT_TEXT_VERSION,
    consent_channel: method.consentChannel,
    consent_at: method.addedAt,
    consent_ip: null,
    added_by: SAMPLE_ACTOR.name,
    added_at: method.addedAt,
    removed_at: null,
    removed_by: null,
    away_account: null,
  };
}

/**
 * Writes invented payments as if they had happened: rows, history, ledger entries and kept sums, counters, day totals
 * and receipts, a fixed number of statements for any number of payments. Refunds and disputes come with their charge,
 * in the same call. The contacts are new, so nobody else can hold them.
 */
export async function recordSamplePayments(
  tx: WorkspaceTx,
  payments: readonly SamplePayment[],
  about: { readonly sampleId: string; readonly workspace: WorkspaceFacts },
): Promise<void> {
  if (payments.length === 0) return;
  const { workspace } = about;
  const children = new Map<string, SamplePayment[]>();
  for (const payment of payments) {
    if (payment.parentId !== null) children.set(payment.parentId, [...(children.get(payment.parentId) ?? []), payment]);
  }
  const built = payments.map((payment) => {
    const row = sampleRow(payment, children.get(payment.id) ?? [], {
      sampleId: about.sampleId,
      timeZone: workspace.timeZone,
    });
    return { payment, row: { ...row, decline_class: classOf(row) } };
  });
  const contactIds = [...new Set(payments.map((payment) => payment.contactId))];
  const [payers] = await Promise.all([
    readPayersForShare(tx, contactIds),
    insertPayments(
      tx,
      built.map(({ row }) => row),
    ),
  ]);
  const roots = new Map([...payers].map(([id, payer]) => [id, payer.rootId]));
  const entries = built.flatMap(({ payment, row }) =>
    sampleEntries(
      payment,
      workspace,
      (at, step) => bookingOf({ ...row, transition_count: step }, { now: at, workspace }),
      newId,
    ),
  );
  const receipts = built
    .filter(({ row }) => hasReceipt(row) && row.settled_at !== null)
    .map(({ row }) => {
      check(row.settled_at, 'a payment with a receipt has settled');
      return receiptOf(row, { now: row.settled_at, workspace }, payers);
    });
  await Promise.all([
    insertTransitions(
      tx,
      built.flatMap(({ payment }) => transitionsOf(payment)),
    ),
    postEntries(tx, entries, roots),
    addToDayTotals(
      tx,
      built.map(({ row }) => totalsDelta(row, row.status, 1n)),
      SAMPLE_SLOT,
    ),
    insertReceipts(tx, receipts),
  ]);
}

function classOf(row: PaymentRow): string | null {
  return row.decline_code === null ? null : declineFor(row.decline_code).class;
}

function transitionsOf(payment: SamplePayment) {
  return payment.steps.map((step, index) => ({
    payment_id: payment.id,
    seq: index + 1,
    from_status: index === 0 ? null : payment.steps[index - 1]!.to,
    to_status: step.to,
    at: step.at,
    by_kind: SAMPLE_ACTOR.kind,
    by_name: SAMPLE_ACTOR.name,
    via: sampleVia(payment, index),
    why: step.code ?? '',
  }));
}
