import type { MollieClient } from '@mollie/api-client';
import type { GatewayPayout } from '../gateway.ts';
import type { BalanceLine } from '../history.ts';
import { type MollieAmount, minorOfMollie } from './mollie-amount.ts';

type Settlement = ReturnType<MollieClient['settlements']['iterate']> extends AsyncIterable<infer Item> ? Item : never;

const PAYOUT_STATUS: Readonly<Record<string, GatewayPayout['status']>> = {
  open: 'pending',
  pending: 'pending',
  'processing-at-bank': 'in_transit',
  paidout: 'paid',
  failed: 'failed',
};

/** What Mollie calls a settlement is a payout; `open` and `next` are what is not one yet. */
export function payoutOf(settlement: Settlement): GatewayPayout | null {
  const amountMinor = minorOfMollie(settlement.amount);
  if (amountMinor === null || !isSettlementId(settlement.id)) return null;
  return {
    payoutRef: settlement.id,
    amountMinor,
    currency: settlement.amount.currency,
    status: PAYOUT_STATUS[settlement.status] ?? 'pending',
    arrivesOn: settlement.settledAt ? settlement.settledAt.slice(0, 10) : null,
    itemised: true,
  };
}

export function isSettlementId(text: string): boolean {
  return /^stl_[A-Za-z0-9]{1,64}$/.test(text);
}

/** The lines that a settlement is made of: payments, refunds, chargebacks, Mollie's fees, and the payout itself. */
export async function linesOfSettlement(client: MollieClient, settlement: Settlement): Promise<BalanceLine[]> {
  const settlementId = settlement.id;
  const lines: BalanceLine[] = [];
  for await (const payment of client.settlementPayments.iterate({ settlementId })) {
    lines.push(
      ...lineOf('charge', 'payment', payment.id, payment.settlementAmount, payment.paidAt ?? payment.createdAt),
    );
  }
  for await (const refund of client.settlementRefunds.iterate({ settlementId })) {
    lines.push(
      ...lineOf('refund', 'refund', `${refund.paymentId}/${refund.id}`, refund.settlementAmount, refund.createdAt),
    );
  }
  for await (const chargeback of client.settlementChargebacks.iterate({ settlementId })) {
    const ref = `${chargeback.paymentId}/${chargeback.id}`;
    lines.push(...lineOf('dispute', 'chargeback', ref, chargeback.settlementAmount, chargeback.createdAt));
  }
  lines.push(...feesOf(settlement));
  const paid = minorOfMollie(settlement.amount);
  if (paid !== null) {
    lines.push({
      ...line(settlement.amount.currency, settlement.createdAt, -paid),
      balanceRef: settlementId,
      kind: 'payout',
      category: 'settlement',
      sourceRef: settlementId,
    });
  }
  return lines;
}

function lineOf(
  kind: BalanceLine['kind'],
  category: string,
  ref: string,
  amount: MollieAmount | undefined,
  createdAt: string,
): BalanceLine[] {
  const minor = minorOfMollie(amount);
  if (minor === null || !amount) return [];
  return [{ ...line(amount.currency, createdAt, minor), balanceRef: ref, kind, category, sourceRef: ref }];
}

/** Mollie tells its fees by month and method, with tax. */
function feesOf(settlement: Settlement): BalanceLine[] {
  const lines: BalanceLine[] = [];
  for (const [year, months] of Object.entries(settlement.periods ?? {})) {
    for (const [month, period] of Object.entries(months)) {
      for (const [index, cost] of (period.costs ?? []).entries()) {
        const minor = minorOfMollie(cost.amountGross);
        if (minor === null || minor === 0n) continue;
        lines.push({
          ...line(cost.amountGross.currency, settlement.createdAt, -minor),
          balanceRef: `${settlement.id}/${year}-${month}/${index}`,
          kind: 'fee',
          category: cost.description,
          sourceRef: settlement.id,
        });
      }
    }
  }
  return lines;
}

function line(currency: string, createdAt: string, minor: bigint) {
  return { amountMinor: minor, feeMinor: 0n, netMinor: minor, currency, createdAt: new Date(createdAt) };
}
