/**
 * Rows as JSON for a statement that reads them with jsonb_to_recordset: whole numbers beyond what JSON's readers keep go
 * as text, moments as ISO 8601. Absent values become null there.
 */
export function jsonRows(rows: object): string {
  return JSON.stringify(rows, (_name, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));
}
