import { z } from 'zod';
import { moment, publicId } from '../foundation/api.ts';

/** A file of a document, without its bytes. */
export const attachment = z.object({
  id: publicId('att'),
  name: z.string(),
  media_type: z.string(),
  size_bytes: z.number().int(),
  added_at: moment,
  added_by: z.string(),
});
export type AttachmentAnswer = z.infer<typeof attachment>;
export const attachments = z.object({ data: z.array(attachment) });
export type Attachments = z.infer<typeof attachments>;
export const attachmentParams = z.object({ id: z.string().max(60), attachment: z.string().max(60) });
