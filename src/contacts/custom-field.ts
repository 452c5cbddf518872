import { givenDate } from '../foundation/api.ts';
import { Failure } from '../foundation/failure.ts';
import { CUSTOM_TEXT_LENGTH_MAX, type CustomFieldType } from './api.ts';
import type { CustomValues } from './contact.ts';
import { foldText } from './search-terms.ts';

/** A field that a workspace added to its contacts. */
export interface CustomFieldShape {
  readonly key: string;
  readonly label: string;
  readonly type: CustomFieldType;
  readonly choices: readonly string[];
}

/** Fields per workspace: a form longer than this is filled in by nobody. */
export const CUSTOM_FIELDS_MAX = 60;

/** A key from a label: “Favourite colour” → favourite_colour; null when the label has no plain letters. */
export function keyFromLabel(label: string): string | null {
  const key = foldText(label)
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[_0-9]+|_+$/g, '')
    .slice(0, 60);
  return key === '' ? null : key;
}

/** Why `value` does not suit the field, said as what would; null when it does. */
export function problemWithValue(field: CustomFieldShape, value: string | number | boolean): string | null {
  switch (field.type) {
    case 'text':
      return typeof value === 'string' && value.length <= CUSTOM_TEXT_LENGTH_MAX
        ? null
        : `Text of at most ${CUSTOM_TEXT_LENGTH_MAX} characters is expected.`;
    case 'number':
      return typeof value === 'number' && Math.abs(value) <= Number.MAX_SAFE_INTEGER ? null : 'A number is expected.';
    case 'date':
      return typeof value === 'string' && givenDate.safeParse(value).success
        ? null
        : 'A date is expected, such as 2026-11-22.';
    case 'choice':
      return typeof value === 'string' && field.choices.includes(value)
        ? null
        : `One of these is expected: ${field.choices.join(', ')}.`;
    case 'yes_no':
      return typeof value === 'boolean' ? null : 'true or false is expected.';
  }
}

/**
 * `before` with `changes` applied (null empties). Throws invalid_request naming custom.<key> for an unknown key or a
 * value that does not suit its field; what was kept before is not checked again.
 */
export function changeCustomValues(
  fields: readonly CustomFieldShape[],
  before: CustomValues,
  changes: Readonly<Record<string, string | number | boolean | null>>,
): CustomValues {
  const byKey = new Map(fields.map((field) => [field.key, field]));
  const after: Record<string, string | number | boolean> = { ...before };
  for (const [key, value] of Object.entries(changes)) {
    const field = byKey.get(key);
    if (!field) throw refused(key, 'There is no custom field with this key.');
    if (value === null || value === '') {
      delete after[key];
      continue;
    }
    const problem = problemWithValue(field, value);
    if (problem) throw refused(key, problem);
    after[key] = value;
  }
  return after;
}

function refused(key: string, message: string): Failure {
  return new Failure('invalid_request', `custom.${key}: ${message}`, { fields: [{ path: `custom.${key}`, message }] });
}
