import { createContext, useContext } from 'react';
import type { ChargePrefill } from '../charge/charge-now.tsx';

/** What the parts of a contact's page can open beside it. */
export interface ContactActions {
  /** Null where charging is switched off, not allowed, or the contact is archived. */
  charge: ((prefill?: ChargePrefill) => void) | null;
  /** Null while payments are switched off or the contact is archived. */
  addCard: (() => void) | null;
  /** Asks the customer for a card by a link. Null where no card can be added. */
  askForCard: (() => void) | null;
  edit: (() => void) | null;
}

export const ContactActionsContext = createContext<ContactActions>({
  charge: null,
  addCard: null,
  askForCard: null,
  edit: null,
});

/** What the open contact's page offers to do. */
export function useContactActions(): ContactActions {
  return useContext(ContactActionsContext);
}
