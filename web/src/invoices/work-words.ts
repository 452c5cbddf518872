import type { ContactToInvoice, WorkItem } from '../../../src/invoices/api-work.ts';
import type { StatusTone } from '../ui/status-dot.tsx';

export const WORK_KIND = { appointment: 'Appointment', deal: 'Deal' } as const;

const DAY_MS = 86_400_000;

/** How long ago a day was, in days: "today", "yesterday", "12 days ago". */
export function agoWords(day: string, today: string): string {
  const days = Math.round((Date.parse(today) - Date.parse(day)) / DAY_MS);
  if (days <= 0) return 'today';
  return days === 1 ? 'yesterday' : `${days} days ago`;
}

/** What a work item is called today, and what it asks of the reader. */
export function workStatusWords(item: WorkItem, today: string): { words: string; tone: StatusTone } {
  if (item.status === 'cancelled') return { words: 'Cancelled', tone: 'hollow' };
  if (item.status === 'planned') {
    const isLate = item.planned_on !== null && item.planned_on < today;
    return isLate ? { words: 'Done?', tone: 'amber' } : { words: 'Planned', tone: 'accent' };
  }
  if (item.to_invoice) return { words: 'To invoice', tone: 'amber' };
  if (!item.billable) return { words: 'Done, no charge', tone: 'quiet' };
  return item.invoice?.status === 'draft'
    ? { words: 'On a draft', tone: 'quiet' }
    : { words: 'Invoiced', tone: 'quiet' };
}

/** Whether work can be put on an invoice as it is. */
export function canBeInvoiced(item: WorkItem): boolean {
  return item.to_invoice && item.lines.length > 0;
}

/** What of a contact's work can become one invoice: per currency, in the order it was done. */
export function invoicesOf(
  group: Pick<ContactToInvoice, 'items'>,
): { currency: string; items: WorkItem[]; totalMinor: number }[] {
  const usable = group.items.filter(canBeInvoiced);
  const currencies = [...new Set(usable.map((item) => item.currency))].sort();
  return currencies.map((currency) => {
    const items = usable.filter((item) => item.currency === currency);
    return { currency, items, totalMinor: items.reduce((sum, item) => sum + item.total_minor, 0) };
  });
}
