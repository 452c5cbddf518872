/** What a spreadsheet would take for the beginning of a formula. */
const FORMULA_START = /^[=+\-@\t\r]/;
const PLAIN_NUMBER = /^-?\d+(\.\d+)?$/;

/**
 * One cell of a CSV file that people open in a spreadsheet: text that would run as a formula gets an apostrophe in
 * front, quotes are doubled, separators and line ends quoted. Plain numbers, negative ones too, stay numbers.
 */
export function csvCell(value: string | number | bigint | null): string {
  const text = value === null ? '' : String(value);
  const safe = FORMULA_START.test(text) && !PLAIN_NUMBER.test(text) ? `'${text}` : text;
  return /[",;\t\r\n]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** One row with its line end. */
export function csvRow(values: readonly (string | number | bigint | null)[]): string {
  return `${values.map(csvCell).join(',')}\r\n`;
}
