import { listCustomFields } from '../contacts/write-custom-field.ts';
import { listMembers } from '../workspace/list-members.ts';
import type { ImportKind } from './import.ts';
import type { Surroundings } from './intake.ts';
import type { ImportsContext } from './open-import.ts';

/** Members and custom fields of the workspace, which a file of contacts may name; nothing for other kinds. */
export async function readSurroundings(
  { database }: Pick<ImportsContext, 'database'>,
  workspaceId: string,
  kind: ImportKind,
): Promise<Surroundings> {
  if (kind !== 'contacts') return { owners: new Map(), customFields: [] };
  const members = await listMembers(database, workspaceId);
  const customFields = await database.inWorkspace(workspaceId, listCustomFields);
  const owners = new Map<string, string>();
  for (const { name, id } of members) {
    const key = name.toLowerCase();
    const isTwice = members.some((other) => other.id !== id && other.name.toLowerCase() === key);
    if (!isTwice) owners.set(key, id);
  }
  for (const { email, id } of members) owners.set(email.toLowerCase(), id);
  return { owners, customFields };
}
