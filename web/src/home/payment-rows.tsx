import type { Payment } from '../../../src/payments/api.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { taskWords } from '../payments/dispute-words.ts';
import { transactionAddress } from '../payments/payment-actions.tsx';
import { signedMinor, statusOf, subjectOf } from '../payments/payment-words.ts';
import { PaymentAmount, PaymentStatusDot } from '../payments/transaction-columns.tsx';
import { AddressLink } from '../ui/address-link.tsx';
import { DateText } from '../ui/date-text.tsx';
import { MoneyText } from '../ui/money-text.tsx';
import { useReader } from '../ui/reader.tsx';
import classes from './home.module.css';

/** A short list of payments in two lines each. `isAboutAction` says what to do instead of what it was for. */
export function PaymentRows({ payments, isAboutAction }: { payments: readonly Payment[]; isAboutAction?: boolean }) {
  const { workspace } = useWorkspace();
  const { now } = useReader();
  return (
    <ul className={classes.rows}>
      {payments.map((payment) => (
        <li key={payment.id}>
          <AddressLink className={classes.row} address={transactionAddress(workspace.id, payment.id)}>
            <span className={classes.name}>{payment.contact.name}</span>
            {isAboutAction ? (
              <MoneyText amountMinor={signedMinor(payment)} currency={payment.currency} />
            ) : (
              <PaymentAmount payment={payment} />
            )}
            <span className={classes.quiet}>
              {isAboutAction
                ? (payment.decline?.staff_words ?? taskWords(payment, now) ?? statusOf(payment).words)
                : `${payment.method.label} · ${subjectOf(payment)}`}
            </span>
            <span className={classes.quiet}>
              {isAboutAction ? <DateText at={payment.occurred_at} /> : <PaymentStatusDot payment={payment} />}
            </span>
          </AddressLink>
        </li>
      ))}
    </ul>
  );
}
