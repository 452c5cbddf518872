import type { Database } from '../foundation/database.ts';
import { type Caller, systemCaller, type WorkspaceFacts } from '../workspace/caller.ts';
import { listMembers } from '../workspace/list-members.ts';
import { markSample, readSampleMark, type SampleMark } from '../workspace/mark-sample.ts';
import { readFacts } from '../workspace/read-facts.ts';
import { recordAudit } from '../workspace/write-audit.ts';
import { CONTACTS_IN_ALL, type SampleBusiness } from './business.ts';
import { generateSample } from './generate-sample.ts';
import { CONTACTS_PER_STEP, USUAL_SEED } from './sample-id.ts';
import { writeSampleContacts } from './write-contacts.ts';

export interface SampleContext {
  readonly database: Database;
  /** Address of this program, for the links that customers would get. */
  readonly publicUrl: () => string;
}

/**
 * Marks that the sample business is to be made in the caller's workspace. Where it is there already, being made or
 * being removed, nothing changes. The work itself is fillSample's.
 */
export async function startFilling(context: SampleContext, caller: Caller): Promise<SampleMark> {
  return context.database.inWorkspace(caller.workspace.id, async (tx) => {
    const before = await readSampleMark(tx, { lock: true });
    if (before.seed !== null || before.work?.doing) return before;
    const work = {
      doing: 'filling' as const,
      asOf: caller.now.toISOString(),
      done: 0,
      total: CONTACTS_IN_ALL,
      contactsKept: 0,
      paymentsKept: 0,
    };
    const mark = { seed: USUAL_SEED, work };
    await markSample(tx, mark);
    await recordAudit(tx, caller, { action: 'sample_business.filled', subjectKind: null, subjectId: null });
    return mark;
  });
}

/** Writes the sample business step by step until all of it is there, somebody has it removed, or `signal` aborts. */
export async function fillSample(context: SampleContext, workspaceId: string, signal: AbortSignal): Promise<void> {
  const memberIds = (await listMembers(context.database, workspaceId)).map((member) => member.id);
  let business: SampleBusiness | null = null;
  for (let isDone = false; !isDone && !signal.aborted; ) {
    isDone = await context.database.inWorkspace(workspaceId, async (tx) => {
      const mark = await readSampleMark(tx, { lock: true });
      const { seed, work } = mark;
      if (seed === null || work?.doing !== 'filling') return true;
      const workspace = await readFacts(tx);
      const now = new Date(work.asOf);
      business ??= generateSample({ seed, asOf: now, timeZone: workspace.timeZone, currency: workspace.currency });
      const next = business.contacts.slice(work.done, work.done + CONTACTS_PER_STEP);
      const publicUrl = context.publicUrl();
      await writeSampleContacts(tx, next, { seed, workspace, memberIds, publicUrl, now });
      const done = work.done + next.length;
      const isLast = done >= business.contacts.length;
      await markSample(tx, { seed, work: { ...work, done, doing: isLast ? null : 'filling' } });
      return isLast;
    });
  }
}

/** The caller that makes the sample at the start of the program. */
export function sampleCaller(workspace: WorkspaceFacts, systemNow: Date): Caller {
  return systemCaller(workspace, systemNow, 'Sample business');
}
