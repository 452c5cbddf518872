import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type Payment, type PaymentDetail, payment as paymentSchema } from '../../../src/payments/api.ts';
import { describeError } from '../app/api-problem.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { CopyText } from '../ui/copy-text.tsx';
import { DateText } from '../ui/date-text.tsx';
import { Notice } from '../ui/states.tsx';
import { toastDone, toastFailed } from '../ui/toast.tsx';
import { useIsOn, useMay } from '../workspace/workspace-facts.ts';
import classes from './transaction.module.css';

/** What somebody should do about this payment, if anything: another card, a link to send, a question to the gateway. */
export function PaymentNextStep({ detail, onCharge }: { detail: PaymentDetail; onCharge: () => void }) {
  const mayCharge = useMay()('payments.charge');
  const canCharge = useIsOn()('charge_customers_directly') && mayCharge;
  const lookUp = usePaymentVerb(detail.id, 'lookups', (now) =>
    now.status === detail.status ? 'The gateway has no answer yet' : 'The gateway has answered',
  );
  const dismiss = usePaymentVerb(detail.id, 'dismissal', () => 'It no longer needs attention');

  if (detail.status === 'needs_customer') {
    return (
      <Notice tone="amber" title={`${detail.contact.name} has to confirm the payment`}>
        Send this link; the payment goes on as soon as it is confirmed.
        {detail.customer_link && (
          <div>
            <CopyText text={detail.customer_link} label="link for the customer" />
          </div>
        )}
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
      {detail.decline?.retry_after && (
        <>
          {' '}
          The same card may be tried again <DateText at={detail.decline.retry_after} />.
        </>
      )}
    </Notice>
  );
}

/** POST of one of a payment's nouns; says in a toast what came of it and reads everything again. */
function usePaymentVerb(paymentId: string, noun: 'lookups' | 'dismissal', said: (now: Payment) => string) {
  const { api, workspace } = useWorkspace();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => api.post(`/v1/payments/${paymentId}/${noun}`, undefined, paymentSchema),
    onSuccess: (now) => {
      toastDone(said(now));
      return queryClient.invalidateQueries({ queryKey: [workspace.id] });
    },
    onError: (error) => toastFailed(describeError(error)),
  });
}
