import { Button } from '@mantine/core';
import { useState } from 'react';
import type { ContactOverview } from '../../../src/insights/api.ts';
import { type Payment, payment as paymentSchema } from '../../../src/payments/api.ts';
import { describeError } from '../app/api-problem.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { CopyButton } from '../charge/customer-link.tsx';
import { statusOf } from '../payments/payment-words.ts';
import { AddressLink } from '../ui/address-link.tsx';
import { CalendarDateText, DateText } from '../ui/date-text.tsx';
import { MoneyText } from '../ui/money-text.tsx';
import { StatusDot } from '../ui/status-dot.tsx';
import { toastDone, toastFailed } from '../ui/toast.tsx';
import { useContactActions } from './contact-actions.ts';
import classes from './contact-page.module.css';
import { useRefreshWorkspace } from './contact-queries.ts';

type Money = NonNullable<ContactOverview['money']>;

/** As many failed charges as fit beside the other panels; all of them stand in the payments tab. */
const FAILED_SHOWN_MAX = 3;

/** What failed or was lost to a dispute, and nobody has settled or let go: how much, since when, and what can be done about each. */
export function OwedPanel({ money }: { money: Money }) {
  const failed = money.failed_charges.slice(0, FAILED_SHOWN_MAX);
  const hidden = money.failed_charges.length - failed.length;
  const invoiced = money.account.filter((one) => one.open_minor > 0 || one.on_account_minor > 0);
  return (
    <section className={classes.panel} aria-label="Owed now">
      <h2 className={classes.panelTitle}>Owed now</h2>
      {money.outstanding.length === 0 && invoiced.length === 0 && (
        <p className={classes.quiet}>Nothing.{failed.length === 0 && ' No charge has failed.'}</p>
      )}
      {invoiced.map((one) => (
        <div key={`invoices ${one.currency}`}>
          {one.open_minor > 0 && (
            <>
              <div className={classes.figure}>
                <MoneyText amountMinor={one.open_minor} currency={one.currency} />
              </div>
              <p className={classes.quiet}>
                on invoices
                {one.overdue_minor > 0 && (
                  <span className={classes.late}>
                    , <MoneyText amountMinor={one.overdue_minor} currency={one.currency} /> of it late
                  </span>
                )}
                {one.next_expected && (
                  <>
                    {' '}
                    · next <MoneyText amountMinor={one.next_expected.amount_minor} currency={one.currency} />{' '}
                    <CalendarDateText date={one.next_expected.on} />
                  </>
                )}
              </p>
            </>
          )}
          {one.on_account_minor > 0 && (
            <p className={classes.quiet}>
              <MoneyText amountMinor={one.on_account_minor} currency={one.currency} /> on account
            </p>
          )}
        </div>
      ))}
      {money.outstanding.length > 0 &&
        money.outstanding.map((owed) => (
          <div key={owed.currency}>
            <div className={classes.figure}>
              <MoneyText amountMinor={owed.amount_minor} currency={owed.currency} />
            </div>
            <p className={classes.quiet}>
              {owed.count === 1 ? '1 payment is missing' : `${owed.count} payments are missing`} ·{' '}
              <DateText at={owed.oldest_at} />
            </p>
          </div>
        ))}
      {failed.length > 0 && (
        <ul className={classes.failed}>
          {failed.map((payment) => (
            <FailedCharge key={payment.id} payment={payment} />
          ))}
        </ul>
      )}
      {hidden > 0 && <p className={classes.quiet}>and {hidden} more under Payments</p>}
    </section>
  );
}

function FailedCharge({ payment }: { payment: Payment }) {
  const { api, workspace } = useWorkspace();
  const refresh = useRefreshWorkspace();
  const { charge } = useContactActions();
  const [isRunning, setRunning] = useState(false);
  const status = statusOf(payment);

  async function dismiss() {
    setRunning(true);
    try {
      await api.post(`/v1/payments/${payment.id}/dismissal`, undefined, paymentSchema);
      await refresh();
      toastDone('It is no longer counted as owed. It stays among the payments.');
    } catch (error) {
      toastFailed(describeError(error));
    } finally {
      setRunning(false);
    }
  }

  return (
    <li className={classes.failedLine}>
      <span className={classes.failedWords}>
        <StatusDot tone={status.tone}>
          <AddressLink
            address={{
              to: '/w/$workspaceId/payments/transactions/$paymentId',
              params: { workspaceId: workspace.id, paymentId: payment.id },
            }}
          >
            {status.words} <MoneyText amountMinor={payment.amount_minor} currency={payment.currency} />
          </AddressLink>
        </StatusDot>
        {payment.decline && <p className={classes.quiet}>{payment.decline.staff_words}</p>}
        {payment.kind === 'dispute' && <p className={classes.quiet}>The dispute was lost, and the money went back.</p>}
      </span>
      <span className={classes.failedButtons}>
        {payment.customer_link ? (
          <CopyButton size="xs" text={new URL(payment.customer_link, window.location.href).href}>
            Copy link
          </CopyButton>
        ) : (
          charge && (
            <Button size="xs" onClick={() => charge(prefillOf(payment))}>
              {payment.kind === 'dispute' ? 'Charge again' : 'Try again'}
            </Button>
          )
        )}
        <Button size="xs" variant="subtle" onClick={() => void dismiss()} loading={isRunning}>
          {payment.kind === 'dispute' ? 'Give up' : 'Dismiss'}
        </Button>
      </span>
    </li>
  );
}

/** The same again, as a new charge that says which one it takes the place of. */
export function prefillOf(payment: Payment) {
  return {
    amountMinor: payment.amount_minor,
    currency: payment.currency,
    description: payment.description,
    retryOf: payment.id,
  };
}
