import { z } from 'zod';
import { emailAddress, textBlock } from '../foundation/api.ts';
import { message } from '../messages/api.ts';

/** How a document is sent: to whom (the contact's address unless another is given), and what is said. */
export const newSending = z.strictObject({
  to: emailAddress.optional(),
  /** Takes the place of the usual sentence. Plain text. */
  message: textBlock(5_000).optional(),
  attach_pdf: z.boolean().default(true),
});
export type NewSending = z.infer<typeof newSending>;
export type NewSendingBody = z.input<typeof newSending>;

export const sending = message;
export const sendings = z.object({ data: z.array(message) });
export type Sendings = z.infer<typeof sendings>;
