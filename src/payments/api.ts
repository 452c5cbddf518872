import { z } from 'zod';
import {
  amountMinor,
  currencyCode,
  givenDate,
  lineOfText,
  localDate,
  moment,
  page,
  pageQuery,
  publicId,
  sumMinor,
} from '../foundation/api.ts';
import { allocationList } from './api-account.ts';

/** What the payments room takes and gives over HTTP. Amounts are whole minor units of the currency beside them. */

export const PAYMENT_KINDS = ['charge', 'refund', 'dispute'] as const;
export const PAYMENT_STATUSES = [
  'sent',
  'settled',
  'declined',
  'needs_customer',
  'pending',
  'unknown',
  'canceled',
  'returned',
  'needs_response',
  'withdrawn',
  'won',
  'lost',
  'undone',
] as const;
export const METHOD_KINDS = ['card', 'bank_debit', 'cash', 'cheque', 'bank_transfer', 'other'] as const;
export const OFFLINE_METHOD_KINDS = ['cash', 'cheque', 'bank_transfer', 'other'] as const;
export const PAYMENT_SOURCES = ['charge_now', 'api', 'offline', 'import', 'gateway', 'sample', 'card_link'] as const;
export const LTV_PARTS = ['received', 'refunded', 'dispute_lost', 'fee', 'tax'] as const;

/** Longest description of a payment; what fits a receipt line. */
export const DESCRIPTION_LENGTH_MAX = 500;

export const paymentMethod = z.object({
  id: publicId('pmt'),
  contact_id: publicId('con'),
  gateway: z.string(),
  kind: z.enum(['card', 'bank_debit']),
  brand: z.string(),
  last4: z.string(),
  exp_month: z.number().int().nullable(),
  exp_year: z.number().int().nullable(),
  label: z.string().nullable(),
  is_default: z.boolean(),
  /** expired, removed and blocked methods are shown and cannot be chosen */
  state: z.enum(['usable', 'expired', 'removed', 'blocked']),
  state_reason: z.string().nullable(),
  /** It failed a short while ago: before this moment a charge of it is asked about first. */
  retry_after: moment.nullable(),
  consent: z.object({ text_version: z.string(), channel: z.enum(['web', 'phone', 'paper']), at: moment }),
  added_by: z.string(),
  added_at: moment,
  removed_at: moment.nullable(),
});
export type PaymentMethod = z.infer<typeof paymentMethod>;

export const openCardForm = z.strictObject({
  consent_channel: z.enum(['web', 'phone', 'paper']),
  label: lineOfText(60).optional(),
  /** The gateway that keeps the card; the workspace's own choice when absent. */
  gateway: z.string().min(1).max(40).optional(),
});
/** `url` is the gateway's own form, to be shown in a frame; ask for the form's state until it is not open any more. */
export const cardForm = z.object({
  id: publicId('crd'),
  url: z.string(),
  /** `redirect`: the gateway's form is a page of its own, and cannot be shown in a frame. */
  display: z.enum(['frame', 'redirect']),
  status: z.enum(['open', 'completed', 'refused', 'expired']),
  refused_reason: z.string().nullable(),
  payment_method: paymentMethod.nullable(),
  /** The card was already saved for this contact: the existing one is given, nothing was added twice. */
  duplicate: z.boolean(),
});
export type CardForm = z.infer<typeof cardForm>;

export const editPaymentMethod = z.strictObject({
  label: lineOfText(60).nullable().optional(),
  is_default: z.literal(true).optional(),
});

export const createCharge = z.strictObject({
  amount_minor: amountMinor,
  currency: currencyCode,
  payment_method_id: publicId('pmt'),
  description: lineOfText(DESCRIPTION_LENGTH_MAX).default(''),
  /** The part of the amount that is tax. */
  tax_minor: z.number().int().min(0).default(0),
  /** The failed charge that this one tries again, with this or another method. */
  retry_of: publicId('pay').optional(),
  /** Said after being asked: the same amount was charged to the same contact within ten minutes, and it is meant. */
  confirm_same_again: z.boolean().default(false),
  /** Said after being asked: the card failed a short while ago, and its bank is asked again before it may say yes. */
  confirm_early_retry: z.boolean().default(false),
  /** Invoices that it pays; what is left over stays on the customer's account. An empty list: all of it does. Absent: a sale. */
  allocations: allocationList.optional(),
});
export type CreateCharge = z.input<typeof createCharge>;

export const createRefund = z.strictObject({
  amount_minor: amountMinor,
  reason: z.enum(['requested_by_customer', 'duplicate', 'fraudulent', 'goods_returned', 'other']),
  note: lineOfText(DESCRIPTION_LENGTH_MAX).default(''),
});

export const recordOfflinePayment = z.strictObject({
  amount_minor: amountMinor,
  currency: currencyCode,
  method_kind: z.enum(OFFLINE_METHOD_KINDS),
  received_on: givenDate,
  reference: lineOfText(100).default(''),
  description: lineOfText(DESCRIPTION_LENGTH_MAX).default(''),
  tax_minor: z.number().int().min(0).default(0),
  /** As for charges. */
  allocations: allocationList.optional(),
});

export const decline = z.object({
  code: z.string(),
  class: z.enum(['retry_later', 'other_card', 'ask_customer', 'stop']),
  staff_words: z.string(),
  customer_words: z.string(),
  next_step: z.string(),
  retry_after: moment.nullable(),
});

/** One movement of money: a row of Transactions. */
export const payment = z.object({
  id: publicId('pay'),
  kind: z.enum(PAYMENT_KINDS),
  parent_id: publicId('pay').nullable(),
  contact: z.object({ id: publicId('con'), name: z.string() }),
  status: z.enum(PAYMENT_STATUSES),
  amount_minor: sumMinor,
  currency: z.string(),
  tax_minor: sumMinor,
  fee_minor: sumMinor,
  /** What is left after the fee for settled money; null while nothing has settled. */
  net_minor: sumMinor.nullable(),
  refunded_minor: sumMinor,
  refunding_minor: sumMinor,
  disputed_minor: sumMinor,
  /** What may still be refunded. */
  refundable_minor: sumMinor,
  /** Whether it is a sale of its own, or money on the customer's account that invoices are paid from. */
  purpose: z.enum(['sale', 'account']),
  allocated_minor: sumMinor,
  /** What of it is not allocated yet. */
  on_account_minor: sumMinor,
  method: z.object({ kind: z.enum(METHOD_KINDS), label: z.string(), payment_method_id: publicId('pmt').nullable() }),
  gateway: z.string(),
  gateway_ref: z.string().nullable(),
  description: z.string(),
  reference: z.string().nullable(),
  reason: z.string().nullable(),
  source: z.enum(PAYMENT_SOURCES),
  decline: decline.nullable(),
  /** Where the customer confirms the payment, while they still have to. */
  customer_link: z.string().nullable(),
  needs_action: z.boolean(),
  /** Of disputes: until when evidence is accepted, and whether staff have sent it. */
  dispute: z
    .object({
      evidence_due_at: moment.nullable(),
      evidence_sent_at: moment.nullable(),
      evidence_sent_by: z.string().nullable(),
      evidence_note: z.string(),
    })
    .nullable(),
  /** Of charges: when the card's network called it a fraud; a refund in time spares the dispute. */
  fraud_warned_at: moment.nullable(),
  retry_of: publicId('pay').nullable(),
  occurred_at: moment,
  created_at: moment,
  settled_at: moment.nullable(),
  created_by: z.string(),
  has_receipt: z.boolean(),
  test: z.boolean(),
});
export type Payment = z.infer<typeof payment>;

export const paymentDetail = payment.extend({
  transitions: z.array(
    z.object({
      from: z.string().nullable(),
      to: z.string(),
      at: moment,
      by: z.string(),
      via: z.string(),
      why: z.string(),
    }),
  ),
  ledger_lines: z.array(
    z.object({
      entry_id: publicId('ent'),
      booking: z.string(),
      effective_on: localDate,
      recorded_at: moment,
      debit: z.string(),
      credit: z.string(),
      amount_minor: sumMinor,
      currency: z.string(),
    }),
  ),
  events: z.array(
    z.object({ id: publicId('evt'), type: z.string(), received_at: moment, result: z.string().nullable() }),
  ),
  /** Refunds and disputes of a charge; the failed and the repeated tries of the same payment. */
  related: z.array(payment),
  /** What the gateway reported of the settled money, in the currency that the account is settled in; null until it does. */
  settlement: z
    .object({
      currency: z.string(),
      gross_minor: sumMinor,
      fee_minor: sumMinor,
      net_minor: sumMinor,
      /** Settlement currency per unit of the payment's, as the gateway wrote it; null where they are the same. */
      exchange_rate: z.string().nullable(),
      balance_ref: z.string().nullable(),
      payout_ref: z.string().nullable(),
      available_at: moment.nullable(),
    })
    .nullable(),
  /** In plain words, where the money is now. */
  where_now: z.string(),
  idempotency_key: z.string().nullable(),
});
export type PaymentDetail = z.infer<typeof paymentDetail>;

/** One value or several, comma separated: `status=declined,returned`. */
const listOf = <T extends string>(values: readonly [T, ...T[]]) =>
  z
    .string()
    .regex(
      new RegExp(`^(${values.join('|')})(,(${values.join('|')}))*$`),
      `One or several of ${values.join(', ')}, separated by commas.`,
    )
    .optional();

export const paymentFilter = z.object({
  kind: listOf(PAYMENT_KINDS),
  status: listOf(PAYMENT_STATUSES),
  method: listOf(METHOD_KINDS),
  gateway: z.string().max(40).optional(),
  source: listOf(PAYMENT_SOURCES),
  contact: publicId('con').optional(),
  currency: currencyCode.optional(),
  /** First and last day, in the business's zone, both included. */
  from: givenDate.optional(),
  to: givenDate.optional(),
  amount_min: z.coerce.number().int().min(0).optional(),
  amount_max: z.coerce.number().int().min(0).optional(),
  needs_action: z.enum(['true', 'false']).optional(),
  /** Only with `contact`: exactly the payments that this part of their lifetime value adds up. */
  ltv_part: z.enum(LTV_PARTS).optional(),
});
export const listPaymentsQuery = paymentFilter.extend(pageQuery.shape);
export const paymentPage = page(payment);

/** Sums per currency over everything the filter matches; refunds and disputes are counted apart. */
export const paymentTotals = z.object({
  data: z.array(
    z.object({
      currency: z.string(),
      count: z.number().int(),
      charged_minor: sumMinor,
      refunded_minor: sumMinor,
      disputed_minor: sumMinor,
      /** settled charges − settled refunds − withdrawn or lost disputes */
      net_minor: sumMinor,
    }),
  ),
});
export type PaymentTotals = z.infer<typeof paymentTotals>;

export const receipt = z.object({
  id: publicId('rcp'),
  number: z.string(),
  payment_id: publicId('pay'),
  issued_at: moment,
  /** Of the customer when it was written (BCP 47): the language and figures of its PDF. */
  locale: z.string(),
  test: z.boolean(),
  business: z.object({ name: z.string(), address: z.string(), tax_id: z.string() }),
  customer: z.object({ name: z.string(), address: z.string(), tax_id: z.string() }),
  kind: z.enum(['payment', 'refund']),
  amount_minor: sumMinor,
  tax_minor: sumMinor,
  currency: z.string(),
  method: z.string(),
  description: z.string(),
  paid_on: localDate,
});
export type Receipt = z.infer<typeof receipt>;

/** Recent descriptions offered while typing a new charge. */
export const recentDescriptions = z.object({ data: z.array(z.string()) });

export const cardUpdateMessage = z.object({ to: z.string().nullable(), subject: z.string(), body: z.string() });

/** Whether a gateway's messages come. Counts are of the last `days`. */
export const gatewayHealth = z.object({
  gateway: z.string(),
  days: z.number().int(),
  /** The last message that the gateway sent by itself, and how long after the event it came. */
  last_event: z.object({ type: z.string(), received_at: moment, delay_ms: z.number().int().nullable() }).nullable(),
  received: z.number().int(),
  /** Stored and not worked on yet. */
  waiting: z.number().int(),
  /** Not signed as agreed, too old, or no text: they changed nothing. */
  not_believed: z.number().int(),
  last_not_believed_at: moment.nullable(),
  /** Told before: they changed nothing. */
  repeated: z.number().int(),
  /** Messages that never came and were found in the gateway's own list. */
  found_by_sweep: z.number().int(),
  /** Null where the gateway keeps no such list; open payments are asked about instead. */
  sweep: z
    .object({ swept_at: moment.nullable(), failure: z.string().nullable(), last_found_at: moment.nullable() })
    .nullable(),
});
export type GatewayHealth = z.infer<typeof gatewayHealth>;

export const gatewayPayout = z.object({
  id: publicId('pyo'),
  gateway: z.string(),
  payout_ref: z.string(),
  amount_minor: sumMinor,
  currency: z.string(),
  status: z.enum(['pending', 'in_transit', 'paid', 'failed', 'canceled']),
  arrives_on: localDate.nullable(),
  itemised: z.boolean().nullable(),
  created_at: moment,
});
export const gatewayPayouts = z.object({ data: z.array(gatewayPayout) });

const stepCounts = z.object({
  seen: z.number().int(),
  written: z.number().int(),
  already_there: z.number().int(),
  /** Reason → how many. */
  left_out: z.record(z.string(), z.number().int()),
});
export const GATEWAY_IMPORT_STEPS = [
  'customers',
  'charges',
  'refunds',
  'disputes',
  'payouts',
  'balance',
  'tie_out',
] as const;

/** What an account had before it was connected, brought over. */
export const gatewayImport = z.object({
  id: publicId('imp'),
  gateway: z.string(),
  status: z.enum(['running', 'done', 'failed', 'canceled']),
  step: z.enum(GATEWAY_IMPORT_STEPS),
  counts: z.record(z.string(), stepCounts),
  /** The gateway's own ledger beside the book, per kind and currency of the account; null until everything is written. */
  tie_out: z
    .object({
      equal: z.boolean(),
      lines: z.array(
        z.object({
          kind: z.string(),
          currency: z.string(),
          theirs_minor: sumMinor,
          ours_minor: sumMinor,
          why: z.array(z.string()),
        }),
      ),
    })
    .nullable(),
  failure: z.string().nullable(),
  started_by: z.string(),
  started_at: moment,
  updated_at: moment,
  finished_at: moment.nullable(),
});
export type GatewayImport = z.infer<typeof gatewayImport>;
export const gatewayImports = z.object({ data: z.array(gatewayImport) });
export const startGatewayImport = z.strictObject({ gateway: z.string().min(1).max(40) });
