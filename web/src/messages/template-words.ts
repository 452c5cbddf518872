import type { InvoicingSettings } from '../../../src/invoices/api-catalogue.ts';
import type { MessageTemplate } from '../../../src/messages/api.ts';

/** The words of a kind as they are in force, wherever they are kept. */
export interface TemplateInForce {
  readonly kind: MessageTemplate['kind'];
  readonly label: string;
  readonly subject: string;
  readonly body: string;
  readonly isChanged: boolean;
  readonly keptIn: MessageTemplate['kept_in'];
  readonly variables: MessageTemplate['variables'];
}

/** Words of invoices are kept with the settings of invoicing (null: not to be had); empty ones there are the program's own. */
export function templatesInForce(
  templates: readonly MessageTemplate[],
  invoicing: Pick<InvoicingSettings, 'e_mail_subject' | 'e_mail_body'> | null,
): TemplateInForce[] {
  const { e_mail_subject: subject = '', e_mail_body: body = '' } = invoicing ?? {};
  const known = invoicing ? templates : templates.filter((one) => one.kept_in === 'messages');
  return known.map((one) => {
    const { kind, label, variables, kept_in: keptIn } = one;
    const words =
      keptIn === 'invoicing'
        ? { subject: subject || one.subject, body: body || one.body, isChanged: subject !== '' || body !== '' }
        : { subject: one.subject, body: one.body, isChanged: one.is_changed };
    return { kind, label, variables, keptIn, ...words };
  });
}
