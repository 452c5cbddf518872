import type { Tx, WorkspaceTx } from '../foundation/database.ts';
import type {
  ImportKind,
  ImportProgress,
  ImportSettings,
  ImportStatus,
  ImportSummary,
  LineReport,
  Severity,
} from './import.ts';

/** An import as it is kept. */
export interface ImportRow {
  readonly id: string;
  readonly kind: ImportKind;
  readonly status: ImportStatus;
  readonly file_name: string;
  readonly file_hash: string;
  readonly file_bytes: bigint;
  readonly settings: ImportSettings;
  readonly progress: ImportProgress;
  /** Empty until the first check. */
  readonly summary: ImportSummary | Record<string, never>;
  readonly failure: string | null;
  readonly created_by: string;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly committed_at: Date | null;
  readonly undone_at: Date | null;
  /** When its file was taken off the disk without being used. */
  readonly file_removed_at: Date | null;
}

const COLUMNS = `id, kind, status, file_name, file_hash, file_bytes, settings, progress, summary, failure,
  created_by, created_at, updated_at, committed_at, undone_at, file_removed_at`;

export function insertImport(
  tx: WorkspaceTx,
  row: Pick<
    ImportRow,
    'id' | 'kind' | 'file_name' | 'file_hash' | 'file_bytes' | 'settings' | 'progress' | 'created_by' | 'created_at'
  >,
): Promise<number> {
  return tx.run({
    text: `INSERT INTO imports (workspace_id, id, kind, status, file_name, file_hash, file_bytes, settings, progress,
             created_by, created_at, updated_at)
           VALUES ($1, $2, $3, 'uploaded', $4, $5, $6, $7, $8, $9, $10, $10)`,
    values: [
      tx.workspaceId,
      row.id,
      row.kind,
      row.file_name,
      row.file_hash,
      row.file_bytes,
      JSON.stringify(row.settings),
      JSON.stringify(row.progress),
      row.created_by,
      row.created_at,
    ],
  });
}

export function readImport(tx: WorkspaceTx, id: string): Promise<ImportRow | null> {
  return tx.maybe({
    text: `SELECT ${COLUMNS} FROM imports WHERE workspace_id = $1 AND id = $2`,
    values: [tx.workspaceId, id],
  });
}

/** The same held alone: whoever works on an import works under this lock, so two servers never do the same chunk. */
export function lockImport(tx: WorkspaceTx, id: string): Promise<ImportRow | null> {
  return tx.maybe({
    text: `SELECT ${COLUMNS} FROM imports WHERE workspace_id = $1 AND id = $2 FOR UPDATE`,
    values: [tx.workspaceId, id],
  });
}

/** What of an import changes. */
export type ImportChange = Pick<
  ImportRow,
  | 'id'
  | 'status'
  | 'settings'
  | 'progress'
  | 'summary'
  | 'failure'
  | 'updated_at'
  | 'committed_at'
  | 'undone_at'
  | 'file_removed_at'
>;

export function updateImport(tx: WorkspaceTx, row: ImportChange): Promise<number> {
  return tx.run({
    name: 'imports_update',
    text: `UPDATE imports SET status = $3, settings = $4, progress = $5, summary = $6, failure = $7, updated_at = $8,
             committed_at = $9, undone_at = $10, file_removed_at = $11
           WHERE workspace_id = $1 AND id = $2`,
    values: [
      tx.workspaceId,
      row.id,
      row.status,
      JSON.stringify(row.settings),
      JSON.stringify(row.progress),
      JSON.stringify(row.summary),
      row.failure,
      row.updated_at,
      row.committed_at,
      row.undone_at,
      row.file_removed_at,
    ],
  });
}

/** Newest first. `after` is the position of the last row of the page before. */
export function listImportRows(
  tx: WorkspaceTx,
  after: { readonly createdAt: string; readonly id: string } | null,
  limit: number,
): Promise<ImportRow[]> {
  return tx.many({
    text: `SELECT ${COLUMNS} FROM imports
           WHERE workspace_id = $1 AND ($2::timestamptz IS NULL OR (created_at, id) < ($2::timestamptz, $3::uuid))
           ORDER BY created_at DESC, id DESC LIMIT $4`,
    values: [tx.workspaceId, after?.createdAt ?? null, after?.id ?? null, limit],
  });
}

/** Imports that a stop interrupted, of all workspaces: read across them, names nothing but where there is work. */
export function listRunningImports(tx: Tx): Promise<{ workspace_id: string; id: string }[]> {
  return tx.many({
    text: `SELECT workspace_id, id FROM imports WHERE status IN ('checking', 'committing', 'undoing') ORDER BY created_at`,
  });
}

export function deleteReports(tx: WorkspaceTx, importId: string): Promise<number> {
  return tx.run({
    text: `DELETE FROM import_row_errors WHERE workspace_id = $1 AND import_id = $2`,
    values: [tx.workspaceId, importId],
  });
}

/** Keeps reports; of several on one cell the first is kept. */
export function insertReports(tx: WorkspaceTx, importId: string, reports: readonly LineReport[]): Promise<number> {
  return tx.run({
    name: 'import_row_errors_insert',
    text: `INSERT INTO import_row_errors (workspace_id, import_id, line, column_name, severity, message, value)
           SELECT $1::uuid, $2::uuid, * FROM unnest($3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[])
           ON CONFLICT DO NOTHING`,
    values: [
      tx.workspaceId,
      importId,
      reports.map((report) => report.line),
      reports.map((report) => report.column),
      reports.map((report) => report.severity),
      reports.map((report) => report.message),
      reports.map((report) => report.value),
    ],
  });
}

export interface ReportRow {
  readonly line: bigint;
  readonly column_name: string;
  readonly severity: Severity;
  readonly message: string;
  readonly value: string;
}

/** Reports in line order after one of them. */
export function readReports(
  tx: WorkspaceTx,
  importId: string,
  after: { readonly line: bigint; readonly column: string },
  limit: number,
): Promise<ReportRow[]> {
  return tx.many({
    text: `SELECT line, column_name, severity, message, value FROM import_row_errors
           WHERE workspace_id = $1 AND import_id = $2 AND (line, column_name) > ($3::bigint, $4::text)
           ORDER BY line, column_name LIMIT $5`,
    values: [tx.workspaceId, importId, after.line, after.column, limit],
  });
}
