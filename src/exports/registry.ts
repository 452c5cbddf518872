import { ageing } from './export-ageing.ts';
import { contacts } from './export-contacts.ts';
import { invoices } from './export-invoices.ts';
import { transactions } from './export-transactions.ts';

/** Every file that can be taken out. A new one is a file beside these, a line here and its query in api.ts. */
export const EXPORTS = { transactions, contacts, invoices, ageing } as const;
