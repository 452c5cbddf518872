import type { ImportRecord } from '../../../src/imports/api.ts';
import type { StatusTone } from '../ui/status-dot.tsx';

export const KIND_WORDS: Record<ImportRecord['kind'], { name: string; what: string }> = {
  contacts: { name: 'Contacts', what: 'One row for each person or business.' },
  payments: { name: 'Payments', what: 'One row for each payment or refund; customers are found or made.' },
  sales_lines: {
    name: 'Sales lines',
    what: 'One row for each thing sold; rows of one invoice become one payment, or an invoice with its lines.',
  },
};

const STATUS: Record<ImportRecord['status'], { words: string; tone: StatusTone }> = {
  uploaded: { words: 'Not checked yet', tone: 'amber' },
  checking: { words: 'Being checked', tone: 'accent' },
  checked: { words: 'Checked, not imported', tone: 'amber' },
  committing: { words: 'Being imported', tone: 'accent' },
  committed: { words: 'Imported', tone: 'quiet' },
  failed: { words: 'Stopped', tone: 'red' },
  undoing: { words: 'Being undone', tone: 'accent' },
  undone: { words: 'Undone', tone: 'hollow' },
};

export function statusOf(record: Pick<ImportRecord, 'status'>): { words: string; tone: StatusTone } {
  return STATUS[record.status];
}

/** Whether the server is at work on it. */
export function isRunning(record: Pick<ImportRecord, 'status'>): boolean {
  return ['checking', 'committing', 'undoing'].includes(record.status);
}

/** Whether its columns can still be said: nothing of it is written yet. */
export function canBeMapped(record: Pick<ImportRecord, 'status'>): boolean {
  return ['uploaded', 'checked', 'failed'].includes(record.status);
}

/** Whether a file is waiting for it on the server; after some days in which nobody worked on it there is none. */
export function hasFile(record: Pick<ImportRecord, 'file_removed_at'>): boolean {
  return record.file_removed_at === null;
}

/** "34 invoices and credit notes, 34 payments, 12 contacts and 3 companies"; null when all are none. */
export function whatWords(
  of: {
    readonly documents?: number;
    readonly payments: number;
    readonly contacts: number;
    readonly companies: number;
  },
  locale: string,
): string | null {
  const { documents = 0 } = of;
  const parts = [
    documents > 0 && countWords(documents, 'invoice or credit note', 'invoices and credit notes', locale),
    of.payments > 0 && countWords(of.payments, 'payment', 'payments', locale),
    of.contacts > 0 && countWords(of.contacts, 'contact', 'contacts', locale),
    of.companies > 0 && countWords(of.companies, 'company', 'companies', locale),
  ].filter((part) => part !== false);
  return parts.length === 0 ? null : new Intl.ListFormat('en', { type: 'conjunction' }).format(parts);
}

/** "34 rows", with the locale's grouping; `one` is the singular. */
export function countWords(count: number, one: string, many: string, locale: string): string {
  return `${new Intl.NumberFormat(locale).format(count)} ${count === 1 ? one : many}`;
}

/** An exact decimal text ("-12.3405") as the locale writes money: all digits kept, at least those of the currency. */
export function exactMoney(decimal: string, currency: string, locale: string): string {
  const format = new Intl.NumberFormat(locale, { style: 'currency', currency, maximumFractionDigits: 8 });
  return format.format(decimal as Intl.StringNumericLiteral);
}

const KILOBYTE = 1_024;

/** "4.2 MB". */
export function bytesWords(bytes: number, locale: string): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'];
  let amount = bytes;
  let step = 0;
  while (amount >= KILOBYTE && step < units.length - 1) {
    amount /= KILOBYTE;
    step += 1;
  }
  const options = {
    style: 'unit',
    unit: units[step],
    maximumFractionDigits: step === 0 ? 0 : 1,
    unitDisplay: step === 0 ? 'long' : 'short',
  } as const;
  return new Intl.NumberFormat(locale, options).format(amount);
}
