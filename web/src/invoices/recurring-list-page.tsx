import { linkOptions } from '@tanstack/react-router';
import { type RecurringRowAnswer, recurringList } from '../../../src/invoices/api-recurring.ts';
import { useCursorPages } from '../app/cursor-pages.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { PaymentsOff } from '../payments/payments-off.tsx';
import { PaymentsTabs } from '../payments/payments-tabs.tsx';
import { TestMark } from '../payments/test-mark.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { CalendarDateText } from '../ui/date-text.tsx';
import { MoneyText } from '../ui/money-text.tsx';
import { Page, PageHeader } from '../ui/page-header.tsx';
import { EmptyState } from '../ui/states.tsx';
import { StatusDot } from '../ui/status-dot.tsx';
import { useSwitch } from '../workspace/workspace-facts.ts';
import { everyWords, RECURRING_STATUS } from './recurring-words.ts';

/** Payments → Recurring: what makes invoices by itself, when next, and how much. */
export function RecurringListPage() {
  const isOn = useSwitch('payments_and_ltv');
  if (isOn === false) return <PaymentsOff title="Recurring invoices" />;
  return <Shown />;
}

function Shown() {
  const { workspace } = useWorkspace();
  const source = useCursorPages<RecurringRowAnswer>({
    key: 'recurring',
    path: '/v1/recurring-invoices',
    page: recurringList,
    query: {},
  });
  const status = (row: RecurringRowAnswer) => (
    <StatusDot tone={RECURRING_STATUS[row.status].tone}>{RECURRING_STATUS[row.status].words}</StatusDot>
  );
  const amount = (row: RecurringRowAnswer) => <MoneyText amountMinor={row.amount_minor} currency={row.currency} />;
  const next = (row: RecurringRowAnswer) => row.next_invoice_on && <CalendarDateText date={row.next_invoice_on} />;
  return (
    <Page>
      <PageHeader title="Payments" beside={workspace.mode === 'sandbox' && <TestMark />} />
      <PaymentsTabs />
      <DataTable
        label="Recurring invoices"
        source={source}
        rowId={(row) => row.id}
        rowLink={(row) =>
          linkOptions({
            to: '/w/$workspaceId/payments/recurring/$recurringId',
            params: { workspaceId: workspace.id, recurringId: row.id },
          })
        }
        columns={[
          { id: 'name', header: 'Name', width: 'minmax(140px, 2fr)', render: (row) => row.name },
          { id: 'contact', header: 'Contact', width: 'minmax(140px, 2fr)', render: (row) => row.contact.name },
          { id: 'status', header: 'Status', width: '112px', render: status },
          {
            id: 'every',
            header: 'How often',
            width: '144px',
            minTableWidth: 760,
            render: (row) => everyWords(row.schedule),
          },
          { id: 'next', header: 'Next', width: '124px', minTableWidth: 640, render: next },
          { id: 'amount', header: 'Amount', width: '128px', align: 'right', render: amount },
        ]}
        phone={(row) => ({ title: row.contact.name, value: amount(row), detail: status(row), valueDetail: next(row) })}
        empty={
          <EmptyState title="Nothing recurring yet">
            Open an invoice and choose Make recurring: it is then made again by itself, every week, month or year.
          </EmptyState>
        }
      />
    </Page>
  );
}
