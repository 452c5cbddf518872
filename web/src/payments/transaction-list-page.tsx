import { Button } from '@mantine/core';
import { IconCreditCard, IconDownload } from '@tabler/icons-react';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { type Payment, paymentPage } from '../../../src/payments/api.ts';
import { useCursorPages } from '../app/cursor-pages.ts';
import { useFiles } from '../app/fetch-file.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { AddressLink } from '../ui/address-link.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { FilterChips } from '../ui/filter-chips.tsx';
import { Page, PageHeader } from '../ui/page-header.tsx';
import { EmptyState } from '../ui/states.tsx';
import { useMay, useSwitch } from '../workspace/workspace-facts.ts';
import { transactionAddress, usePaymentActions } from './payment-actions.tsx';
import { PaymentsOff } from './payments-off.tsx';
import { PaymentsTabs } from './payments-tabs.tsx';
import { RefundSheet } from './refund-sheet.tsx';
import { SelectionBar } from './selection-bar.tsx';
import { TestMark } from './test-mark.tsx';
import { TRANSACTION_COLUMNS, transactionPhoneRow } from './transaction-columns.tsx';
import { useContactName, useTransactionFields } from './transaction-filters.ts';
import { chipsOf, queryOf, searchOf } from './transaction-search.ts';
import { TransactionTotals } from './transaction-totals.tsx';

const route = getRouteApi('/w/$workspaceId/payments/transactions/');

/** Every movement of money, newest first; the address says what is shown. */
export function TransactionListPage() {
  const isOn = useSwitch('payments_and_ltv');
  if (isOn === null)
    return (
      <Page>
        <PageHeader title="Transactions" />
      </Page>
    );
  return isOn ? <Transactions /> : <PaymentsOff title="Transactions" />;
}

function Transactions() {
  const { workspace } = useWorkspace();
  const search = route.useSearch();
  const navigate = useNavigate();
  const { download, isFetching } = useFiles();
  const may = useMay();
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [refunding, setRefunding] = useState<Payment | null>(null);
  const actions = usePaymentActions(setRefunding);
  const contactName = useContactName(search.contact);
  const fields = useTransactionFields(search.contact !== undefined);
  const query = queryOf(search);
  const source = useCursorPages({ key: 'payments', path: '/v1/payments', page: paymentPage, query });
  const isFiltered = Object.keys(search).length > 0;
  const show = (next: typeof search) => {
    setSelected(new Set());
    void navigate({
      to: '/w/$workspaceId/payments/transactions',
      params: { workspaceId: workspace.id },
      search: next,
      replace: true,
    });
  };

  return (
    <Page>
      <PageHeader
        title="Transactions"
        beside={workspace.mode === 'sandbox' && <TestMark />}
        actions={
          may('export') && (
            <Button
              leftSection={<IconDownload size={16} stroke={1.6} />}
              loading={isFetching}
              disabled={source.status === 'success' && source.rows.length === 0}
              onClick={() => void download('/v1/exports/transactions.csv', 'transactions.csv', query)}
            >
              Export CSV
            </Button>
          )
        }
      />
      <PaymentsTabs />
      <FilterChips
        fields={fields}
        values={chipsOf(search, contactName)}
        onChange={(values) => show(searchOf(values))}
      />
      <TransactionTotals query={query} />
      <DataTable
        label="Transactions"
        source={source}
        columns={TRANSACTION_COLUMNS}
        rowId={(payment) => payment.id}
        rowLink={(payment) => transactionAddress(workspace.id, payment.id)}
        rowActions={actions}
        phone={transactionPhoneRow}
        selection={{ ids: selected, onChange: setSelected }}
        empty={
          isFiltered ? (
            <EmptyState title="No transaction is like that" action={<Button onClick={() => show({})}>Show all</Button>}>
              Take a filter away, or widen its dates or amounts.
            </EmptyState>
          ) : (
            <EmptyState
              icon={<IconCreditCard size={28} stroke={1.4} />}
              title="No money has moved yet"
              action={
                <Button
                  variant="filled"
                  component={AddressLink}
                  address={{ to: '/w/$workspaceId/contacts', params: { workspaceId: workspace.id } }}
                >
                  Open a contact
                </Button>
              }
            >
              Charges, refunds, disputes, cash and transfers are listed here, newest first. Open a contact to charge a
              card or to record a payment.
            </EmptyState>
          )
        }
      />
      <SelectionBar
        payments={source.rows.filter((payment) => selected.has(payment.id))}
        onClear={() => setSelected(new Set())}
      />
      {refunding && <RefundSheet payment={refunding} onClose={() => setRefunding(null)} />}
    </Page>
  );
}
