import { Button } from '@mantine/core';
import type { Payment } from '../../../src/payments/api.ts';
import { copyToClipboard } from '../ui/copy-text.tsx';
import { useMoneyFormat } from '../ui/money-text.tsx';
import { toastDone } from '../ui/toast.tsx';
import { didNotHappen, signedMinor } from './payment-words.ts';
import classes from './payments.module.css';

/** What the selected rows come to, per currency; rows whose money never moved count as nothing. */
export function SelectionBar({ payments, onClear }: { payments: readonly Payment[]; onClear: () => void }) {
  const money = useMoneyFormat();
  if (payments.length === 0) return null;
  const sums = new Map<string, number>();
  for (const payment of payments) {
    const amountMinor = didNotHappen(payment) ? 0 : signedMinor(payment);
    sums.set(payment.currency, (sums.get(payment.currency) ?? 0) + amountMinor);
  }
  const words = [...sums].map(([currency, amountMinor]) => money(amountMinor, currency)).join(' · ');
  return (
    <div className={classes.selection} role="status">
      <span>
        <strong>{payments.length} selected</strong> · {words}
      </span>
      <span className={classes.selectionActions}>
        <Button
          size="xs"
          variant="subtle"
          onClick={() =>
            void copyToClipboard(payments.map((payment) => payment.id).join('\n')).then(() =>
              toastDone('The ids are copied, one per line'),
            )
          }
        >
          Copy ids
        </Button>
        <Button size="xs" variant="subtle" onClick={onClear}>
          Clear
        </Button>
      </span>
    </div>
  );
}
