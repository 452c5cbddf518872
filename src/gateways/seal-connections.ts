import type { WorkspaceTx } from '../foundation/database.ts';
import { type Resealed, type SecretBox, sealAnew } from '../foundation/secret-box.ts';
import { sealedAt } from './keep-connections.ts';
import {
  lockConnection,
  readConnections,
  readSigningSecrets,
  replaceSealedConnection,
  replaceSealedSigning,
} from './store-connections.ts';

/** Seals what is kept of a workspace's connections with the newest envelope key; nothing else of them changes. */
export async function sealConnectionsAnew(tx: WorkspaceTx, box: SecretBox): Promise<Resealed> {
  const tally = { anew: 0, already: 0, unreadable: 0 };
  const anew = (sealed: string, context: string): string => {
    const done = sealAnew(box, sealed, context);
    tally[done.became] += 1;
    return done.sealed;
  };
  const live = (await readConnections(tx)).filter(({ disconnected_at }) => disconnected_at === null);
  for (const { id } of live) {
    // Held, so that a rotation comes before or after; it holds the same row while it exchanges signing secrets.
    const row = await lockConnection(tx, id);
    if (!row || row.sealed_values === null || row.sealed_token === null) continue;
    const values = anew(row.sealed_values, sealedAt.values(tx.workspaceId, id));
    const token = anew(row.sealed_token, sealedAt.token(tx.workspaceId, id));
    if (values !== row.sealed_values || token !== row.sealed_token) {
      await replaceSealedConnection(tx, id, values, token);
    }
    for (const secret of await readSigningSecrets(tx, id)) {
      const sealed = anew(secret.sealed_secret, sealedAt.signing(tx.workspaceId, secret.id));
      if (sealed !== secret.sealed_secret) await replaceSealedSigning(tx, secret.id, sealed);
    }
  }
  return tally;
}
