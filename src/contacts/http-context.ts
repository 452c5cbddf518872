import type { Database, WorkspaceTx } from '../foundation/database.ts';
import type { Caller } from '../workspace/caller.ts';

/** What this room's doors need from whoever opens them. */
export interface DoorContext {
  readonly database: Database;
}

export const mayRead = { access: { right: 'contacts.read' } } as const;
export const mayWrite = { access: { right: 'contacts.write' } } as const;

/** Runs a verb in one transaction of the caller's workspace. */
export function inWorkspaceOf<T>(
  context: DoorContext,
  caller: Caller,
  work: (tx: WorkspaceTx) => Promise<T>,
): Promise<T> {
  return context.database.inWorkspace(caller.workspace.id, work);
}
