import { check } from '../foundation/assert.ts';
import type { Database, WorkspaceTx } from '../foundation/database.ts';
import type { WorkspaceFacts } from './caller.ts';
import { factsOf, type LegalDetails } from './facts.ts';
import { readMemberName } from './store-members.ts';
import {
  type FullWorkspaceRow,
  hasPayments,
  listWorkspaceRows,
  readFactsRow,
  readWorkspaceRow,
} from './store-workspaces.ts';

/** Facts of the transaction's workspace, as they are now. */
export async function readFacts(tx: WorkspaceTx): Promise<WorkspaceFacts> {
  const row = await readFactsRow(tx);
  check(row, 'a transaction is opened for a workspace that exists');
  return factsOf(row);
}

/** Facts of one workspace in a transaction of their own: what jobs and repairs begin with. Null when there is none. */
export async function readWorkspaceFacts(database: Database, workspaceId: string): Promise<WorkspaceFacts | null> {
  const row = await database.inWorkspace(workspaceId, readFactsRow);
  return row && factsOf(row);
}

/** The whole record of a workspace, for its settings. */
export async function readWorkspace(
  database: Database,
  workspaceId: string,
): Promise<{ row: FullWorkspaceRow; facts: WorkspaceFacts; currencyCanChange: boolean }> {
  return database.inWorkspace(workspaceId, async (tx) => {
    const [row, moved] = await Promise.all([readWorkspaceRow(tx), hasPayments(tx)]);
    return { row, facts: factsOf(row), currencyCanChange: !moved };
  });
}

/** Name, address and tax id as receipts print them, with the workspace's name where no legal name is given. */
export async function readLegalDetails(tx: WorkspaceTx): Promise<LegalDetails & { readonly name: string }> {
  const row = await readWorkspaceRow(tx);
  return { ...row.legal, name: row.legal.name || row.name };
}

/** Name of a member, also of one who has left; null when there never was one. */
export function memberName(tx: WorkspaceTx, memberId: string): Promise<string | null> {
  return readMemberName(tx, memberId);
}

/** Every workspace, for the loops that look after all of them. */
export async function listWorkspaceIds(database: Database): Promise<string[]> {
  return (await database.acrossWorkspaces(listWorkspaceRows)).map((row) => row.id);
}
