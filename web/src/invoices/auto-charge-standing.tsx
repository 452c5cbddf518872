import type { Invoice } from '../../../src/invoices/api.ts';
import { CalendarDateText, MomentText } from '../ui/date-text.tsx';
import { Section } from '../ui/page-header.tsx';
import { useSwitch } from '../workspace/workspace-facts.ts';
import classes from './auto-charge.module.css';
import { AutoChargePlan } from './auto-charge-plan.tsx';
import { useAutoCharges, useContactBilling } from './use-contact-billing.ts';

/** Of an invoice that is charged by itself: when next, with which card, and what follows when that fails. */
export function AutoChargeStanding({ invoice }: { invoice: Invoice }) {
  const isMeant = invoice.auto_charge && invoice.kind === 'invoice' && invoice.status !== 'void';
  const charges = useAutoCharges(invoice.id, isMeant && invoice.number !== null);
  const billing = useContactBilling(isMeant ? invoice.contact.id : undefined);
  if (!isMeant || !billing.data || (invoice.number !== null && !charges.data)) return null;
  const latest = charges.data?.data.at(-1) ?? null;
  if (invoice.number !== null && invoice.open_minor === 0 && latest === null) return null;
  return (
    <Section title="Charged by itself">
      <div className={classes.standing}>
        <Next invoice={invoice} agreed={billing.data.auto_charge} latest={latest} />
        {(invoice.number === null || invoice.open_minor > 0) && (
          <details>
            <summary>When a charge fails</summary>
            <AutoChargePlan />
          </details>
        )}
      </div>
    </Section>
  );
}

type Agreed = NonNullable<ReturnType<typeof useContactBilling>['data']>['auto_charge'];
type Latest = NonNullable<ReturnType<typeof useAutoCharges>['data']>['data'][number] | null;

function Next({ invoice, agreed, latest }: { invoice: Invoice; agreed: Agreed; latest: Latest }) {
  const isOn = useSwitch('charge_customers_directly') === true;
  const tries = latest && latest.tries > 0 ? `${latest.tries} ${latest.tries === 1 ? 'try' : 'tries'} so far.` : '';
  if (invoice.number !== null && invoice.open_minor === 0)
    return <p>{latest?.ended === 'paid' && latest.tries > 0 ? 'It was charged.' : 'Nothing is open any more.'}</p>;
  if (invoice.disputed_at !== null) return <p>Not while the customer disputes it.</p>;
  if (agreed === null)
    return (
      <p className={classes.late}>
        Nothing is charged: {invoice.contact.name} has not agreed to a card. Note their agreement on their Invoices tab.
      </p>
    );
  if (!isOn) return <p>Nothing is charged while Charge Customers Directly is switched off.</p>;
  const problem = agreed.method_problem !== null && (
    <p className={classes.late}>
      {agreed.method_label} cannot be charged now: {agreed.method_problem}
    </p>
  );
  if (invoice.number === null)
    return (
      <>
        <p>On its due date with {agreed.method_label}, once it is issued.</p>
        {problem}
      </>
    );
  if (latest !== null && latest.next_at !== null)
    return (
      <>
        <p>
          {latest.tries === 0 && latest.reason === null ? 'Now' : 'Looked at next'} <MomentText at={latest.next_at} />,
          with {agreed.method_label}. {tries}
        </p>
        {latest.reason && <p className={classes.quiet}>{latest.reason}</p>}
        {problem}
      </>
    );
  const stopped = latest?.ended === 'gave_up' || latest?.ended === 'refused' || latest?.ended === 'no_method';
  // The first date that is not met and comes after the last one that was tried is charged then, whatever became of that.
  const ahead = invoice.instalments.find(
    ({ due_on }) => due_on >= (invoice.next_due_on ?? '') && (latest === null || due_on > latest.due_on),
  );
  return (
    <>
      {stopped && (
        <p className={classes.late}>
          Not tried again. {tries} {latest.reason}
        </p>
      )}
      {ahead && (
        <p>
          {stopped ? 'The next date: ' : 'Next '}
          <CalendarDateText date={ahead.due_on} />, with {agreed.method_label}.
        </p>
      )}
      {stopped && <p className={classes.quiet}>As soon as they agree to another card, that one is charged.</p>}
      {problem}
    </>
  );
}
