/**
 * The help pages, in the order a newcomer reads them. Each is a file of docs/help, taken in when the program is built
 * and fetched when it is opened, so that the help of a release is the release's own.
 */
const FILES = import.meta.glob<string>('../../../docs/help/*.md', { query: '?raw', import: 'default' });

const TITLES: readonly { page: string; title: string }[] = [
  { page: 'getting-started', title: 'Getting started' },
  { page: 'charging-a-card', title: 'Charging a card' },
  { page: 'when-a-card-is-declined', title: 'When a card is declined' },
  { page: 'card-links', title: 'Asking for a card by a link' },
  { page: 'invoices', title: 'Invoices' },
  { page: 'work-to-invoice', title: 'From work to invoice' },
  { page: 'ageing', title: 'Ageing and statements' },
  { page: 'sending-mail', title: 'Sending mail' },
  { page: 'e-invoices', title: 'E-invoices' },
  { page: 'recurring-invoices', title: 'Recurring invoices' },
  { page: 'pay-page', title: 'The page behind a document’s link' },
  { page: 'customers-page', title: 'The customer’s own page' },
  { page: 'expiring-cards', title: 'Expiring and blocked cards' },
  { page: 'refunds', title: 'Refunds' },
  { page: 'disputes', title: 'Disputes and fraud warnings' },
  { page: 'lifetime-value', title: 'Lifetime value' },
  { page: 'importing', title: 'Importing' },
  { page: 'smart-lists', title: 'Smart lists' },
  { page: 'members-and-rights', title: 'Members and rights' },
  { page: 'sandbox', title: 'Sandbox' },
  { page: 'backup-and-hosting', title: 'Backup and hosting' },
  { page: 'errors', title: 'Errors of the API' },
];

const pathOf = (page: string) => `../../../docs/help/${page}.md`;

export const HELP_TOPICS = TITLES.filter(({ page }) => pathOf(page) in FILES);

/** The text of a page; null when there is no such page. */
export async function readHelp(page: string): Promise<string | null> {
  return (await FILES[pathOf(page)]?.()) ?? null;
}
