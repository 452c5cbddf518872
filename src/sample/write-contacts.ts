import { fillSampleContacts } from '../contacts/fill-sample-contacts.ts';
import { check } from '../foundation/assert.ts';
import type { WorkspaceTx } from '../foundation/database.ts';
import { newId } from '../foundation/id.ts';
import { feeOf } from '../gateways/scripted/movement.ts';
import { type SeededMovement, seedMethods, seedMovements } from '../gateways/scripted/seed-gateway.ts';
import { methodLabel } from '../payments/payment-method.ts';
import { addSampleMethods, recordSamplePayments, type SampleMethod } from '../payments/record-sample-payments.ts';
import { SAMPLE_ACTOR, type SamplePayment } from '../payments/sample-payment.ts';
import type { WorkspaceFacts } from '../workspace/caller.ts';
import type { BusinessCard, BusinessContact, BusinessMovement } from './business.ts';
import { sampleIdOf, sampleMethodRef } from './sample-id.ts';

/** What the gateway takes for a dispute, where the payment was more than that. Hundredths. */
const DISPUTE_FEE_MINOR = 1_500n;

const OFFLINE_LABELS: Readonly<Record<string, string>> = {
  cash: 'Cash',
  cheque: 'Cheque',
  bank_transfer: 'Bank transfer',
};

export interface WritingContext {
  readonly seed: string;
  readonly workspace: WorkspaceFacts;
  readonly memberIds: readonly string[];
  readonly publicUrl: string;
  readonly now: Date;
}

/** Writes some contacts of the sample with all that belongs to them, in the caller's transaction. */
export async function writeSampleContacts(
  tx: WorkspaceTx,
  contacts: readonly BusinessContact[],
  context: WritingContext,
): Promise<void> {
  const sampleId = sampleIdOf(context.seed);
  const ids = new Ids();
  await fillSampleContacts(
    tx,
    contacts.map((contact) => ({
      id: ids.of(contact.key),
      name: contact.name,
      email: contact.email,
      phone: contact.phone,
      companyName: contact.companyName,
      tags: contact.tags,
      ownerMemberId: contact.ownerIndex === null ? null : (context.memberIds[contact.ownerIndex] ?? null),
      country: contact.country,
      ...(contact.billing ? { billing: contact.billing } : {}),
      currency: contact.currency,
      locale: contact.locale,
      createdAt: contact.createdAt,
      notes: contact.notes.map((note) => ({ ...note, authorName: SAMPLE_ACTOR.name })),
    })),
    { sampleId, now: context.now },
  );
  const methods = await writeCards(tx, contacts, ids);
  const payments = contacts.flatMap((contact) =>
    contact.movements.map((movement) => paymentOf(movement, contact, methods, ids, context)),
  );
  await recordSamplePayments(tx, payments, { sampleId, workspace: context.workspace });
  const byKey = new Map(
    contacts.flatMap((contact) => contact.movements.map((movement) => [ids.of(movement.key), movement])),
  );
  await seedMovements(
    tx,
    payments
      .filter((payment) => payment.gateway === 'scripted')
      .map((payment) => gatewayMovement(payment, byKey.get(payment.id)!, methods)),
  );
}

async function writeCards(
  tx: WorkspaceTx,
  contacts: readonly BusinessContact[],
  ids: Ids,
): Promise<Map<string, SampleMethod>> {
  const cards = contacts.flatMap((contact) => contact.cards.map((card) => ({ card, contactId: ids.of(contact.key) })));
  const known = await seedMethods(
    tx,
    cards.map(({ card, contactId }) => ({
      ref: sampleMethodRef(ids.of(card.key)),
      contactRef: contactId,
      testMethod: card.testMethod,
      addedAt: card.addedAt,
    })),
  );
  const methods = cards.map(({ card, contactId }, index) => methodOf(card, contactId, known[index]!, ids));
  await addSampleMethods(tx, methods);
  return new Map(methods.map((method) => [method.id, method]));
}

function methodOf(card: BusinessCard, contactId: string, known: SampleMethod['known'], ids: Ids): SampleMethod {
  return {
    id: ids.of(card.key),
    contactId,
    gateway: 'scripted',
    known: { ...known, expMonth: card.expiry?.month ?? null, expYear: card.expiry?.year ?? null },
    label: card.label,
    isDefault: card.isDefault,
    blockedByCode: card.blockedByCode,
    consentChannel: card.consentChannel,
    addedAt: card.addedAt,
  };
}

function paymentOf(
  movement: BusinessMovement,
  contact: BusinessContact,
  methods: ReadonlyMap<string, SampleMethod>,
  ids: Ids,
  { workspace, publicUrl }: WritingContext,
): SamplePayment {
  const id = ids.of(movement.key);
  const method = movement.cardKey === null ? undefined : methods.get(ids.of(movement.cardKey));
  const parentId = movement.parentKey === null ? null : ids.of(movement.parentKey);
  const gatewayRef = method ? gatewayRefOf(movement.kind, id, parentId) : `manual_${id}`;
  const isWaiting = movement.steps.at(-1)!.to === 'needs_customer';
  return {
    id,
    kind: movement.kind,
    parentId,
    retryOfId: movement.retryOfKey === null ? null : ids.of(movement.retryOfKey),
    contactId: ids.of(contact.key),
    paymentMethodId: method?.id ?? null,
    gateway: method ? 'scripted' : 'manual',
    gatewayRef,
    customerLink: isWaiting ? `${publicUrl}/sandbox-gateway/confirm/${workspace.id}/${gatewayRef}` : null,
    methodKind: movement.methodKind,
    methodLabel: method ? methodLabel(method.known) : (OFFLINE_LABELS[movement.methodKind] ?? 'Other'),
    amountMinor: movement.amountMinor,
    currency: movement.currency,
    taxMinor: movement.taxMinor,
    feeMinor: method ? feeOfMovement(movement) : 0n,
    description: movement.description,
    reference: movement.reference,
    reason: movement.reason,
    needsAction: movement.needsAction,
    steps: movement.steps,
  };
}

function feeOfMovement({ kind, amountMinor, currency }: BusinessMovement): bigint {
  if (kind === 'charge') return feeOf(amountMinor, currency);
  return kind === 'dispute' && DISPUTE_FEE_MINOR < amountMinor ? DISPUTE_FEE_MINOR : 0n;
}

/** The sandbox gateway's own way of naming movements. */
function gatewayRefOf(kind: SamplePayment['kind'], id: string, parentId: string | null): string {
  if (kind === 'dispute') return `sbd_${parentId}`;
  return kind === 'refund' ? `sbr_${id}` : `sbp_${id}`;
}

function gatewayMovement(
  payment: SamplePayment,
  movement: BusinessMovement,
  methods: ReadonlyMap<string, SampleMethod>,
): SeededMovement {
  const method = methods.get(payment.paymentMethodId ?? '');
  check(method, 'a payment at the gateway has a card');
  const last = payment.steps.at(-1)!;
  const status = last.to;
  check(
    status !== 'sent' &&
      status !== 'unknown' &&
      status !== 'canceled' &&
      status !== 'undone' &&
      status !== 'needs_response',
    'an invented payment has an outcome',
  );
  return {
    idempotencyKey: payment.kind === 'dispute' ? `dispute of sbp_${payment.parentId}` : payment.id,
    ref: payment.gatewayRef,
    kind: payment.kind,
    parentRef: payment.parentId === null ? null : `sbp_${payment.parentId}`,
    methodRef: method.known.methodRef,
    amountMinor: payment.amountMinor,
    currency: payment.currency,
    status,
    code: last.code ?? null,
    feeMinor: payment.feeMinor,
    createdAt: payment.steps[0]!.at,
    nextStatus: movement.next?.status ?? null,
    nextAt: movement.next?.at ?? null,
  };
}

/** New ids for the keys of the generator. */
class Ids {
  private readonly made = new Map<string, string>();

  of(key: string): string {
    const known = this.made.get(key);
    if (known) return known;
    const id = newId();
    this.made.set(key, id);
    return id;
  }
}
