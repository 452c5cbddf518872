import { z } from 'zod';
import type { Database, WorkspaceTx } from '../foundation/database.ts';
import { listSampleWork, readSampleRow, updateSample } from './store-workspaces.ts';

/** Work on the sample business: which, for which moment it is made, how many contacts are done, and what a removal left. */
const sampleWork = z.object({
  doing: z.enum(['filling', 'removing']).nullable(),
  /** The moment that its two years lead up to, and the moment of the work. */
  asOf: z.string(),
  done: z.number(),
  total: z.number(),
  contactsKept: z.number(),
  paymentsKept: z.number(),
});
export type SampleWork = z.infer<typeof sampleWork>;

export interface SampleMark {
  /** The seed it was made from; null when it is not in the workspace. */
  readonly seed: string | null;
  readonly work: SampleWork | null;
}

/** The mark of the transaction's workspace; with `lock` it is held, so that work on it goes one step at a time. */
export async function readSampleMark(tx: WorkspaceTx, options: { lock?: boolean } = {}): Promise<SampleMark> {
  const row = await readSampleRow(tx, options.lock ?? false);
  return { seed: row.sample_seed, work: row.sample_work === null ? null : sampleWork.parse(row.sample_work) };
}

/** Writes the mark; the caller read it with `lock` in this transaction. */
export function markSample(tx: WorkspaceTx, mark: SampleMark): Promise<void> {
  return updateSample(tx, mark.seed, mark.work);
}

/** Workspaces whose work on the sample business a stop may have interrupted. */
export async function listUnfinishedSamples(database: Database): Promise<string[]> {
  return (await database.acrossWorkspaces(listSampleWork)).map((row) => row.id);
}
