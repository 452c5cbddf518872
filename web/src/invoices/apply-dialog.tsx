import { Button, Modal } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { Invoice } from '../../../src/invoices/api.ts';
import { allocationAnswers } from '../../../src/payments/api-account.ts';
import { describeError } from '../app/api-problem.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { useRefreshWorkspace } from '../contacts/contact-queries.ts';
import { MoneyInput } from '../ui/money-input.tsx';
import { MoneyText, useMoneyFormat } from '../ui/money-text.tsx';
import { Notice } from '../ui/states.tsx';
import { toastDone } from '../ui/toast.tsx';
import classes from './invoice-page.module.css';

/** Puts money that a customer has on account to an invoice. */
export function ApplyDialog(props: { invoice: Invoice; onAccountMinor: number; onClose: () => void }) {
  const { invoice, onClose } = props;
  const { api } = useWorkspace();
  const refresh = useRefreshWorkspace();
  const format = useMoneyFormat();
  const mostMinor = BigInt(Math.min(props.onAccountMinor, invoice.open_minor));
  const [amountMinor, setAmount] = useState<bigint | null>(mostMinor);
  const [failure, setFailure] = useState<string | null>(null);
  const [isRunning, setRunning] = useState(false);

  async function apply(event: FormEvent) {
    event.preventDefault();
    if (amountMinor === null || isRunning) return;
    setRunning(true);
    setFailure(null);
    try {
      const allocations = [{ invoice_id: invoice.id, amount_minor: Number(amountMinor) }];
      await api.post(`/v1/contacts/${invoice.contact.id}/allocations`, { allocations }, allocationAnswers);
      await refresh();
      toastDone(`${format(amountMinor, invoice.currency)} is put to ${invoice.number}`);
      onClose();
    } catch (error) {
      setFailure(describeError(error));
      setRunning(false);
    }
  }

  return (
    <Modal opened onClose={onClose} title={`Pay ${invoice.number} from the account`} size={440} withCloseButton={false}>
      <form className={classes.form} onSubmit={(event) => void apply(event)} noValidate>
        <p className={classes.words}>
          {invoice.contact.name} has <MoneyText amountMinor={props.onAccountMinor} currency={invoice.currency} /> on
          account. Nothing is charged.
        </p>
        <MoneyInput
          label="Amount"
          data-autofocus
          currency={invoice.currency}
          amountMinor={amountMinor}
          maxMinor={mostMinor}
          onAmount={setAmount}
        />
        {failure && <Notice tone="red">{failure}</Notice>}
        <div className={classes.dialogButtons}>
          <Button onClick={onClose} disabled={isRunning}>
            Cancel
          </Button>
          <Button type="submit" variant="filled" loading={isRunning} disabled={amountMinor === null}>
            Pay from the account
          </Button>
        </div>
      </form>
    </Modal>
  );
}
