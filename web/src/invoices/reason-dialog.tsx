import { Button, Modal, TextInput } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import { describeError } from '../app/api-problem.ts';
import { MoneyInput } from '../ui/money-input.tsx';
import { Notice } from '../ui/states.tsx';
import classes from './invoice-page.module.css';

/** Asks once, and for the words that are kept with what is done: why, or who said so. */
export function ReasonDialog(props: {
  title: string;
  children: ReactNode;
  label: string;
  /** What to say when nothing was written; absent where the words may be left out. */
  whenEmpty?: string;
  confirm: string;
  isDestructive?: boolean;
  /** Asks for an amount too, at most this much. */
  amount?: { maxMinor: bigint; currency: string };
  onClose: () => void;
  onConfirm: (words: string, amountMinor: bigint | null) => Promise<unknown>;
}) {
  const [words, setWords] = useState('');
  const [amountMinor, setAmount] = useState<bigint | null>(props.amount?.maxMinor ?? null);
  const [missing, setMissing] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const [isRunning, setRunning] = useState(false);

  async function confirm(event: FormEvent) {
    event.preventDefault();
    if (props.whenEmpty && words.trim() === '') return setMissing(true);
    if (props.amount && amountMinor === null) return;
    setRunning(true);
    setFailure(null);
    try {
      await props.onConfirm(words.trim(), amountMinor);
      props.onClose();
    } catch (error) {
      setFailure(describeError(error));
      setRunning(false);
    }
  }

  return (
    <Modal
      opened
      onClose={props.onClose}
      title={props.title}
      size={440}
      withCloseButton={false}
      closeOnClickOutside={!isRunning}
      closeOnEscape={!isRunning}
    >
      <form className={classes.form} onSubmit={(event) => void confirm(event)} noValidate>
        <div className={classes.words}>{props.children}</div>
        {props.amount && (
          <MoneyInput
            label="Amount"
            currency={props.amount.currency}
            amountMinor={amountMinor}
            maxMinor={props.amount.maxMinor}
            onAmount={setAmount}
          />
        )}
        <TextInput
          label={props.label}
          maxLength={500}
          value={words}
          error={missing ? props.whenEmpty : undefined}
          onChange={(event) => {
            setWords(event.currentTarget.value);
            setMissing(false);
          }}
          data-autofocus
        />
        {failure && <Notice tone="red">{failure}</Notice>}
        <div className={classes.dialogButtons}>
          <Button onClick={props.onClose} disabled={isRunning}>
            Keep as it is
          </Button>
          <Button type="submit" variant="filled" color={props.isDestructive ? 'red' : 'accent'} loading={isRunning}>
            {props.confirm}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
