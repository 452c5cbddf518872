import type { PaymentDetail } from '../../../src/payments/api.ts';
import { DateText } from '../ui/date-text.tsx';
import { type PaymentStatus, STATUS_WORDS } from './payment-words.ts';
import classes from './transaction.module.css';

/** What became of the payment step by step, oldest first: the last step is where it stands. */
export function PaymentHistory({ detail }: { detail: PaymentDetail }) {
  return (
    <ol className={classes.history}>
      {detail.transitions.map((step) => (
        <li key={`${step.to} ${step.at}`} className={classes.step}>
          <div>
            <div className={classes.stepWords}>{stepWords(detail, step.to)}</div>
            <div className={classes.quiet}>
              {[reasonOf(detail, step.why), step.by].filter((words) => words !== '').join(' · ')}
            </div>
          </div>
          <span className={classes.quiet}>
            <DateText at={step.at} />
          </span>
        </li>
      ))}
    </ol>
  );
}

/** A decline's code in the words of the table of declines. */
function reasonOf(detail: PaymentDetail, why: string): string {
  return detail.decline && detail.decline.code === why ? detail.decline.staff_words : why;
}

function stepWords(detail: PaymentDetail, status: string): string {
  if (status === 'created') return detail.kind === 'refund' ? 'Refund confirmed' : 'Charge confirmed';
  if (status === 'sent') return 'Sent to the gateway';
  if (status === 'settled' && detail.kind === 'refund') return 'Refunded';
  return STATUS_WORDS[status as PaymentStatus] ?? status;
}
