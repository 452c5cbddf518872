import type { Database } from '../foundation/database.ts';
import { FIRST_HASH, linkHash, type SealedColumns } from './audit.ts';
import { insertHead, insertSeals, readHead, readNewestSeal, readUnsealed } from './store-audit.ts';
import { lockWorkspaceRow } from './store-workspaces.ts';

/** Rows sealed in one transaction: a few milliseconds of hashing, and a lock that nobody notices. */
const GROUP_SIZE = 500;

/**
 * How far before the newest sealed row the quick pass looks for rows that were committed late. Far longer than any
 * transaction here lasts; what still slips by (a sandbox clock that was moved meanwhile) is found by the next full pass.
 */
const LATE_COMMIT_MS = 30_000;

/**
 * Chains the rows of one workspace that have no seal yet, oldest first, and returns how many. One sealer at a time: the
 * workspace's row is locked. `full` looks at the whole log instead of its end. The chain goes on from the kept head, so
 * that links which somebody cut off stay missing instead of being made anew.
 */
export async function sealAudit(
  database: Database,
  workspaceId: string,
  options: { full?: boolean } = {},
): Promise<number> {
  let sealed = 0;
  for (;;) {
    const count = await sealGroup(database, workspaceId, options.full ?? false);
    sealed += count;
    if (count < GROUP_SIZE) return sealed;
  }
}

function sealGroup(database: Database, workspaceId: string, full: boolean): Promise<number> {
  return database.inWorkspace(workspaceId, async (tx) => {
    await lockWorkspaceRow(tx);
    const head = await readHead(tx);
    const newest = head ?? (await readNewestSeal(tx));
    const since = full || newest === null ? null : new Date(newest.at.getTime() - LATE_COMMIT_MS);
    const rows = await readUnsealed(tx, since, GROUP_SIZE);
    let { seq, hash } = newest ?? { seq: 0n, hash: FIRST_HASH };
    const seals = rows.map((row) => {
      seq += 1n;
      hash = linkHash(hash, row);
      return { seq, auditId: row.id, hash };
    });
    if (seals.length > 0) {
      await insertSeals(tx, seals);
      await insertHead(tx, { seq, hash, at: dateOf(rows.at(-1)!) });
    } else if (head === null && newest !== null) await insertHead(tx, newest);
    return seals.length;
  });
}

function dateOf({ at_us }: SealedColumns): Date {
  return new Date(Number(at_us / 1_000n));
}
