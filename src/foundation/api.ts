import { z } from 'zod';
import { isCurrency } from './currency.ts';
import { AMOUNT_MINOR_MAX } from './money.ts';

/** Schema pieces that every room's api.ts is made of. Pure: the web program imports these too. */

const ID_BODY = '[0-9a-hjkmnp-tv-z]{26}';

/** An id as the API shows it: `con_` and 26 characters. */
export const publicId = (prefix: string) =>
  z.string().regex(new RegExp(`^${prefix}_${ID_BODY}$`), `An id that begins with ${prefix}_ is expected.`);

/** Whole minor units (cents, yen, fils) as a JSON integer. */
export const amountMinor = z
  .number()
  .int('Whole minor units are expected (cents for USD): 12.50 is 1250.')
  .min(1, 'The amount must be more than zero.')
  .max(Number(AMOUNT_MINOR_MAX), `At most ${AMOUNT_MINOR_MAX} minor units in one payment.`);

/** A sum of money in an answer: may be zero or negative. */
export const sumMinor = z.number().int();

export const currencyCode = z
  .string()
  .length(3, 'A currency has three letters, such as USD.')
  .refine((code) => isCurrency(code), 'This is not an ISO 4217 currency known here (upper case, such as USD).');

export const moment = z.iso.datetime();
/** A calendar date in an answer. */
export const localDate = z.iso.date();
/**
 * A calendar date that somebody gives. Years outside these are typing errors, and some of them (0000) are none to the
 * database; what is counted from a date (terms, instalments, schedules) may lie beyond it.
 */
export const givenDate = localDate
  .refine((date) => /^(?:19|20|21)/.test(date), 'A date between 1900 and 2199 is expected.')
  .meta({ description: 'A date from 1900-01-01 to 2199-12-31.' });
export const emailAddress = z.email('An e-mail address is expected.').max(254);

/** Control characters only come from accidents and attacks; U+FFFD is what broken text becomes. */
function holdsOddCharacters(text: string, allowed: string): boolean {
  for (const character of text) {
    const code = character.codePointAt(0)!;
    if ((code < 0x20 && !allowed.includes(character)) || code === 0x7f || code === 0xfffd) return true;
    // Half of a pair: it would be stored as U+FFFD.
    if (code >= 0xd800 && code <= 0xdfff) return true;
  }
  return false;
}

const ODD_CHARACTERS = 'Control characters and broken text are not accepted here.';

/** Free text of one line. */
export const lineOfText = (lengthMax: number) =>
  z
    .string()
    .trim()
    .max(lengthMax, `At most ${lengthMax} characters.`)
    .refine((text) => !holdsOddCharacters(text, ''), ODD_CHARACTERS);

/** Free text of several lines. */
export const textBlock = (lengthMax: number) =>
  z
    .string()
    .max(lengthMax, `At most ${lengthMax} characters.`)
    .refine((text) => !holdsOddCharacters(text, '\t\n\r'), ODD_CHARACTERS);

/** Pages by cursor: `next_cursor` is null on the last one. */
export const page = <T extends z.ZodType>(item: T) =>
  z.object({ data: z.array(item), next_cursor: z.string().nullable() });

/** Most rows on one page: a screenful several times over, and small enough to answer quickly. */
export const PAGE_SIZE_MAX = 200;
export const PAGE_SIZE_DEFAULT = 50;

export const pageQuery = z.object({
  cursor: z.string().max(500).optional(),
  limit: z.coerce.number().int().min(1).max(PAGE_SIZE_MAX).default(PAGE_SIZE_DEFAULT),
});

export const problem = z.object({
  type: z.string(),
  code: z.string(),
  status: z.number().int(),
  title: z.string(),
  detail: z.string(),
  retry: z.boolean(),
  fields: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});
export type Problem = z.infer<typeof problem>;
