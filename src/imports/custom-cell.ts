import { type CustomFieldShape, problemWithValue } from '../contacts/custom-field.ts';
import { exactDecimalText, parseExactDecimal } from '../foundation/money.ts';

/** How the cells of one file are read for the workspace's own fields. */
export interface CustomCellReading {
  readonly decimalMark: '.' | ',';
  /** A calendar day as ISO 8601, or null. */
  readonly readDay: (cell: string) => string | null;
}

const YES = new Set(['yes', 'y', 'true', '1', 'x', 'on']);
const NO = new Set(['no', 'n', 'false', '0', 'off']);
/** As many as a number of this size carries without rounding. */
const DECIMALS = 6;

/** A cell as a value of the field, or why it is none. The cell is not empty, is one line and holds no card number. */
export function readCustomCell(
  field: CustomFieldShape,
  cell: string,
  { decimalMark, readDay }: CustomCellReading,
): { readonly value: string | number | boolean } | { readonly problem: string } {
  const text = cell.trim();
  const value = understand(field, text, decimalMark, readDay);
  if (value === null) return { problem: problemWithValue(field, '') ?? 'The value does not suit the field' };
  const problem = problemWithValue(field, value);
  return problem === null ? { value } : { problem };
}

function understand(
  field: CustomFieldShape,
  text: string,
  decimalMark: '.' | ',',
  readDay: (cell: string) => string | null,
): string | number | boolean | null {
  switch (field.type) {
    case 'text':
      return text;
    case 'number': {
      const parsed = parseExactDecimal(text, DECIMALS, decimalMark);
      return parsed.ok ? Number(exactDecimalText(parsed.scaled, DECIMALS)) : null;
    }
    case 'date':
      return readDay(text);
    case 'choice':
      return field.choices.find((choice) => choice.toLowerCase() === text.toLowerCase()) ?? null;
    case 'yes_no':
      return YES.has(text.toLowerCase()) ? true : NO.has(text.toLowerCase()) ? false : null;
  }
}
