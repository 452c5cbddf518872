import { emailAddress } from '../foundation/api.ts';
import { systemClock } from '../foundation/clock.ts';
import { isCurrency } from '../foundation/currency.ts';
import { toPublicId } from '../foundation/id.ts';
import { isTimeZone } from '../foundation/local-date.ts';
import { setUpHeadless } from '../workspace/set-up-headless.ts';
import { type Command, CommandRefused } from './cli-command.ts';
import type { FlagValues } from './config.ts';
import { findAddress } from './server-address.ts';

/** For scripts and infrastructure as code: everything an installation needs, without a browser. */
export const setup: Command = {
  summary: 'Makes an owner, a workspace and an API key without a browser',
  usage: [
    'setup --owner EMAIL --workspace NAME [--live] [--currency USD] [--time-zone UTC] [--json]',
    '                again with the same owner and name: finds both, makes another key and link',
  ],
  flags: {
    owner: { type: 'string' },
    workspace: { type: 'string' },
    live: { type: 'boolean' },
    currency: { type: 'string' },
    'time-zone': { type: 'string' },
    json: { type: 'boolean' },
  },
  async run({ config, flags, print, openDatabase }) {
    const wanted = readWanted(flags);
    const { database } = await openDatabase();
    const made = await setUpHeadless(database, { ...wanted, now: systemClock.now(), publicUrl: findAddress(config) });
    const result = {
      owner: { id: toPublicId('user', made.userId), email: wanted.ownerEmail },
      workspace: {
        id: toPublicId('workspace', made.workspaceId),
        name: wanted.workspaceName,
        mode: wanted.mode,
        created: made.created,
      },
      api_key: { id: toPublicId('apiKey', made.apiKeyId), token: made.apiKey },
      sign_in_link: made.signInUrl,
    };
    if (flags.json) {
      print(JSON.stringify(result, null, 2));
      return 0;
    }
    print(
      `${made.created ? 'Made' : 'Found'} the ${wanted.mode} workspace “${wanted.workspaceName}” (${result.workspace.id}).`,
    );
    print(`API key (shown only now): ${made.apiKey}`);
    print(`To sign in as ${wanted.ownerEmail}, once and within 15 minutes: ${made.signInUrl}`);
    return 0;
  },
};

function readWanted(flags: FlagValues) {
  const text = (name: string) => (typeof flags[name] === 'string' ? flags[name].trim() : undefined);
  const ownerEmail = text('owner')?.toLowerCase();
  if (!ownerEmail || !emailAddress.safeParse(ownerEmail).success) {
    throw new CommandRefused('Name the owner by e-mail address: --owner ada@example.com.');
  }
  const workspaceName = text('workspace');
  if (!workspaceName || workspaceName.length > 120) {
    throw new CommandRefused('Name the workspace, in at most 120 characters: --workspace "Harbour Studio".');
  }
  const currency = text('currency') ?? 'USD';
  if (!isCurrency(currency))
    throw new CommandRefused(`--currency takes an ISO 4217 code such as USD, not “${currency}”.`);
  const timeZone = text('time-zone') ?? 'UTC';
  if (!isTimeZone(timeZone))
    throw new CommandRefused(`--time-zone takes an IANA name such as Europe/London, not “${timeZone}”.`);
  const mode: 'live' | 'sandbox' = flags.live === true ? 'live' : 'sandbox';
  return { ownerEmail, workspaceName, currency, timeZone, mode };
}
