import type { Database } from '../foundation/database.ts';
import { toPublicId } from '../foundation/id.ts';
import type { Session } from './api.ts';
import { readMembersOfUsers, workspaceIdsOfUser } from './store-members.ts';
import { readPerson } from './store-people.ts';
import { readFactsRow } from './store-workspaces.ts';

/** Who is signed in and where they belong, in the order of the workspaces' names. */
export async function readSession(
  database: Database,
  person: { userId: string; name: string; email: string },
): Promise<Session> {
  const ids = await database.inGlobal((tx) => workspaceIdsOfUser(tx, person.userId));
  const workspaces: Session['workspaces'] = [];
  // One workspace at a time: nothing of two workspaces is ever visible in one transaction, and people have few.
  for (const id of ids) {
    const [row, members] = await database.inWorkspace(id, (tx) =>
      Promise.all([readFactsRow(tx), readMembersOfUsers(tx, [person.userId])]),
    );
    const [member] = members;
    if (row && member) {
      workspaces.push({ id: toPublicId('workspace', id), name: row.name, mode: row.mode, role: member.role });
    }
  }
  workspaces.sort((a, b) => a.name.localeCompare(b.name) || (a.id < b.id ? -1 : 1));
  return { user: { id: toPublicId('user', person.userId), name: person.name, email: person.email }, workspaces };
}

/** The same for somebody who was just signed in. */
export async function readSessionOf(database: Database, userId: string): Promise<Session> {
  const { name, email } = await database.inGlobal((tx) => readPerson(tx, userId));
  return readSession(database, { userId, name, email });
}
