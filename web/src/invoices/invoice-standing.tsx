import type { Invoice } from '../../../src/invoices/api.ts';
import { CalendarDateText } from '../ui/date-text.tsx';
import { MoneyText } from '../ui/money-text.tsx';
import classes from './invoice-page.module.css';
import { dueWords } from './invoice-words.ts';

/** What a charge for an invoice begins with. */
export function prefillOf(invoice: Invoice) {
  return {
    amountMinor: dueNowMinor(invoice),
    currency: invoice.currency,
    description: `Invoice ${invoice.number}`,
    invoice: { id: invoice.id, number: invoice.number ?? '', openMinor: BigInt(invoice.open_minor) },
  };
}

/** What is charged unless somebody says otherwise: what is late, else the next instalment, at most what is open. */
function dueNowMinor(invoice: Invoice): number {
  if (invoice.overdue_minor > 0) return invoice.overdue_minor;
  if (invoice.instalments.length < 2) return invoice.open_minor;
  // Payments meet the earliest dates first: what is left of the first that is not covered.
  let covered = invoice.total_minor - invoice.open_minor;
  for (const part of invoice.instalments) {
    if (covered < part.amount_minor) return Math.min(part.amount_minor - covered, invoice.open_minor);
    covered -= part.amount_minor;
  }
  return invoice.open_minor;
}

/** One sentence on where the document stands. */
export function WhereNow({ invoice, today }: { invoice: Invoice; today: string }) {
  const due = dueWords(invoice, today);
  const open = <MoneyText amountMinor={invoice.open_minor} currency={invoice.currency} />;
  switch (invoice.status) {
    case 'draft':
      return <>Nobody has seen it yet; it gets its number when it is issued.</>;
    case 'overdue':
      return (
        <span className={classes.late}>
          <MoneyText amountMinor={invoice.overdue_minor} currency={invoice.currency} /> is {due}
          {invoice.overdue_minor < invoice.open_minor && <>, {open} is open in all</>}.
        </span>
      );
    case 'processing':
      return <>{open} is open, and a payment is on its way.</>;
    case 'open':
    case 'partly_paid':
    case 'disputed':
      return (
        <>
          {open} is open{due && `, ${due}`}
          {invoice.next_due_on && (
            <>
              {' '}
              (<CalendarDateText date={invoice.next_due_on} />)
            </>
          )}
          .
        </>
      );
    case 'paid':
      if (invoice.kind === 'credit_note') return <>It takes back what it is about.</>;
      return invoice.paid_minor > 0 ? <>Everything is paid.</> : <>Nothing of it is open.</>;
    case 'void':
      return <>It counts for nothing; its number stays taken. {invoice.void_reason}</>;
    case 'written_off':
      return <>What was open of it was given up.</>;
    case 'sent':
      return <>The customer has not answered yet{invoice.valid_until && <ValidUntil date={invoice.valid_until} />}.</>;
    case 'accepted':
      return <>The customer wants it: make the invoice from it when it is time.</>;
    case 'declined':
      return <>The customer does not want it.</>;
    case 'expired':
      return <>It was not answered in time.</>;
    case 'invoiced':
      return <>An invoice was made from it.</>;
  }
}

function ValidUntil({ date }: { date: string }) {
  return (
    <>
      ; it is valid until <CalendarDateText date={date} />
    </>
  );
}
