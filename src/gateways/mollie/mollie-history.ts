import type { Chargeback, MollieClient, Page, Payment, Refund } from '@mollie/api-client';
import { Failure } from '../../foundation/failure.ts';
import type { GatewayDispute, GatewayPayout } from '../gateway.ts';
import type { BalanceLine, GatewayHistory, HistoryPage, PastCharge, PastRefund } from '../history.ts';
import { codeOfFailure } from './decline-code.ts';
import { methodOfMandate } from './mandate-method.ts';
import type { Credential, MollieAccount } from './mollie-account.ts';
import { minorOfMollie } from './mollie-amount.ts';
import type { NoValue } from './mollie-answer.ts';
import { attemptIdOf, isCustomerId, isPaymentId, joinRef, splitRef } from './mollie-ref.ts';
import { disputeOf, factsOf } from './payment-outcome.ts';
import { isSettlementId, linesOfSettlement, payoutOf } from './settlement.ts';

/** The most Mollie gives at once. */
const PAGE_SIZE = 250;

/**
 * What an account has. Customers, payments, refunds and chargebacks are read with the API key; payouts and the lines they
 * are made of only with an organization's access token, and without one both are empty. Throws gateway_refused where
 * Mollie cannot be asked: whoever reads goes on at the same cursor later.
 */
export function mollieHistory(account: MollieAccount): GatewayHistory {
  async function ask<T>(
    workspaceId: string,
    work: (client: MollieClient) => Promise<T>,
    credential: Credential = 'api_key',
  ): Promise<T> {
    const answer = await account.ask(workspaceId, work, { credential, seed: workspaceId });
    if (answer.status === 'ok') return answer.value;
    throw unasked(answer);
  }

  /** A list of Mollie's, page by page, newest first. */
  function pages<Theirs, Ours>(
    read: (client: MollieClient, at: { limit: number; from?: string }) => Promise<Page<Theirs>>,
    shape: (item: Theirs) => Ours | null,
  ) {
    return async (workspaceId: string, cursor: string | null): Promise<HistoryPage<Ours>> => {
      const page = await ask(workspaceId, (client) => read(client, at(cursor, PAGE_SIZE)));
      return { items: page.map(shape).filter((item) => item !== null), nextCursor: page.nextPageCursor ?? null };
    };
  }

  /** One thing by its name; null when Mollie does not know it. */
  async function askFor<T>(workspaceId: string, work: (client: MollieClient) => Promise<T>): Promise<T | null> {
    const answer = await account.ask(workspaceId, work, { seed: workspaceId });
    if (answer.status === 'ok') return answer.value;
    if (answer.status === 'refused' && answer.code === 404) return null;
    throw unasked(answer);
  }

  const history = {
    customers: pages(
      (client, from) => client.customers.page(from),
      (customer) => ({
        customerRef: customer.id,
        name: customer.name ?? null,
        email: customer.email ?? null,
        phone: null,
        createdAt: new Date(customer.createdAt),
      }),
    ),
    methods: async (workspaceId: string, customerRef: string) => {
      if (!isCustomerId(customerRef)) return [];
      const mandates = await ask(workspaceId, (client) =>
        client.customerMandates.page({ customerId: customerRef, limit: PAGE_SIZE }),
      );
      return mandates
        .filter((mandate) => (mandate.status as string) === 'valid')
        .map((mandate) => methodOfMandate(customerRef, mandate))
        .filter((method) => method !== null);
    },
    charges: pages((client, from) => client.payments.page(from), pastCharge),
    refunds: pages((client, from) => client.refunds.page(from), pastRefund),
    disputes: pages((client, from) => client.chargebacks.page(from), pastDispute),
    async payouts(
      workspaceId: string,
      cursor: string | null,
    ): Promise<HistoryPage<GatewayPayout & { readonly createdAt: Date }>> {
      if (!(await account.has(workspaceId, 'access_token'))) return NOTHING;
      const page = await ask(workspaceId, (client) => client.settlements.page(at(cursor, PAGE_SIZE)), 'access_token');
      const items = page.map((settlement) => {
        const payout = payoutOf(settlement);
        return payout && { ...payout, createdAt: new Date(settlement.createdAt) };
      });
      return { items: items.filter((item) => item !== null), nextCursor: page.nextPageCursor ?? null };
    },
    async balance(workspaceId: string, cursor: string | null): Promise<HistoryPage<BalanceLine>> {
      if (!(await account.has(workspaceId, 'access_token'))) return NOTHING;
      return ask(
        workspaceId,
        async (client) => {
          const page = await client.settlements.page(at(cursor, 1));
          const [settlement] = page;
          const items = settlement ? await linesOfSettlement(client, settlement) : [];
          return { items, nextCursor: page.nextPageCursor ?? null };
        },
        'access_token',
      );
    },
    async charge(workspaceId: string, chargeRef: string) {
      if (!isPaymentId(chargeRef)) return null;
      const payment = await askFor(workspaceId, (client) => client.payments.get(chargeRef));
      return payment && pastCharge(payment);
    },
    async refund(workspaceId: string, refundRef: string) {
      const ref = splitRef('refund', refundRef);
      if (!ref) return null;
      const refund = await askFor(workspaceId, (client) =>
        client.paymentRefunds.get(ref.id, { paymentId: ref.ownerId }),
      );
      return refund && pastRefund(refund);
    },
    async payoutLines(workspaceId: string, payoutRef: string) {
      if (!isSettlementId(payoutRef) || !(await account.has(workspaceId, 'access_token'))) return [];
      const lines = await ask(
        workspaceId,
        async (client) => linesOfSettlement(client, await client.settlements.get(payoutRef)),
        'access_token',
      );
      return lines.filter(({ kind }) => kind !== 'payout').map(({ balanceRef }) => balanceRef);
    },
  };
  return history satisfies GatewayHistory;
}

function unasked(answer: NoValue): Failure {
  return new Failure('gateway_refused', answer.status === 'refused' ? 'Mollie refuses to be asked.' : answer.why);
}

const NOTHING: HistoryPage<never> = { items: [], nextCursor: null };

const at = (cursor: string | null, limit: number) => (cursor === null ? { limit } : { limit, from: cursor });

const CHARGE_STATUS: Readonly<Record<string, PastCharge['status']>> = {
  paid: 'settled',
  failed: 'declined',
  canceled: 'declined',
  expired: 'declined',
};

/** Null for what moved no money: the first payment of a card takes nothing. */
function pastCharge(payment: Payment): PastCharge | null {
  const amountMinor = minorOfMollie(payment.amount);
  if (amountMinor === null || amountMinor <= 0n) return null;
  const status = CHARGE_STATUS[payment.status] ?? 'pending';
  const { customerId, mandateId } = payment;
  return {
    chargeRef: payment.id,
    attemptId: attemptIdOf(payment.metadata),
    customerRef: customerId ?? null,
    methodRef: customerId && mandateId ? joinRef(customerId, mandateId) : null,
    methodKind: payment.method === 'creditcard' ? 'card' : payment.method === 'directdebit' ? 'bank_debit' : 'other',
    methodLabel: methodLabelOf(payment),
    amountMinor,
    currency: payment.amount.currency,
    status,
    declineCode: status === 'declined' ? declineCodeOf(payment) : null,
    description: payment.description ?? '',
    createdAt: new Date(payment.createdAt),
    facts: factsOf(payment.id, payment),
  };
}

function declineCodeOf(payment: Payment): string {
  if (payment.status === 'canceled') return 'canceled_by_customer';
  return payment.status === 'expired' ? 'payment_expired' : codeOfFailure(payment);
}

function methodLabelOf(payment: Payment): string {
  const details = (payment.details ?? {}) as {
    cardLabel?: string;
    cardNumber?: string;
    consumerAccount?: string;
  };
  const number = details.cardNumber ?? details.consumerAccount;
  const name = details.cardLabel ?? payment.method ?? 'Mollie';
  return number ? `${name} ·· ${number.slice(-4)}` : name;
}

const REFUND_STATUS: Readonly<Record<string, PastRefund['status']>> = {
  refunded: 'settled',
  failed: 'declined',
  canceled: 'declined',
};

function pastRefund(refund: Refund): PastRefund | null {
  const amountMinor = minorOfMollie(refund.amount);
  if (amountMinor === null) return null;
  const refundRef = joinRef(refund.paymentId, refund.id);
  return {
    refundRef,
    attemptId: attemptIdOf(refund.metadata),
    chargeRef: refund.paymentId,
    amountMinor,
    currency: refund.amount.currency,
    status: REFUND_STATUS[refund.status] ?? 'pending',
    reason: refund.description ?? '',
    createdAt: new Date(refund.createdAt),
    facts: factsOf(refundRef, refund),
  };
}

function pastDispute(chargeback: Chargeback): (GatewayDispute & { readonly createdAt: Date }) | null {
  const dispute = disputeOf(chargeback);
  return dispute && { ...dispute, createdAt: new Date(chargeback.createdAt) };
}
