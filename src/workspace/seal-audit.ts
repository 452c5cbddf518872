import type { Database } from '../foundation/database.ts';
import { FIRST_HASH, linkHash, type SealedColumns } from './audit.ts';
import { insertHead, insertSeals, readHead, readNewestSeal, readUnsealed } from './store-audit.ts';
import { lockWorkspaceRow } from './store-workspaces.ts';

/** Rows sealed in one transaction: a few milliseconds of hashing, and a lock that nobody notices. */
const GROUP_SIZE = 1_000;

/**
 * How far before the newest sealed row a pass looks for rows that were committed late, unless it is told otherwise. Far
 * longer than any transaction here lasts; what still slips by (a sandbox clock that was moved meanwhile) is found by the
 * next full pass.
 */
export const LATE_COMMIT_MS = 30_000;

/**
 * Chains the rows of one workspace that have no seal yet, oldest first, and returns how many. One sealer at a time: the
 * workspace's row is locked. `full` looks at the whole log instead of its end, `lateMs` says how far before that. The chain goes on from the kept head, so
 * that links which somebody cut off stay missing instead of being made anew.
 */
export async function sealAudit(
  database: Database,
  workspaceId: string,
  options: { full?: boolean; lateMs?: number } = {},
): Promise<number> {
  let sealed = 0;
  // Each group begins after the one before: what lies behind it has been looked through.
  let from: Date | null = null;
  for (;;) {
    const group = await sealGroup(database, workspaceId, options, from);
    sealed += group.count;
    if (group.count < GROUP_SIZE) return sealed;
    from = group.last;
  }
}

function sealGroup(
  database: Database,
  workspaceId: string,
  { full = false, lateMs = LATE_COMMIT_MS }: { full?: boolean; lateMs?: number },
  from: Date | null,
): Promise<{ readonly count: number; readonly last: Date | null }> {
  return database.inWorkspace(workspaceId, async (tx) => {
    await lockWorkspaceRow(tx);
    const head = await readHead(tx);
    const newest = head ?? (await readNewestSeal(tx));
    const since = full || newest === null ? null : new Date(newest.at.getTime() - lateMs);
    const rows = await readUnsealed(tx, from ?? since, GROUP_SIZE);
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
    const last = rows.at(-1);
    return { count: rows.length, last: last ? dateOf(last) : null };
  });
}

function dateOf({ at_us }: SealedColumns): Date {
  return new Date(Number(at_us / 1_000n));
}
