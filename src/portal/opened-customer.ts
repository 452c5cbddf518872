import type { Contact } from '../contacts/api.ts';
import type { Caller } from '../workspace/caller.ts';
import type { CustomerLinkRow } from './customer-link.ts';

/** Who holds the secret of a customer's link. */
export interface OpenedCustomer {
  readonly caller: Caller;
  readonly link: CustomerLinkRow;
  /** The surviving contact, and all that were merged into it. */
  readonly contactId: string;
  readonly contactIds: readonly string[];
  readonly contact: Contact;
  /** Of what is written for them. */
  readonly locale: string;
}
