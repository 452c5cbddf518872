import { z } from 'zod';
import { lineOfText, localDate, moment, publicId } from '../foundation/api.ts';
import { DESCRIPTION_LENGTH_MAX, paymentMethod } from './api.ts';

/** What disputes and expiring cards ask of people, over HTTP. */

/** Evidence for a dispute goes to the gateway; here it is said that it was sent, and what. */
export const markEvidenceSent = z.strictObject({ note: lineOfText(DESCRIPTION_LENGTH_MAX).default('') });

/** A saved card that expires soon (or has) and is needed for something. */
export const expiringCard = z.object({
  contact: z.object({ id: publicId('con'), name: z.string() }),
  payment_method: paymentMethod,
  /** The last day it is good. */
  expires_on: localDate,
  days_left: z.number().int(),
  /** A failed charge that is open, or that the contact was charged within 90 days and this is their default card. */
  needed_for: z.enum(['failed_charge', 'recent_charges']),
  last_charged_at: moment.nullable(),
});
export type ExpiringCard = z.infer<typeof expiringCard>;
export const expiringCards = z.object({ data: z.array(expiringCard) });
