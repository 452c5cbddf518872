import { Button } from '@mantine/core';
import type { Payment, PaymentMethod } from '../../../src/payments/api.ts';
import { useFiles } from '../app/fetch-file.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { chargeable, methodName } from '../cards/method-words.ts';
import { useContactOverview } from '../contacts/contact-queries.ts';
import { AddressLink } from '../ui/address-link.tsx';
import { MoneyText, useMoneyFormat } from '../ui/money-text.tsx';
import { StatusDot } from '../ui/status-dot.tsx';
import { AskForCard } from './ask-for-card.tsx';
import classes from './charge.module.css';
import { CustomerLink } from './customer-link.tsx';
import { DeclineAdvice } from './decline-advice.tsx';

/** What became of a charge: what happened, why, and what to do next. */
export function ChargeOutcome(props: {
  payment: Payment;
  /** Tries the same amount again, on another saved method or on the same one. */
  onTryWith: (method: PaymentMethod) => void;
  onOtherCard: () => void;
  onAskNow: () => void;
  isAsking: boolean;
}) {
  const { payment } = props;
  const format = useMoneyFormat();
  const amount = format(payment.amount_minor, payment.currency);
  const who = payment.contact.name;
  switch (payment.status) {
    case 'settled':
      return <Settled payment={payment} />;
    case 'declined':
    case 'returned':
      return <Declined payment={payment} onTryWith={props.onTryWith} onOtherCard={props.onOtherCard} />;
    case 'needs_customer':
      return (
        <>
          <Said tone="amber" status="Waits for the customer" title={`${who} has to confirm ${amount}`}>
            Their bank asks for it. Send them this link; the outcome appears here by itself.
          </Said>
          {payment.customer_link && <CustomerLink payment={payment} link={payment.customer_link} />}
        </>
      );
    case 'pending':
      return (
        <Said tone="amber" status="Pending" title={`${amount} started, not paid yet`}>
          {payment.method.label} takes a few days. It is shown as pending until the bank answers, and counts towards
          lifetime value only then.
        </Said>
      );
    case 'sent':
    case 'unknown':
      return (
        <>
          <Said tone="accent" status="Being checked" title={`${amount} from ${who}: no clear answer yet`}>
            We are asking the gateway; nothing will be charged twice. Please do not charge again until this is settled.
          </Said>
          <div className={classes.working} role="status">
            <span className={classes.pulse} aria-hidden />
            Asking. You can leave; it is resolved by itself.
          </div>
          <div className={classes.buttons}>
            <Button size="xs" onClick={props.onAskNow} loading={props.isAsking}>
              Ask the gateway now
            </Button>
          </div>
        </>
      );
    default:
      return (
        <>
          <Said tone="hollow" status="Not charged" title={`${amount} was not charged`}>
            The charge never reached the gateway, and no money moved.
          </Said>
          <div className={classes.buttons}>
            <Button onClick={props.onOtherCard}>Charge again</Button>
          </div>
        </>
      );
  }
}

function Said(props: {
  tone: 'red' | 'amber' | 'accent' | 'green' | 'hollow';
  status: string;
  title: string;
  children: React.ReactNode;
}) {
  return (
    <div className={classes.outcome} role={props.tone === 'red' ? 'alert' : 'status'}>
      <StatusDot tone={props.tone}>{props.status}</StatusDot>
      <p className={classes.whole}>{props.title}</p>
      <p className={classes.outcomeText}>{props.children}</p>
    </div>
  );
}

function Settled({ payment }: { payment: Payment }) {
  const { workspace } = useWorkspace();
  const format = useMoneyFormat();
  const files = useFiles();
  const overview = useContactOverview(payment.contact.id);
  const worth = overview.data?.money?.lifetime_values.find((one) => one.currency === payment.currency);
  return (
    <>
      <Said
        tone="green"
        status="Paid"
        title={`${payment.contact.name} paid ${format(payment.amount_minor, payment.currency)}`}
      >
        {payment.method.label}
        {payment.description === '' ? '' : ` · ${payment.description}`}
      </Said>
      <dl className={classes.facts}>
        <dt>Lifetime value now</dt>
        <dd>
          {worth && !overview.isFetching ? (
            <MoneyText amountMinor={worth.ltv_minor} currency={worth.currency} />
          ) : (
            <span aria-hidden>…</span>
          )}
        </dd>
      </dl>
      <div className={classes.buttons}>
        {payment.has_receipt && (
          <Button
            loading={files.isFetching}
            onClick={() => void files.open(`/v1/payments/${payment.id}/receipt.pdf`, 'receipt.pdf')}
          >
            Open receipt
          </Button>
        )}
        <Button
          variant="subtle"
          component={AddressLink}
          address={{
            to: '/w/$workspaceId/payments/transactions/$paymentId',
            params: { workspaceId: workspace.id, paymentId: payment.id },
          }}
        >
          View transaction
        </Button>
      </div>
    </>
  );
}

function Declined(props: { payment: Payment; onTryWith: (method: PaymentMethod) => void; onOtherCard: () => void }) {
  const { payment } = props;
  const format = useMoneyFormat();
  const overview = useContactOverview(payment.contact.id);
  const methods = chargeable(overview.data?.money?.payment_methods ?? []).filter((one) => one.state === 'usable');
  const others = methods.filter((method) => method.id !== payment.method.payment_method_id);
  const amount = format(payment.amount_minor, payment.currency);
  return (
    <>
      <Said
        tone="red"
        status={payment.status === 'returned' ? 'Returned' : 'Declined'}
        title={`${amount} was not paid`}
      >
        {payment.method.label}: {payment.decline?.staff_words ?? 'The bank gave no reason.'}{' '}
        {payment.decline?.next_step ?? 'Use another card.'}
      </Said>
      {payment.decline && <DeclineAdvice decline={payment.decline} />}
      <div className={classes.otherCards}>
        {others.length > 0 && <h3 className={classes.subhead}>Charge {amount} on another card</h3>}
        <div className={classes.buttons}>
          {others.map((method) => (
            <Button key={method.id} onClick={() => props.onTryWith(method)}>
              {methodName(method)}
            </Button>
          ))}
          <Button variant={others.length > 0 ? 'subtle' : 'default'} onClick={props.onOtherCard}>
            {others.length > 0 ? 'Edit first' : 'Use another card'}
          </Button>
        </div>
      </div>
      <AskForCard about={{ payment }} />
    </>
  );
}
