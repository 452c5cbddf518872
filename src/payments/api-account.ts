import { z } from 'zod';
import { amountMinor, localDate, publicId, sumMinor } from '../foundation/api.ts';

/** Money on a customer's account, and which of it pays which invoice. Pure: the web program imports these too. */

export const allocationList = z
  .array(z.strictObject({ invoice_id: publicId('inv'), amount_minor: amountMinor }))
  .max(100, 'At most 100 invoices in one payment.')
  .refine((list) => new Set(list.map((one) => one.invoice_id)).size === list.length, 'Each invoice stands here once.');

/** Money on account that is put to invoices now; the oldest payment first unless one is named. */
export const applyAccount = z.strictObject({
  payment_id: publicId('pay').optional(),
  allocations: allocationList.min(1),
});
export const allocation = z.object({
  id: publicId('alc'),
  payment_id: publicId('pay'),
  invoice: z.object({ id: publicId('inv'), number: z.string().nullable() }),
  amount_minor: sumMinor,
  discount_minor: sumMinor,
  currency: z.string(),
  allocated_on: localDate,
  by: z.string(),
});
export type Allocation = z.infer<typeof allocation>;
export const allocationAnswers = z.object({ data: z.array(allocation) });

/** What a contact owes and has, per currency. */
export const contactAccount = z.object({
  data: z.array(
    z.object({
      currency: z.string(),
      open_minor: sumMinor,
      overdue_minor: sumMinor,
      on_account_minor: sumMinor,
      /** In credit notes that are about no open invoice and were not paid out: less is owed by as much. */
      credit_notes_minor: sumMinor,
      /** The nearest date from today on with something to come. */
      next_expected: z.object({ on: localDate, amount_minor: sumMinor }).nullable(),
      /** Instalments whose date has passed without being met. */
      missed_count: z.number().int(),
      paid_count: z.number().int(),
      /** How invoices were paid so far; null below three paid ones. */
      behaviour: z.object({ on_time_count: z.number().int(), average_days: z.number().int() }).nullable(),
    }),
  ),
});
export type ContactAccount = z.infer<typeof contactAccount>;
