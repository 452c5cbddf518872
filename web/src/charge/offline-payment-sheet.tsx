import { Button, Checkbox, Select, TextInput } from '@mantine/core';
import { useId, useRef, useState } from 'react';
import type { Contact } from '../../../src/contacts/api.ts';
import { DESCRIPTION_LENGTH_MAX, OFFLINE_METHOD_KINDS, payment } from '../../../src/payments/api.ts';
import { ApiProblem, describeError, fieldErrors } from '../app/api-problem.ts';
import { forgetAttempt, keptAttempt } from '../app/attempt-key.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { useRefreshWorkspace } from '../contacts/contact-queries.ts';
import { METHOD_WORDS } from '../payments/payment-words.ts';
import { useMoneyFormat } from '../ui/money-text.tsx';
import { useReader } from '../ui/reader.tsx';
import { SideSheet } from '../ui/side-sheet.tsx';
import { Notice, SkeletonLines } from '../ui/states.tsx';
import { toastDone } from '../ui/toast.tsx';
import { AmountFields } from './amount-fields.tsx';
import classes from './charge.module.css';
import { SplitFields, usePayable } from './split-fields.tsx';
import { suggestedSplit } from './split-payment.ts';

type OfflineKind = (typeof OFFLINE_METHOD_KINDS)[number];

const REFERENCE_LABELS: Record<OfflineKind, string> = {
  cash: 'Reference',
  cheque: 'Cheque number',
  bank_transfer: 'Bank reference',
  other: 'Reference',
};

/** Writes down money that was received outside any gateway. Mounted while it is open. */
export function OfflinePaymentSheet(props: {
  contact: Pick<Contact, 'id' | 'name'>;
  currency: string;
  /** The invoice it is most likely for, and what is open of it. */
  invoice?: { readonly id: string; readonly openMinor: bigint };
  onClose: () => void;
}) {
  const { contact, onClose } = props;
  const { api } = useWorkspace();
  const { now, timeZone } = useReader();
  const refresh = useRefreshWorkspace();
  const format = useMoneyFormat();
  const formId = useId();
  // A calendar date in the business's zone: what is received this evening is received today.
  const today = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeZone }).format(now);
  const [amountMinor, setAmountMinor] = useState<bigint | null>(props.invoice?.openMinor ?? null);
  const [amountReason, setAmountReason] = useState<string | null>(null);
  const [currency, setCurrency] = useState(props.currency);
  const [kind, setKind] = useState<OfflineKind>('cash');
  const [receivedOn, setReceivedOn] = useState(today);
  const [reference, setReference] = useState('');
  const [description, setDescription] = useState('');
  // Null as long as the usual split is meant: it follows the amount.
  const [chosenSplit, setSplit] = useState<ReadonlyMap<string, bigint> | null>(null);
  const [isSale, setSale] = useState(false);
  const reading = usePayable(contact.id, currency);
  const payable = reading.data ?? [];
  const split = chosenSplit ?? suggestedSplit(amountMinor ?? 0n, payable, props.invoice?.id ?? null);
  const isForInvoices = payable.length > 0 && !isSale;
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [failure, setFailure] = useState<string | null>(null);
  const [isSaving, setSaving] = useState(false);
  const attempt = useRef<{ purpose: string; key: string } | null>(null);

  async function save(event: React.FormEvent) {
    event.preventDefault();
    if (isSaving || !reading.data) return;
    if (amountMinor === null) return setErrors({ amount_minor: amountReason ?? 'Enter an amount.' });
    const parts = [...split].filter(([, part]) => part > 0n);
    if (isForInvoices && parts.reduce((sum, [, part]) => sum + part, 0n) > amountMinor) {
      return setFailure('More is put to invoices than was received.');
    }
    setSaving(true);
    setErrors({});
    setFailure(null);
    const body = {
      amount_minor: Number(amountMinor),
      currency,
      method_kind: kind,
      received_on: receivedOn,
      reference: reference.trim(),
      description: description.trim(),
      ...(isForInvoices
        ? { allocations: parts.map(([invoice_id, part]) => ({ invoice_id, amount_minor: Number(part) })) }
        : {}),
    };
    // The same words are the same intent, also after a lost reply; other words are another one with its own key.
    const purpose = `offline:${contact.id}:${JSON.stringify(body)}`;
    if (attempt.current?.purpose !== purpose) attempt.current = { purpose, key: keptAttempt(purpose) };
    try {
      await api.post(`/v1/contacts/${contact.id}/offline-payments`, body, payment, {
        idempotencyKey: attempt.current.key,
      });
      forgetAttempt(purpose);
      void refresh();
      toastDone(`${format(body.amount_minor, currency)} from ${contact.name} is recorded.`);
      onClose();
    } catch (error) {
      if (error instanceof ApiProblem && error.status < 500) forgetAttempt(purpose);
      const refused = fieldErrors(error);
      setErrors(refused);
      setFailure(Object.keys(refused).length === 0 ? describeError(error) : 'Some fields need another look.');
    } finally {
      setSaving(false);
    }
  }

  return (
    <SideSheet
      isOpen
      onClose={onClose}
      isBusy={isSaving}
      title={`Record a payment of ${contact.name}`}
      footer={
        <>
          <Button onClick={onClose} disabled={isSaving}>
            Cancel
          </Button>
          <Button variant="filled" type="submit" form={formId} loading={isSaving} disabled={!reading.data}>
            {amountMinor === null ? 'Record' : `Record ${format(amountMinor, currency)}`}
          </Button>
        </>
      }
    >
      <form id={formId} className={classes.form} onSubmit={(event) => void save(event)} noValidate>
        {failure && <Notice tone="red">{failure}</Notice>}
        <AmountFields
          autoFocus
          label="Amount received"
          draft={{ amountMinor, currency }}
          onDraft={(next) => {
            setAmountMinor(next.amountMinor);
            setCurrency(next.currency);
            setSplit(null);
          }}
          onReason={setAmountReason}
          error={errors.amount_minor}
          currencyError={errors.currency}
        />
        <Select
          label="How"
          data={OFFLINE_METHOD_KINDS.map((one) => ({ value: one, label: METHOD_WORDS[one] }))}
          value={kind}
          onChange={(next) => setKind(OFFLINE_METHOD_KINDS.find((one) => one === next) ?? kind)}
        />
        <TextInput
          type="date"
          label="Received on"
          max={today}
          value={receivedOn}
          onChange={(event) => setReceivedOn(event.currentTarget.value)}
          error={errors.received_on}
        />
        <TextInput
          label={REFERENCE_LABELS[kind]}
          maxLength={100}
          value={reference}
          onChange={(event) => setReference(event.currentTarget.value)}
          error={errors.reference}
        />
        <TextInput
          label="Description"
          placeholder="Stands on the receipt"
          maxLength={DESCRIPTION_LENGTH_MAX}
          value={description}
          onChange={(event) => setDescription(event.currentTarget.value)}
          error={errors.description}
        />
        {reading.isPending && <SkeletonLines lines={2} />}
        {reading.isError && (
          <Notice
            tone="red"
            title="What is open could not be read"
            action={
              <Button size="xs" onClick={() => void reading.refetch()}>
                Retry
              </Button>
            }
          >
            {describeError(reading.error)}
          </Notice>
        )}
        {payable.length > 0 && (
          <Checkbox
            label="For no invoice: a sale of its own"
            checked={isSale}
            onChange={(event) => setSale(event.currentTarget.checked)}
          />
        )}
        {isForInvoices && (
          <SplitFields
            payable={payable}
            amountMinor={amountMinor ?? 0n}
            currency={currency}
            split={split}
            onSplit={setSplit}
          />
        )}
      </form>
    </SideSheet>
  );
}
