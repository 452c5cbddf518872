import { Button } from '@mantine/core';
import { useId, useRef, useState } from 'react';
import type { ContactOverview } from '../../../src/insights/api.ts';
import { type Payment, type PaymentMethod, payment as paymentSchema } from '../../../src/payments/api.ts';
import { describeError } from '../app/api-problem.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { AddCardPanel } from '../cards/add-card-panel.tsx';
import { chargeable, methodName } from '../cards/method-words.ts';
import { useContactOverview } from '../contacts/contact-queries.ts';
import { useWorkspaceCurrency } from '../contacts/workspace-settings.ts';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { useMoneyFormat } from '../ui/money-text.tsx';
import { SideSheet } from '../ui/side-sheet.tsx';
import { EmptyState, ErrorState, SkeletonLines } from '../ui/states.tsx';
import { toastFailed } from '../ui/toast.tsx';
import { CHARGE_SENTENCE, ChargeConfirmation, ChargeSending } from './charge-confirmation.tsx';
import { type ChargeDraft, ChargeForm } from './charge-form.tsx';
import { ChargeOutcome } from './charge-outcome.tsx';
import { newCharge } from './kept-charge.ts';
import { isUnresolved, useCharge } from './use-charge.ts';
import { usePaymentWatch } from './use-payment-watch.ts';

/** What a charge begins with, for instance that of the failed one it takes the place of. */
export interface ChargePrefill {
  /** Whole minor units of `currency`. */
  amountMinor?: bigint | number;
  currency?: string;
  description?: string;
  /** The failed charge that this one tries again. */
  retryOf?: string;
  methodId?: string;
  /** The invoice that it pays, and what is open of it; what is charged beyond that stays on the customer's account. */
  invoice?: { readonly id: string; readonly number: string; readonly openMinor: bigint };
}

/**
 * Charges a saved method of a contact, in a sheet beside whatever page is open: amount, confirmation, outcome. Mounted
 * while it is open. It takes up a charge that was left half way in this tab.
 */
export function ChargeNow(props: { contactId: string; prefill?: ChargePrefill; onClose: () => void }) {
  const overview = useContactOverview(props.contactId);
  const usualCurrency = useWorkspaceCurrency();
  const money = overview.data?.money;
  const currency =
    props.prefill?.currency ?? overview.data?.contact.currency ?? money?.lifetime_values[0]?.currency ?? usualCurrency;
  if (overview.data && money && currency) {
    return <Sheet {...props} overview={overview.data} money={money} currency={currency} />;
  }
  return (
    <SideSheet isOpen onClose={props.onClose} title={overview.data ? `Charge ${overview.data.contact.name}` : 'Charge'}>
      {overview.isError ? (
        <ErrorState
          title="The contact could not be loaded"
          message={describeError(overview.error)}
          onRetry={() => void overview.refetch()}
        />
      ) : money === null ? (
        <EmptyState title="Payments are switched off">
          “Payments and Customer LTV” is off for this workspace. It is switched on in Settings.
        </EmptyState>
      ) : (
        <SkeletonLines lines={6} />
      )}
    </SideSheet>
  );
}

type Money = NonNullable<ContactOverview['money']>;

function Sheet(props: {
  contactId: string;
  prefill?: ChargePrefill;
  onClose: () => void;
  overview: ContactOverview;
  money: Money;
  currency: string;
}) {
  const { contact } = props.overview;
  const { prefill } = props;
  const methods = chargeable(props.money.payment_methods);
  const charge = useCharge(props.contactId, prefill !== undefined);
  const formId = useId();
  const [retryOf, setRetryOf] = useState(prefill?.retryOf);
  const [draft, setDraft] = useState<ChargeDraft>(() => ({
    amountMinor: prefill?.amountMinor === undefined ? null : BigInt(prefill.amountMinor),
    currency: props.currency,
    description: prefill?.description ?? '',
    methodId: firstChoice(methods, prefill?.methodId)?.id ?? null,
  }));
  const [isTouched, setTouched] = useState(false);
  const [isAdding, setAdding] = useState(false);
  const [isAskingToLeave, setAskingToLeave] = useState(false);
  const { step } = charge;

  function close() {
    charge.leave();
    props.onClose();
  }
  function askToClose() {
    if (isTouched && (step.name === 'form' || step.name === 'confirm')) setAskingToLeave(true);
    else close();
  }
  function confirm(chosen: ChargeDraft & { amountMinor: bigint; methodId: string }, retried = retryOf) {
    const method = props.money.payment_methods.find((one) => one.id === chosen.methodId);
    charge.confirm(
      newCharge(
        props.contactId,
        {
          amount_minor: Number(chosen.amountMinor),
          currency: chosen.currency,
          payment_method_id: chosen.methodId,
          description: chosen.description.trim(),
          tax_minor: 0,
          ...(retried ? { retry_of: retried } : {}),
          ...(prefill?.invoice ? { allocations: allocationTo(prefill.invoice, chosen.amountMinor) } : {}),
          confirm_same_again: false,
          confirm_early_retry: false,
        },
        method ? methodName(method) : 'the saved card',
        prefill?.invoice?.number,
      ),
    );
  }
  /** The draft of a failed charge: the same again, as a new intent that says which one it takes the place of. */
  function draftOf(payment: Payment, methodId: string | null): ChargeDraft {
    return {
      amountMinor: BigInt(payment.amount_minor),
      currency: payment.currency,
      description: payment.description,
      methodId,
    };
  }
  function tryWith(payment: Payment, method: PaymentMethod) {
    setRetryOf(payment.id);
    setDraft(draftOf(payment, method.id));
    const amountMinor = BigInt(payment.amount_minor);
    confirm({ ...draftOf(payment, method.id), amountMinor, methodId: method.id }, payment.id);
  }

  const common = {
    isOpen: true,
    onClose: askToClose,
    title: `Charge ${contact.name}`,
    isBusy: step.name === 'sending' && !step.isReplyLost,
  } as const;

  if (isAdding) {
    return (
      <SideSheet {...common} title={`New card for ${contact.name}`} onClose={() => setAdding(false)}>
        <AddCardPanel
          contactId={props.contactId}
          contactName={contact.name}
          onDone={(method) => {
            setDraft((before) => ({ ...before, methodId: method.state === 'usable' ? method.id : before.methodId }));
            setAdding(false);
          }}
          onCancel={() => setAdding(false)}
        />
      </SideSheet>
    );
  }
  switch (step.name) {
    case 'form':
      return (
        <SideSheet
          {...common}
          footer={
            <>
              <Button onClick={askToClose}>Cancel</Button>
              <Button variant="filled" type="submit" form={formId}>
                Continue
              </Button>
            </>
          }
        >
          <ChargeForm
            formId={formId}
            contactId={props.contactId}
            draft={draft}
            onDraft={(next) => {
              setTouched(true);
              setDraft(next);
            }}
            methods={methods}
            refusal={step.refusal}
            onAddCard={() => setAdding(true)}
            onContinue={(chosen) => confirm(chosen)}
          />
          {isAskingToLeave && <LeaveDialog onStay={() => setAskingToLeave(false)} onLeave={close} />}
        </SideSheet>
      );
    case 'confirm':
      return (
        <SideSheet
          {...common}
          footer={
            <>
              <Button
                key={step.again ? 'back again' : 'back'}
                autoFocus={step.again !== null}
                onClick={() => {
                  setDraft({
                    amountMinor: BigInt(step.kept.charge.amount_minor),
                    currency: step.kept.charge.currency,
                    description: step.kept.charge.description,
                    methodId: step.kept.charge.payment_method_id,
                  });
                  setRetryOf(step.kept.charge.retry_of);
                  charge.back();
                }}
              >
                Back
              </Button>
              <Button
                // Enter does it: the one who came here by keyboard need not look for the button. Asked again, it must
                // be looked for: a key that is pressed once too often would otherwise charge twice.
                key={step.again ? 'again' : 'first'}
                autoFocus={!step.again}
                aria-describedby={CHARGE_SENTENCE}
                variant="filled"
                onClick={() => charge.send(step.kept, step.again?.code ?? null)}
              >
                {step.again === null
                  ? 'Confirm & charge'
                  : step.again.code === 'retry_too_early'
                    ? 'Try anyway'
                    : 'Charge again'}
              </Button>
            </>
          }
        >
          <ChargeConfirmation kept={step.kept} contactName={contact.name} again={step.again} note={step.note} />
          {isAskingToLeave && <LeaveDialog onStay={() => setAskingToLeave(false)} onLeave={close} />}
        </SideSheet>
      );
    case 'sending':
      return (
        <SideSheet {...common} footer={<SendingButton kept={step.kept.charge} />}>
          <ChargeSending kept={step.kept} contactName={contact.name} isReplyLost={step.isReplyLost} />
        </SideSheet>
      );
    case 'outcome':
      return (
        <SideSheet
          {...common}
          footer={
            <Button
              variant={step.payment.status === 'settled' ? 'filled' : 'default'}
              autoFocus={step.payment.status === 'settled'}
              onClick={close}
            >
              {isUnresolved(step.payment) ? 'Close' : 'Done'}
            </Button>
          }
        >
          <Outcome
            payment={step.payment}
            onChange={(payment) => charge.outcomeChanged(step.kept, payment)}
            onTryWith={(method) => tryWith(step.payment, method)}
            onOtherCard={() => {
              setRetryOf(step.payment.id);
              const other = methods.find(
                (one) => one.state === 'usable' && one.id !== step.payment.method.payment_method_id,
              );
              setDraft(draftOf(step.payment, other?.id ?? null));
              charge.back();
            }}
          />
        </SideSheet>
      );
  }
}

function allocationTo({ id, openMinor }: { id: string; openMinor: bigint }, amountMinor: bigint) {
  return [{ invoice_id: id, amount_minor: Number(amountMinor < openMinor ? amountMinor : openMinor) }];
}

/** The default when it can be charged, else the first that can; one that failed a short while ago only when there is no other. */
function firstChoice(methods: readonly PaymentMethod[], wanted: string | undefined): PaymentMethod | undefined {
  const usable = methods.filter((method) => method.state === 'usable');
  const ready = usable.filter((method) => method.retry_after === null);
  return (
    usable.find((method) => method.id === wanted) ??
    ready.find((method) => method.is_default) ??
    ready[0] ??
    usable.find((method) => method.is_default) ??
    usable[0]
  );
}

function Outcome(props: {
  payment: Payment;
  onChange: (payment: Payment) => void;
  onTryWith: (method: PaymentMethod) => void;
  onOtherCard: () => void;
}) {
  const { api } = useWorkspace();
  const [isAsking, setAsking] = useState(false);
  usePaymentWatch(props.payment, props.onChange);
  const isRunning = useRef(false);

  async function askNow() {
    if (isRunning.current) return;
    isRunning.current = true;
    setAsking(true);
    try {
      const payment = await api.post(`/v1/payments/${props.payment.id}/lookups`, undefined, paymentSchema);
      if (payment.status !== props.payment.status) props.onChange(payment);
    } catch (error) {
      toastFailed(describeError(error));
    } finally {
      isRunning.current = false;
      setAsking(false);
    }
  }
  return (
    <ChargeOutcome
      payment={props.payment}
      onTryWith={props.onTryWith}
      onOtherCard={props.onOtherCard}
      onAskNow={() => void askNow()}
      isAsking={isAsking}
    />
  );
}

function SendingButton({ kept }: { kept: { amount_minor: number; currency: string } }) {
  const format = useMoneyFormat();
  return (
    <Button variant="filled" disabled>
      Charging {format(kept.amount_minor, kept.currency)}…
    </Button>
  );
}

/** Mounted only while it asks: the Esc that opens it would otherwise be heard by it as well, and close it. */
function LeaveDialog(props: { onStay: () => void; onLeave: () => void }) {
  return (
    <ConfirmDialog
      isOpen
      onClose={props.onStay}
      title="Leave without charging?"
      confirm="Leave"
      onConfirm={props.onLeave}
      describe={describeError}
    >
      Nothing has been charged. What you typed is not kept.
    </ConfirmDialog>
  );
}
