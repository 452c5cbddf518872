import { useMemo } from 'react';
import { calendarDayOf, datePresets } from '../payments/date-presets.ts';
import { useContactSearch } from '../payments/transaction-filters.ts';
import type { FilterField } from '../ui/filter-sentence.ts';
import { useReader } from '../ui/reader.tsx';
import { useWorkspaceFacts } from '../workspace/workspace-facts.ts';
import { INVOICE_STATUSES, type InvoiceSearch } from './invoice-search.ts';
import { useInvoiceTotals } from './invoice-totals.tsx';
import { statusWord } from './invoice-words.ts';

/** Quotes are drafts or not, credit notes too: the other words are about money that is to come. */
const STATUSES_OF = {
  invoice: ['outstanding', ...INVOICE_STATUSES],
  quote: ['draft', 'void'],
  credit_note: [],
} as const;

/** Today in the business's zone, as its documents count it. */
export function useToday(): string {
  const facts = useWorkspaceFacts();
  const { now, timeZone } = useReader();
  return facts ? calendarDayOf(new Date(facts.now), facts.time_zone) : calendarDayOf(now, timeZone);
}

/** Everything that Invoices can be narrowed by. */
export function useInvoiceFields(kind: InvoiceSearch['kind']): readonly FilterField[] {
  const own = useWorkspaceFacts()?.currency;
  const today = useToday();
  const everything = useInvoiceTotals({ kind });
  const search = useContactSearch();
  return useMemo(() => {
    const used = everything.data?.data.map((sum) => sum.currency) ?? [];
    const currencies = [...new Set([...(own ? [own] : []), ...used])];
    const statuses = STATUSES_OF[kind ?? 'invoice'];
    return [
      ...(statuses.length === 0
        ? []
        : [
            {
              id: 'status',
              label: 'Status',
              kind: 'choice' as const,
              isSingle: true,
              choices: statuses.map((value) => ({ value, label: statusWord(value) })),
            },
          ]),
      { id: 'contact', label: 'Contact', kind: 'record', search },
      { id: 'date', label: 'Date', kind: 'dates', presets: datePresets(today) },
      { id: 'amount', label: 'Amount', kind: 'amounts', currencies },
      { id: 'number', label: 'Number', kind: 'text', placeholder: 'INV-2026-0001', isExact: true },
    ];
  }, [everything.data, own, today, search, kind]);
}
