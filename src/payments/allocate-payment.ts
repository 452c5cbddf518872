import { readContactForCharge } from '../contacts/read-contact.ts';
import type { WorkspaceTx } from '../foundation/database.ts';
import { Failure, type FieldProblem } from '../foundation/failure.ts';
import { toPublicId } from '../foundation/id.ts';
import { localDateOf } from '../foundation/local-date.ts';
import { formatMinor } from '../foundation/money.ts';
import { type Payable, readPayables } from '../invoices/allocate-money.ts';
import type { WantedAllocation } from '../invoices/allocation.ts';
import type { Caller } from '../workspace/caller.ts';

/** What a payment is meant for, as it was asked: which invoices, and how much of each. Minor units. */
export interface AskedAllocation {
  readonly invoiceId: string;
  readonly amountMinor: bigint;
}

/** More invoices than this in one payment is a statement, not a payment. */
export const ALLOCATIONS_MAX = 100;

export interface AllocationRequest {
  /** The surviving contact who pays. */
  readonly rootId: string;
  readonly currency: string;
  readonly amountMinor: bigint;
  readonly allocations: readonly AskedAllocation[];
  readonly caller: Caller;
}

/**
 * Holds the invoices and decides whether money can be meant for them: one refusal per line. What is on its way already
 * counts as paid, so that two people who pay at once do not pay twice. Throws invalid_request, allocation_refused.
 */
export async function refuseUnfitAllocations(
  tx: WorkspaceTx,
  requests: readonly AllocationRequest[],
): Promise<(Failure | null)[]> {
  const ids = [...new Set(requests.flatMap(({ allocations }) => allocations.map(({ invoiceId }) => invoiceId)))];
  if (ids.length === 0) return requests.map(() => null);
  const payables = new Map((await readPayables(tx, ids)).map((one) => [one.id, { ...one }]));
  const contactIds = [...payables.values()].map((one) => one.contactId);
  const contacts = await readContactForCharge(tx, contactIds);
  return requests.map((request) => {
    const failure = decide(request, payables, (id) => contacts.get(id)?.root_id ?? id);
    // Those of one group see each other.
    if (failure === null)
      for (const { invoiceId, amountMinor } of request.allocations) {
        const payable = payables.get(invoiceId)!;
        payables.set(invoiceId, { ...payable, onItsWayMinor: payable.onItsWayMinor + amountMinor });
      }
    return failure;
  });
}

function decide(
  { rootId, currency, amountMinor, allocations, caller }: AllocationRequest,
  payables: ReadonlyMap<string, Payable>,
  rootOf: (contactId: string) => string,
): Failure | null {
  const sum = allocations.reduce((total, one) => total + one.amountMinor, 0n);
  if (sum > amountMinor) return wrong('allocations', 'Together at most the amount of the payment.');
  const words = (minor: bigint) => formatMinor(minor, currency, caller.workspace.locale);
  for (const [index, asked] of allocations.entries()) {
    const path = `allocations[${index}].invoice_id`;
    const payable = payables.get(asked.invoiceId);
    if (!payable || rootOf(payable.contactId) !== rootId) return wrong(path, 'This is not an invoice of this contact.');
    if (payable.currency !== currency) return wrong(path, `${payable.number} is in ${payable.currency}.`);
    if (payable.state === 'draft') return refuse('This is a draft: issue it first.', asked);
    if (payable.state === 'void') return refuse(`${payable.number} is void.`, asked);
    if (payable.openMinor === 0n) return refuse(`${payable.number} is paid.`, asked);
    const left = payable.openMinor - payable.onItsWayMinor;
    if (left <= 0n) return refuse(`A payment for ${payable.number} is on its way; wait until it is known.`, asked);
    if (asked.amountMinor > left) return refuse(`At most ${words(left)} of ${payable.number} is left to pay.`, asked);
  }
  return null;
}

function wrong(path: string, message: string): Failure {
  const fields: FieldProblem[] = [{ path, message }];
  return new Failure('invalid_request', `${path}: ${message}`, { fields });
}

function refuse(detail: string, { invoiceId }: AskedAllocation): Failure {
  return new Failure('allocation_refused', detail, { facts: { invoice_id: toPublicId('invoice', invoiceId) } });
}

export function wantedOf(paymentId: string, allocations: readonly AskedAllocation[]): WantedAllocation[] {
  return allocations.map(({ invoiceId, amountMinor }) => ({ paymentId, invoiceId, amountMinor }));
}

/** The business's day of a moment, for allocations. */
export function dayOf(caller: Pick<Caller, 'now' | 'workspace'>): string {
  return localDateOf(caller.now, caller.workspace.timeZone);
}
