import { listSampleContactIds, removeSampleContacts } from '../contacts/remove-sample-contacts.ts';
import type { WorkspaceTx } from '../foundation/database.ts';
import { localDateOf } from '../foundation/local-date.ts';
import { removeSeeded } from '../gateways/scripted/seed-gateway.ts';
import { contactsWithOwnMoney, removeCardsOf, removeSamplePayments } from '../payments/remove-sample-payments.ts';
import type { Caller } from '../workspace/caller.ts';
import { markSample, readSampleMark, type SampleMark, type SampleWork } from '../workspace/mark-sample.ts';
import { readFacts } from '../workspace/read-facts.ts';
import { recordAudit } from '../workspace/write-audit.ts';
import type { SampleContext } from './fill-sample.ts';
import { CONTACTS_PER_STEP, sampleIdOf } from './sample-id.ts';

/**
 * Marks that the sample business is to be removed; one that is still being made stops where it is. Where there is none,
 * nothing changes. The work itself is removeSample's.
 */
export async function startRemoving(context: SampleContext, caller: Caller): Promise<SampleMark> {
  return context.database.inWorkspace(caller.workspace.id, async (tx) => {
    const before = await readSampleMark(tx, { lock: true });
    if (before.seed === null || before.work?.doing === 'removing') return before;
    const contactIds = await listSampleContactIds(tx, sampleIdOf(before.seed));
    const work = {
      doing: 'removing' as const,
      asOf: caller.now.toISOString(),
      done: 0,
      total: contactIds.length,
      contactsKept: 0,
      paymentsKept: 0,
    };
    const mark = { seed: before.seed, work };
    await markSample(tx, mark);
    await recordAudit(tx, caller, { action: 'sample_business.removed', subjectKind: null, subjectId: null });
    return mark;
  });
}

/** Takes the sample business back step by step: payments first, then the contacts that nothing of one's own stands on. */
export async function removeSample(context: SampleContext, workspaceId: string, signal: AbortSignal): Promise<void> {
  for (let isDone = false; !isDone && !signal.aborted; ) {
    isDone = await context.database.inWorkspace(workspaceId, async (tx) => {
      const { seed, work } = await readSampleMark(tx, { lock: true });
      if (seed === null || work?.doing !== 'removing') return true;
      const now = new Date(work.asOf);
      const contactIds = await listSampleContactIds(tx, sampleIdOf(seed));
      const next = contactIds.slice(work.done, work.done + CONTACTS_PER_STEP);
      if (next.length > 0) {
        await markSample(tx, { seed, work: await removeMoney(tx, seed, next, work, now) });
        return false;
      }
      const keptIds = await removePeople(tx, seed, now);
      await markSample(tx, { seed: null, work: { ...work, doing: null, contactsKept: keptIds.length } });
      return true;
    });
  }
}

async function removeMoney(
  tx: WorkspaceTx,
  seed: string,
  contactIds: readonly string[],
  work: SampleWork,
  now: Date,
): Promise<SampleWork> {
  const { timeZone } = await readFacts(tx);
  const moment = { now, today: localDateOf(now, timeZone) };
  const { kept, gatewayRefs } = await removeSamplePayments(tx, sampleIdOf(seed), contactIds, moment);
  await removeSeeded(tx, { movementRefs: gatewayRefs, methodRefs: [], now });
  return { ...work, done: work.done + contactIds.length, paymentsKept: work.paymentsKept + kept };
}

/** Returns the ids of the contacts that stay. */
async function removePeople(tx: WorkspaceTx, seed: string, now: Date): Promise<string[]> {
  const { deletedIds, keptIds } = await removeSampleContacts(tx, sampleIdOf(seed), now, (contactIds) =>
    contactsWithOwnMoney(tx, contactIds),
  );
  const methodRefs = await removeCardsOf(tx, deletedIds, now);
  await removeSeeded(tx, { movementRefs: [], methodRefs, now });
  return keptIds;
}
