import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { linkOptions } from '@tanstack/react-router';
import { useState } from 'react';
import type { Invoice } from '../../../src/invoices/api.ts';
import { type Allocation, allocationAnswers } from '../../../src/payments/api-account.ts';
import { describeError } from '../app/api-problem.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { useRefreshWorkspace } from '../contacts/contact-queries.ts';
import { AddressLink } from '../ui/address-link.tsx';
import { CalendarDateText } from '../ui/date-text.tsx';
import { MoneyText } from '../ui/money-text.tsx';
import { Section } from '../ui/page-header.tsx';
import { toastFailed, toastUndo } from '../ui/toast.tsx';
import { useMay } from '../workspace/workspace-facts.ts';
import classes from './invoice-page.module.css';

/** Which money pays an invoice; nothing where none was ever put to it. */
export function InvoiceMoney({ invoice }: { invoice: Invoice }) {
  const { api, workspace } = useWorkspace();
  const list = useQuery({
    queryKey: [workspace.id, 'allocations', invoice.id],
    queryFn: ({ signal }) => api.get(`/v1/invoices/${invoice.id}/allocations`, allocationAnswers, { signal }),
  });
  if (!list.data || list.data.data.length === 0) return null;
  return (
    <Section
      title="Paid with"
      note="Taken back, the money is on the customer’s account again and can pay something else."
    >
      <ul className={classes.money}>
        {list.data.data.map((one) => (
          <Part key={one.id} invoice={invoice} part={one} />
        ))}
      </ul>
    </Section>
  );
}

function Part({ invoice, part }: { invoice: Invoice; part: Allocation }) {
  const { api, workspace } = useWorkspace();
  const refresh = useRefreshWorkspace();
  const mayMove = useMay()('payments.record_offline');
  const [isRunning, setRunning] = useState(false);
  const amount = { invoice_id: invoice.id, amount_minor: part.amount_minor };

  async function attempt(work: () => Promise<unknown>) {
    setRunning(true);
    try {
      await work();
      await refresh();
      return true;
    } catch (error) {
      toastFailed(describeError(error));
      return false;
    } finally {
      setRunning(false);
    }
  }
  const putBack = () =>
    attempt(() =>
      api.post(
        `/v1/contacts/${invoice.contact.id}/allocations`,
        { payment_id: part.payment_id, allocations: [amount] },
        allocationAnswers,
      ),
    );
  const takeBack = async () => {
    const isDone = await attempt(() => api.post(`/v1/allocations/${part.id}/reversal`, undefined));
    if (isDone) toastUndo('The money is on account again', () => void putBack());
  };
  return (
    <li className={classes.moneyRow}>
      <span>
        <AddressLink
          address={linkOptions({
            to: '/w/$workspaceId/payments/transactions/$paymentId',
            params: { workspaceId: workspace.id, paymentId: part.payment_id },
          })}
        >
          <MoneyText amountMinor={part.amount_minor} currency={part.currency} />
        </AddressLink>
        <span className={classes.moneyDetail}>
          <CalendarDateText date={part.allocated_on} />, {part.by}
          {part.discount_minor > 0 && (
            <>
              , and <MoneyText amountMinor={part.discount_minor} currency={part.currency} /> off for paying early
            </>
          )}
        </span>
      </span>
      {mayMove && (
        <Button size="xs" variant="subtle" loading={isRunning} onClick={() => void takeBack()}>
          Take back
        </Button>
      )}
    </li>
  );
}
