import { type Clock, pause } from '../foundation/clock.ts';
import type { Database } from '../foundation/database.ts';
import { forgetExpired } from './keep-session.ts';
import { listWorkspaceIds } from './read-facts.ts';
import { LATE_COMMIT_MS, sealAudit } from './seal-audit.ts';
import type { SignIn } from './sign-in.ts';
import { takeUnsealedWorkspaces } from './write-audit.ts';

/** How long a row of the audit log waits for its seal: short, and yet many rows share one transaction. */
const SEAL_EVERY_MS = 2_000;
/** Most turns look only this far back for rows that were committed late; looking far under load reads a lot to find nothing. */
const NEARLY_MS = 3_000;
/** Every so many turns the sealer looks far back, also where nothing was written since the turn before. */
const FAR_EVERY_TURNS = 10;
/** Full passes over every workspace: they find what a stopped process or a moved clock left unsealed. */
const SWEEP_EVERY_MS = 24 * 3_600_000;
/** The first page should not wait for a library that only signing in needs. */
const WARM_AFTER_MS = 1_500;

export interface JobOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly signIn: SignIn;
  /** Told what failed; the next turn tries again. */
  readonly onError: (error: unknown) => void;
}

/** Runs what this room does beside requests, until stop(), which waits for the turn that is running. */
export function startWorkspaceJobs(options: JobOptions): { stop(): Promise<void> } {
  const ending = new AbortController();
  const running = [runSealing(options, ending.signal), runSweeps(options, ending.signal), warm(options, ending.signal)];
  return {
    async stop() {
      ending.abort();
      await Promise.all(running);
    },
  };
}

async function runSealing({ database, onError }: JobOptions, signal: AbortSignal) {
  const written = new Set<string>();
  for (let turn = 1; !signal.aborted; turn += 1) {
    const isFar = turn % FAR_EVERY_TURNS === 0;
    const taken = takeUnsealedWorkspaces();
    for (const workspaceId of taken) written.add(workspaceId);
    for (const workspaceId of isFar ? [...written] : taken) {
      if (signal.aborted) return;
      await sealAudit(database, workspaceId, { lateMs: isFar ? LATE_COMMIT_MS : NEARLY_MS }).catch(onError);
    }
    if (isFar) written.clear();
    await pause(SEAL_EVERY_MS, signal);
  }
}

async function runSweeps({ database, clock, onError }: JobOptions, signal: AbortSignal) {
  while (!signal.aborted) {
    try {
      await forgetExpired(database, clock.now());
      for (const workspaceId of await listWorkspaceIds(database)) {
        if (signal.aborted) return;
        await sealAudit(database, workspaceId, { full: true });
      }
    } catch (error) {
      onError(error);
    }
    await pause(SWEEP_EVERY_MS, signal);
  }
}

async function warm({ signIn, onError }: JobOptions, signal: AbortSignal) {
  await pause(WARM_AFTER_MS, signal);
  if (!signal.aborted) await signIn.warm().catch(onError);
}
