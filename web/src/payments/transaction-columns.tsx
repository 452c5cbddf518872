import { VisuallyHidden } from '@mantine/core';
import type { Payment } from '../../../src/payments/api.ts';
import type { Column, PhoneRow } from '../ui/data-table-shape.ts';
import { DateText } from '../ui/date-text.tsx';
import { MoneyText } from '../ui/money-text.tsx';
import { StatusDot } from '../ui/status-dot.tsx';
import { didNotHappen, signedMinor, statusOf, subjectOf } from './payment-words.ts';
import classes from './payments.module.css';

/** A payment's status as a dot and a word. */
export function PaymentStatusDot({ payment }: { payment: Payment }) {
  const status = statusOf(payment);
  return <StatusDot tone={status.tone}>{status.words}</StatusDot>;
}

/** A payment's amount: negative when it leaves the business, struck when it never moved. */
export function PaymentAmount({ payment }: { payment: Payment }) {
  return <MoneyText amountMinor={signedMinor(payment)} currency={payment.currency} struck={didNotHappen(payment)} />;
}

export const TRANSACTION_COLUMNS: readonly Column<Payment>[] = [
  {
    id: 'date',
    header: 'Date',
    width: '128px',
    render: (payment) => (
      <>
        <DateText at={payment.occurred_at} />
        <VisuallyHidden> {payment.contact.name}</VisuallyHidden>
      </>
    ),
  },
  { id: 'contact', header: 'Contact', width: 'minmax(140px, 2fr)', render: (payment) => payment.contact.name },
  {
    id: 'subject',
    header: 'Description',
    width: 'minmax(140px, 3fr)',
    minTableWidth: 720,
    render: (payment) => subjectOf(payment),
  },
  {
    id: 'method',
    header: 'Method',
    width: 'minmax(184px, 1fr)',
    minTableWidth: 880,
    render: (payment) => payment.method.label,
  },
  {
    id: 'status',
    header: 'Status',
    width: '176px',
    render: (payment) => <PaymentStatusDot payment={payment} />,
  },
  {
    id: 'amount',
    header: 'Amount',
    width: '132px',
    align: 'right',
    render: (payment) => <PaymentAmount payment={payment} />,
  },
];

/** The same on a phone, in two lines. */
export function transactionPhoneRow(payment: Payment): PhoneRow {
  return {
    title: payment.contact.name,
    value: <PaymentAmount payment={payment} />,
    detail: (
      <span className={classes.subject}>
        <PaymentStatusDot payment={payment} />
        <span>{payment.method.label}</span>
      </span>
    ),
    valueDetail: <DateText at={payment.occurred_at} />,
  };
}
