import { systemClock } from '../foundation/clock.ts';
import { makeOwnerLink, makeSignInLink } from '../workspace/make-sign-in-link.ts';
import { type Command, CommandRefused } from './cli-command.ts';
import { findAddress } from './server-address.ts';

/** For who forgot the password, or closed the window with the first link. */
export const link: Command = {
  summary: 'Prints a link that signs a person in, once',
  usage: [
    'link EMAIL      for somebody who has an account; good for 15 minutes',
    'link            for the first owner, while there is none; good for 24 hours',
  ],
  async run({ config, words, print, openDatabase }) {
    const [email] = words;
    const { database } = await openDatabase();
    const from = { now: systemClock.now(), publicUrl: findAddress(config) };
    const made = email ? await makeSignInLink(database, email, from) : await makeOwnerLink(database, from);
    if (!made) {
      throw new CommandRefused(
        email ? `Nobody here has the e-mail address ${email}.` : 'There is an owner already; give an e-mail address.',
      );
    }
    print(made.url);
    return 0;
  },
};
