import type { Database } from '../foundation/database.ts';
import { toPublicId } from '../foundation/id.ts';
import { FIRST_HASH, linkHash } from './audit.ts';
import { sealAudit } from './seal-audit.ts';
import { readChain, readHead, readSealHash } from './store-audit.ts';

/** A place in the chain: the number of a link and its hash. */
export interface AuditPlace {
  readonly seq: bigint;
  readonly hash: string;
}

export interface AuditVerdict {
  /** Links looked at. */
  readonly count: number;
  /** The newest link; `seq` is 0 before the first. Kept elsewhere, it shows a chain that was cut off or made anew. */
  readonly head: AuditPlace;
  /** One sentence per finding; empty when the chain holds. */
  readonly problems: readonly string[];
}

/** Rows read at once; memory stays flat however long the log is. */
const PAGE_SIZE = 5_000;
/** After so many findings more of them tell nobody anything new. */
const PROBLEMS_MAX = 100;

/**
 * Re-computes the audit chain of a workspace from its first row: finds rows that were altered, that are missing (at the
 * end too) and that change places. Rows not sealed yet are sealed first. Places that were noted down elsewhere are
 * looked for in the chain.
 */
export async function verifyAudit(
  database: Database,
  workspaceId: string,
  notedElsewhere: readonly AuditPlace[] = [],
): Promise<AuditVerdict> {
  await sealAudit(database, workspaceId, { full: true });
  return database.inWorkspace(
    workspaceId,
    async (tx) => {
      const problems: string[] = [];
      let hash = FIRST_HASH;
      let seq = 0n;
      let count = 0;
      for (;;) {
        const links = await readChain(tx, seq, PAGE_SIZE);
        for (const link of links) {
          if (link.seq !== seq + 1n) problems.push(`Audit links ${seq + 1n} to ${link.seq - 1n} are missing.`);
          const name = `Audit row ${toPublicId('audit', link.sealed_id)} (link ${link.seq})`;
          if (link.id === null) problems.push(`${name} is missing.`);
          else if (linkHash(hash, link) !== link.hash)
            problems.push(`${name} is not what was sealed, or not where it was.`);
          // Going on from the stored hash: one altered row is one finding, not everything after it.
          hash = link.hash;
          seq = link.seq;
          count += 1;
        }
        if (links.length < PAGE_SIZE || problems.length >= PROBLEMS_MAX) break;
      }
      const head = await readHead(tx);
      if (head && head.seq > seq) {
        problems.push(`Audit links ${seq + 1n} to ${head.seq} are missing: the end of the log was cut off.`);
      } else if (seq > 0n && (head?.seq !== seq || head.hash !== hash)) {
        problems.push(`The newest audit link (${seq}) is not the one that was kept when it was sealed.`);
      }
      for (const noted of notedElsewhere) {
        const found = await readSealHash(tx, noted.seq);
        if (!found) problems.push(`Audit link ${noted.seq}, which was noted elsewhere, is missing.`);
        else if (found.hash !== noted.hash) problems.push(`Audit link ${noted.seq} is not the one noted elsewhere.`);
      }
      return { count, head: { seq, hash }, problems: problems.slice(0, PROBLEMS_MAX) };
    },
    { snapshot: true },
  );
}
