import type { Invoice, InvoiceRowAnswer } from '../../../src/invoices/api.ts';
import type { StatusTone } from '../ui/status-dot.tsx';

export type DocumentKind = InvoiceRowAnswer['kind'];
export type DocumentStatus = InvoiceRowAnswer['status'];

export const KIND_WORDS: Record<DocumentKind, string> = {
  invoice: 'Invoice',
  quote: 'Quote',
  credit_note: 'Credit note',
};

const STATUS_WORDS: Record<DocumentStatus, { words: string; tone: StatusTone }> = {
  draft: { words: 'Draft', tone: 'hollow' },
  open: { words: 'Open', tone: 'accent' },
  processing: { words: 'Processing', tone: 'amber' },
  partly_paid: { words: 'Partly paid', tone: 'amber' },
  paid: { words: 'Paid', tone: 'quiet' },
  overdue: { words: 'Overdue', tone: 'red' },
  disputed: { words: 'Disputed', tone: 'red' },
  void: { words: 'Void', tone: 'hollow' },
  written_off: { words: 'Written off', tone: 'hollow' },
  sent: { words: 'Open', tone: 'accent' },
  accepted: { words: 'Accepted', tone: 'quiet' },
  declined: { words: 'Declined', tone: 'hollow' },
  expired: { words: 'Expired', tone: 'hollow' },
  invoiced: { words: 'Invoiced', tone: 'quiet' },
};

/** What a document's status is called, and what it asks of the reader. A credit note is done the moment it is issued. */
export function statusOf(row: Pick<InvoiceRowAnswer, 'kind' | 'status'>): { words: string; tone: StatusTone } {
  if (row.kind === 'credit_note' && row.status === 'paid') return { words: 'Issued', tone: 'quiet' };
  return STATUS_WORDS[row.status];
}

/** What a status is called in a filter. */
export function statusWord(status: DocumentStatus | 'outstanding'): string {
  return status === 'outstanding' ? 'outstanding' : STATUS_WORDS[status].words.toLocaleLowerCase();
}

/** How people name it: its number, or that it has none yet. */
export function nameOf(row: Pick<InvoiceRowAnswer, 'kind' | 'number'>): string {
  return row.number ?? `Draft ${KIND_WORDS[row.kind].toLocaleLowerCase()}`;
}

/** Whole days from one calendar date to another. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);
}

/** "12 days overdue", "due today", "due in 3 days"; null where nothing is to be paid. */
export function dueWords(row: Pick<InvoiceRowAnswer, 'overdue_since' | 'next_due_on' | 'open_minor'>, today: string) {
  const days = (count: number) => (count === 1 ? '1 day' : `${count} days`);
  if (row.overdue_since !== null) return `${days(daysBetween(row.overdue_since, today))} overdue`;
  if (row.next_due_on === null || row.open_minor <= 0) return null;
  const left = daysBetween(today, row.next_due_on);
  return left === 0 ? 'due today' : `due in ${days(left)}`;
}

/** What of a document's state the buttons ask about. */
export function isIssued(row: Pick<InvoiceRowAnswer, 'number'>): boolean {
  return row.number !== null;
}

/** Whether something happened to its money, so that only a credit note can take it back. */
export function wasTouched(invoice: Invoice): boolean {
  return (
    invoice.paid_minor +
      invoice.credited_minor +
      invoice.discounted_minor +
      invoice.written_off_minor +
      invoice.late_fee_minor >
    0
  );
}
