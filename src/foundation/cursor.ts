import { Failure } from './failure.ts';

/** Opaque text of a keyset position: the ordering columns of the last row of a page. */
export function encodeCursor(position: readonly (string | number | null)[]): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

/** The position in a cursor we gave out, or a Failure for anything else. `length` is how many columns it must have. */
export function decodeCursor(cursor: string, length: number): (string | number | null)[] {
  try {
    const position: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (
      Array.isArray(position) &&
      position.length === length &&
      position.every((part) => part === null || typeof part === 'string' || typeof part === 'number')
    ) {
      return position;
    }
  } catch {
    // Not ours: refused below like any other wrong cursor.
  }
  throw new Failure('invalid_request', 'The cursor is not one that a page of this list gave out.', {
    fields: [{ path: 'cursor', message: 'Use next_cursor of the page before, unchanged.' }],
  });
}
