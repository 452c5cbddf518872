import type { MethodScript } from './test-methods.ts';

/** Objects as Stripe's API has them, with what they refer to as ids. Shapes are checked against its published description. */
export interface StripeObject {
  id: string;
  object: string;
  created: number;
  [field: string]: unknown;
}

type Metadata = Record<string, string>;
export interface LastError {
  type: string;
  code: string;
  decline_code?: string;
  advice_code?: string;
  message: string;
  payment_method?: StripeObject;
}
export interface Customer extends StripeObject {
  name: string | null;
  email: string | null;
  metadata: Metadata;
}
export interface Method extends StripeObject {
  customer: string | null;
  type: MethodScript['type'];
}
export interface Intent extends StripeObject {
  amount: number;
  currency: string;
  customer: string | null;
  payment_method: string | null;
  status: string;
  metadata: Metadata;
  client_secret: string;
  latest_charge: string | null;
  last_payment_error: LastError | null;
}
export interface SetupIntent extends StripeObject {
  customer: string | null;
  payment_method: string | null;
  status: string;
  client_secret: string;
  last_setup_error: LastError | null;
}
export interface Charge extends StripeObject {
  amount: number;
  amount_refunded: number;
  currency: string;
  payment_intent: string | null;
  payment_method: string | null;
  status: string;
  balance_transaction: string | null;
  disputed: boolean;
  metadata: Metadata;
}
export interface Refund extends StripeObject {
  amount: number;
  charge: string;
  currency: string;
  status: string;
  metadata: Metadata;
}
export interface BalanceLine extends StripeObject {
  amount: number;
  fee: number;
  net: number;
  currency: string;
  source: string | null;
  payout?: string;
}
export interface Dispute extends StripeObject {
  amount: number;
  charge: string;
  currency: string;
  status: string;
  balance_transactions: BalanceLine[];
}
export interface Payout extends StripeObject {
  amount: number;
  currency: string;
  status: string;
  automatic: boolean;
  reconciliation_status: string;
}
export interface StripeEvent extends StripeObject {
  type: string;
  data: { object: StripeObject };
}

const ADDRESS = { city: null, country: null, line1: null, line2: null, postal_code: null, state: null };
const BILLING = { address: ADDRESS, email: null, name: null, phone: null, tax_id: null };

export function makeMethod(base: { id: string; created: number; name: string }, script: MethodScript): Method {
  const method: Method = {
    id: base.id,
    object: 'payment_method',
    created: base.created,
    customer: null,
    type: script.type,
    livemode: false,
    metadata: {},
    allow_redisplay: 'unspecified',
    billing_details: BILLING,
  };
  if (script.type === 'card') {
    method.card = {
      brand: script.brand,
      last4: script.last4,
      exp_month: 8,
      exp_year: 2031,
      fingerprint: `fp_${base.name}`,
      funding: 'credit',
      country: 'US',
      checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: 'pass' },
      networks: { available: ['visa'], preferred: null },
      three_d_secure_usage: { supported: true },
      wallet: null,
      generated_from: null,
      display_brand: script.brand,
      regulated_status: 'unregulated',
    };
  } else if (script.type === 'us_bank_account') {
    method.us_bank_account = {
      account_holder_type: 'individual',
      account_type: 'checking',
      bank_name: script.brand,
      financial_connections_account: null,
      fingerprint: `fp_${base.name}`,
      last4: script.last4,
      networks: { preferred: 'ach', supported: ['ach'] },
      routing_number: '110000000',
      status_details: {},
    };
  } else if (script.type === 'sepa_debit') {
    method.sepa_debit = {
      bank_code: '37040044',
      branch_code: '',
      country: 'DE',
      fingerprint: `fp_${base.name}`,
      generated_from: { charge: null, setup_attempt: null },
      last4: script.last4,
    };
  } else {
    method.link = { email: 'payer@example.com' };
  }
  return method;
}

export function makeIntent(
  base: Pick<Intent, 'id' | 'created' | 'amount' | 'currency' | 'customer' | 'payment_method' | 'metadata'> & {
    description: string | null;
  },
): Intent {
  return {
    object: 'payment_intent',
    ...base,
    status: 'requires_confirmation',
    client_secret: `${base.id}_secret_${base.id.slice(-6)}stand1n`,
    latest_charge: null,
    last_payment_error: null,
    amount_capturable: 0,
    amount_received: 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: { allow_redirects: 'never', enabled: true },
    canceled_at: null,
    cancellation_reason: null,
    capture_method: 'automatic_async',
    confirmation_method: 'automatic',
    livemode: false,
    next_action: null,
    on_behalf_of: null,
    payment_method_configuration_details: null,
    payment_method_options: {},
    payment_method_types: ['card', 'us_bank_account'],
    processing: null,
    receipt_email: null,
    review: null,
    setup_future_usage: null,
    shipping: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    transfer_data: null,
    transfer_group: null,
  };
}

export function makeSetupIntent(base: {
  id: string;
  created: number;
  customer: string | null;
  metadata: Metadata;
}): SetupIntent {
  return {
    object: 'setup_intent',
    ...base,
    status: 'requires_payment_method',
    client_secret: `${base.id}_secret_${base.id.slice(-6)}stand1n`,
    payment_method: null,
    last_setup_error: null,
    application: null,
    automatic_payment_methods: { allow_redirects: 'always', enabled: true },
    cancellation_reason: null,
    description: null,
    flow_directions: null,
    latest_attempt: null,
    livemode: false,
    mandate: null,
    next_action: null,
    on_behalf_of: null,
    payment_method_configuration_details: null,
    payment_method_options: {},
    payment_method_types: ['card', 'us_bank_account'],
    single_use_mandate: null,
    usage: 'off_session',
  };
}

export function makeCharge(
  base: Pick<
    Charge,
    'id' | 'created' | 'amount' | 'currency' | 'payment_intent' | 'payment_method' | 'status' | 'metadata'
  > & {
    customer: string | null;
    description: string | null;
  },
  script: MethodScript,
  failure: LastError | null,
): Charge {
  const paid = base.status === 'succeeded';
  const details =
    script.type === 'card'
      ? { type: 'card', card: cardDetails(script) }
      : { type: script.type, [script.type]: { bank_name: script.brand, last4: script.last4 } };
  return {
    object: 'charge',
    ...base,
    amount_captured: paid ? base.amount : 0,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: null,
    billing_details: BILLING,
    calculated_statement_descriptor: 'HARBOUR STUDIO',
    captured: paid,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: failure?.code ?? null,
    failure_message: failure?.message ?? null,
    fraud_details: {},
    livemode: false,
    on_behalf_of: null,
    outcome: null,
    paid,
    payment_method_details: details,
    receipt_email: null,
    receipt_number: null,
    receipt_url: null,
    refunded: false,
    review: null,
    shipping: null,
    source_transfer: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    transfer_data: null,
    transfer_group: null,
  };
}

function cardDetails(script: MethodScript) {
  return {
    amount_authorized: null,
    authorization_code: null,
    brand: script.brand,
    checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: null },
    country: 'US',
    exp_month: 8,
    exp_year: 2031,
    fingerprint: null,
    funding: 'credit',
    installments: null,
    last4: script.last4,
    mandate: null,
    network: script.brand,
    network_token: { used: false },
    network_transaction_id: null,
    regulated_status: 'unregulated',
    three_d_secure: null,
    wallet: null,
  };
}

export function makeBalanceLine(
  base: Pick<BalanceLine, 'id' | 'created' | 'amount' | 'fee' | 'currency' | 'source'> & {
    type: string;
    reporting_category: string;
    exchange_rate: number | null;
  },
): BalanceLine {
  return {
    object: 'balance_transaction',
    ...base,
    net: base.amount - base.fee,
    available_on: base.created + 2 * 86_400,
    balance_type: 'payments',
    description: null,
    fee_details:
      base.fee === 0
        ? []
        : [
            {
              amount: base.fee,
              application: null,
              currency: base.currency,
              description: 'Stripe processing fees',
              type: 'stripe_fee',
            },
          ],
    status: 'pending',
  };
}

export function makeRefund(
  base: Pick<Refund, 'id' | 'created' | 'amount' | 'charge' | 'currency' | 'status' | 'metadata'> & {
    payment_intent: string | null;
    balance_transaction: string;
  },
): Refund {
  return {
    object: 'refund',
    ...base,
    destination_details: { type: 'card' },
    reason: null,
    receipt_number: null,
    source_transfer_reversal: null,
    transfer_reversal: null,
  };
}

export function makeDispute(
  base: Pick<Dispute, 'id' | 'created' | 'amount' | 'charge' | 'currency'> & { payment_intent: string | null },
): Dispute {
  return {
    object: 'dispute',
    ...base,
    status: 'needs_response',
    balance_transactions: [],
    enhanced_eligibility_types: [],
    evidence: EVIDENCE,
    evidence_details: {
      due_by: base.created + 9 * 86_400,
      enhanced_eligibility: {},
      has_evidence: false,
      past_due: false,
      submission_count: 0,
    },
    is_charge_refundable: false,
    livemode: false,
    metadata: {},
    reason: 'fraudulent',
    payment_method_details: {
      type: 'card',
      card: { brand: 'visa', case_type: 'chargeback', network_reason_code: '10.4' },
    },
  };
}

const EVIDENCE = Object.fromEntries(
  (
    'access_activity_log billing_address cancellation_policy cancellation_policy_disclosure cancellation_rebuttal ' +
    'customer_communication customer_email_address customer_name customer_purchase_ip customer_signature ' +
    'duplicate_charge_documentation duplicate_charge_explanation duplicate_charge_id product_description receipt ' +
    'refund_policy refund_policy_disclosure refund_refusal_explanation service_date service_documentation ' +
    'shipping_address shipping_carrier shipping_date shipping_documentation shipping_tracking_number ' +
    'uncategorized_file uncategorized_text'
  )
    .split(' ')
    .map((field): [string, unknown] => [field, null])
    .concat([['enhanced_evidence', {}]]),
);

export function makePayout(base: Pick<Payout, 'id' | 'created' | 'amount' | 'currency'>): Payout {
  return {
    object: 'payout',
    ...base,
    status: 'paid',
    automatic: true,
    reconciliation_status: 'completed',
    application_fee: null,
    application_fee_amount: null,
    arrival_date: base.created + 2 * 86_400,
    balance_transaction: null,
    description: 'STRIPE PAYOUT',
    destination: null,
    failure_balance_transaction: null,
    failure_code: null,
    failure_message: null,
    livemode: false,
    metadata: {},
    method: 'standard',
    original_payout: null,
    payout_method: null,
    reversed_by: null,
    source_type: 'card',
    statement_descriptor: null,
    trace_id: null,
    type: 'bank_account',
  };
}

export function makeCustomer(
  base: Pick<Customer, 'id' | 'created' | 'name' | 'email' | 'metadata'> & { phone: string | null },
): Customer {
  return {
    object: 'customer',
    ...base,
    address: null,
    balance: 0,
    currency: null,
    default_source: null,
    delinquent: false,
    description: null,
    discount: null,
    invoice_prefix: 'A1B2C3D4',
    invoice_settings: { custom_fields: null, default_payment_method: null, footer: null, rendering_options: null },
    livemode: false,
    next_invoice_sequence: 1,
    preferred_locales: [],
    shipping: null,
    tax_exempt: 'none',
    test_clock: null,
  };
}

export function makeEvent(base: { id: string; created: number; type: string }, object: StripeObject): StripeEvent {
  return {
    object: 'event',
    ...base,
    api_version: '2026-10-28.endive',
    livemode: false,
    pending_webhooks: 1,
    request: { id: null, idempotency_key: null },
    data: { object: structuredClone(object) },
  };
}
