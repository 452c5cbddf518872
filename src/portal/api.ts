import { z } from 'zod';
import { moment, publicId } from '../foundation/api.ts';
import { LINK_HOURS_MAX } from './card-link.ts';

/** What the portal's doors for staff and programs take and give. Customers get pages. */

export const makeCardLink = z.strictObject({
  /** The failed charge that the card is asked for. */
  payment_id: publicId('pay').optional(),
  expires_in_hours: z.number().int().min(1).max(LINK_HOURS_MAX).optional(),
});
export type MakeCardLink = z.input<typeof makeCardLink>;

export const cardLink = z.object({
  id: publicId('clk'),
  contact_id: publicId('con'),
  payment_id: publicId('pay').nullable(),
  state: z.enum(['open', 'used', 'expired', 'revoked']),
  created_by: z.string(),
  created_at: moment,
  expires_at: moment,
  /** When the customer first saw its page. */
  opened_at: moment.nullable(),
  used_at: moment.nullable(),
  payment_method_id: publicId('pmt').nullable(),
});
export type CardLink = z.infer<typeof cardLink>;

/** The address is in this answer only; later nobody can read it, only its hash is kept. */
export const newCardLink = cardLink.extend({
  url: z.string(),
  /** A message that carries the link, to be sent by one's own mail program. */
  message: z.object({ to: z.string().nullable(), subject: z.string(), body: z.string() }),
});
export type NewCardLink = z.infer<typeof newCardLink>;

export const cardLinks = z.object({ data: z.array(cardLink) });
