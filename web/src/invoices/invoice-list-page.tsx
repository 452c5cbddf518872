import { Button } from '@mantine/core';
import { IconDownload, IconFileInvoice } from '@tabler/icons-react';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { type InvoiceRowAnswer, invoiceList } from '../../../src/invoices/api.ts';
import { useCursorPages } from '../app/cursor-pages.ts';
import { useFiles } from '../app/fetch-file.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { usePageKeys } from '../contacts/use-page-keys.ts';
import { PaymentsOff } from '../payments/payments-off.tsx';
import { PaymentsTabs } from '../payments/payments-tabs.tsx';
import { TestMark } from '../payments/test-mark.tsx';
import { useContactName } from '../payments/transaction-filters.ts';
import { AddressLink, useGoTo } from '../ui/address-link.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { FilterChips } from '../ui/filter-chips.tsx';
import { Page, PageHeader } from '../ui/page-header.tsx';
import { EmptyState } from '../ui/states.tsx';
import { useMay, useSwitch } from '../workspace/workspace-facts.ts';
import { useInvoiceActions } from './invoice-actions.tsx';
import { draftAddress, invoiceAddress } from './invoice-addresses.ts';
import { invoiceColumns, invoicePhoneRow } from './invoice-columns.tsx';
import { useInvoiceFields, useToday } from './invoice-filters.ts';
import { chipsOf, type InvoiceSearch, queryOf, searchOf } from './invoice-search.ts';
import { InvoiceSelection } from './invoice-selection.tsx';
import { InvoiceTotals } from './invoice-totals.tsx';
import { InvoiceViews } from './invoice-views.tsx';

const route = getRouteApi('/w/$workspaceId/payments/invoices/');

const WORDS = {
  invoice: { title: 'Invoices', make: 'New invoice' },
  quote: { title: 'Quotes', make: 'New quote' },
  credit_note: { title: 'Credit notes', make: 'New invoice' },
} as const;

/** Invoices, quotes or credit notes; the address says which and what is shown of them. */
export function InvoiceListPage() {
  const isOn = useSwitch('payments_and_ltv');
  if (isOn === null)
    return (
      <Page>
        <PageHeader title="Invoices" />
      </Page>
    );
  return isOn ? <Documents /> : <PaymentsOff title="Invoices" />;
}

function Documents() {
  const { workspace } = useWorkspace();
  const search = route.useSearch();
  const navigate = useNavigate();
  const goTo = useGoTo();
  const may = useMay();
  const { download, isFetching } = useFiles();
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const actions = useInvoiceActions();
  const today = useToday();
  const contactName = useContactName(search.contact);
  const fields = useInvoiceFields(search.kind);
  const kind = search.kind ?? 'invoice';
  const query = queryOf(search);
  const source = useCursorPages<InvoiceRowAnswer>({ key: 'invoices', path: '/v1/invoices', page: invoiceList, query });
  const columns = useMemo(() => invoiceColumns(kind, today, true), [kind, today]);
  const isFiltered = Object.keys(search).some((name) => name !== 'kind');
  const words = WORDS[kind];
  const newAddress = draftAddress(workspace.id, search.kind === 'quote' ? { kind: 'quote' } : {});
  const mayWrite = may('invoices.write');
  usePageKeys({ n: mayWrite ? () => goTo(newAddress) : undefined });
  const show = (next: InvoiceSearch) => {
    setSelected(new Set());
    void navigate({
      to: '/w/$workspaceId/payments/invoices',
      params: { workspaceId: workspace.id },
      search: next,
      replace: true,
    });
  };

  return (
    <Page>
      <PageHeader
        title={words.title}
        beside={workspace.mode === 'sandbox' && <TestMark />}
        actions={
          <>
            {may('export') && (
              <Button
                leftSection={<IconDownload size={16} stroke={1.6} />}
                loading={isFetching}
                disabled={source.status === 'success' && source.rows.length === 0}
                onClick={() => void download('/v1/exports/invoices.csv', 'invoices.csv', query)}
              >
                Export CSV
              </Button>
            )}
            {mayWrite && (
              <Button variant="filled" component={AddressLink} address={newAddress}>
                {words.make}
              </Button>
            )}
          </>
        }
      />
      <PaymentsTabs />
      <InvoiceViews search={search} />
      <FilterChips
        fields={fields}
        values={chipsOf(search, contactName)}
        onChange={(values) => show(searchOf(values, search.kind))}
      />
      <InvoiceTotals query={query} isOwed={kind === 'invoice' && search.status !== 'draft'} />
      <DataTable
        label={words.title}
        source={source}
        columns={columns}
        rowId={(row) => row.id}
        rowLink={(row) => invoiceAddress(workspace.id, row.id)}
        rowActions={actions}
        phone={invoicePhoneRow(today, true)}
        selection={{ ids: selected, onChange: setSelected }}
        empty={
          isFiltered ? (
            <EmptyState
              title={search.status === 'overdue' ? 'Nothing is overdue' : 'Nothing is like that'}
              action={<Button onClick={() => show(search.kind ? { kind: search.kind } : {})}>Show all</Button>}
            >
              {search.status === 'overdue'
                ? 'An invoice comes here the day after its due date.'
                : 'Take a filter away, or widen its dates or amounts.'}
            </EmptyState>
          ) : (
            <EmptyState
              icon={<IconFileInvoice size={28} stroke={1.4} />}
              title={`No ${words.title.toLocaleLowerCase()} yet`}
              action={
                mayWrite &&
                kind !== 'credit_note' && (
                  <Button variant="filled" component={AddressLink} address={newAddress}>
                    {words.make}
                  </Button>
                )
              }
            >
              {EMPTY[kind]}
            </EmptyState>
          )
        }
      />
      <InvoiceSelection
        rows={source.rows.filter((row) => selected.has(row.id))}
        onClear={() => setSelected(new Set())}
      />
    </Page>
  );
}

const EMPTY = {
  invoice: 'Write what was done and what it costs; the invoice gets its number when it is issued, and stays as it is.',
  quote: 'A quote says what something would cost. When the customer accepts it, it becomes an invoice with one click.',
  credit_note: 'A credit note takes back an invoice or a part of it. It is written from the invoice it is about.',
} as const;
