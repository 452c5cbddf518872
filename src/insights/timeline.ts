import { decodeCursor, encodeCursor } from '../foundation/cursor.ts';
import { Failure } from '../foundation/failure.ts';
import { isUuid } from '../foundation/id.ts';

/** The strands of a contact's timeline, in the order they take at one and the same moment (later ones first). */
const STRANDS = ['note', 'card', 'payment', 'message'] as const;
export type Strand = (typeof STRANDS)[number];

/** Where something stands in the timeline: newest first, then by strand, then by id; no two things stand in one place. */
export interface Place {
  readonly at: Date;
  readonly strand: Strand;
  readonly id: string;
}

/** Negative when `a` comes first (is newer). */
export function comparePlaces(a: Place, b: Place): number {
  return (
    b.at.getTime() - a.at.getTime() ||
    STRANDS.indexOf(b.strand) - STRANDS.indexOf(a.strand) ||
    (a.id === b.id ? 0 : a.id > b.id ? -1 : 1)
  );
}

const LOWEST_ID = '00000000-0000-0000-0000-000000000000';
const HIGHEST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/**
 * Where one strand goes on after `place`, as (moment, id) that everything further down is below. At the very moment of
 * the place, strands after it are still to come whole and strands before it have been shown whole.
 */
export function positionIn(strand: Strand, place: Place | null): { at: Date; id: string } | null {
  if (!place) return null;
  const difference = STRANDS.indexOf(strand) - STRANDS.indexOf(place.strand);
  return { at: place.at, id: difference === 0 ? place.id : difference < 0 ? HIGHEST_ID : LOWEST_ID };
}

export function encodePlace({ at, strand, id }: Place): string {
  return encodeCursor([at.toISOString(), strand, id]);
}

/** Throws invalid_request on anything that encodePlace() did not write. */
export function decodePlace(cursor: string): Place {
  const [at, strand, id] = decodeCursor(cursor, 3);
  const moment = new Date(String(at));
  const known = STRANDS.find((name) => name === strand);
  if (known && typeof id === 'string' && isUuid(id) && !Number.isNaN(moment.getTime())) {
    return { at: moment, strand: known, id };
  }
  throw new Failure('invalid_request', undefined, {
    fields: [{ path: 'cursor', message: 'Use next_cursor of the page before, unchanged.' }],
  });
}
