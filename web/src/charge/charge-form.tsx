import { Autocomplete } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { DESCRIPTION_LENGTH_MAX, type PaymentMethod, recentDescriptions } from '../../../src/payments/api.ts';
import type { ApiProblem } from '../app/api-problem.ts';
import { fieldErrors } from '../app/api-problem.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { Notice } from '../ui/states.tsx';
import { AmountFields } from './amount-fields.tsx';
import classes from './charge.module.css';
import { MethodChoice } from './method-choice.tsx';

/** What is typed so far; kept above the form, so that going back to it finds everything again. */
export interface ChargeDraft {
  amountMinor: bigint | null;
  currency: string;
  description: string;
  methodId: string | null;
}

/** Amount, what it is for, and which card: the first step of a charge. */
export function ChargeForm(props: {
  formId: string;
  contactId: string;
  draft: ChargeDraft;
  onDraft: (draft: ChargeDraft) => void;
  methods: readonly PaymentMethod[];
  refusal: ApiProblem | null;
  onAddCard: () => void;
  onContinue: (draft: ChargeDraft & { amountMinor: bigint; methodId: string }) => void;
}) {
  const { draft, onDraft, refusal } = props;
  const { api, workspace } = useWorkspace();
  const listId = useId();
  const [missing, setMissing] = useState<{ amount?: string; method?: string }>({});
  const [amountReason, setAmountReason] = useState<string | null>(null);
  const refused = fieldErrors(refusal);
  const recent = useQuery({
    queryKey: [workspace.id, 'recent-descriptions', props.contactId],
    queryFn: ({ signal }) =>
      api.get(`/v1/contacts/${props.contactId}/recent-descriptions`, recentDescriptions, { signal }),
  });

  function onSubmit(event: React.FormEvent) {
    event.preventDefault();
    const { amountMinor, methodId } = draft;
    if (amountMinor === null || methodId === null) {
      setMissing({
        ...(amountMinor === null ? { amount: amountReason ?? 'Enter an amount.' } : {}),
        ...(methodId === null
          ? { method: props.methods.length === 0 ? 'A card is needed first.' : 'Choose a card, or add one.' }
          : {}),
      });
      return;
    }
    props.onContinue({ ...draft, amountMinor, methodId });
  }

  return (
    <form id={props.formId} className={classes.form} onSubmit={onSubmit} noValidate>
      {refusal && <Notice tone="red">{refusal.detail}</Notice>}
      <AmountFields
        autoFocus
        label="Amount"
        draft={draft}
        onDraft={(next) => {
          setMissing(({ amount: _settled, ...others }) => others);
          onDraft({ ...draft, ...next });
        }}
        onReason={setAmountReason}
        error={missing.amount ?? refused.amount_minor}
        currencyError={refused.currency}
      />
      <Autocomplete
        label="Description"
        placeholder="Stands on the receipt"
        id={listId}
        data={recent.data?.data ?? []}
        limit={6}
        maxLength={DESCRIPTION_LENGTH_MAX}
        value={draft.description}
        onChange={(description) => onDraft({ ...draft, description })}
        error={refused.description}
      />
      <MethodChoice
        methods={props.methods}
        value={draft.methodId}
        onChange={(methodId) => {
          setMissing(({ method: _settled, ...others }) => others);
          onDraft({ ...draft, methodId });
        }}
        onAddCard={props.onAddCard}
        error={missing.method ?? refused.payment_method_id}
      />
    </form>
  );
}
