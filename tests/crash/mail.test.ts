import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newId, toPublicId } from '../../src/foundation/id.ts';
import type { Message } from '../../src/messages/api.ts';
import { queueMessage } from '../../src/messages/queue-message.ts';
import { bundleProgram, runProgram } from '../setup/child-program.ts';
import { mailServer } from '../setup/mail-server.ts';
import { testServer } from '../setup/server.ts';
import { someAtATime } from './crash-site.ts';
import type { MailPlan } from './mail-program.ts';

const post = await mailServer();
const server = await testServer({
  mail: { server: post.smtp, from: { name: '', address: 'mail@counterfoil.test' }, bounceAddress: null },
});
let program: { path: string; remove: () => void };
beforeAll(async () => {
  program = await bundleProgram(join(import.meta.dirname, 'mail-program.ts'), { call: 'mailProgram', whole: true });
});
afterAll(() => program.remove());

/** A workspace with one message that waits, and a process that sends it, to be killed at a step. */
async function sendAndDie(dieAt?: number) {
  const workspace = await server.workspace({ mode: 'live' });
  const caller = await workspace.caller();
  const words = { subject: 'Once', body: 'At most.' };
  const letter = { kind: 'receipt', to: 'ada@example.com', contactId: null, about: null, words } as const;
  const { row } = await server.database.inWorkspace(workspace.id, (tx) =>
    queueMessage(server.rooms.messages, tx, caller, { ...letter, dedupeKey: newId() }),
  );
  const plan: MailPlan = {
    connection: server.database.connection as MailPlan['connection'],
    workspaceId: workspace.id,
    smtp: post.smtp,
    now: server.clock.now().toISOString(),
    ...(dieAt === undefined ? {} : { dieAt }),
  };
  const running = runProgram(program.path, [JSON.stringify(plan)]);
  const ended = await running.ended;
  const id = toPublicId('message', row.id);
  const takenOf = () => post.taken.filter(({ mail }) => mail.messageId === `<${id}@counterfoil.test>`).length;
  const state = async () =>
    (await server.call<Message>('GET', `/v1/messages/${id}`, { as: workspace.apiKey })).body.state;
  return { workspace, ended, output: running.output(), takenOf, state };
}

it('a sender killed at any step: no message goes out twice by itself, and none is lost without a word', {
  timeout: 300_000,
}, async () => {
  const whole = await sendAndDie();
  expect([whole.ended, await whole.state(), whole.takenOf()]).toEqual([0, 'sent', 1]);
  const steps = JSON.parse(whole.output.stdout) as string[];
  const committed = steps.indexOf('answered COMMIT');
  expect(steps.indexOf('sent messages_sending')).toBeLessThan(committed);
  expect(steps.indexOf('sent messages_delivered')).toBeGreaterThan(committed);

  const found = await someAtATime(
    3,
    steps.map((name, at) => async () => {
      const scene = await sendAndDie(at);
      return { at, name, scene };
    }),
  );
  // Whoever comes later finds what was left: at once, and when the claim has run out.
  await server.rooms.messages.outbox.sendDue();
  server.clock.advanceMs(3_600_000);
  await server.rooms.messages.outbox.sendDue();
  server.clock.advanceMs(3_600_000);
  await server.rooms.messages.outbox.sendDue();
  const wrong: string[] = [];
  const states = new Set<string>();
  for (const { at, name, scene } of found) {
    const [state, taken] = [await scene.state(), scene.takenOf()];
    states.add(state);
    const right =
      scene.ended === 'SIGKILL' &&
      // Nothing was handed over before the claim was committed: it goes out once. Afterwards nobody can know.
      (at < committed ? taken <= 1 && (state === 'sent') === (taken === 1) : true) &&
      (state === 'sent' ? taken === 1 : state === 'unsure' && taken <= 1);
    if (!right) wrong.push(`${at} ${name}: ended ${scene.ended}, ${state}, taken ${taken} times`);
  }
  expect(wrong).toEqual([]);
  expect([...states].sort()).toEqual(['sent', 'unsure']);
});
