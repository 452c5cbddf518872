import { Failure } from './failure.ts';
import { isUuid } from './id.ts';

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
      position.every((part) => part === null || typeof part === 'number' || isPlainText(part))
    ) {
      return position;
    }
  } catch {
    // Not ours: refused below like any other wrong cursor.
  }
  throw foreignCursor();
}

/** The position in a list that is ordered by moment and id. The moment stays text: it may be finer than a Date holds. */
export function decodeTimeCursor(cursor: string): { readonly at: string; readonly id: string } {
  const [at, id] = decodeCursor(cursor, 2);
  if (typeof at === 'string' && isMoment(at) && typeof id === 'string' && isUuid(id)) return { at, id };
  throw foreignCursor();
}

/** Whether text is a moment as cursors hold it: UTC, ISO 8601, to the millisecond or finer. */
export function isMoment(text: string): boolean {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z$/.test(text) && !Number.isNaN(Date.parse(text));
}

function isPlainText(part: unknown): boolean {
  return typeof part === 'string' && !part.includes('\u0000');
}

/** What a cursor is refused with that is not one of the list's own. */
export function foreignCursor(): Failure {
  return new Failure('invalid_request', 'The cursor is not one that a page of this list gave out.', {
    fields: [{ path: 'cursor', message: 'Use next_cursor of the page before, unchanged.' }],
  });
}
