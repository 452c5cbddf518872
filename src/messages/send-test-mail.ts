import type { Caller } from '../workspace/caller.ts';
import type { MessagesRoom } from './make-messages-room.ts';
import { MESSAGE_KINDS } from './message-kinds.ts';
import { fillWords } from './message-template.ts';
import { queueMessage } from './queue-message.ts';

/** Sends a test mail and waits for what the mail server says. Returns the message's id; its state and reason tell the rest. */
export async function sendTestMail(room: MessagesRoom, caller: Caller, to: string, testId: string): Promise<string> {
  const { workspace } = caller;
  const queued = await room.database.inWorkspace(workspace.id, (tx) =>
    queueMessage(room, tx, caller, {
      kind: 'test',
      dedupeKey: `test:${testId}`,
      to,
      contactId: null,
      about: null,
      words: fillWords(MESSAGE_KINDS.test, { business: workspace.legal.name || workspace.name, customer: '' }),
    }),
  );
  await room.outbox.sendOf(workspace.id);
  return queued.row.id;
}
