import type { WorkspaceTx } from '../foundation/database.ts';
import type { CustomFieldType } from './api.ts';

export interface CustomFieldRow {
  readonly id: string;
  readonly key: string;
  readonly label: string;
  readonly type: CustomFieldType;
  readonly choices: string[];
  readonly position: number;
  readonly created_at: Date;
  readonly removed_at: Date | null;
  readonly version: number;
}

/** Every custom field, removed ones too, in order; there are a few dozen at most. */
export function readCustomFields(tx: WorkspaceTx): Promise<CustomFieldRow[]> {
  return tx.many({
    name: 'custom_fields_read',
    text: `SELECT id, key, label, type, choices, position, created_at, removed_at, version FROM custom_fields
           WHERE workspace_id = $1 ORDER BY position, created_at, id`,
    values: [tx.workspaceId],
  });
}

/** Adds a field; 0 when its key is taken. */
export function insertCustomField(
  tx: WorkspaceTx,
  field: {
    id: string;
    key: string;
    label: string;
    type: CustomFieldType;
    choices: readonly string[];
    position: number;
    createdAt: Date;
  },
): Promise<number> {
  return tx.run({
    text: `INSERT INTO custom_fields (workspace_id, id, key, label, type, choices, position, created_at)
           VALUES ($1, $2, $3, $4, $5, $6::text[], $7, $8) ON CONFLICT (workspace_id, key) DO NOTHING`,
    values: [
      tx.workspaceId,
      field.id,
      field.key,
      field.label,
      field.type,
      field.choices,
      field.position,
      field.createdAt,
    ],
  });
}

/** Writes what may change of a field; 0 when its version is not `version` any more. */
export function updateCustomField(
  tx: WorkspaceTx,
  field: {
    id: string;
    label: string;
    choices: readonly string[];
    position: number;
    removedAt: Date | null;
    version: number;
  },
): Promise<number> {
  return tx.run({
    text: `UPDATE custom_fields SET label = $3, choices = $4::text[], position = $5, removed_at = $6, version = version + 1
           WHERE workspace_id = $1 AND id = $2 AND version = $7`,
    values: [tx.workspaceId, field.id, field.label, field.choices, field.position, field.removedAt, field.version],
  });
}
