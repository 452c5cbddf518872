import type Stripe from 'stripe';
import { isCurrency } from '../../foundation/currency.ts';
import type { BalanceLine, GatewayHistory, HistoryPage, PastCharge, PastRefund } from '../history.ts';
import { currencyOf, fromStripeAmount } from './amount.ts';
import { declineCodeOf } from './decline-code.ts';
import { disputeOf } from './dispute.ts';
import { attemptIdOf } from './event.ts';
import { factsOf } from './facts.ts';
import { idOf, kindOf, methodOf } from './method.ts';
import { payoutOf } from './payout.ts';
import { answeredValue, ask, isMissing } from './send-request.ts';
import type { StripeSession } from './session.ts';

/** The most that Stripe gives in one page. */
const PAGE = 100;

type PageParams = { limit: number; starting_after?: string };
type List<Item> = (client: Stripe, page: PageParams) => Promise<{ data: Item[]; has_more: boolean }>;

/**
 * What a Stripe account already has, newest first as Stripe lists it; a cursor is the id of the last one read. Objects in
 * currencies that this program keeps no books in are left out; the tie-out against the balance shows them.
 */
export function stripeHistory(sessionOf: (workspaceId: string) => Promise<StripeSession>): GatewayHistory {
  const pages =
    <Item extends { readonly id: string }, Shaped>(list: List<Item>, shape: (item: Item) => Shaped | null) =>
    async (workspaceId: string, cursor: string | null): Promise<HistoryPage<Shaped>> => {
      const session = await sessionOf(workspaceId);
      const page = cursor === null ? { limit: PAGE } : { limit: PAGE, starting_after: cursor };
      const { data, has_more } = answeredValue(await ask(session, (client) => list(client, page)));
      const items = data.map(shape).filter((item): item is Shaped => item !== null);
      return { items, nextCursor: has_more ? (data.at(-1)?.id ?? null) : null };
    };

  return {
    customers: pages(
      (client, page) => client.customers.list(page),
      ({ id, name, email, phone, created }) => ({
        customerRef: id,
        name: name ?? null,
        email: email ?? null,
        phone: phone ?? null,
        createdAt: momentOf(created),
      }),
    ),
    async methods(workspaceId, customerRef) {
      const session = await sessionOf(workspaceId);
      const { data } = answeredValue(
        await ask(session, (client) => client.customers.listPaymentMethods(customerRef, { limit: PAGE })),
      );
      return data.map(methodOf).filter((method) => method !== null);
    },
    charges: pages(
      (client, page) => client.charges.list({ ...page, expand: ['data.balance_transaction', 'data.payment_intent'] }),
      chargeOf,
    ),
    refunds: pages((client, page) => client.refunds.list({ ...page, expand: ['data.balance_transaction'] }), refundOf),
    disputes: pages(
      (client, page) => client.disputes.list(page),
      (dispute) => (isKnown(dispute.currency) ? { ...disputeOf(dispute), createdAt: momentOf(dispute.created) } : null),
    ),
    payouts: pages(
      (client, page) => client.payouts.list(page),
      (payout) => (isKnown(payout.currency) ? { ...payoutOf(payout), createdAt: momentOf(payout.created) } : null),
    ),
    balance: pages((client, page) => client.balanceTransactions.list(page), balanceLineOf),
    async charge(workspaceId, chargeRef) {
      const session = await sessionOf(workspaceId);
      return chargeRef.startsWith('pi_') ? chargeOfIntent(session, chargeRef) : oneCharge(session, chargeRef);
    },
    async refund(workspaceId, refundRef) {
      const answer = await ask(await sessionOf(workspaceId), (client) =>
        client.refunds.retrieve(refundRef, { expand: ['balance_transaction'] }),
      );
      return isMissing(answer) ? null : refundOf(answeredValue(answer));
    },
    async payoutLines(workspaceId, payoutRef) {
      const session = await sessionOf(workspaceId);
      const lines: string[] = [];
      for (let after: string | undefined; ; ) {
        const page = { payout: payoutRef, limit: PAGE, ...(after === undefined ? {} : { starting_after: after }) };
        const { data, has_more } = answeredValue(await ask(session, (client) => client.balanceTransactions.list(page)));
        // The payout's own line is among them.
        lines.push(...data.filter((line) => idOf(line.source as string | null) !== payoutRef).map((line) => line.id));
        after = data.at(-1)?.id;
        if (!has_more || after === undefined) return lines;
      }
    },
  };
}

/** The charge that stands for an intent; null while it has none. */
async function chargeOfIntent(session: StripeSession, intentId: string): Promise<PastCharge | null> {
  const answer = await ask(session, (client) =>
    client.paymentIntents.retrieve(intentId, { expand: ['latest_charge.balance_transaction'] }),
  );
  if (isMissing(answer)) return null;
  const intent = answeredValue(answer);
  const charge = intent.latest_charge;
  return typeof charge === 'object' && charge !== null ? chargeOf({ ...charge, payment_intent: intent }) : null;
}

async function oneCharge(session: StripeSession, chargeId: string): Promise<PastCharge | null> {
  const answer = await ask(session, (client) =>
    client.charges.retrieve(chargeId, { expand: ['balance_transaction', 'payment_intent'] }),
  );
  return isMissing(answer) ? null : chargeOf(answeredValue(answer));
}

const momentOf = (seconds: number) => new Date(seconds * 1000);
const isKnown = (currency: string) => isCurrency(currency.toUpperCase());

function chargeOf(charge: Stripe.Charge): PastCharge | null {
  if (!isKnown(charge.currency)) return null;
  const intent = typeof charge.payment_intent === 'object' ? charge.payment_intent : null;
  const intentId = idOf(charge.payment_intent);
  // An intent can have failed charges before the one that counts: only that one stands for the intent.
  const standsForIntent = intentId !== null && (intent === null || idOf(intent.latest_charge) === charge.id);
  const details = charge.payment_method_details;
  const type = details?.type ?? 'other';
  return {
    chargeRef: standsForIntent ? intentId : charge.id,
    attemptId: standsForIntent ? attemptIdOf(charge) : null,
    customerRef: idOf(charge.customer),
    methodRef: charge.payment_method ?? null,
    methodKind: kindOf(type) ?? 'other',
    methodLabel: labelOf(details, type),
    amountMinor: fromStripeAmount(charge.amount_captured || charge.amount, charge.currency),
    currency: currencyOf(charge.currency),
    status:
      charge.status === 'succeeded' && charge.captured
        ? 'settled'
        : charge.status === 'failed'
          ? 'declined'
          : 'pending',
    declineCode:
      charge.status === 'failed'
        ? declineCodeOf({ code: charge.failure_code, decline_code: charge.outcome?.reason }, charge)
        : null,
    description: charge.description ?? '',
    createdAt: momentOf(charge.created),
    facts: knownFacts(charge.balance_transaction),
  };
}

function labelOf(details: Stripe.Charge.PaymentMethodDetails | null, type: string): string {
  const part = (details as Record<string, { brand?: string | null; last4?: string | null }> | null)?.[type];
  const brand = part?.brand ?? type.replaceAll('_', ' ');
  return part?.last4 ? `${brand} ·· ${part.last4}` : brand;
}

function refundOf(refund: Stripe.Refund): PastRefund | null {
  if (!isKnown(refund.currency)) return null;
  return {
    refundRef: refund.id,
    attemptId: attemptIdOf(refund),
    chargeRef: idOf(refund.payment_intent) ?? idOf(refund.charge) ?? '',
    amountMinor: fromStripeAmount(refund.amount, refund.currency),
    currency: currencyOf(refund.currency),
    status:
      refund.status === 'succeeded'
        ? 'settled'
        : refund.status === 'failed' || refund.status === 'canceled'
          ? 'declined'
          : 'pending',
    reason: refund.reason ?? '',
    createdAt: momentOf(refund.created),
    facts: knownFacts(refund.balance_transaction),
  };
}

function knownFacts(line: string | Stripe.BalanceTransaction | null | undefined) {
  return typeof line === 'object' && line !== null && isKnown(line.currency) ? factsOf(line) : null;
}

/** Stripe's reporting categories → what an import is tied out by. */
const KINDS: Readonly<Record<string, BalanceLine['kind']>> = {
  charge: 'charge',
  partial_capture_reversal: 'charge',
  charge_failure: 'charge',
  refund: 'refund',
  refund_failure: 'refund',
  dispute: 'dispute',
  dispute_reversal: 'dispute_reversal',
  fee: 'fee',
  network_cost: 'fee',
  tax: 'fee',
  payout: 'payout',
  payout_reversal: 'payout',
};

function balanceLineOf(line: Stripe.BalanceTransaction): BalanceLine | null {
  if (!isKnown(line.currency)) return null;
  const minor = (amount: number) => fromStripeAmount(amount, line.currency);
  return {
    balanceRef: line.id,
    kind: KINDS[line.reporting_category] ?? 'other',
    category: line.reporting_category,
    sourceRef: idOf(line.source as string | { id: string } | null),
    amountMinor: minor(line.amount),
    feeMinor: minor(line.fee),
    netMinor: minor(line.net),
    currency: currencyOf(line.currency),
    createdAt: momentOf(line.created),
  };
}
