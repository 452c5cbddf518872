import { findContactsByEmail } from '../contacts/find-by-email.ts';
import { systemCaller } from '../workspace/caller.ts';
import { readWorkspaceFacts } from '../workspace/read-facts.ts';
import { ASKED_HOURS } from './customer-link.ts';
import { readCustomerPage } from './edit-customer-page.ts';
import { makeCustomerLink } from './make-customer-link.ts';
import type { PortalDependencies } from './open-card-link.ts';

/** Contacts with one address that are written to; a family or a firm, not a list. */
const SENT_MAX = 5;

/** Sends everybody with this address a link to their page; nobody where nobody has it, or the workspace wants no such mail. */
export async function sendAskedLinks(
  { payments, messages, clock }: PortalDependencies,
  workspaceId: string,
  email: string,
): Promise<void> {
  const facts = await readWorkspaceFacts(payments.database, workspaceId);
  if (!facts?.switches.payments_and_ltv) return;
  const caller = { ...systemCaller(facts, clock.now()), name: 'The customer, by their address' };
  await payments.database.inWorkspace(workspaceId, async (tx) => {
    if (!(await readCustomerPage(tx)).sends_on_request) return;
    for (const contactId of (await findContactsByEmail(tx, email)).slice(0, SENT_MAX))
      await makeCustomerLink(messages, tx, caller, { contactId, hours: ASKED_HOURS, send: true });
  });
}
