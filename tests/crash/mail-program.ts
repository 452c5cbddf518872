import type pg from 'pg';
import { movableClock } from '../../src/foundation/clock.ts';
import { openDatabase } from '../../src/foundation/database.ts';
import { makeSecretBox } from '../../src/foundation/secret-box.ts';
import { makeMessagesRoom } from '../../src/messages/make-messages-room.ts';
import type { SmtpServer } from '../../src/messages/smtp-server.ts';
import { dieAtStep } from './import-program.ts';

/** What the program is told to do, as JSON on its command line. */
export interface MailPlan {
  readonly connection: pg.ClientConfig;
  readonly workspaceId: string;
  readonly smtp: SmtpServer;
  readonly now: string;
  /** At which step (from 0) this process kills itself; without it every step runs. */
  readonly dieAt?: number;
}

/** Sends what waits in one workspace as the server does beside requests, and gives itself SIGKILL at one step. */
export async function mailProgram([text]: string[]): Promise<void> {
  const plan = JSON.parse(text ?? '') as MailPlan;
  const database = openDatabase({ connection: plan.connection, poolSize: 2 });
  const steps = dieAtStep(database.pool, plan.dieAt);
  const room = makeMessagesRoom({
    database,
    clock: movableClock(new Date(plan.now)),
    box: makeSecretBox([new Uint8Array(32)]),
    serverMail: { server: plan.smtp, from: { name: '', address: 'mail@counterfoil.test' }, bounceAddress: null },
    publicUrl: () => 'http://counterfoil.test',
    readLook: async () => ({ colour: '', footer: '', logo: null }),
    onError: (error) => console.error(error),
  });
  await room.outbox.sendOf(plan.workspaceId);
  console.log(JSON.stringify(steps));
  await database.close();
  process.exit(0);
}
