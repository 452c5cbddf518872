import type { WorkspaceTx } from '../foundation/database.ts';
import type { Caller } from '../workspace/caller.ts';
import type { InvoicesRoom } from './make-invoices-room.ts';

export const mayRead = { access: { right: 'invoices.read', switch: 'payments_and_ltv' } } as const;
export const mayWrite = { access: { right: 'invoices.write', switch: 'payments_and_ltv' } } as const;
export const maySet = { access: { right: 'settings.write', switch: 'payments_and_ltv' } } as const;

/** Runs a verb in one transaction of the caller's workspace. */
export function inWorkspaceOf<T>(
  room: InvoicesRoom,
  caller: Caller,
  work: (tx: WorkspaceTx) => Promise<T>,
): Promise<T> {
  return room.database.inWorkspace(caller.workspace.id, work);
}
