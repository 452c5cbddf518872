import type { WorkspaceTx } from '../foundation/database.ts';
import { keyIdOf, makeSecretBox, type Resealed, type SecretBox } from '../foundation/secret-box.ts';
import { sealConnectionsAnew } from '../gateways/seal-connections.ts';
import { sealPasswordAnew } from '../messages/seal-password.ts';
import { listWorkspaceIds } from '../workspace/read-facts.ts';
import { type Command, CommandRefused } from './cli-command.ts';
import { addEnvelopeKey, forgetOldEnvelopeKeys, readEnvelopeKeys } from './envelope-keys.ts';

/** Everything that is sealed, by the columns it is kept in: a test compares them with the schema. */
export const SEALED: readonly {
  readonly columns: readonly string[];
  readonly sealAnew: (tx: WorkspaceTx, box: SecretBox) => Promise<Resealed>;
}[] = [
  {
    columns: [
      'gateway_connections.sealed_values',
      'gateway_connections.sealed_token',
      'gateway_signing_secrets.sealed_secret',
    ],
    sealAnew: sealConnectionsAnew,
  },
  { columns: ['mail_settings.sealed_password'], sealAnew: sealPasswordAnew },
];

/**
 * Changes the envelope key beside a server that goes on. Each workspace is a transaction of its own: a stop in the middle
 * leaves every secret under one key or the other, and the next call does the rest.
 */
export const reseal: Command = {
  summary: 'Seals kept keys and passwords anew with the newest envelope key',
  usage: [
    'reseal          may be called as often as you like, also beside a running server',
    'reseal --new-key     makes a new key first',
    'reseal --forget-old  afterwards: takes the older keys out of the file',
  ],
  flags: { 'new-key': { type: 'boolean' }, 'forget-old': { type: 'boolean' } },
  async run({ config, flags, print, openDatabase }) {
    if (flags['new-key'] && flags['forget-old']) {
      throw new CommandRefused('--new-key and --forget-old are two steps; look in between whether everything works.');
    }
    const { database } = await openDatabase();
    if (flags['new-key']) addEnvelopeKey(config);
    const keys = readEnvelopeKeys(config);
    const box = makeSecretBox(keys);
    const workspaceIds = await listWorkspaceIds(database);
    const sum = { anew: 0, already: 0, unreadable: 0 };
    for (const workspaceId of workspaceIds) {
      const done = await database.inWorkspace(workspaceId, async (tx) => {
        const each: Resealed[] = [];
        for (const { sealAnew } of SEALED) each.push(await sealAnew(tx, box));
        return each;
      });
      for (const { anew, already, unreadable } of done) {
        sum.anew += anew;
        sum.already += already;
        sum.unreadable += unreadable;
      }
    }
    print(
      `${counted(sum.anew, 'secret')} sealed anew with the key ${keyIdOf(keys[0]!)}, ${sum.already} sealed with it already (${counted(workspaceIds.length, 'workspace')}).`,
    );
    if (sum.unreadable > 0) {
      print(
        `${counted(sum.unreadable, 'secret')} opened by none of the ${keys.length} keys: put the key back that is missing, or enter these secrets again.`,
      );
      return 1;
    }
    if (flags['forget-old']) print(`${counted(forgetOldEnvelopeKeys(config), 'older key')} taken out.`);
    else if (keys.length > 1) print('Nothing is sealed with the older keys any more; they can be taken out.');
    return 0;
  },
};

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
