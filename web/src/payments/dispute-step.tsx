import { Button, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type PaymentDetail, payment as paymentSchema } from '../../../src/payments/api.ts';
import { describeError } from '../app/api-problem.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { DateText, MomentText } from '../ui/date-text.tsx';
import { MoneyText } from '../ui/money-text.tsx';
import { useReader } from '../ui/reader.tsx';
import { Notice } from '../ui/states.tsx';
import { toastDone, toastFailed } from '../ui/toast.tsx';
import { useMay } from '../workspace/workspace-facts.ts';
import { dueWords } from './dispute-words.ts';
import { usePaymentVerb } from './payment-verb.ts';
import classes from './transaction.module.css';

/** What a dispute asks for: evidence by a day, patience until the decision, or what it took once more. */
export function DisputeStep({ detail, onCharge }: { detail: PaymentDetail; onCharge: (() => void) | null }) {
  if (detail.status === 'needs_response' || detail.status === 'withdrawn') return <Evidence detail={detail} />;
  if (detail.status === 'lost') return <Lost detail={detail} onCharge={onCharge} />;
  return null;
}

function Evidence({ detail }: { detail: PaymentDetail }) {
  const { now } = useReader();
  const mayChange = useMay()('payments.charge');
  const [note, setNote] = useState('');
  const evidence = useEvidence(detail.id);
  const { dispute } = detail;
  if (dispute?.evidence_sent_at) {
    return (
      <Notice
        tone="quiet"
        title="Evidence is sent. The bank decides."
        action={
          mayChange && (
            <Button size="xs" loading={evidence.isPending} onClick={() => evidence.mutate(null)}>
              It was not sent
            </Button>
          )
        }
      >
        {dispute.evidence_sent_by}, <DateText at={dispute.evidence_sent_at} />
        {dispute.evidence_note === '' ? '' : `: ${dispute.evidence_note}`}
      </Notice>
    );
  }
  const due = dueWords(detail, now);
  return (
    <Notice tone="red" title={due === null ? 'The bank asks for evidence' : `The bank asks for evidence: ${due}`}>
      {dispute?.evidence_due_at && (
        <>
          It is accepted until <MomentText at={dispute.evidence_due_at} />.{' '}
        </>
      )}
      Send what shows that the customer ordered and received it: the order, messages, delivery, your terms. You send it
      on the gateway’s own pages; say here when it is done. Without evidence the dispute is lost.
      {mayChange && (
        <form
          className={classes.evidence}
          onSubmit={(event) => {
            event.preventDefault();
            evidence.mutate(note.trim());
          }}
        >
          <TextInput
            label="What was sent"
            placeholder="Signed order and delivery slip"
            maxLength={500}
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
          />
          <Button type="submit" loading={evidence.isPending}>
            Evidence is sent
          </Button>
        </form>
      )}
    </Notice>
  );
}

function Lost({ detail, onCharge }: { detail: PaymentDetail; onCharge: (() => void) | null }) {
  const mayChange = useMay()('payments.charge');
  const giveUp = usePaymentVerb(detail.id, 'dismissal', () => 'It is no longer owed');
  const amount = <MoneyText amountMinor={detail.amount_minor} currency={detail.currency} />;
  if (!detail.needs_action) return null;
  return (
    <Notice
      tone="red"
      title="The dispute was lost, and what it took is owed again"
      action={
        <div className={classes.noticeActions}>
          {mayChange && (
            <Button size="xs" loading={giveUp.isPending} onClick={() => giveUp.mutate()}>
              Give it up
            </Button>
          )}
          {onCharge && (
            <Button size="xs" onClick={onCharge}>
              Charge again
            </Button>
          )}
        </div>
      }
    >
      {amount} went back to {detail.contact.name}. Agree with them first how it is paid: a charge without that is
      disputed again.
    </Notice>
  );
}

/** A network’s early word that a charge is called a fraud. */
export function FraudWarning({ detail, mayDismiss }: { detail: PaymentDetail; mayDismiss: boolean }) {
  const dismiss = usePaymentVerb(detail.id, 'dismissal', () => 'It no longer needs attention');
  return (
    <Notice
      tone="red"
      title="The cardholder’s bank calls this charge a fraud"
      action={
        mayDismiss && (
          <Button size="xs" loading={dismiss.isPending} onClick={() => dismiss.mutate()}>
            No more action needed
          </Button>
        )
      }
    >
      {detail.fraud_warned_at && (
        <>
          Told <DateText at={detail.fraud_warned_at} />.{' '}
        </>
      )}
      A dispute is likely, and costs a fee. A refund now spares both; if the customer did order it, keep what shows
      that.
    </Notice>
  );
}

/** Says that evidence was sent (with a note), or with null that it was not. */
function useEvidence(paymentId: string) {
  const { api, workspace } = useWorkspace();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async (note: string | null) => {
      if (note === null) await api.remove(`/v1/payments/${paymentId}/evidence`);
      else await api.put(`/v1/payments/${paymentId}/evidence`, { note }, paymentSchema);
    },
    onSuccess: (_done, note) => {
      toastDone(note === null ? 'The task is open again' : 'The dispute waits for the bank’s decision');
      return queryClient.invalidateQueries({ queryKey: [workspace.id] });
    },
    onError: (error) => toastFailed(describeError(error)),
  });
}
