import type { Tx, WorkspaceTx } from '../foundation/database.ts';
import type { SwitchName } from './caller.ts';
import type { LegalDetails, WorkspaceRow } from './facts.ts';

/** SQL of `workspaces`: the one tenant table whose own id is the workspace. */

export interface FullWorkspaceRow extends WorkspaceRow {
  readonly legal: LegalDetails;
  readonly sample_seed: string | null;
  readonly version: number;
  readonly created_at: Date;
}

const FACTS = 'id, name, mode, currency, time_zone, locale, switches, charge_limits, clock_offset_ms, legal';
const FULL = `${FACTS}, sample_seed, version, created_at`;

/** The row that facts are made of; null when the workspace does not exist. */
export function readFactsRow(tx: WorkspaceTx): Promise<WorkspaceRow | null> {
  return tx.maybe({
    name: 'workspace_facts',
    text: `SELECT ${FACTS} FROM workspaces WHERE id = $1`,
    values: [tx.workspaceId],
  });
}

export function readWorkspaceRow(tx: WorkspaceTx): Promise<FullWorkspaceRow> {
  return tx.one({ text: `SELECT ${FULL} FROM workspaces WHERE id = $1`, values: [tx.workspaceId] });
}

/**
 * The row, kept from other changes until COMMIT. NO KEY UPDATE, because every insert elsewhere takes KEY SHARE on its
 * workspace and must not wait for whoever changes a setting.
 */
export function lockWorkspaceRow(tx: WorkspaceTx): Promise<FullWorkspaceRow> {
  return tx.one({ text: `SELECT ${FULL} FROM workspaces WHERE id = $1 FOR NO KEY UPDATE`, values: [tx.workspaceId] });
}

export interface NewWorkspace {
  readonly name: string;
  readonly mode: 'sandbox' | 'live';
  readonly currency: string;
  readonly timeZone: string;
  readonly locale: string;
}

export async function insertWorkspace(tx: WorkspaceTx, workspace: NewWorkspace, now: Date): Promise<void> {
  await tx.run({
    text: `INSERT INTO workspaces (id, name, mode, currency, time_zone, locale, created_at)
      VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    values: [
      tx.workspaceId,
      workspace.name,
      workspace.mode,
      workspace.currency,
      workspace.timeZone,
      workspace.locale,
      now,
    ],
  });
}

export interface WorkspaceDetails {
  readonly name: string;
  readonly currency: string;
  readonly timeZone: string;
  readonly locale: string;
  readonly legal: LegalDetails;
}

/** Writes the details and counts the version up. */
export async function updateWorkspace(tx: WorkspaceTx, details: WorkspaceDetails): Promise<void> {
  await tx.run({
    text: `UPDATE workspaces SET name = $2, currency = $3, time_zone = $4, locale = $5, legal = $6, version = version + 1
      WHERE id = $1`,
    values: [
      tx.workspaceId,
      details.name,
      details.currency,
      details.timeZone,
      details.locale,
      JSON.stringify(details.legal),
    ],
  });
}

export async function updateSwitches(tx: WorkspaceTx, switches: Partial<Record<SwitchName, boolean>>): Promise<void> {
  await tx.run({
    text: 'UPDATE workspaces SET switches = $2 WHERE id = $1',
    values: [tx.workspaceId, JSON.stringify(switches)],
  });
}

export async function updateChargeLimits(
  tx: WorkspaceTx,
  limits: Record<string, Record<string, number>>,
): Promise<void> {
  await tx.run({
    text: 'UPDATE workspaces SET charge_limits = $2 WHERE id = $1',
    values: [tx.workspaceId, JSON.stringify(limits)],
  });
}

export async function updateClockOffset(tx: WorkspaceTx, offsetMs: number): Promise<void> {
  await tx.run({
    text: 'UPDATE workspaces SET clock_offset_ms = $2 WHERE id = $1',
    values: [tx.workspaceId, offsetMs],
  });
}

/** Whether any money movement was ever written; the default currency is settled from then on. */
export async function hasPayments(tx: WorkspaceTx): Promise<boolean> {
  // The one look at a table of another room: asking that room would turn the order of the rooms around.
  const row = await tx.one<{ found: boolean }>({
    text: 'SELECT EXISTS (SELECT 1 FROM payments WHERE workspace_id = $1) AS found',
    values: [tx.workspaceId],
  });
  return row.found;
}

/** For the loops that look after every workspace; needs a transaction across workspaces. */
export async function listWorkspaceRows(tx: Tx): Promise<{ id: string }[]> {
  return tx.many({ text: 'SELECT id FROM workspaces ORDER BY id' });
}

/** Marks that the sample business is in the workspace (null: it is not), and how far work on it has come. */
export async function updateSample(tx: WorkspaceTx, seed: string | null, work: unknown): Promise<void> {
  await tx.run({
    text: 'UPDATE workspaces SET sample_seed = $2, sample_work = $3 WHERE id = $1',
    values: [tx.workspaceId, seed, work === null ? null : JSON.stringify(work)],
  });
}

export interface SampleRow {
  readonly sample_seed: string | null;
  readonly sample_work: unknown;
}

/** The mark; held against other changes of the workspace where asked. */
export function readSampleRow(tx: WorkspaceTx, lock: boolean): Promise<SampleRow> {
  const text = 'SELECT sample_seed, sample_work FROM workspaces WHERE id = $1';
  return tx.one({ text: lock ? `${text} FOR NO KEY UPDATE` : text, values: [tx.workspaceId] });
}

/** Workspaces in which work on the sample business is under way; needs a transaction across workspaces. */
export function listSampleWork(tx: Tx): Promise<{ id: string }[]> {
  return tx.many({ text: `SELECT id FROM workspaces WHERE sample_work ->> 'doing' IS NOT NULL ORDER BY id` });
}
