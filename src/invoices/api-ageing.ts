import { z } from 'zod';
import { currencyCode, givenDate, localDate, page, pageQuery, sumMinor } from '../foundation/api.ts';
import { contactIdOf } from './api.ts';

/** What the ageing report is asked for and answers. Pure: the web program imports these too. */

export const ageingFilter = z.object({
  /** A calendar day of the business, today at the latest; without it today. */
  as_of: givenDate.optional(),
  currency: currencyCode.optional(),
});
export const ageingQuery = ageingFilter.extend(pageQuery.shape);

/** Minor units. What is open is the sum of its five parts; money on account stands beside it and is never taken off. */
const aged = {
  currency: z.string(),
  open_minor: sumMinor,
  not_due_minor: sumMinor,
  overdue_1_30_minor: sumMinor,
  overdue_31_60_minor: sumMinor,
  overdue_61_90_minor: sumMinor,
  overdue_over_90_minor: sumMinor,
  on_account_minor: sumMinor,
};

/** One customer (everybody merged into them too) in one currency. */
export const ageingRow = z.object({ contact: z.object({ id: contactIdOf, name: z.string() }), ...aged });
export type AgeingRow = z.infer<typeof ageingRow>;

export const ageingTotal = z.object({
  ...aged,
  /** What the ledger's account of receivables stood at on that day. */
  receivables_account_minor: sumMinor,
  /** Whether what is open is that, to the cent. */
  agrees: z.boolean(),
});
export type AgeingTotal = z.infer<typeof ageingTotal>;

export const ageing = page(ageingRow).extend({
  as_of: localDate,
  /** Every currency in which something was owed or on account, whichever the rows are narrowed to. */
  totals: z.array(ageingTotal),
});
export type Ageing = z.infer<typeof ageing>;
