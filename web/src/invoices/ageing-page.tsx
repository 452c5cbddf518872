import { Button, TextInput } from '@mantine/core';
import { IconDownload, IconHourglass } from '@tabler/icons-react';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useEffect, useMemo } from 'react';
import { type Ageing, type AgeingRow, type AgeingTotal, ageing } from '../../../src/invoices/api-ageing.ts';
import { useCursorPages } from '../app/cursor-pages.ts';
import { useFiles } from '../app/fetch-file.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { PaymentsOff } from '../payments/payments-off.tsx';
import { PaymentsTabs } from '../payments/payments-tabs.tsx';
import { TestMark } from '../payments/test-mark.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { CalendarDateText } from '../ui/date-text.tsx';
import type { ListSource } from '../ui/list-source.ts';
import { MoneyText } from '../ui/money-text.tsx';
import { Page, PageHeader } from '../ui/page-header.tsx';
import { EmptyState, Notice } from '../ui/states.tsx';
import { useMay, useSwitch, useWorkspaceFacts } from '../workspace/workspace-facts.ts';
import { AGEING_COLUMNS, type AgeingLine, ageingPhoneRow } from './ageing-columns.tsx';
import type { AgeingSearch } from './ageing-search.ts';
import { invoicesAddress } from './invoice-addresses.ts';
import { useToday } from './invoice-filters.ts';
import classes from './invoices.module.css';

const route = getRouteApi('/w/$workspaceId/payments/ageing');

/** Payments → Ageing: what customers owed at the end of a day, by how long it had been due. */
export function AgeingPage() {
  const isOn = useSwitch('payments_and_ltv');
  if (isOn === false) return <PaymentsOff title="Ageing" />;
  return <Shown />;
}

function Shown() {
  const { workspace } = useWorkspace();
  const search = route.useSearch();
  const navigate = useNavigate();
  const may = useMay();
  const { download, isFetching } = useFiles();
  const today = useToday();
  const own = useWorkspaceFacts()?.currency;
  const currency = search.currency ?? own;
  const asOf = search.as_of !== undefined && search.as_of < today ? search.as_of : today;
  const query = { currency, ...(asOf < today && { as_of: asOf }) };
  const source = useCursorPages<AgeingRow, Pick<Ageing, 'as_of' | 'totals'>>({
    key: 'ageing',
    path: '/v1/ageing',
    page: ageing,
    query,
    isEnabled: currency !== undefined,
  });
  const totals = source.first?.totals;
  const total = totals?.find((one) => one.currency === currency);
  const show = (next: AgeingSearch) =>
    void navigate({
      to: '/w/$workspaceId/payments/ageing',
      params: { workspaceId: workspace.id },
      search: next,
      replace: true,
    });

  // Where nothing is owed in the business's own currency, the first in which something is is opened instead.
  const instead =
    search.currency === undefined && total === undefined && !source.isStale ? totals?.[0]?.currency : null;
  useEffect(() => {
    if (instead) show({ ...search, currency: instead });
  });

  return (
    <Page>
      <PageHeader
        title="Ageing"
        beside={workspace.mode === 'sandbox' && <TestMark />}
        actions={
          may('export') && (
            <Button
              leftSection={<IconDownload size={16} stroke={1.6} />}
              loading={isFetching}
              disabled={totals?.length === 0}
              onClick={() => void download('/v1/exports/ageing.csv', 'ageing.csv', query)}
            >
              Export CSV
            </Button>
          )
        }
      />
      <PaymentsTabs />
      <div className={classes.ageingBar}>
        <TextInput
          type="date"
          label="At the end of"
          max={today}
          value={asOf}
          onChange={(event) => {
            const day = event.currentTarget.value;
            show({ ...search, as_of: day !== '' && day < today ? day : undefined });
          }}
        />
        {totals && totals.length > 1 && <Currencies totals={totals} open={currency} search={search} />}
      </div>
      {total && <Agreement total={total} asOf={source.first?.as_of ?? asOf} />}
      <DataTable
        label="Ageing"
        source={useWithTotal(source, total)}
        columns={AGEING_COLUMNS}
        rowId={(line) => line.contact?.id ?? 'total'}
        rowLink={(line) =>
          invoicesAddress(workspace.id, {
            ...(line.contact && { contact: line.contact.id }),
            currency: line.currency,
            ...(asOf === today ? { status: 'outstanding' } : { to: asOf }),
          })
        }
        phone={ageingPhoneRow}
        empty={
          <EmptyState
            icon={<IconHourglass size={28} stroke={1.4} />}
            title={asOf === today ? 'Nobody owes anything' : 'Nobody owed anything'}
            action={asOf === today ? null : <Button onClick={() => show({})}>Show today</Button>}
          >
            What issued invoices leave open stands here by customer, and by how long it has been due.
          </EmptyState>
        }
      />
      <p className={classes.ageingNote}>
        As the ledger has it at the end of that day. A payment counts from the day it was received and an invoice from
        its date: what is recorded later with an earlier date changes that past, nothing else does. Money on account is
        not taken off.
      </p>
    </Page>
  );
}

/** One currency at a time: they are never added. */
function Currencies(props: { totals: readonly AgeingTotal[]; open: string | undefined; search: AgeingSearch }) {
  const { workspace } = useWorkspace();
  return (
    <nav className={classes.views} aria-label="Currencies">
      {props.totals.map(({ currency }) => (
        <Link
          key={currency}
          to="/w/$workspaceId/payments/ageing"
          params={{ workspaceId: workspace.id }}
          search={{ ...props.search, currency }}
          replace
          className={classes.view}
          data-open={currency === props.open || undefined}
          aria-current={currency === props.open ? 'true' : undefined}
        >
          {currency}
        </Link>
      ))}
    </nav>
  );
}

/** The account that the report must come to. */
function Agreement({ total, asOf }: { total: AgeingTotal; asOf: string }) {
  const account = <MoneyText amountMinor={total.receivables_account_minor} currency={total.currency} />;
  if (!total.agrees) {
    return (
      <Notice tone="red" title="This does not agree with the ledger">
        Receivables account: {account}. The invoices below come to{' '}
        <MoneyText amountMinor={total.open_minor} currency={total.currency} />. Have the server checked with{' '}
        <code>npm run verify</code>: it says what differs.
      </Notice>
    );
  }
  return (
    <p className={classes.ageingNote} role="status">
      Receivables account on <CalendarDateText date={asOf} />: {account} — agrees
    </p>
  );
}

/** The rows with their total in front, once there are any. */
function useWithTotal(source: ListSource<AgeingRow>, total: AgeingTotal | undefined): ListSource<AgeingLine> {
  const { rows } = source;
  const lines = useMemo(
    (): readonly AgeingLine[] => (total && rows.length > 0 ? [{ ...total, contact: null }, ...rows] : rows),
    [rows, total],
  );
  return { ...source, rows: lines };
}
