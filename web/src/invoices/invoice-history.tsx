import { UnstyledButton } from '@mantine/core';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import type { Invoice } from '../../../src/invoices/api.ts';
import type { Message } from '../../../src/messages/api.ts';
import classes from '../payments/transaction.module.css';
import { CalendarDateText, DateText } from '../ui/date-text.tsx';
import { type HistoryStep, historyOf } from './history-steps.ts';

const MessageSheet = lazy(async () => ({ default: (await import('../messages/message-sheet.tsx')).MessageSheet }));

/** What happened to the document, oldest first; a message that carried it can be opened. */
export function InvoiceHistory({ invoice, messages }: { invoice: Invoice; messages: readonly Message[] }) {
  const [open, setOpen] = useState<string | null>(null);
  const message = messages.find(({ id }) => id === open);
  return (
    <>
      <ol className={classes.history}>
        {historyOf(invoice, messages).map((step) => (
          <li key={`${step.words} ${step.at ?? step.on} ${step.messageId ?? ''}`} className={classes.step}>
            <div>
              <div className={classes.stepWords}>
                {step.messageId ? (
                  <UnstyledButton className={classes.stepLink} onClick={() => setOpen(step.messageId ?? null)}>
                    {step.words}
                  </UnstyledButton>
                ) : (
                  step.words
                )}
              </div>
              {step.detail && <div className={classes.quiet}>{step.detail}</div>}
            </div>
            <span className={classes.quiet}>{dateOf(step)}</span>
          </li>
        ))}
      </ol>
      <Suspense fallback={null}>{message && <MessageSheet message={message} onClose={() => setOpen(null)} />}</Suspense>
    </>
  );
}

function dateOf(step: HistoryStep): ReactNode {
  if (step.at) return <DateText at={step.at} />;
  return step.on ? <CalendarDateText date={step.on} /> : null;
}
