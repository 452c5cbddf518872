import { refuseCardNumbers } from '../foundation/card-number.ts';
import type { Database, WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import { hashSecret, newId, newSecret } from '../foundation/id.ts';
import { apiKeyToken } from './api-key.ts';
import type { Caller, Right } from './caller.ts';
import { requireOwnRights } from './edit-member.ts';
import { type ApiKeyRow, insertApiKey, listApiKeyRows, revokeApiKeyRow } from './store-api-keys.ts';
import { recordAudit } from './write-audit.ts';

/** The characters of a key that lists show, so that two keys can be told apart. */
const HINT_LENGTH = 4;

/** Makes a key with some of the maker's own rights, in the caller's transaction. The token is never to be had again. */
export async function makeApiKey(
  tx: WorkspaceTx,
  caller: Caller,
  input: { name: string; rights: readonly Right[] },
): Promise<ApiKeyRow & { readonly token: string }> {
  requireOwnRights(caller, input.rights);
  refuseCardNumbers({ name: input.name });
  const token = apiKeyToken(newSecret(), caller.workspace.mode);
  const id = newId();
  const hint = token.slice(-HINT_LENGTH);
  const rights = [...new Set(input.rights)];
  const { name } = input;
  await insertApiKey(tx, {
    id,
    name,
    hint,
    rights,
    createdBy: caller.name,
    tokenHash: hashSecret(token),
    now: caller.now,
  });
  await recordAudit(tx, caller, {
    action: 'api_key.made',
    subjectKind: 'apiKey',
    subjectId: id,
    details: { name, rights },
  });
  return { id, name, hint, rights, created_by: caller.name, created_at: caller.now, last_used_on: null, token };
}

/** The same in a transaction of its own. */
export function addApiKey(
  database: Database,
  caller: Caller,
  input: { name: string; rights: readonly Right[] },
): Promise<ApiKeyRow & { readonly token: string }> {
  return database.inWorkspace(caller.workspace.id, (tx) => makeApiKey(tx, caller, input));
}

export function listApiKeys(database: Database, workspaceId: string): Promise<ApiKeyRow[]> {
  return database.inWorkspace(workspaceId, listApiKeyRows);
}

/** Revokes a key, from its next request on. Throws not_found when there is none that is still good. */
export async function revokeApiKey(database: Database, caller: Caller, apiKeyId: string): Promise<void> {
  await database.inWorkspace(caller.workspace.id, async (tx) => {
    const name = await revokeApiKeyRow(tx, apiKeyId, caller.now);
    if (name === null) throw new Failure('not_found');
    await recordAudit(tx, caller, {
      action: 'api_key.revoked',
      subjectKind: 'apiKey',
      subjectId: apiKeyId,
      details: { name },
    });
  });
}
