import { refuseCardNumbers } from '../foundation/card-number.ts';
import type { Tx } from '../foundation/database.ts';
import { newId } from '../foundation/id.ts';
import { insertPassword, insertPerson, type PersonRow } from './store-people.ts';

/**
 * Adds a person, with a password or (null) without one, who then signs in by link only. Null when the e-mail address
 * has an account already. Throws card_number_refused.
 *
 * Written here rather than by the sign-in library, which only writes in a transaction of its own: an account belongs
 * into the one that spends the link and makes the member, so that a stop in between leaves none of them.
 */
export async function createAccount(
  tx: Tx,
  person: { name: string; email: string; passwordHash: string | null },
  now: Date,
): Promise<PersonRow | null> {
  refuseCardNumbers({ name: person.name });
  const row = { id: newId(), name: person.name, email: person.email.toLowerCase() };
  if (!(await insertPerson(tx, row, now))) return null;
  if (person.passwordHash !== null) {
    await insertPassword(tx, { id: newId(), userId: row.id, hash: person.passwordHash, now });
  }
  return row;
}
