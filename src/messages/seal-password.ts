import type { WorkspaceTx } from '../foundation/database.ts';
import { type Resealed, type SecretBox, sealAnew } from '../foundation/secret-box.ts';
import { passwordSealedAt } from './read-mail-account.ts';
import { lockMailSettingsRow, replaceSealedPassword } from './store-settings.ts';

/** Seals the password of a workspace's own mail server with the newest envelope key. */
export async function sealPasswordAnew(tx: WorkspaceTx, box: SecretBox): Promise<Resealed> {
  const tally = { anew: 0, already: 0, unreadable: 0 };
  const row = await lockMailSettingsRow(tx);
  if (!row || row.sealed_password === null) return tally;
  const { became, sealed } = sealAnew(box, row.sealed_password, passwordSealedAt(tx.workspaceId));
  tally[became] += 1;
  if (sealed !== row.sealed_password) await replaceSealedPassword(tx, sealed);
  return tally;
}
