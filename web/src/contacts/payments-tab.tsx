import { Button } from '@mantine/core';
import { getRouteApi, linkOptions } from '@tanstack/react-router';
import { type Payment, paymentPage } from '../../../src/payments/api.ts';
import { useCursorPages } from '../app/cursor-pages.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { didNotHappen, signedMinor, statusOf, subjectOf } from '../payments/payment-words.ts';
import { DataTable } from '../ui/data-table.tsx';
import { DateText } from '../ui/date-text.tsx';
import { MoneyText } from '../ui/money-text.tsx';
import { EmptyState } from '../ui/states.tsx';
import { StatusDot } from '../ui/status-dot.tsx';
import { useContactActions } from './contact-actions.ts';
import { MoneyOnly } from './money-only.tsx';

const route = getRouteApi('/w/$workspaceId/contacts/$contactId');

/** Every movement of money of this contact, newest first. */
export function PaymentsTab() {
  return (
    <MoneyOnly>
      <PaymentTable />
    </MoneyOnly>
  );
}

function PaymentTable() {
  const { contactId } = route.useParams();
  const { workspace } = useWorkspace();
  const { charge } = useContactActions();
  const source = useCursorPages<Payment>({
    key: 'transactions',
    path: '/v1/payments',
    page: paymentPage,
    query: { contact: contactId },
  });
  const status = (payment: Payment) => {
    const { tone, words } = statusOf(payment);
    return <StatusDot tone={tone}>{words}</StatusDot>;
  };
  const amount = (payment: Payment) => (
    <MoneyText amountMinor={signedMinor(payment)} currency={payment.currency} struck={didNotHappen(payment)} />
  );
  return (
    <DataTable
      label="Payments"
      isCompact
      source={source}
      rowId={(payment) => payment.id}
      rowLink={(payment) =>
        linkOptions({
          to: '/w/$workspaceId/payments/transactions/$paymentId',
          params: { workspaceId: workspace.id, paymentId: payment.id },
        })
      }
      columns={[
        { id: 'at', header: 'Date', width: '124px', render: (payment) => <DateText at={payment.occurred_at} /> },
        { id: 'what', header: 'Description', width: 'minmax(140px, 3fr)', render: subjectOf },
        {
          id: 'method',
          header: 'Method',
          width: 'minmax(168px, 1fr)',
          minTableWidth: 720,
          render: (payment) => payment.method.label,
        },
        { id: 'status', header: 'Status', width: '180px', render: status },
        { id: 'amount', header: 'Amount', width: '128px', align: 'right', render: amount },
      ]}
      phone={(payment) => ({
        title: subjectOf(payment),
        value: amount(payment),
        detail: status(payment),
        valueDetail: <DateText at={payment.occurred_at} />,
      })}
      empty={
        <EmptyState title="No payments yet" action={charge && <Button onClick={() => charge()}>Charge now</Button>}>
          Charges, refunds and money recorded by hand stand here.
        </EmptyState>
      }
    />
  );
}
