import { z } from 'zod';
import { emailAddress, lineOfText, moment, page, pageQuery, publicId, textBlock } from '../foundation/api.ts';
import { MESSAGE_LANGUAGES } from './languages.ts';
import { MESSAGE_FILTERS, MESSAGE_STATES } from './message.ts';
import { MESSAGE_KIND_NAMES } from './message-kinds.ts';
import { SMTP_SECURITIES } from './smtp-server.ts';
import { BODY_TEMPLATE_MAX, SUBJECT_TEMPLATE_MAX } from './template-limits.ts';

export const messageState = z.enum(MESSAGE_STATES);

export const message = z.object({
  id: publicId('msg'),
  kind: z.string(),
  channel: z.literal('e_mail'),
  contact_id: publicId('con').nullable(),
  /** Public id of what it is about. */
  document_id: z.string().nullable(),
  to: z.string(),
  from: z.string(),
  subject: z.string(),
  state: messageState,
  /** What the mail server, or the mail that came back, said; for people. */
  reason: z.string(),
  attempts: z.number().int(),
  next_attempt_at: moment.nullable(),
  created_at: moment,
  created_by: z.string(),
  sent_at: moment.nullable(),
  /** When a mail server reported that it arrived; most never do. */
  delivered_at: moment.nullable(),
  bounced_at: moment.nullable(),
  opened_at: moment.nullable(),
});
export type Message = z.infer<typeof message>;

export const messageList = page(message);
export const listMessagesQuery = pageQuery.extend({
  /** A state; or what was delivered, or opened, whatever its state. */
  state: z.enum(MESSAGE_FILTERS).optional(),
  contact_id: publicId('con').optional(),
});
export const messageParams = z.object({ id: z.string() });

/** What one message says, for looking at it here. `html` is shown in a frame that runs nothing. */
export const messageContent = z.object({
  text: z.string(),
  html: z.string(),
  files: z.array(z.object({ name: z.string(), media_type: z.string(), size: z.number().int() })),
});
export type MessageContent = z.infer<typeof messageContent>;

export const bounceAnswer = z.object({
  outcome: z.enum(['bounced', 'delivered', 'not_final', 'not_a_report', 'unknown_message']),
  message_id: publicId('msg').nullable(),
});

const hostName = z
  .string()
  .trim()
  .min(1)
  .max(253)
  .regex(/^[\w.:-]+$/, 'A host name or address is expected, without a scheme.');

export const mailServer = z.strictObject({
  host: hostName,
  port: z.number().int().min(1).max(65_535),
  security: z.enum(SMTP_SECURITIES),
  user: lineOfText(254).nullable().default(null),
  /** Left out: the one that is kept stays, as long as server and user do. */
  password: z.string().max(1_000).optional(),
});

export const mailSettings = z.object({
  server: z
    .object({
      host: z.string(),
      port: z.number().int(),
      security: z.enum(SMTP_SECURITIES),
      user: z.string().nullable(),
      has_password: z.boolean(),
    })
    .nullable(),
  from_name: z.string(),
  from_address: z.string().nullable(),
  reply_to: z.string().nullable(),
  bounce_address: z.string().nullable(),
  sandbox_sends: z.boolean(),
  /** Receipts go to customers by themselves. */
  receipts: z.boolean(),
  /** Staff are told of declined charges, at `staff_address`. */
  declined_notices: z.boolean(),
  /** Customers are told that an invoice could not be charged by itself, or waits for their bank's question. */
  failed_charge_notices: z.boolean(),
  staff_address: z.string().nullable(),
  /** What would happen to a message now. */
  now: z.object({
    sends: z.boolean(),
    through: z.enum(['workspace', 'server', 'nothing']),
    from: z.string(),
    why: z.string(),
  }),
  waiting: z.record(z.string(), z.number().int()),
  version: z.number().int(),
});
export type MailSettings = z.infer<typeof mailSettings>;

export const mailSettingsChanges = z.strictObject({
  server: mailServer.nullable().optional(),
  from_name: lineOfText(120).optional(),
  from_address: emailAddress.nullable().optional(),
  reply_to: emailAddress.nullable().optional(),
  bounce_address: emailAddress.nullable().optional(),
  sandbox_sends: z.boolean().optional(),
  receipts: z.boolean().optional(),
  declined_notices: z.boolean().optional(),
  failed_charge_notices: z.boolean().optional(),
  staff_address: emailAddress.nullable().optional(),
});
export type MailSettingsChanges = z.infer<typeof mailSettingsChanges>;

export const testMailBody = z.strictObject({ to: emailAddress });

const subjectTemplate = textBlock(SUBJECT_TEMPLATE_MAX);
const bodyTemplate = textBlock(BODY_TEMPLATE_MAX);

export const messageTemplate = z.object({
  kind: z.enum(MESSAGE_KIND_NAMES),
  label: z.string(),
  /** Whom it goes to: words for customers are in every language, words for staff in English. */
  audience: z.enum(['customer', 'staff']),
  /** Of the customers who get these words; English also for all whose language is not among them. */
  language: z.enum(MESSAGE_LANGUAGES),
  subject: z.string(),
  body: z.string(),
  /** False while the program's own words are used. */
  is_changed: z.boolean(),
  variables: z.array(z.object({ name: z.string(), about: z.string(), example: z.string() })),
});
export type MessageTemplate = z.infer<typeof messageTemplate>;
export const messageTemplates = z.object({ data: z.array(messageTemplate) });
export const templateParams = z.object({ kind: z.enum(MESSAGE_KIND_NAMES), language: z.enum(MESSAGE_LANGUAGES) });
export const templateBody = z.strictObject({ subject: subjectTemplate, body: bodyTemplate });

export const previewBody = z.strictObject({
  kind: z.enum(MESSAGE_KIND_NAMES),
  language: z.enum(MESSAGE_LANGUAGES).default('en'),
  subject: subjectTemplate,
  body: bodyTemplate,
});
export const messagePreview = z.object({ subject: z.string(), text: z.string(), html: z.string() });
export type MessagePreview = z.infer<typeof messagePreview>;

export const documentLink = z.object({
  id: publicId('dlk'),
  created_at: moment,
  created_by: z.string(),
  opened_at: moment.nullable(),
  revoked_at: moment.nullable(),
});
export const documentLinks = z.object({ data: z.array(documentLink) });
/** The address is in this answer only. */
export const madeDocumentLink = z.object({ id: publicId('dlk'), url: z.string() });
