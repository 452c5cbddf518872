import type { WorkspaceTx } from '../foundation/database.ts';
import type { LocalDate } from '../foundation/local-date.ts';
import { type InvoiceRow, instalmentsOf } from './invoice.ts';
import { uncoveredOf } from './payment-behaviour.ts';
import { readInvoiceRows } from './store.ts';

/** What an invoice that is charged by itself asks for now. */
export interface AutoChargeable {
  readonly invoiceId: string;
  readonly number: string;
  readonly contactId: string;
  readonly currency: string;
  /** Of dates that have come, not met yet; minor units. */
  readonly dueMinor: bigint;
}

/** These invoices as far as something is due by `today`; those that are paid, void, disputed or not due are absent. */
export async function readAutoChargeable(
  tx: WorkspaceTx,
  invoiceIds: readonly string[],
  today: LocalDate,
): Promise<AutoChargeable[]> {
  const rows = await readInvoiceRows(tx, invoiceIds);
  return rows.flatMap((row: InvoiceRow): AutoChargeable[] => {
    if (row.open_minor <= 0n || row.disputed_at !== null || !row.auto_charge) return [];
    const dueMinor = uncoveredOf({ instalments: instalmentsOf(row), openMinor: row.open_minor })
      .filter(({ dueOn }) => dueOn <= today)
      .reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
    const { id, number, contact_id, currency } = row;
    return dueMinor > 0n ? [{ invoiceId: id, number: number ?? '', contactId: contact_id, currency, dueMinor }] : [];
  });
}
