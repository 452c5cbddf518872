import type { WorkspaceTx } from './database.ts';

/**
 * For readings of everything that a workspace has. Right after a large import, or where statistics are of a time before the
 * workspace, a planner takes every table for small and looks through the whole of one again for each row of the other;
 * without nested loops it reads each table once. The setting ends with `read`, and with a transaction that fails.
 */
export async function readingWholeTables<T>(tx: WorkspaceTx, read: () => Promise<T>): Promise<T> {
  await tx.run({ text: 'SET LOCAL enable_nestloop = off' });
  const found = await read();
  await tx.run({ text: 'SET LOCAL enable_nestloop = on' });
  return found;
}
