import { Button, Select } from '@mantine/core';
import { useMemo, useState } from 'react';
import { currencyChoices } from '../contacts/choices.ts';
import { MoneyInput } from '../ui/money-input.tsx';
import { useReader } from '../ui/reader.tsx';
import classes from './charge.module.css';

interface Amount {
  amountMinor: bigint | null;
  currency: string;
}

/**
 * An amount with its currency beside it. Most businesses take one currency all day, so the list of all of them is opened
 * only when it is asked for.
 */
export function AmountFields(props: {
  label: string;
  draft: Amount;
  onDraft: (amount: Amount) => void;
  /** Why what is typed is no amount; null when it is one. */
  onReason: (reason: string | null) => void;
  error: string | undefined;
  currencyError: string | undefined;
  autoFocus?: boolean;
}) {
  const { draft, onDraft } = props;
  const { locale } = useReader();
  const currencies = useMemo(() => currencyChoices(locale), [locale]);
  const [isChoosing, setChoosing] = useState(false);
  return (
    <div className={classes.amountFields}>
      <MoneyInput
        label={props.label}
        size="lg"
        data-autofocus={props.autoFocus || undefined}
        autoFocus={props.autoFocus ?? false}
        currency={draft.currency}
        amountMinor={draft.amountMinor}
        onAmount={(amountMinor, reason) => {
          props.onReason(reason);
          onDraft({ amountMinor, currency: draft.currency });
        }}
        error={props.error}
      />
      {isChoosing || props.currencyError ? (
        <Select
          label="Currency"
          searchable
          autoFocus={isChoosing}
          data={currencies}
          limit={60}
          value={draft.currency}
          onChange={(currency) => currency && onDraft({ amountMinor: draft.amountMinor, currency })}
          error={props.currencyError}
        />
      ) : (
        <Button size="xs" variant="subtle" className={classes.flush} onClick={() => setChoosing(true)}>
          Other currency
        </Button>
      )}
    </div>
  );
}
