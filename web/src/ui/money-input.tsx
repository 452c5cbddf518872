import { TextInput, type TextInputProps } from '@mantine/core';
import { useState } from 'react';
import { exponentOf } from '../../../src/foundation/currency.ts';
import { formatMinor, parseDecimal, toDecimalText } from '../../../src/foundation/money.ts';
import classes from './money-input.module.css';
import { useReader } from './reader.tsx';

type Passed = Omit<TextInputProps, 'value' | 'defaultValue' | 'onChange' | 'rightSection' | 'inputMode' | 'type'>;

export interface MoneyInputProps extends Passed {
  /** ISO 4217; decides how many decimals are taken. */
  currency: string;
  /** Whole minor units to begin with; null for an empty field. Later changes of it replace what is typed. */
  amountMinor: bigint | null;
  /**
   * Every change: whole minor units, or null with the reason in plain words when what stands there is no amount this
   * field takes. The field itself shows the reason once it was left.
   */
  onAmount: (amountMinor: bigint | null, reason: string | null) => void;
  /** Smallest amount taken, in minor units; 1 unless told otherwise, so that zero is refused. */
  minMinor?: bigint;
  /** Largest amount taken, in minor units, e.g. what is left to refund. */
  maxMinor?: bigint;
}

/**
 * An amount of money as people type it: "1200.5", "1,200.50", "1.200,50". Beside the field stands the currency, below
 * it how the amount was understood wherever that differs from what was typed.
 */
export function MoneyInput(props: MoneyInputProps) {
  const { currency, amountMinor, onAmount, minMinor = 1n, maxMinor, error, description, onBlur, ...passed } = props;
  const { locale } = useReader();
  const [text, setText] = useState(() => typedForm(amountMinor, currency, locale));
  // What was last typed, kept when the field is left: the line below then stays, and with it the place of the button
  // under it, which would otherwise move away between press and release.
  const [typed, setTyped] = useState<string | null>(null);
  const [wasLeft, setLeft] = useState(false);
  const [known, setKnown] = useState({ amountMinor, currency });

  // The owner set another amount (a suggestion was chosen, the form was reset): show that one.
  if (known.amountMinor !== amountMinor || known.currency !== currency) {
    setKnown({ amountMinor, currency });
    const shown = read(text, currency, minMinor, maxMinor, locale).amountMinor;
    if (shown !== amountMinor) {
      setTyped(null);
      setText(typedForm(amountMinor, currency, locale));
    }
  }

  const understood = read(text, currency, minMinor, maxMinor, locale);
  const formatted = understood.amountMinor === null ? null : formatMinor(understood.amountMinor, currency, locale);
  const shownError = error || (wasLeft && text.trim() !== '' ? understood.reason : null);

  function change(next: string) {
    setText(next);
    setTyped(next);
    const reading = read(next, currency, minMinor, maxMinor, locale);
    setKnown({ amountMinor: reading.amountMinor, currency });
    onAmount(reading.amountMinor, reading.reason);
  }

  return (
    <TextInput
      {...passed}
      value={text}
      inputMode={exponentOf(currency) === 0 ? 'numeric' : 'decimal'}
      autoComplete="off"
      error={shownError}
      description={shownError ? undefined : differs(typed ?? text, formatted) ? `= ${formatted}` : description}
      rightSection={<span className={classes.currency}>{currency}</span>}
      rightSectionWidth={56}
      classNames={{ input: classes.amount }}
      onChange={(event) => change(event.currentTarget.value)}
      onBlur={(event) => {
        setLeft(true);
        if (understood.amountMinor !== null) setText(typedForm(understood.amountMinor, currency, locale));
        onBlur?.(event);
      }}
    />
  );
}

function read(text: string, currency: string, minMinor: bigint, maxMinor: bigint | undefined, locale: string) {
  const parsed = parseDecimal(text, currency);
  if (!parsed.ok) return { amountMinor: null, reason: parsed.reason };
  if (parsed.amountMinor < minMinor) {
    const least = formatMinor(minMinor, currency, locale);
    return { amountMinor: null, reason: `Enter ${least} or more.` };
  }
  if (maxMinor !== undefined && parsed.amountMinor > maxMinor) {
    return { amountMinor: null, reason: `Enter ${formatMinor(maxMinor, currency, locale)} or less.` };
  }
  return { amountMinor: parsed.amountMinor, reason: null };
}

/** The amount as this locale types it, without currency and grouping: 120050 USD → "1200.50" or "1200,50". */
function typedForm(amountMinor: bigint | null, currency: string, locale: string): string {
  if (amountMinor === null) return '';
  const mark = new Intl.NumberFormat(locale).formatToParts(1.5).find((part) => part.type === 'decimal')?.value ?? '.';
  return toDecimalText(amountMinor, currency).replace('.', mark === ',' ? ',' : '.');
}

/** Whether what was typed reads otherwise than what was understood, digits and marks only. */
function differs(text: string, formatted: string | null): boolean {
  if (formatted === null) return false;
  const bare = (value: string) => value.replace(/[^0-9.,]/g, '');
  return bare(text) !== bare(formatted) && bare(text) !== bare(formatted).replace(/[.,](?=\d{3})/g, '');
}
