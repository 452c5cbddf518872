import { TextInput, UnstyledButton } from '@mantine/core';
import type { DiscountForm } from './draft-form.ts';
import classes from './editor.module.css';

/** A part of an amount: per cent, or an amount of the currency. Empty is none. */
export function DiscountField(props: {
  label: string;
  isLabelShown?: boolean;
  currency: string;
  value: DiscountForm;
  onChange: (value: DiscountForm) => void;
  error?: React.ReactNode;
  placeholder?: string;
}) {
  const { value, onChange } = props;
  return (
    <TextInput
      {...(props.isLabelShown ? { label: props.label } : { 'aria-label': props.label })}
      inputMode="decimal"
      autoComplete="off"
      placeholder={props.placeholder ?? 'None'}
      value={value.text}
      error={props.error}
      onChange={(event) => onChange({ ...value, text: event.currentTarget.value })}
      rightSectionWidth={52}
      rightSection={
        <UnstyledButton
          className={classes.discountKind}
          aria-label={`${props.label}: ${value.as === 'percent' ? 'per cent' : props.currency}, change to ${value.as === 'percent' ? props.currency : 'per cent'}`}
          onClick={() => onChange({ ...value, as: value.as === 'percent' ? 'amount' : 'percent' })}
        >
          {value.as === 'percent' ? '%' : props.currency}
        </UnstyledButton>
      }
    />
  );
}
