/** One line of JSON. Cells have no control characters left, so one marks a bigint without doubt. */
export function packed(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => (typeof part === 'bigint' ? `\u0001${part}` : part));
}

export function unpacked(line: string): unknown {
  return JSON.parse(line, (_key, part: unknown) =>
    typeof part === 'string' && part.charCodeAt(0) === 1 ? BigInt(part.slice(1)) : part,
  );
}
