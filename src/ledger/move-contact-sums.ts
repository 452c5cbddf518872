import { check } from '../foundation/assert.ts';
import type { WorkspaceTx } from '../foundation/database.ts';
import { type ContactSums, effectOf, NO_SUMS } from './accounts.ts';
import { addSums } from './post-entry.ts';
import { addToContactSums, addUpTransfers, lockContactSums, type SumsMove, type SumsRow } from './store.ts';

/**
 * Adds the merged contact's kept sums to the surviving one's and empties them. The caller holds both contacts
 * FOR UPDATE, so that nothing is posted to either meanwhile.
 */
export async function mergeContactSums(tx: WorkspaceTx, keptId: string, mergedId: string): Promise<void> {
  const rows = await lockContactSums(tx, [mergedId]);
  await moveSums(
    tx,
    rows.map((row) => ({ contactId: mergedId, currency: row.currency, sums: sumsOf(row) })),
    mergedId,
    keptId,
  );
}

/**
 * Parts a contact from the surviving one: what the ledger holds for `contactIds` (the parted contact and those merged
 * into it before) is added up anew and moved from the survivor's sums to the parted one's.
 */
export async function splitContactSums(
  tx: WorkspaceTx,
  keptId: string,
  partedId: string,
  contactIds: readonly string[],
): Promise<void> {
  const perCurrency = new Map<string, ContactSums>();
  for (const row of await addUpTransfers(tx, contactIds)) {
    const effect = effectOf(row.debit_account, row.credit_account);
    check(effect, 'the ledger holds declared transfers only');
    if (effect.sum === null) continue;
    const moved = { ...NO_SUMS, [effect.sum]: effect.sign * row.amount_minor, paymentCount: effect.count * row.count };
    perCurrency.set(row.currency, addSums(perCurrency.get(row.currency) ?? NO_SUMS, moved));
  }
  const moves = [...perCurrency].map(([currency, sums]) => ({ contactId: keptId, currency, sums }));
  await moveSums(tx, moves, keptId, partedId);
}

async function moveSums(tx: WorkspaceTx, moves: readonly SumsMove[], fromId: string, toId: string): Promise<void> {
  if (moves.length === 0) return;
  const both = moves.flatMap(({ currency, sums }) => [
    { contactId: fromId, currency, sums: negated(sums) },
    { contactId: toId, currency, sums },
  ]);
  both.sort((a, b) => (`${a.contactId} ${a.currency}` < `${b.contactId} ${b.currency}` ? -1 : 1));
  await addToContactSums(tx, both);
}

function negated(sums: ContactSums): ContactSums {
  return {
    receivedMinor: -sums.receivedMinor,
    refundedMinor: -sums.refundedMinor,
    disputeLostMinor: -sums.disputeLostMinor,
    feeMinor: -sums.feeMinor,
    taxMinor: -sums.taxMinor,
    paymentCount: -sums.paymentCount,
  };
}

/** A row's kept sums without its key. */
export function sumsOf(row: SumsRow): ContactSums {
  return {
    receivedMinor: row.received_minor,
    refundedMinor: row.refunded_minor,
    disputeLostMinor: row.dispute_lost_minor,
    feeMinor: row.fee_minor,
    taxMinor: row.tax_minor,
    paymentCount: row.payment_count,
  };
}
