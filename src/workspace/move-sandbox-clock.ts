import type { Clock } from '../foundation/clock.ts';
import type { Database } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import { type Caller, requireSandbox } from './caller.ts';
import { lockWorkspaceRow, updateClockOffset } from './store-workspaces.ts';
import { recordAudit } from './write-audit.ts';

/** Farther ahead, calendars and cards stop making sense; and an accident could not be taken back. */
const OFFSET_MAX_MS = 50 * 365 * 86_400_000;

export type ClockMove = { readonly to: Date } | { readonly byMs: number };

/** The move that a request asks for: to a moment or by a number of seconds, exactly one of them. */
export function clockMoveOf(now: string | undefined, advanceSeconds: number | undefined): ClockMove {
  if (now !== undefined && advanceSeconds === undefined) return { to: new Date(now) };
  if (advanceSeconds !== undefined && now === undefined) return { byMs: advanceSeconds * 1000 };
  throw refused('now', 'Give either now or advance_seconds.');
}

/**
 * Moves the clock of a sandbox forward; never back, because what happened already would then lie in the future.
 * Returns the workspace's new now.
 */
export async function moveSandboxClock(
  database: Database,
  clock: Clock,
  caller: Caller,
  move: ClockMove,
): Promise<{ now: Date; offsetMs: number }> {
  requireSandbox(caller);
  return database.inWorkspace(caller.workspace.id, async (tx) => {
    const row = await lockWorkspaceRow(tx);
    const systemMs = clock.now().getTime();
    const before = Number(row.clock_offset_ms);
    const after = 'to' in move ? move.to.getTime() - systemMs : before + move.byMs;
    const path = 'to' in move ? 'now' : 'advance_seconds';
    if (after < before) throw refused(path, `The clock only moves forward; it is ${iso(systemMs + before)} there now.`);
    if (after > OFFSET_MAX_MS) throw refused(path, 'The clock can be moved at most 50 years ahead.');
    await updateClockOffset(tx, after);
    await recordAudit(
      tx,
      { ...caller, now: new Date(systemMs + after) },
      {
        action: 'sandbox_clock.moved',
        subjectKind: 'workspace',
        subjectId: caller.workspace.id,
        details: { from: iso(systemMs + before), to: iso(systemMs + after) },
      },
    );
    return { now: new Date(systemMs + after), offsetMs: after };
  });
}

function refused(path: string, message: string): Failure {
  return new Failure('invalid_request', message, { fields: [{ path, message }] });
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
