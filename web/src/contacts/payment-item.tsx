import { Button } from '@mantine/core';
import { linkOptions } from '@tanstack/react-router';
import type { Payment } from '../../../src/payments/api.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { taskWords } from '../payments/dispute-words.ts';
import { didNotHappen, signedMinor, statusOf } from '../payments/payment-words.ts';
import { AddressLink } from '../ui/address-link.tsx';
import { MoneyText } from '../ui/money-text.tsx';
import { useReader } from '../ui/reader.tsx';
import { StatusDot } from '../ui/status-dot.tsx';
import { useContactActions } from './contact-actions.ts';
import { prefillOf } from './owed-panel.tsx';
import classes from './timeline.module.css';

/** One movement of money in a contact's story: what, how much, by which card, what for. */
export function PaymentItem({ payment }: { payment: Payment }) {
  const { workspace } = useWorkspace();
  const { charge } = useContactActions();
  const { now } = useReader();
  const status = statusOf(payment);
  const task = payment.needs_action && payment.status !== 'lost' ? taskWords(payment, now) : null;
  const canRetry =
    charge !== null && payment.kind === 'charge' && payment.needs_action && payment.status === 'declined';
  return (
    <div className={classes.line}>
      <span className={classes.lead}>
        <StatusDot tone={status.tone}>{status.words}</StatusDot>
      </span>
      <AddressLink
        className={classes.link}
        address={linkOptions({
          to: '/w/$workspaceId/payments/transactions/$paymentId',
          params: { workspaceId: workspace.id, paymentId: payment.id },
        })}
      >
        <span className={classes.amount}>
          <MoneyText amountMinor={signedMinor(payment)} currency={payment.currency} struck={didNotHappen(payment)} />
        </span>
        <span className={classes.quiet}>{payment.method.label}</span>
        {payment.description !== '' && <span>“{payment.description}”</span>}
        {task && <span className={classes.quiet}>{task}</span>}
        {payment.decline && payment.needs_action && (
          <span className={classes.quiet}>{payment.decline.staff_words}</span>
        )}
      </AddressLink>
      {canRetry && (
        <Button size="xs" className={classes.end} onClick={() => charge(prefillOf(payment))}>
          Other card
        </Button>
      )}
    </div>
  );
}
