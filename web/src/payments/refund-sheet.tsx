import { Button, Select, Textarea } from '@mantine/core';
import { useState } from 'react';
import type { Payment } from '../../../src/payments/api.ts';
import { useFiles } from '../app/fetch-file.ts';
import { MoneyInput } from '../ui/money-input.tsx';
import { MoneyText, useMoneyFormat } from '../ui/money-text.tsx';
import { SideSheet } from '../ui/side-sheet.tsx';
import { Notice } from '../ui/states.tsx';
import classes from './refund.module.css';
import { type RefundRequest, useRefund } from './send-refund.ts';

const REASONS: { value: RefundRequest['reason']; label: string }[] = [
  { value: 'requested_by_customer', label: 'The customer asked for it' },
  { value: 'duplicate', label: 'Charged twice' },
  { value: 'goods_returned', label: 'Goods were returned' },
  { value: 'fraudulent', label: 'Fraud' },
  { value: 'other', label: 'Something else' },
];

/** Gives money back, in full or in part: amount and reason, then a confirmation that repeats who, how much and where to. */
export function RefundSheet({ payment, onClose }: { payment: Payment; onClose: () => void }) {
  const money = useMoneyFormat();
  const { state, send, startOver } = useRefund(payment.id);
  const [amountMinor, setAmountMinor] = useState<bigint | null>(BigInt(payment.refundable_minor));
  const [amountProblem, setAmountProblem] = useState<string | null>(null);
  const [reason, setReason] = useState<RefundRequest['reason'] | null>(null);
  const [reasonMissing, setReasonMissing] = useState(false);
  const [note, setNote] = useState('');
  const [isConfirming, setConfirming] = useState(false);
  const { currency } = payment;
  const amount = amountMinor === null ? '' : money(amountMinor, currency);

  function review() {
    if (amountMinor === null) return setAmountProblem(amountProblem ?? 'Enter the amount to give back.');
    if (reason === null) return setReasonMissing(true);
    setConfirming(true);
  }
  function confirm() {
    if (amountMinor === null || reason === null || state.at === 'sending') return;
    void send({ amount_minor: Number(amountMinor), reason, note: note.trim() });
  }

  if (state.at === 'done') return <RefundResult original={payment} refund={state.refund} onClose={onClose} />;
  const isSending = state.at === 'sending';
  const fields = state.at === 'refused' ? state.fields : {};

  return (
    <SideSheet
      isOpen
      onClose={onClose}
      isBusy={isSending}
      title={`Refund ${payment.contact.name}`}
      footer={
        isConfirming || isSending ? (
          <>
            <Button
              disabled={isSending || state.at === 'unanswered'}
              onClick={() => {
                setConfirming(false);
                startOver();
              }}
            >
              Back
            </Button>
            <Button variant="filled" loading={isSending} onClick={confirm} data-autofocus>
              {state.at === 'unanswered' ? 'Send again' : `Refund ${amount}`}
            </Button>
          </>
        ) : (
          <>
            <Button onClick={onClose}>Cancel</Button>
            <Button variant="filled" type="submit" form="refund">
              Continue
            </Button>
          </>
        )
      }
    >
      {isConfirming || isSending ? (
        <div className={classes.confirm}>
          <p className={classes.sentence}>
            Refund {payment.contact.name} <strong>{amount}</strong> to {payment.method.label}
          </p>
          <p className={classes.quiet}>
            {payment.gateway === 'manual'
              ? 'This records that the money was given back. Hand it over yourself: no card is credited.'
              : 'A refund cannot be taken back. The money usually arrives within five to ten days.'}
          </p>
          {state.at === 'unanswered' && <Notice tone="amber">{state.words}</Notice>}
          {state.at === 'refused' && (
            <Notice tone="red" title="Nothing was refunded">
              {state.words}
            </Notice>
          )}
        </div>
      ) : (
        <form
          id="refund"
          className={classes.form}
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            review();
          }}
        >
          <MoneyInput
            label="Amount"
            size="md"
            data-autofocus
            currency={currency}
            amountMinor={amountMinor}
            maxMinor={BigInt(payment.refundable_minor)}
            error={amountProblem ?? fields.amount_minor}
            onAmount={(next) => {
              setAmountMinor(next);
              setAmountProblem(null);
            }}
            description={
              <>
                Of <MoneyText amountMinor={payment.refundable_minor} currency={currency} /> that can be given back
              </>
            }
          />
          <Select
            label="Reason"
            placeholder="Choose one"
            data={REASONS}
            value={reason}
            error={reasonMissing ? 'Choose why: it stands in the books and on the receipt.' : fields.reason}
            onChange={(next) => {
              setReason(next as RefundRequest['reason'] | null);
              setReasonMissing(false);
            }}
          />
          <Textarea
            label="Note"
            description="For colleagues; the customer does not see it."
            rows={3}
            maxLength={500}
            value={note}
            error={fields.note}
            onChange={(event) => setNote(event.currentTarget.value)}
          />
          {state.at === 'refused' && <Notice tone="red">{state.words}</Notice>}
        </form>
      )}
    </SideSheet>
  );
}

function RefundResult(props: { original: Payment; refund: Payment; onClose: () => void }) {
  const { original, refund } = props;
  const money = useMoneyFormat();
  const { open, isFetching } = useFiles();
  const amount = money(Math.abs(refund.amount_minor), refund.currency);
  return (
    <SideSheet
      isOpen
      onClose={props.onClose}
      title={`Refund ${original.contact.name}`}
      footer={
        <>
          {refund.has_receipt && (
            <Button
              loading={isFetching}
              onClick={() => void open(`/v1/payments/${refund.id}/receipt.pdf`, `receipt-${refund.id}.pdf`)}
            >
              Open receipt
            </Button>
          )}
          <Button variant="filled" onClick={props.onClose} data-autofocus>
            Done
          </Button>
        </>
      }
    >
      {refund.status === 'settled' && (
        <Notice tone="green" title={`${amount} refunded`}>
          {original.contact.name} gets it back on {original.method.label}.
        </Notice>
      )}
      {refund.status === 'pending' && (
        <Notice tone="amber" title={`${amount} is on its way`}>
          The gateway has taken the refund and will say when it is through. Nothing more is to be done.
        </Notice>
      )}
      {(refund.status === 'sent' || refund.status === 'unknown') && (
        <Notice tone="amber" title="We are asking the gateway">
          No answer came yet. Nothing will be refunded twice; this changes by itself when the answer is there.
        </Notice>
      )}
      {['declined', 'canceled', 'returned'].includes(refund.status) && (
        <Notice tone="red" title={`${amount} was not refunded`}>
          {refund.decline?.staff_words ?? 'The gateway refused the refund.'}{' '}
          {refund.decline?.next_step ?? 'Give the money back another way, such as by bank transfer.'}
        </Notice>
      )}
    </SideSheet>
  );
}
