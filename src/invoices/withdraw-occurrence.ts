import type { WorkspaceTx } from '../foundation/database.ts';
import type { Caller } from '../workspace/caller.ts';
import type { InvoiceRow } from './invoice.ts';
import { lockRecurringRow, updateRecurring } from './store-recurring.ts';
import { freeUsage } from './store-usage.ts';

/**
 * The draft of an occurrence is thrown away: that one is left out, and the usage it billed waits for the next. Nothing
 * happens where no schedule made it.
 */
export async function withdrawOccurrence(
  tx: WorkspaceTx,
  caller: Caller,
  draft: Pick<InvoiceRow, 'id' | 'recurring_id' | 'recurring_number'>,
): Promise<void> {
  const row = draft.recurring_id === null ? null : await lockRecurringRow(tx, draft.recurring_id);
  if (!row) return;
  await freeUsage(tx, draft.id);
  const { recurring_number: number } = draft;
  const { skips = [] } = row.recurrence;
  if (number === null || number > row.last_number || skips.includes(number)) return;
  const recurrence = { ...row.recurrence, skips: [...skips, number].sort((a, b) => a - b) };
  await updateRecurring(tx, { ...row, recurrence }, caller.now);
}
