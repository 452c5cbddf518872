import type { MollieClient, Payment, Refund } from '@mollie/api-client';
import { PaymentEmbed } from '@mollie/api-client';
import type { AttemptReference, GatewayContext, LookUp } from '../gateway.ts';
import type { MollieAccount } from './mollie-account.ts';
import { attemptIdOf, isCustomerId, isPaymentId, splitRef } from './mollie-ref.ts';
import { outcomeOfPayment, outcomeOfRefund } from './payment-outcome.ts';

/** The most Mollie gives at once. */
const PAGE_SIZE = 250;
/** So many payments since one attempt are more than an account makes in the hours an attempt may stay unresolved. */
const PAGES_MAX = 40;
/** Mollie's clock and ours may differ. */
const CLOCKS_DIFFER_MS = 15 * 60_000;

/** The payment with everything that belongs to it: one request, whatever it is asked for. */
export function readWhole(client: MollieClient, paymentId: string): Promise<Payment> {
  return client.payments.get(paymentId, { embed: [PaymentEmbed.refunds, PaymentEmbed.chargebacks] });
}

/**
 * What became of an attempt: by Mollie's reference where we have it, else by our own in the metadata of what the customer
 * was charged, or of the payment's refunds, newest first and no further back than the attempt. Mollie's lists show at once
 * what was made.
 */
export async function findAttempt(
  account: MollieAccount,
  context: GatewayContext,
  attempt: AttemptReference,
): Promise<LookUp> {
  const find = attempt.kind === 'charge' ? findCharge : findRefund;
  const answer = await account.ask(context.workspaceId, (client) => find(client, attempt), { seed: attempt.attemptId });
  if (answer.status === 'ok') return answer.value;
  if (answer.status !== 'refused') return { status: 'unknown', why: answer.why };
  return { status: 'unknown', why: `Mollie refuses to be asked (HTTP ${answer.code}).` };
}

async function findCharge(client: MollieClient, attempt: AttemptReference): Promise<LookUp> {
  const { gatewayRef, customerRef } = attempt;
  if (gatewayRef !== null && isPaymentId(gatewayRef)) return outcomeOfPayment(await readWhole(client, gatewayRef));
  const found = await walk<Payment>(
    (from) =>
      isCustomerId(customerRef)
        ? client.customerPayments.page({ customerId: customerRef, limit: PAGE_SIZE, ...from })
        : client.payments.page({ limit: PAGE_SIZE, ...from }),
    attempt,
  );
  if (found === 'too_many') return TOO_MANY;
  // The list does not hold chargebacks.
  return found ? outcomeOfPayment(await readWhole(client, found.id)) : { status: 'never_arrived' };
}

async function findRefund(client: MollieClient, attempt: AttemptReference): Promise<LookUp> {
  const { gatewayRef, chargeRef } = attempt;
  const known = gatewayRef === null ? null : splitRef('refund', gatewayRef);
  if (known) {
    const refund = await client.paymentRefunds.get(known.id, { paymentId: known.ownerId });
    return outcomeOfRefund({ ...refund, paymentId: known.ownerId });
  }
  const found = await walk<Refund>(
    (from) =>
      chargeRef && isPaymentId(chargeRef)
        ? client.paymentRefunds.page({ paymentId: chargeRef, limit: PAGE_SIZE, ...from })
        : client.refunds.page({ limit: PAGE_SIZE, ...from }),
    attempt,
  );
  if (found === 'too_many') return TOO_MANY;
  return found ? outcomeOfRefund(found) : { status: 'never_arrived' };
}

const TOO_MANY: LookUp = { status: 'unknown', why: 'Mollie has too many newer payments to look through.' };

interface Listed {
  readonly id: string;
  readonly metadata: unknown;
  readonly createdAt: string;
}

/** Walks a list, newest first, until the attempt is found or everything left is older than it. */
async function walk<Item extends Listed>(
  readPage: (from: { from?: string }) => Promise<readonly Item[] & { readonly nextPageCursor?: string | undefined }>,
  { attemptId, sentAt }: AttemptReference,
): Promise<Item | 'too_many' | null> {
  const since = sentAt && new Date(sentAt.getTime() - CLOCKS_DIFFER_MS);
  let cursor: string | undefined;
  for (let pages = 0; pages < PAGES_MAX; pages += 1) {
    const page = await readPage(cursor === undefined ? {} : { from: cursor });
    const found = page.find((item) => attemptIdOf(item.metadata) === attemptId);
    if (found) return found;
    const oldest = page.at(-1);
    if (!oldest || page.nextPageCursor === undefined) return null;
    if (since && new Date(oldest.createdAt) < since) return null;
    cursor = page.nextPageCursor;
  }
  return 'too_many';
}
