import type { Database, WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import { hashSecret, newId, newSecret } from '../foundation/id.ts';
import type { Caller } from '../workspace/caller.ts';
import { recordAudit } from '../workspace/write-audit.ts';
import type { About } from './message.ts';
import { markLinkOpened } from './store.ts';
import {
  insertDocumentLink,
  insertLinkDirectory,
  markDocumentLinkOpened,
  readDocumentLink,
  readLinkDirectory,
  revokeDocumentLinkRows,
} from './store-links.ts';

/** A link by which somebody without an account sees one document. `url` is shown once; only its hash is kept. */
export interface MadeLink {
  readonly id: string;
  readonly url: string;
}

/** Where customers see a document; the page behind it belongs to the portal room. */
export const documentAddress = (publicUrl: string, token: string) => `${publicUrl}/d/${token}`;

/** Makes a link in the caller's transaction. A document may have many: each mail has its own, by which its opening is known. */
export async function makeDocumentLink(
  tx: WorkspaceTx,
  caller: Caller,
  about: About,
  publicUrl: string,
): Promise<MadeLink> {
  const id = newId();
  const token = newSecret();
  const tokenHash = hashSecret(token);
  await insertDocumentLink(tx, { id, about, tokenHash, at: caller.now, by: caller.name });
  await insertLinkDirectory(tx, tokenHash, id);
  return { id, url: documentAddress(publicUrl, token) };
}

/** A link that somebody has opened: which document it shows, in which workspace. */
export interface OpenedLink {
  readonly workspaceId: string;
  readonly linkId: string;
  readonly about: About;
}

/** Where the secret of a link leads. Throws link_not_valid for one that nobody made, and for one that was revoked. */
export async function resolveDocumentLink(database: Database, token: string): Promise<OpenedLink> {
  const found = await database.inGlobal((tx) => readLinkDirectory(tx, hashSecret(token)));
  if (!found) throw new Failure('link_not_valid');
  const row = await database.inWorkspace(found.workspace_id, (tx) => readDocumentLink(tx, found.link_id));
  if (!row || row.revoked_at) throw new Failure('link_not_valid');
  return {
    workspaceId: found.workspace_id,
    linkId: row.id,
    about: { kind: row.document_kind, id: row.document_id },
  };
}

/** Makes a link of a document worthless, or all that it has (`linkId` null). Throws not_found when there was none to revoke. */
export async function revokeDocumentLinks(
  tx: WorkspaceTx,
  caller: Caller,
  about: About,
  linkId: string | null,
): Promise<void> {
  const revoked = await revokeDocumentLinkRows(tx, { about, id: linkId }, caller.now, caller.name);
  if (revoked === 0) throw new Failure('not_found');
  await recordAudit(tx, caller, {
    action: 'document_links.revoked',
    subjectKind: about.kind,
    subjectId: about.id,
    details: { count: revoked },
  });
}

/**
 * Keeps that the page behind a link was opened: of the link, and of the message that brought it. True the first time.
 * Call it when a person sees the page, not when a program looks at the address.
 */
export async function markLinkSeen(tx: WorkspaceTx, linkId: string, at: Date): Promise<boolean> {
  const first = (await markDocumentLinkOpened(tx, linkId, at)) === 1;
  if (first) await markLinkOpened(tx, linkId, at);
  return first;
}
