import { check } from '../foundation/assert.ts';
import type { WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import { newId, toPublicId } from '../foundation/id.ts';
import { localDateOf } from '../foundation/local-date.ts';
import type { Caller } from '../workspace/caller.ts';
import type { NewUsage, Usage } from './api-recurring.ts';
import { refused } from './create-invoice.ts';
import { contentOn } from './recurring-invoice.ts';
import { lockRecurringRow } from './store-recurring.ts';
import { insertUsage, readUsageByKey, type UsageRow } from './store-usage.ts';

/**
 * Keeps what was used; the next invoice bills it, also when it comes after the invoice of its own period. The same key again
 * is the same usage. Throws not_found, invoice_state_conflict (ended), invalid_request, idempotency_key_reused.
 */
export async function recordUsage(
  tx: WorkspaceTx,
  caller: Caller,
  recurringId: string,
  body: NewUsage,
): Promise<Usage> {
  const schedule = await lockRecurringRow(tx, recurringId);
  if (!schedule) throw new Failure('not_found');
  const today = localDateOf(caller.now, caller.workspace.timeZone);
  const known = await readUsageByKey(tx, recurringId, body.external_id);
  if (known) {
    const same = known.line.quantity === body.quantity && (body.meter === undefined || known.line.meter === body.meter);
    if (!same) throw new Failure('idempotency_key_reused');
    return shapeUsage(known);
  }
  if (schedule.ended_at !== null)
    throw new Failure('invoice_state_conflict', 'This schedule has ended: bill it by an invoice.');
  const on = body.on ?? today;
  if (on > today) throw refused([{ path: 'on', message: 'This day is yet to come.' }]);
  const meters = contentOn(schedule.revisions, on).meters.map(({ code }) => code);
  const meter = body.meter ?? (meters.length === 1 ? meters[0] : undefined);
  if (meter === undefined || !meters.includes(meter)) {
    const message = meters.length === 0 ? 'This schedule has no meter.' : `One of ${meters.join(', ')}.`;
    throw refused([{ path: 'meter', message }]);
  }
  const row: UsageRow = {
    id: newId(),
    recurring_id: recurringId,
    usage_key: body.external_id,
    on_date: on,
    line: { meter, quantity: body.quantity },
    invoice_id: null,
    created_at: caller.now,
  };
  check((await insertUsage(tx, row)) === 1, 'usage of a locked schedule is added once');
  return shapeUsage(row);
}

function shapeUsage(row: UsageRow): Usage {
  return {
    id: toPublicId('usage', row.id),
    external_id: row.usage_key,
    meter: row.line.meter,
    quantity: row.line.quantity,
    on: row.on_date,
    invoice_id: row.invoice_id === null ? null : toPublicId('invoice', row.invoice_id),
    created_at: row.created_at.toISOString(),
  };
}
