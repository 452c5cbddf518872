import { z } from 'zod';
import { emailAddress, givenDate, moment, publicId, textBlock } from '../foundation/api.ts';
import { LINK_HOURS_MAX } from './card-link.ts';
import { VALID_DAYS_MAX } from './customer-link.ts';

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

export const makeCustomerLink = z.strictObject({
  expires_in_days: z.number().int().min(1).max(VALID_DAYS_MAX).optional(),
  /** Sends the link to the contact's own e-mail address. */
  send: z.boolean().default(false),
});
export type MakeCustomerLink = z.input<typeof makeCustomerLink>;

export const customerLink = z.object({
  id: publicId('mlk'),
  contact_id: publicId('con'),
  state: z.enum(['open', 'expired', 'revoked']),
  created_by: z.string(),
  created_at: moment,
  expires_at: moment,
  /** When the customer first saw their page by it. */
  opened_at: moment.nullable(),
});
export type CustomerLink = z.infer<typeof customerLink>;

/** The address is in this answer only; later nobody can read it, only its hash is kept. */
export const newCustomerLink = customerLink.extend({ url: z.string(), sent_to: z.string().nullable() });
export type NewCustomerLink = z.infer<typeof newCustomerLink>;

export const customerLinks = z.object({ data: z.array(customerLink) });

export const customerPageSettings = z.object({
  /** How long a link made by staff leads to the page. */
  valid_days: z.number().int().min(1).max(VALID_DAYS_MAX),
  /** Whether customers may ask for a link by their e-mail address, at `ask_url`. */
  sends_on_request: z.boolean(),
  /** Whether customers may change their contact data. */
  edits_details: z.boolean(),
  ask_url: z.string(),
  version: z.number().int(),
});
export const customerPageChanges = z.strictObject(
  customerPageSettings.omit({ ask_url: true, version: true }).partial().shape,
);

/** A statement of account by e-mail: for which days (as GET …/statement has them), to whom, and what is said. */
export const statementSending = z.strictObject({
  from: givenDate.optional(),
  /** The last day, in it. */
  until: givenDate.optional(),
  /** Absent: the contact's own address. To another one no link to the customer's page goes along. */
  to: emailAddress.optional(),
  /** Takes the place of the usual sentence. Plain text. */
  message: textBlock(5_000).optional(),
});
export type StatementSending = z.output<typeof statementSending>;
export type StatementSendingBody = z.input<typeof statementSending>;
