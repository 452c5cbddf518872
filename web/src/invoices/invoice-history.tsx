import type { ReactNode } from 'react';
import type { Invoice } from '../../../src/invoices/api.ts';
import type { Message } from '../../../src/messages/api.ts';
import { messageStatus } from '../messages/message-words.ts';
import classes from '../payments/transaction.module.css';
import { CalendarDateText, DateText } from '../ui/date-text.tsx';
import { KIND_WORDS } from './invoice-words.ts';

interface Step {
  readonly words: string;
  readonly detail?: string;
  readonly at?: string;
  readonly on?: string;
}

/** What happened to the document, oldest first. */
export function InvoiceHistory({ invoice, messages }: { invoice: Invoice; messages: readonly Message[] }) {
  const steps = [...stepsOf(invoice), ...messages.map(stepOf)].toSorted((a, b) =>
    (a.at ?? a.on ?? '') < (b.at ?? b.on ?? '') ? -1 : 1,
  );
  return (
    <ol className={classes.history}>
      {steps.map((step) => (
        <li key={`${step.words} ${step.at ?? step.on}`} className={classes.step}>
          <div>
            <div className={classes.stepWords}>{step.words}</div>
            {step.detail && <div className={classes.quiet}>{step.detail}</div>}
          </div>
          <span className={classes.quiet}>{dateOf(step)}</span>
        </li>
      ))}
    </ol>
  );
}

/** A message that carried it: to whom, and what became of it. */
function stepOf(message: Message): Step {
  const detail = message.reason === '' ? message.to : `${message.to}: ${message.reason}`;
  return { words: `E-mail: ${messageStatus(message).words.toLocaleLowerCase()}`, detail, at: message.created_at };
}

function dateOf(step: Step): ReactNode {
  if (step.at) return <DateText at={step.at} />;
  return step.on ? <CalendarDateText date={step.on} /> : null;
}

function stepsOf(invoice: Invoice): Step[] {
  const kind = KIND_WORDS[invoice.kind];
  const steps: (Step | null)[] = [
    { words: `${kind} written`, detail: invoice.created_by, at: invoice.created_at },
    invoice.issued_at ? { words: `Issued as ${invoice.number}`, at: invoice.issued_at } : null,
    invoice.opened_at ? { words: 'Opened by the customer', at: invoice.opened_at } : null,
    invoice.accepted_at
      ? { words: 'Accepted', ...(invoice.accepted_by ? { detail: invoice.accepted_by } : {}), at: invoice.accepted_at }
      : null,
    invoice.declined_at ? { words: 'Declined', at: invoice.declined_at } : null,
    invoice.disputed_at
      ? {
          words: 'Disputed by the customer',
          ...(invoice.dispute_words ? { detail: invoice.dispute_words } : {}),
          at: invoice.disputed_at,
        }
      : null,
    invoice.voided_at
      ? {
          words: 'Declared void',
          ...(invoice.void_reason ? { detail: invoice.void_reason } : {}),
          at: invoice.voided_at,
        }
      : null,
    // Settled is a calendar day; it stands after everything of that day.
    invoice.kind === 'invoice' && invoice.settled_on && !invoice.voided_at
      ? { words: 'Nothing is open any more', on: `${invoice.settled_on}` }
      : null,
  ];
  return steps.filter((step) => step !== null);
}
