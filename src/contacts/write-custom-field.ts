import { check } from '../foundation/assert.ts';
import type { WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import { newId, toPublicId } from '../foundation/id.ts';
import type { Caller } from '../workspace/caller.ts';
import { recordAudit } from '../workspace/write-audit.ts';
import type { CustomField, CustomFieldType } from './api.ts';
import { refuseCardNumbers } from './contact.ts';
import { CUSTOM_FIELDS_MAX, keyFromLabel } from './custom-field.ts';
import { type CustomFieldRow, insertCustomField, readCustomFields, updateCustomField } from './store-custom-fields.ts';

/** The workspace's custom fields in their order. */
export async function listCustomFields(tx: WorkspaceTx): Promise<CustomField[]> {
  return (await readCustomFields(tx)).filter((field) => !field.removed_at).map(answerOf);
}

/**
 * Adds a custom field. One that was removed comes back, with the values that contacts still hold, when key and type are
 * given again. Throws invalid_request (too many, choices missing or not wanted), duplicate_name on a key in use.
 */
export async function createCustomField(
  tx: WorkspaceTx,
  caller: Caller,
  input: { label: string; key?: string; type: CustomFieldType; choices?: string[] },
): Promise<CustomField> {
  const fields = await readCustomFields(tx);
  const choices = checkedChoices(input.type, input.choices ?? []);
  refuseCardNumbers({ label: input.label, ...textsOf(choices) });
  if (fields.filter((field) => !field.removed_at).length >= CUSTOM_FIELDS_MAX) {
    throw refused('label', `At most ${CUSTOM_FIELDS_MAX} custom fields.`);
  }
  const key = input.key ?? keyFromLabel(input.label) ?? `field_${fields.length + 1}`;
  const position = Math.max(-1, ...fields.filter((field) => !field.removed_at).map((field) => field.position)) + 1;
  const before = fields.find((field) => field.key === key);
  if (before && (!before.removed_at || before.type !== input.type)) throw keyTaken(key);
  const id = before?.id ?? newId();
  const written = before
    ? await updateCustomField(tx, { ...before, label: input.label, choices, position, removedAt: null })
    : await insertCustomField(tx, {
        id,
        key,
        label: input.label,
        type: input.type,
        choices,
        position,
        createdAt: caller.now,
      });
  if (written === 0) throw keyTaken(key);
  await recordAudit(tx, caller, {
    action: 'custom_field.created',
    subjectKind: 'customField',
    subjectId: id,
    details: { key },
  });
  return readBack(tx, id);
}

/**
 * Changes label, choices or position. A choice that is taken away stays where contacts hold it. Throws not_found,
 * edit_conflict, invalid_request.
 */
export async function editCustomField(
  tx: WorkspaceTx,
  caller: Caller,
  id: string,
  changes: { label?: string; choices?: string[]; position?: number },
  expectedVersion: number | null,
): Promise<CustomField> {
  const before = await readInUse(tx, id);
  if (expectedVersion !== null && expectedVersion !== before.version) throw new Failure('edit_conflict');
  const label = changes.label ?? before.label;
  const choices = changes.choices ? checkedChoices(before.type, changes.choices) : before.choices;
  refuseCardNumbers({ label, ...textsOf(choices) });
  const position = changes.position ?? before.position;
  const written = await updateCustomField(tx, { ...before, label, choices, position, removedAt: null });
  if (written === 0) throw new Failure('edit_conflict');
  await recordAudit(tx, caller, {
    action: 'custom_field.edited',
    subjectKind: 'customField',
    subjectId: id,
    details: { key: before.key },
  });
  return readBack(tx, id);
}

/** Takes a field off forms and lists; contacts keep their values, unseen, in case it comes back. Throws not_found. */
export async function removeCustomField(tx: WorkspaceTx, caller: Caller, id: string): Promise<void> {
  const before = await readInUse(tx, id);
  const written = await updateCustomField(tx, { ...before, removedAt: caller.now });
  if (written === 0) throw new Failure('edit_conflict');
  await recordAudit(tx, caller, {
    action: 'custom_field.removed',
    subjectKind: 'customField',
    subjectId: id,
    details: { key: before.key },
  });
}

async function readInUse(tx: WorkspaceTx, id: string): Promise<CustomFieldRow> {
  const field = (await readCustomFields(tx)).find((each) => each.id === id && !each.removed_at);
  if (!field) throw new Failure('not_found');
  return field;
}

async function readBack(tx: WorkspaceTx, id: string): Promise<CustomField> {
  const field = (await readCustomFields(tx)).find((each) => each.id === id);
  check(field, 'a custom field that was just written is there');
  return answerOf(field);
}

function checkedChoices(type: CustomFieldType, choices: readonly string[]): string[] {
  const distinct = [...new Set(choices)];
  if (type === 'choice' && distinct.length === 0)
    throw refused('choices', 'A field to choose from has at least one choice.');
  if (type !== 'choice' && distinct.length > 0) throw refused('choices', 'Only fields of type choice have choices.');
  return distinct;
}

function textsOf(choices: readonly string[]): Record<string, string> {
  return Object.fromEntries(choices.map((choice, index) => [`choices.${index}`, choice]));
}

function answerOf(row: CustomFieldRow): CustomField {
  return {
    id: toPublicId('customField', row.id),
    key: row.key,
    label: row.label,
    type: row.type,
    choices: row.choices,
    position: row.position,
    created_at: row.created_at.toISOString(),
    version: row.version,
  };
}

function refused(path: string, message: string): Failure {
  return new Failure('invalid_request', `${path}: ${message}`, { fields: [{ path, message }] });
}

function keyTaken(key: string): Failure {
  return new Failure(
    'duplicate_name',
    `There is a custom field with the key ${key} already, or there was one of another type.`,
    {
      fields: [{ path: 'key', message: 'A key that no custom field had before.' }],
    },
  );
}
