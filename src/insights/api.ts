import { z } from 'zod';
import { contact, contactRow } from '../contacts/api.ts';
import {
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
import { message } from '../messages/api.ts';
import { payment, paymentMethod } from '../payments/api.ts';
import { contactAccount } from '../payments/api-account.ts';
import { expiringCard } from '../payments/api-upkeep.ts';

/** What a contact is worth, what needs somebody, and lists that follow both. */

/** Exact historic lifetime value in one currency. ltv = received − refunded − dispute_lost; fee and tax are kept apart. */
export const lifetimeValue = z.object({
  currency: z.string(),
  ltv_minor: sumMinor,
  received_minor: sumMinor,
  refunded_minor: sumMinor,
  dispute_lost_minor: sumMinor,
  fee_minor: sumMinor,
  tax_minor: sumMinor,
  /** Variants by name: net is ltv; gross = received; net_of_fees = ltv − fee; ex_tax = ltv − tax. */
  gross_minor: sumMinor,
  net_of_fees_minor: sumMinor,
  ex_tax_minor: sumMinor,
  payment_count: z.number().int(),
  average_minor: sumMinor.nullable(),
  first_payment_at: moment.nullable(),
  last_payment_at: moment.nullable(),
  /** Days between payments on average; null below two payments. */
  rhythm_days: z.number().nullable(),
  /** Net received per calendar month, oldest first, the last 12 months: the sparkline. */
  months: z.array(z.object({ month: z.string(), net_minor: sumMinor })),
});
export type LifetimeValue = z.infer<typeof lifetimeValue>;

/** `currency` is the workspace's or contact's own when there are no payments yet (ltv 0). Currencies are never added. */
export const lifetimeValues = z.object({ data: z.array(lifetimeValue) });

/**
 * Failed charges of sales, and what lost disputes took of them, that nobody has settled or dismissed. What was meant for
 * invoices is open on them, and stands there.
 */
export const outstanding = z.object({
  currency: z.string(),
  amount_minor: sumMinor,
  count: z.number().int(),
  oldest_at: moment,
});

/** A contact's page in one request. money is null while "Payments and Customer LTV" is off. */
export const contactOverview = z.object({
  contact,
  money: z
    .object({
      can_charge: z.boolean(),
      lifetime_values: z.array(lifetimeValue),
      outstanding: z.array(outstanding),
      failed_charges: z.array(payment),
      payment_methods: z.array(paymentMethod),
      recent_payments: z.array(payment),
      /** What invoices say: open, late, on account, expected, and how they pay; empty without the right to see invoices. */
      account: contactAccount.shape.data,
    })
    .nullable(),
});
export type ContactOverview = z.infer<typeof contactOverview>;

/** Notes and money in one line of time, newest first. */
export const timelineItem = z.discriminatedUnion('type', [
  z.object({ type: z.literal('payment'), at: moment, payment }),
  z.object({
    type: z.literal('note'),
    at: moment,
    note: z.object({
      id: publicId('not'),
      body: z.string(),
      author: z.string(),
      created_at: moment,
      edited_at: moment.nullable(),
    }),
  }),
  z.object({ type: z.literal('message'), at: moment, message }),
  z.object({ type: z.literal('card'), at: moment, event: z.enum(['added', 'removed']), payment_method: paymentMethod }),
]);
export const timelinePage = page(timelineItem);

/** Conditions all hold together. Money conditions name their currency; bands are half-open [min, max). */
export const smartListFilter = z.strictObject({
  ltv: z
    .strictObject({
      currency: currencyCode,
      min_minor: z.number().int().optional(),
      max_minor: z.number().int().optional(),
    })
    .optional(),
  last_payment: z
    .strictObject({ before: givenDate.optional(), after: givenDate.optional(), never: z.literal(true).optional() })
    .optional(),
  has_failed_charge: z.boolean().optional(),
  card_expires_within_days: z.number().int().min(0).max(730).optional(),
  has_card: z.boolean().optional(),
  tag: lineOfText(60).optional(),
  owner_id: publicId('mem').optional(),
  country: z.string().length(2).optional(),
  created: z.strictObject({ before: givenDate.optional(), after: givenDate.optional() }).optional(),
});
export type SmartListFilter = z.infer<typeof smartListFilter>;

export const smartList = z.object({
  id: publicId('lst'),
  name: z.string(),
  filter: smartListFilter,
  count: z.number().int(),
  created_by: z.string(),
  updated_at: moment,
  version: z.number().int(),
});
export type SmartList = z.infer<typeof smartList>;
export const smartLists = z.object({ data: z.array(smartList) });
export const saveSmartList = z.strictObject({ name: lineOfText(80).min(1), filter: smartListFilter });
export const smartListContactsQuery = pageQuery;
/** For trying a filter before saving it. */
export const previewSmartList = z.strictObject({
  filter: smartListFilter,
  cursor: z.string().max(500).optional(),
  limit: z.number().int().min(1).max(200).default(50),
});

/** Home: today's takings and what needs somebody. */
export const home = z.object({
  today: localDate,
  takings: z.array(
    z.object({
      currency: z.string(),
      today_minor: sumMinor,
      today_count: z.number().int(),
      yesterday_minor: sumMinor,
      last_7_days_minor: sumMinor,
      last_30_days_minor: sumMinor,
      previous_30_days_minor: sumMinor,
      days: z.array(z.object({ day: localDate, net_minor: sumMinor })),
    }),
  ),
  attention: z.array(payment),
  attention_count: z.number().int(),
  /** The first few of GET /v1/expiring-cards. */
  expiring_cards: z.array(expiringCard),
  /** Appointments and deals that are done and not invoiced; 0 also for who may not see invoices. */
  to_invoice_count: z.number().int(),
  recent: z.array(payment),
  has_contacts: z.boolean(),
  /** First steps of a new workspace, each done or not. */
  first_steps: z.array(
    z.object({ name: z.enum(['contact', 'card', 'charge', 'import', 'business_details']), done: z.boolean() }),
  ),
  sample_present: z.boolean(),
});
export type Home = z.infer<typeof home>;

/** Shape of GET /v1/top-contacts: most valuable first; `ltv` holds the one currency that was asked for. */
export const topContacts = z.object({
  data: z.array(
    z.object({
      id: publicId('con'),
      name: z.string(),
      payment_count: z.number().int(),
      ltv: z.array(z.object({ currency: z.string(), amount_minor: sumMinor })),
    }),
  ),
});
export type TopContacts = z.infer<typeof topContacts>;
export const topContactsQuery = z.object({
  /** The workspace's own when left out. */
  currency: currencyCode.optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});
export const smartListChanges = saveSmartList.partial();
export const smartListPreview = page(contactRow).extend({ count: z.number().int() });
export const smartListContacts = page(contactRow);
