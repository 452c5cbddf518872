import { z } from 'zod';
import { givenDate, localDate, sumMinor } from '../foundation/api.ts';
import { MOVEMENT_KINDS } from './account-statement.ts';
import { contactIdOf } from './api.ts';

/** What a customer's statement of account is asked for and answers. Pure: the web program imports these too. */

export const statementQuery = z.object({
  /** Calendar days of the business, both in it: without them from the first day of the year of `to`, until today. */
  from: givenDate.optional(),
  to: givenDate.optional(),
});

const document = z.object({ id: z.string(), number: z.string() });

/** Amounts in minor units. Plus is owed to the business, minus was paid or credited. */
const account = z.object({
  currency: z.string(),
  opening_minor: sumMinor,
  closing_minor: sumMinor,
  movements: z.array(
    z.object({
      on: localDate,
      kind: z.enum(MOVEMENT_KINDS),
      /** It takes back what was booked before. */
      reversal: z.boolean(),
      document: document.nullable(),
      amount_minor: sumMinor,
      balance_minor: sumMinor,
    }),
  ),
  /** Of what something was open at the end of the last day; what is due first stands in front. */
  open: z.array(
    z.object({
      document,
      issued_on: localDate.nullable(),
      due_on: localDate.nullable(),
      open_minor: sumMinor,
      overdue_minor: sumMinor,
    }),
  ),
  not_due_minor: sumMinor,
  overdue_1_30_minor: sumMinor,
  overdue_31_60_minor: sumMinor,
  overdue_61_90_minor: sumMinor,
  overdue_over_90_minor: sumMinor,
  /** Money of the customer that paid nothing yet: what is open less this is the closing balance. */
  on_account_minor: sumMinor,
});

export const accountStatement = z.object({
  contact: z.object({ id: contactIdOf, name: z.string() }),
  from: localDate,
  to: localDate,
  accounts: z.array(account),
});
export type AccountStatementAnswer = z.infer<typeof accountStatement>;
