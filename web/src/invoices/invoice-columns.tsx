import { VisuallyHidden } from '@mantine/core';
import type { InvoiceRowAnswer } from '../../../src/invoices/api.ts';
import type { Column, PhoneRow } from '../ui/data-table-shape.ts';
import { CalendarDateText, DateText } from '../ui/date-text.tsx';
import { MoneyText } from '../ui/money-text.tsx';
import { StatusDot } from '../ui/status-dot.tsx';
import { type DocumentKind, dueWords, nameOf, statusOf } from './invoice-words.ts';
import classes from './invoices.module.css';

/** A document's status as a dot and a word. */
export function DocumentStatusDot({ row }: { row: Pick<InvoiceRowAnswer, 'kind' | 'status'> }) {
  const status = statusOf(row);
  return <StatusDot tone={status.tone}>{status.words}</StatusDot>;
}

function DocumentDate({ row }: { row: InvoiceRowAnswer }) {
  return row.issued_on ? <CalendarDateText date={row.issued_on} /> : <DateText at={row.created_at} />;
}

function Due({ row, today }: { row: InvoiceRowAnswer; today: string }) {
  const words = dueWords(row, today);
  if (words === null) return row.due_on && row.status !== 'void' ? <CalendarDateText date={row.due_on} /> : null;
  return <span className={row.overdue_since ? classes.late : undefined}>{words}</span>;
}

/** The columns of a list of documents of one kind; `withContact` where they are not all of one contact. */
export function invoiceColumns(
  kind: DocumentKind,
  today: string,
  withContact: boolean,
): readonly Column<InvoiceRowAnswer>[] {
  const isOwed = kind === 'invoice';
  return [
    {
      id: 'number',
      header: 'Number',
      width: 'minmax(128px, 1fr)',
      render: (row) => (
        <>
          {row.number ?? <span className={classes.quiet}>No number yet</span>}
          <VisuallyHidden> {row.contact.name}</VisuallyHidden>
        </>
      ),
    },
    ...(withContact
      ? [
          {
            id: 'contact',
            header: 'Contact',
            width: 'minmax(140px, 2fr)',
            render: (row: InvoiceRowAnswer) => row.contact.name,
          },
        ]
      : []),
    { id: 'status', header: 'Status', width: '124px', render: (row) => <DocumentStatusDot row={row} /> },
    {
      id: 'date',
      header: 'Date',
      width: '116px',
      minTableWidth: 760,
      render: (row) => <DocumentDate row={row} />,
    },
    ...(isOwed
      ? [
          {
            id: 'due',
            header: 'Due',
            width: '132px',
            minTableWidth: 640,
            render: (row: InvoiceRowAnswer) => <Due row={row} today={today} />,
          },
          {
            id: 'open',
            header: 'Open',
            width: '120px',
            align: 'right' as const,
            minTableWidth: 860,
            render: (row: InvoiceRowAnswer) =>
              row.open_minor > 0 ? <MoneyText amountMinor={row.open_minor} currency={row.currency} /> : null,
          },
        ]
      : []),
    {
      id: 'total',
      header: 'Total',
      width: '128px',
      align: 'right',
      render: (row) => (
        <MoneyText amountMinor={row.total_minor} currency={row.currency} struck={row.status === 'void'} />
      ),
    },
  ];
}

/** The same on a phone, in two lines. */
export function invoicePhoneRow(today: string, withContact: boolean) {
  return (row: InvoiceRowAnswer): PhoneRow => ({
    title: withContact ? row.contact.name : nameOf(row),
    value: <MoneyText amountMinor={row.total_minor} currency={row.currency} struck={row.status === 'void'} />,
    detail: (
      <span className={classes.phoneDetail}>
        <DocumentStatusDot row={row} />
        {withContact && <span>{nameOf(row)}</span>}
      </span>
    ),
    valueDetail: dueWords(row, today) ?? <DocumentDate row={row} />,
  });
}
