import {
  amountOf,
  type Chargeback,
  type Customer,
  type Mandate,
  type MollieState,
  minorOf,
  type Payment,
  type Refund,
  type Settlement,
} from './mollie-state.ts';

/** How Mollie writes what the account holds: the fields its client and this program read. */
export interface Addresses {
  readonly api: string;
  readonly checkout: string;
}

const TYPE = 'application/hal+json';
const link = (href: string) => ({ href, type: TYPE });
const moment = (at: Date) => at.toISOString().replace(/\.\d{3}Z$/, '+00:00');
const EXPIRY = '2034-12-31';

export function shapeCustomer(customer: Customer, { api }: Addresses) {
  const { id, name, email, metadata, createdAt } = customer;
  const self = `${api}customers/${id}`;
  return {
    resource: 'customer',
    id,
    mode: 'test',
    name,
    email,
    locale: null,
    metadata,
    createdAt: moment(createdAt),
    _links: { self: link(self), mandates: link(`${self}/mandates`), payments: link(`${self}/payments`) },
  };
}

export function shapeMandate(mandate: Mandate, { api }: Addresses) {
  const { id, customerId, script, status, number, createdAt } = mandate;
  const details =
    script.method === 'creditcard'
      ? {
          cardHolder: 'A. Customer',
          cardNumber: number,
          cardLabel: 'Visa',
          cardFingerprint: `print${id}`,
          cardExpiryDate: EXPIRY,
        }
      : { consumerName: 'A. Customer', consumerAccount: number, consumerBic: 'STNDNL2A' };
  return {
    resource: 'mandate',
    id,
    mode: 'test',
    status,
    method: script.method,
    details,
    mandateReference: null,
    signatureDate: createdAt.toISOString().slice(0, 10),
    createdAt: moment(createdAt),
    _links: {
      self: link(`${api}customers/${customerId}/mandates/${id}`),
      customer: link(`${api}customers/${customerId}`),
    },
  };
}

export function shapePayment(state: MollieState, payment: Payment, addresses: Addresses, embed: readonly string[]) {
  const { api, checkout } = addresses;
  const { id, amount, status, customerId, mandateId, settlementId, paidAt, failedAt, canceledAt, expiredAt } = payment;
  const chargebacks = state.of(state.chargebacks, id);
  const refunds = state.of(state.refunds, id);
  const refunded = state.refundedMinor(id);
  const self = `${api}payments/${id}`;
  const isPaid = status === 'paid';
  const embedded = {
    ...(embed.includes('refunds') ? { refunds: refunds.map((refund) => shapeRefund(refund, addresses)) } : {}),
    ...(embed.includes('chargebacks')
      ? { chargebacks: chargebacks.map((chargeback) => shapeChargeback(chargeback, addresses)) }
      : {}),
  };
  return {
    resource: 'payment',
    id,
    mode: 'test',
    amount,
    description: payment.description,
    method: payment.method,
    metadata: payment.metadata,
    status,
    sequenceType: payment.sequenceType,
    profileId: 'pfl_StandIn',
    isCancelable: status === 'open' || status === 'pending',
    createdAt: moment(payment.createdAt),
    ...(paidAt ? { paidAt: moment(paidAt) } : {}),
    ...(failedAt ? { failedAt: moment(failedAt) } : {}),
    ...(canceledAt ? { canceledAt: moment(canceledAt) } : {}),
    ...(expiredAt ? { expiredAt: moment(expiredAt) } : {}),
    ...(customerId ? { customerId } : {}),
    ...(mandateId ? { mandateId } : {}),
    ...(settlementId ? { settlementId } : {}),
    ...(isPaid && amount.currency === 'EUR' ? { settlementAmount: amount } : {}),
    ...(isPaid
      ? {
          amountRefunded: amountOf(refunded, amount.currency),
          amountRemaining: amountOf(minorOf(amount) - refunded, amount.currency),
        }
      : {}),
    ...(chargebacks.length > 0 ? { amountChargedBack: amount } : {}),
    ...(payment.redirectUrl ? { redirectUrl: payment.redirectUrl } : {}),
    ...(payment.webhookUrl ? { webhookUrl: payment.webhookUrl } : {}),
    details: paymentDetails(state, payment),
    _links: {
      self: link(self),
      dashboard: { href: `https://my.mollie.com/dashboard/${id}`, type: 'text/html' },
      ...(status === 'open' ? { checkout: { href: `${checkout}/checkout/${id}`, type: 'text/html' } } : {}),
      ...(refunds.length > 0 ? { refunds: link(`${self}/refunds`) } : {}),
      ...(chargebacks.length > 0 ? { chargebacks: link(`${self}/chargebacks`) } : {}),
    },
    ...(embed.length > 0 ? { _embedded: embedded } : {}),
  };
}

function paymentDetails(state: MollieState, payment: Payment) {
  const mandate = payment.mandateId ? state.mandates.get(payment.mandateId) : undefined;
  if (payment.method === 'creditcard') {
    return {
      cardNumber: mandate?.number ?? null,
      cardLabel: 'Visa',
      cardFingerprint: mandate ? `print${mandate.id}` : null,
      ...(payment.reason ? { failureReason: payment.reason, failureMessage: 'The payment failed.' } : {}),
    };
  }
  if (payment.method === 'directdebit') {
    return {
      consumerAccount: mandate?.number ?? null,
      ...(payment.reason ? { bankReasonCode: payment.reason, bankReason: 'The bank refused.' } : {}),
    };
  }
  return null;
}

export function shapeRefund(refund: Refund, { api }: Addresses) {
  const { id, paymentId, amount, status, metadata, description, createdAt } = refund;
  return {
    resource: 'refund',
    id,
    mode: 'test',
    amount,
    status,
    metadata,
    description,
    paymentId,
    createdAt: moment(createdAt),
    ...(amount.currency === 'EUR' ? { settlementAmount: { ...amount, value: `-${amount.value}` } } : {}),
    _links: {
      self: link(`${api}payments/${paymentId}/refunds/${id}`),
      payment: link(`${api}payments/${paymentId}`),
    },
  };
}

export function shapeChargeback(chargeback: Chargeback, { api }: Addresses) {
  const { id, paymentId, amount, reason, createdAt, reversedAt } = chargeback;
  return {
    resource: 'chargeback',
    id,
    amount,
    settlementAmount: { ...amount, value: `-${amount.value}` },
    reason: { code: reason, description: 'The customer does not recognise the payment' },
    paymentId,
    createdAt: moment(createdAt),
    reversedAt: reversedAt ? moment(reversedAt) : null,
    _links: {
      self: link(`${api}payments/${paymentId}/chargebacks/${id}`),
      payment: link(`${api}payments/${paymentId}`),
    },
  };
}

export function shapeSettlement(settlement: Settlement, { api }: Addresses) {
  const { id, amount, fees, createdAt } = settlement;
  const [year, month] = createdAt.toISOString().split('-') as [string, string];
  const self = `${api}settlements/${id}`;
  const cost = { description: 'Credit card', method: 'creditcard', count: 1 };
  return {
    resource: 'settlement',
    id,
    reference: `STND.${year}${month}`,
    createdAt: moment(createdAt),
    settledAt: moment(createdAt),
    status: 'paidout',
    amount,
    periods: {
      [year]: {
        [month]: {
          revenue: [],
          costs: [{ ...cost, amountNet: fees, amountVat: { ...fees, value: '0.00' }, amountGross: fees }],
        },
      },
    },
    _links: { self: link(self), payments: link(`${self}/payments`), refunds: link(`${self}/refunds`) },
  };
}
