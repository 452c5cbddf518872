import type { Clock } from '../foundation/clock.ts';
import type { Database, WorkspaceTx } from '../foundation/database.ts';
import { toPublicId } from '../foundation/id.ts';
import type { WorkspaceFacts } from '../workspace/caller.ts';
import { readFacts } from '../workspace/read-facts.ts';
import type { Delivery } from './delivery.ts';
import { ATTEMPTS_MAX, retryDelayMs } from './message.ts';
import { POST_MS_MAX, postMail } from './post-mail.ts';
import { type MailSurroundings, readMailAccount } from './read-mail-account.ts';
import { envelopeSender, type MailAccount } from './smtp-server.ts';
import {
  type ClaimedMessage,
  giveUpInterrupted,
  listWorkspacesWithMail,
  lockDueMessages,
  markKept,
  markSending,
  recordDelivery,
} from './store.ts';

/**
 * Sends what waits. A message is written down as 'sending', and that is committed, before the first byte of it goes out;
 * what came of it is written afterwards. Whatever dies in between, no message goes out twice by itself: one that is found
 * 'sending' without a sender becomes 'unsure', and a person decides.
 */
export interface Outbox {
  /** Sends what is due everywhere, and resolves when it is done. */
  sendDue(): Promise<void>;
  /** The same, without waiting: workspaces that are being sent for are left alone, and a slow server holds up its own only. */
  beginDue(): Promise<void>;
  /** Sends what is due in one workspace now. */
  sendOf(workspaceId: string): Promise<void>;
  /** Resolves when nothing is being sent any more. */
  idle(): Promise<void>;
}

/** Messages handed over at the same time, each over a connection of its own: what mail servers allow one client. */
const AT_ONCE_MAX = 5;
/** Workspaces sent for at the same time by one process. */
const WORKSPACES_AT_ONCE_MAX = 16;
/** Longer than the longest conversation, so that only a sender that is gone is taken for gone. */
const CLAIM_MS = POST_MS_MAX + 120_000;

const INTERRUPTED = 'The program stopped while this was being handed over; it may have arrived.';
const NO_SERVER = 'No mail server is configured: the message is kept here.';
const SANDBOX_KEEPS = 'Sandboxes keep their mail unless Settings → Mail says otherwise.';

export interface SendDependencies extends MailSurroundings {
  readonly database: Database;
  readonly clock: Clock;
  readonly onError: (error: unknown) => void;
}

export function makeOutbox(dependencies: SendDependencies): Outbox {
  const { database, clock, onError } = dependencies;
  const running = new Map<string, Promise<void>>();

  function begin(workspaceId: string): Promise<void> {
    const before = running.get(workspaceId) ?? Promise.resolve();
    const turn = before.then(() => sendAll(dependencies, workspaceId)).catch(onError);
    running.set(workspaceId, turn);
    return turn.finally(() => {
      if (running.get(workspaceId) === turn) running.delete(workspaceId);
    });
  }
  const due = () => database.acrossWorkspaces((tx) => listWorkspacesWithMail(tx, clock.now()));

  return {
    async sendDue() {
      for (const workspaceId of await due()) await begin(workspaceId);
    },
    async beginDue() {
      for (const workspaceId of await due()) {
        if (running.size >= WORKSPACES_AT_ONCE_MAX) return;
        if (!running.has(workspaceId)) void begin(workspaceId);
      }
    },
    sendOf: begin,
    async idle() {
      await Promise.all(running.values());
    },
  };
}

async function sendAll(dependencies: SendDependencies, workspaceId: string): Promise<void> {
  const { database, clock } = dependencies;
  for (;;) {
    const claimed = await database.inWorkspace(workspaceId, (tx) => claim(dependencies, tx, clock.now()));
    if (claimed === null) return;
    const { account, workspace, messages } = claimed;
    await Promise.all(messages.map((message) => send(dependencies, workspace, account, message)));
  }
}

interface Claimed {
  readonly workspace: WorkspaceFacts;
  readonly account: MailAccount;
  readonly messages: readonly ClaimedMessage[];
}

/** Takes some messages, or keeps them where nothing is to go out. Null when none was due. */
async function claim(dependencies: SendDependencies, tx: WorkspaceTx, systemNow: Date): Promise<Claimed | null> {
  await giveUpInterrupted(tx, systemNow, INTERRUPTED);
  const due = await lockDueMessages(tx, systemNow, AT_ONCE_MAX);
  if (due.length === 0) return null;
  const workspace = await readFacts(tx);
  const account = await readMailAccount(dependencies, tx, workspace);
  // A test that somebody sends to themselves goes out from a sandbox too: that is what it is for.
  const goesOut = (message: ClaimedMessage) => account.server !== null && (account.sends || message.kind === 'test');
  const kept = due.filter((message) => !goesOut(message)).map((message) => message.id);
  if (kept.length > 0) await markKept(tx, kept, account.server === null ? NO_SERVER : SANDBOX_KEEPS);
  const messages = due.filter(goesOut);
  if (messages.length > 0) {
    const ids = messages.map((message) => message.id);
    await markSending(tx, ids, new Date(systemNow.getTime() + CLAIM_MS));
  }
  return { workspace, account, messages };
}

async function send(
  { database, clock }: SendDependencies,
  workspace: WorkspaceFacts,
  account: MailAccount,
  message: ClaimedMessage,
): Promise<void> {
  const id = toPublicId('message', message.id);
  const envelope = {
    from: envelopeSender(account, id),
    to: message.to_address,
    // Reports belong where a program reads them; a person's own mailbox would drown in them.
    reportAs: account.bounceAddress === null ? null : id,
  };
  const delivery = await postMail(account.server!, envelope, message.raw);
  const attempt = message.attempts + 1;
  const now = clock.now();
  const workspaceNow = new Date(now.getTime() + workspace.clockOffsetMs);
  await database.inWorkspace(workspace.id, (tx) =>
    recordDelivery(tx, message.id, attempt, {
      ...outcomeOf(delivery, attempt, now),
      sentAt: sentAt(delivery, workspaceNow),
    }),
  );
}

function sentAt(delivery: Delivery, at: Date): Date | null {
  return delivery.state === 'sent' ? at : null;
}

function outcomeOf(delivery: Delivery, attempt: number, now: Date) {
  const { reason } = delivery;
  if (delivery.state !== 'again') return { state: delivery.state, reason, tryAfter: null };
  if (attempt >= ATTEMPTS_MAX)
    return { state: 'failed' as const, reason: `${reason} Tried ${attempt} times.`, tryAfter: null };
  return { state: 'queued' as const, reason, tryAfter: new Date(now.getTime() + retryDelayMs(attempt)) };
}
