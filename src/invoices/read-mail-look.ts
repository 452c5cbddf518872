import type { WorkspaceTx } from '../foundation/database.ts';
import type { MailLook } from '../messages/message-layout.ts';
import { readInvoicingSettings, readLogo } from './store-catalogue.ts';

/** The look of the business's documents, which its messages have too. */
export async function readMailLook(tx: WorkspaceTx): Promise<MailLook> {
  const [settings, logo] = await Promise.all([readInvoicingSettings(tx), readLogo(tx)]);
  return {
    colour: settings?.colour ?? '',
    footer: settings?.footer ?? '',
    logo: logo && { bytes: logo.logo, type: logo.logo_type },
  };
}
