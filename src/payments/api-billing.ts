import { z } from 'zod';
import { givenDate, localDate, moment, publicId } from '../foundation/api.ts';

/** How a contact is billed, and what was charged by itself. Pure: the web program imports these too. */

export const contactBilling = z.object({
  terms_id: publicId('trm').nullable(),
  /** The method that the customer agreed to have charged on due dates; null: nothing is charged by itself. */
  auto_charge: z
    .object({
      payment_method_id: publicId('pmt'),
      /** "Visa ·· 4242", and why it cannot be charged now; null where it can. */
      method_label: z.string(),
      method_problem: z.string().nullable(),
      consent_channel: z.enum(['web', 'phone', 'paper']),
      /** The day on which the customer agreed. */
      agreed_on: localDate,
      /** Version of the words that they agreed to; null where it was not kept. */
      consent_text_version: z.string().nullable(),
      /** When and by whom that was noted. */
      consent_at: moment,
      by: z.string(),
    })
    .nullable(),
});
export type ContactBilling = z.infer<typeof contactBilling>;
export const contactBillingChanges = z
  .strictObject({
    terms_id: publicId('trm').nullable(),
    auto_charge: z
      .strictObject({
        payment_method_id: publicId('pmt'),
        consent_channel: z.enum(['web', 'phone', 'paper']),
        /** The day on which the customer agreed; absent: today. */
        agreed_on: givenDate.optional(),
      })
      .nullable(),
  })
  .partial();
export type ContactBillingChanges = z.output<typeof contactBillingChanges>;

export const autoCharges = z.object({
  data: z.array(
    z.object({
      due_on: localDate,
      /** Tries whose outcome is known. */
      tries: z.number().int(),
      /** When it is tried next, or looked at again; null: not any more. */
      next_at: moment.nullable(),
      payment_id: publicId('pay').nullable(),
      ended: z.enum(['paid', 'no_method', 'gave_up', 'refused', 'joined']).nullable(),
      /** Why it waits or ended, for people. */
      reason: z.string().nullable(),
    }),
  ),
});
