import { Button } from '@mantine/core';
import type { PaymentDetail } from '../../../src/payments/api.ts';
import { AskForCard } from '../charge/ask-for-card.tsx';
import { CustomerLink } from '../charge/customer-link.tsx';
import { DeclineAdvice } from '../charge/decline-advice.tsx';
import { Notice } from '../ui/states.tsx';
import { useIsOn, useMay } from '../workspace/workspace-facts.ts';
import { DisputeStep, FraudWarning } from './dispute-step.tsx';
import { usePaymentVerb } from './payment-verb.ts';
import classes from './transaction.module.css';

/** What somebody should do about this payment, if anything: another card, a link to send, a question to the gateway. */
export function PaymentNextStep({ detail, onCharge }: { detail: PaymentDetail; onCharge: () => void }) {
  const mayCharge = useMay()('payments.charge');
  const canCharge = useIsOn()('charge_customers_directly') && mayCharge;
  const lookUp = usePaymentVerb(detail.id, 'lookups', (now) =>
    now.status === detail.status ? 'The gateway has no answer yet' : 'The gateway has answered',
  );
  const dismiss = usePaymentVerb(detail.id, 'dismissal', () => 'It no longer needs attention');

  if (detail.kind === 'dispute') return <DisputeStep detail={detail} onCharge={canCharge ? onCharge : null} />;
  if (detail.status === 'settled' && detail.fraud_warned_at && detail.needs_action)
    return <FraudWarning detail={detail} mayDismiss={mayCharge} />;
  if (detail.status === 'needs_customer') {
    return (
      <Notice tone="amber" title={`${detail.contact.name} has to confirm the payment`}>
        Send this link; the payment goes on as soon as it is confirmed.
        {detail.customer_link && <CustomerLink payment={detail} link={detail.customer_link} />}
      </Notice>
    );
  }
  if (detail.status === 'pending' && detail.kind === 'charge') {
    return (
      <Notice tone="amber" title="Started, not paid yet">
        {detail.method.label} takes a few days. It counts as paid when the bank has answered, and only then towards
        lifetime value; if the bank refuses, it is shown as declined and is owed.
      </Notice>
    );
  }
  if (detail.status === 'unknown' || detail.status === 'sent') {
    return (
      <Notice
        tone="amber"
        title="We are asking the gateway what became of this"
        action={
          mayCharge && (
            <Button size="xs" loading={lookUp.isPending} onClick={() => lookUp.mutate()}>
              Ask the gateway now
            </Button>
          )
        }
      >
        Its answer was lost on the way. Nothing will be charged twice, and this changes by itself when the answer is
        there.
      </Notice>
    );
  }
  if (detail.status !== 'declined' && detail.status !== 'returned') return null;

  const reason = detail.decline?.staff_words ?? (detail.status === 'returned' ? 'The bank took the money back.' : '');
  return (
    <Notice
      tone={detail.needs_action ? 'red' : 'quiet'}
      title={reason || 'The gateway gave no reason.'}
      action={
        (canCharge || detail.needs_action) &&
        detail.kind === 'charge' && (
          <div className={classes.noticeActions}>
            {detail.needs_action && mayCharge && (
              <Button size="xs" loading={dismiss.isPending} onClick={() => dismiss.mutate()}>
                No more action needed
              </Button>
            )}
            {canCharge && (
              <Button size="xs" onClick={onCharge}>
                Charge another card
              </Button>
            )}
          </div>
        )
      }
    >
      {detail.decline?.next_step}
      {detail.decline && detail.kind === 'charge' && <DeclineAdvice decline={detail.decline} />}
      {detail.kind === 'charge' && detail.needs_action && mayCharge && <AskForCard about={{ payment: detail }} />}
    </Notice>
  );
}
