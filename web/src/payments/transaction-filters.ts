import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { contact, contactPage } from '../../../src/contacts/api.ts';
import { METHOD_KINDS, PAYMENT_KINDS, PAYMENT_SOURCES, PAYMENT_STATUSES } from '../../../src/payments/api.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import type { FilterField } from '../ui/filter-sentence.ts';
import { useReader } from '../ui/reader.tsx';
import { useWorkspaceFacts } from '../workspace/workspace-facts.ts';
import { calendarDayOf, datePresets } from './date-presets.ts';
import { GATEWAYS, gatewayWord, KIND_WORDS, METHOD_WORDS, SOURCE_WORDS, STATUS_WORDS } from './payment-words.ts';
import { useTotals } from './transaction-totals.tsx';

/** Contacts offered while typing a name: as many as are read at a glance. */
const FOUND_MAX = 8;

const LTV_PART_CHOICES = [
  { value: 'received', label: 'received' },
  { value: 'refunded', label: 'refunded' },
  { value: 'dispute_lost', label: 'lost in disputes' },
  { value: 'fee', label: 'fees' },
  { value: 'tax', label: 'tax' },
];

const choices = <Value extends string>(values: readonly Value[], words: Record<Value, string>) =>
  values.map((value) => ({ value, label: words[value].toLocaleLowerCase() }));

const FIXED_FIELDS: readonly FilterField[] = [
  { id: 'status', label: 'Status', kind: 'choice', choices: choices(PAYMENT_STATUSES, STATUS_WORDS) },
  { id: 'kind', label: 'Kind', kind: 'choice', choices: choices(PAYMENT_KINDS, KIND_WORDS) },
  { id: 'method', label: 'Method', kind: 'choice', choices: choices(METHOD_KINDS, METHOD_WORDS) },
  {
    id: 'needs_action',
    label: 'Action',
    kind: 'choice',
    isSingle: true,
    choices: [{ value: 'true', label: 'needed' }],
  },
  { id: 'source', label: 'Source', kind: 'choice', choices: choices(PAYMENT_SOURCES, SOURCE_WORDS) },
  {
    id: 'gateway',
    label: 'Gateway',
    kind: 'choice',
    isSingle: true,
    choices: GATEWAYS.map((value) => ({ value, label: gatewayWord(value) })),
  },
];

/** Finds contacts by what is typed, for filters and the palette. */
export function useContactSearch() {
  const { api } = useWorkspace();
  return useMemo(
    () => async (text: string, signal: AbortSignal) => {
      const query = { limit: FOUND_MAX, search: text };
      const found = await api.get('/v1/contacts', contactPage, { query, signal });
      return found.data.map((one) => ({
        id: one.id,
        name: one.name,
        detail: one.email ?? one.company?.name ?? one.phone ?? undefined,
      }));
    },
    [api],
  );
}

/** Everything Transactions can be narrowed by. */
export function useTransactionFields(withLtvPart: boolean): readonly FilterField[] {
  const facts = useWorkspaceFacts();
  const { now, timeZone } = useReader();
  const everything = useTotals({});
  const search = useContactSearch();
  const own = facts?.currency;
  const today = facts ? calendarDayOf(new Date(facts.now), facts.time_zone) : calendarDayOf(now, timeZone);
  return useMemo(() => {
    const used = everything.data?.data.map((sum) => sum.currency) ?? [];
    const currencies = [...new Set([...(own ? [own] : []), ...used])];
    return [
      ...FIXED_FIELDS,
      { id: 'date', label: 'Date', kind: 'dates', presets: datePresets(today) },
      { id: 'amount', label: 'Amount', kind: 'amounts', currencies },
      { id: 'contact', label: 'Contact', kind: 'record', search },
      ...(withLtvPart
        ? [
            {
              id: 'ltv_part',
              label: 'Part of lifetime value',
              kind: 'choice' as const,
              isSingle: true,
              choices: LTV_PART_CHOICES,
            },
          ]
        : []),
    ];
  }, [everything.data, own, today, search, withLtvPart]);
}

/** What a contact is called, for the chip of an address that knows only the id. */
export function useContactName(contactId: string | undefined): string {
  const { api, workspace } = useWorkspace();
  const query = useQuery({
    queryKey: [workspace.id, 'contact-name', contactId],
    queryFn: ({ signal }) => api.get(`/v1/contacts/${contactId}`, contact, { signal }),
    enabled: contactId !== undefined,
    staleTime: 60_000,
  });
  return query.data?.name ?? '…';
}
