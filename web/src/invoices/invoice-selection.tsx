import { Button } from '@mantine/core';
import type { InvoiceRowAnswer } from '../../../src/invoices/api.ts';
import classes from '../payments/payments.module.css';
import { copyToClipboard } from '../ui/copy-text.tsx';
import { useMoneyFormat } from '../ui/money-text.tsx';
import { toastDone } from '../ui/toast.tsx';

/** What the selected documents come to, per currency, and what of it is open. Void ones count as nothing. */
export function InvoiceSelection({ rows, onClear }: { rows: readonly InvoiceRowAnswer[]; onClear: () => void }) {
  const money = useMoneyFormat();
  if (rows.length === 0) return null;
  const sums = new Map<string, { total: number; open: number }>();
  for (const row of rows) {
    const before = sums.get(row.currency) ?? { total: 0, open: 0 };
    const total = row.status === 'void' ? 0 : row.total_minor;
    sums.set(row.currency, { total: before.total + total, open: before.open + row.open_minor });
  }
  const words = [...sums].map(([currency, { total, open }]) =>
    open > 0 ? `${money(total, currency)}, ${money(open, currency)} open` : money(total, currency),
  );
  return (
    <div className={classes.selection} role="status">
      <span>
        <strong>{rows.length} selected</strong> · {words.join(' · ')}
      </span>
      <span className={classes.selectionActions}>
        <Button
          size="xs"
          variant="subtle"
          onClick={() =>
            void copyToClipboard(rows.map((row) => row.number ?? row.id).join('\n')).then(() =>
              toastDone('The numbers are copied, one per line'),
            )
          }
        >
          Copy numbers
        </Button>
        <Button size="xs" variant="subtle" onClick={onClear}>
          Clear
        </Button>
      </span>
    </div>
  );
}
