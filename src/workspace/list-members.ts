import type { Database } from '../foundation/database.ts';
import { listMemberRows, type MemberRow } from './store-members.ts';

/** Everybody who belongs to the workspace now, in the order they joined. */
export function listMembers(database: Database, workspaceId: string): Promise<MemberRow[]> {
  return database.inWorkspace(workspaceId, listMemberRows);
}
