import { ageing } from './export-ageing.ts';
import { contacts } from './export-contacts.ts';
import { invoices } from './export-invoices.ts';
import { transactions } from './export-transactions.ts';
import { workItems } from './export-work-items.ts';

/** Every file that can be taken out. A new one is a file beside these, a line here and its query in api.ts. */
export const EXPORTS = { transactions, contacts, invoices, 'work-items': workItems, ageing } as const;
