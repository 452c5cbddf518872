import { type LegalDetails, SWITCHES, type SwitchName, type WorkspaceFacts } from './caller.ts';

export type { LegalDetails } from './caller.ts';

/** The columns that facts are made of, as the database gives them. */
export interface WorkspaceRow {
  readonly id: string;
  readonly name: string;
  readonly mode: 'sandbox' | 'live';
  readonly currency: string;
  readonly time_zone: string;
  readonly locale: string;
  readonly switches: Partial<Record<SwitchName, boolean>>;
  readonly charge_limits: Record<string, Record<string, number>>;
  readonly clock_offset_ms: bigint;
  readonly legal: LegalDetails;
}

/** What every request needs to know of its workspace. A switch that was never touched stands at its default. */
export function factsOf(row: WorkspaceRow): WorkspaceFacts {
  return {
    id: row.id,
    name: row.name,
    mode: row.mode,
    currency: row.currency,
    timeZone: row.time_zone,
    locale: row.locale,
    switches: switchesOf(row.switches),
    chargeLimits: row.charge_limits,
    clockOffsetMs: Number(row.clock_offset_ms),
    legal: row.legal,
  };
}

function switchesOf(stored: Partial<Record<SwitchName, boolean>>): Record<SwitchName, boolean> {
  const names = Object.keys(SWITCHES) as SwitchName[];
  return Object.fromEntries(names.map((name) => [name, stored[name] ?? SWITCHES[name].byDefault])) as Record<
    SwitchName,
    boolean
  >;
}

/** The workspace's own now: the server's, moved by what its sandbox clock was moved. */
export function workspaceNow(systemNow: Date, facts: Pick<WorkspaceFacts, 'clockOffsetMs'>): Date {
  return new Date(systemNow.getTime() + facts.clockOffsetMs);
}
