import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { type RecurringInvoice, recurringInvoice } from '../../../src/invoices/api-recurring.ts';
import { describeError } from '../app/api-problem.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { PaymentsOff } from '../payments/payments-off.tsx';
import columns from '../payments/transaction.module.css';
import { AddressLink } from '../ui/address-link.tsx';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { CalendarDateText } from '../ui/date-text.tsx';
import { MoneyText } from '../ui/money-text.tsx';
import { Page, PageHeader, Section } from '../ui/page-header.tsx';
import { ErrorState, Notice, SkeletonLines } from '../ui/states.tsx';
import { StatusDot } from '../ui/status-dot.tsx';
import { toastDone, toastFailed, toastUndo } from '../ui/toast.tsx';
import { useMay, useSwitch } from '../workspace/workspace-facts.ts';
import { invoiceAddress } from './invoice-addresses.ts';
import { DocumentStatusDot } from './invoice-columns.tsx';
import { useToday } from './invoice-filters.ts';
import classes from './invoice-page.module.css';
import { everyWords, RECURRING_STATUS } from './recurring-words.ts';
import { ScheduleFacts } from './schedule-facts.tsx';

// Fetched when they are needed.
const Attachments = lazy(async () => ({ default: (await import('./attachments.tsx')).Attachments }));
const EditRecurringSheet = lazy(async () => ({
  default: (await import('./edit-recurring-sheet.tsx')).EditRecurringSheet,
}));

const route = getRouteApi('/w/$workspaceId/payments/recurring/$recurringId');

/** One schedule: what comes next, what it made, and what can be done with it. */
export function RecurringPage() {
  const { recurringId } = route.useParams();
  const { api, workspace } = useWorkspace();
  const isOn = useSwitch('payments_and_ltv');
  const query = useQuery({
    queryKey: [workspace.id, 'recurring-invoice', recurringId],
    queryFn: ({ signal }) => api.get(`/v1/recurring-invoices/${recurringId}`, recurringInvoice, { signal }),
    enabled: isOn === true,
  });
  if (isOn === false) return <PaymentsOff title="Recurring invoice" />;
  if (query.data) return <Shown schedule={query.data} />;
  return (
    <Page>
      <PageHeader title={query.isError ? 'Recurring invoice' : undefined} />
      {query.isError ? (
        <ErrorState
          title="This schedule could not be shown"
          message={describeError(query.error)}
          onRetry={() => void query.refetch()}
        />
      ) : (
        <SkeletonLines lines={6} />
      )}
    </Page>
  );
}

function Shown({ schedule }: { schedule: RecurringInvoice }) {
  const { api, workspace } = useWorkspace();
  const queryClient = useQueryClient();
  const mayWrite = useMay()('invoices.write') && schedule.status !== 'ended';
  const [isEnding, setEnding] = useState(false);
  const [isEditing, setEditing] = useState(false);
  const today = useToday();
  const status = RECURRING_STATUS[schedule.status];
  const step = async (path: string, body: object) => {
    const changed = await api.post(`/v1/recurring-invoices/${schedule.id}/${path}`, body, recurringInvoice);
    queryClient.setQueryData([workspace.id, 'recurring-invoice', schedule.id], changed);
    await queryClient.invalidateQueries({ queryKey: [workspace.id] });
  };
  const attempt = (path: string, body: object, done: () => void) =>
    void step(path, body).then(done, (error: unknown) => toastFailed(describeError(error)));
  const [next] = schedule.upcoming;
  return (
    <Page>
      <PageHeader
        title={schedule.name}
        beside={<StatusDot tone={status.tone}>{status.words}</StatusDot>}
        subtitle={
          <AddressLink
            className={classes.whom}
            address={{
              to: '/w/$workspaceId/contacts/$contactId',
              params: { workspaceId: workspace.id, contactId: schedule.contact.id },
            }}
          >
            {schedule.contact.name}
          </AddressLink>
        }
        actions={
          mayWrite && (
            <>
              <Button variant="subtle" onClick={() => setEnding(true)}>
                End
              </Button>
              <Button onClick={() => setEditing(true)}>Edit</Button>
              {next && (
                <Button
                  onClick={() =>
                    attempt('skips', { number: next.number }, () =>
                      toastUndo('The next invoice is left out', () =>
                        attempt('skips', { number: next.number, skipped: false }, () => {}),
                      ),
                    )
                  }
                >
                  Skip the next
                </Button>
              )}
              {schedule.status === 'paused' ? (
                <Button
                  variant="filled"
                  onClick={() => attempt('resumption', {}, () => toastDone('It goes on from today'))}
                >
                  Resume
                </Button>
              ) : (
                <Button onClick={() => attempt('pause', {}, () => toastDone('Paused until it is resumed'))}>
                  Pause
                </Button>
              )}
            </>
          )
        }
      />
      <div>
        <div className={classes.amounts}>
          <MoneyText size="large" amountMinor={schedule.amount_minor} currency={schedule.currency} />
          <span>{everyWords(schedule.schedule).toLocaleLowerCase()}</span>
        </div>
      </div>
      {schedule.held && (
        <Notice tone="red" title="An invoice that is due could not be made">
          {schedule.held.reason} It is tried again on <CalendarDateText date={schedule.held.until} />.
        </Notice>
      )}
      {schedule.status === 'ended' && schedule.usage_waiting > 0 && (
        <Notice tone="quiet" title="Usage that no invoice will bill">
          {schedule.usage_waiting === 1
            ? 'One report of usage waits'
            : `${schedule.usage_waiting} reports of usage wait`}
          , and no further invoice of this schedule comes: bill it by an invoice of its own.
        </Notice>
      )}
      <div className={columns.columns}>
        <div className={columns.main}>
          <Section title="What comes next">
            {schedule.upcoming.length === 0 ? (
              <p className={classes.notes}>Nothing.</p>
            ) : (
              <ul className={classes.money}>
                {schedule.upcoming.map((one) => (
                  <li key={one.number} className={classes.moneyRow}>
                    <span>
                      <CalendarDateText date={one.on} />
                      <span className={classes.moneyDetail}>
                        until <CalendarDateText date={one.until} />
                        {one.usage_count > 0 && `, with ${one.usage_count} reports of usage so far`}
                      </span>
                    </span>
                    <MoneyText amountMinor={one.total_minor} currency={schedule.currency} />
                  </li>
                ))}
              </ul>
            )}
          </Section>
          <Section title="Made so far">
            {schedule.made.length === 0 ? (
              <p className={classes.notes}>None yet.</p>
            ) : (
              <ul className={classes.money}>
                {schedule.made.map((one) => (
                  <li key={one.id} className={classes.moneyRow}>
                    <span>
                      <AddressLink address={invoiceAddress(workspace.id, one.id)}>{one.number ?? 'Draft'}</AddressLink>
                      {one.period && (
                        <span className={classes.moneyDetail}>
                          for <CalendarDateText date={one.period.from} /> until{' '}
                          <CalendarDateText date={one.period.until} />
                        </span>
                      )}
                      <DocumentStatusDot row={one} />
                    </span>
                    <MoneyText amountMinor={one.total_minor} currency={schedule.currency} />
                  </li>
                ))}
              </ul>
            )}
          </Section>
          <Suspense>
            <Attachments
              owner="recurring-invoices"
              invoiceId={schedule.id}
              draftId={mayWrite ? async () => schedule.id : null}
            />
          </Suspense>
        </div>
        <aside className={columns.aside} aria-label="Facts">
          <dl className={columns.facts}>
            <dt>Began</dt>
            <dd>
              <CalendarDateText date={schedule.schedule.starts_on} />
            </dd>
            <ScheduleFacts schedule={schedule} today={today} />
            <dt>Issued by itself</dt>
            <dd>{schedule.auto_issue ? 'Yes' : 'No, as a draft'}</dd>
            <dt>Sent by itself</dt>
            <dd>{schedule.auto_send ? 'Yes' : 'No'}</dd>
            <dt>Charged on its due date</dt>
            <dd>{schedule.auto_charge ? 'Where the customer agreed' : 'No'}</dd>
          </dl>
        </aside>
      </div>
      {isEditing && (
        <Suspense>
          <EditRecurringSheet schedule={schedule} onClose={() => setEditing(false)} />
        </Suspense>
      )}
      <ConfirmDialog
        isOpen={isEnding}
        onClose={() => setEnding(false)}
        title={`End ${schedule.name}?`}
        confirm="End it"
        isDestructive
        describe={describeError}
        onConfirm={() => step('ending', {})}
      >
        No invoice is made any more. What was billed stays. It cannot be begun again.
      </ConfirmDialog>
    </Page>
  );
}
