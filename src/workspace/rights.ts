import { RIGHTS, RIGHTS_OF_ROLE, type Right, type Role } from './caller.ts';

/** Those of `names` that are rights this program knows: one that was retired opens nothing. */
export function knownRights(names: readonly string[]): Right[] {
  return RIGHTS.filter((right) => names.includes(right));
}

/** The role's rights, with those granted beyond it and without those withheld. */
export function rightsOfMember(member: {
  readonly role: Role;
  readonly rights_granted: readonly string[];
  readonly rights_withheld: readonly string[];
}): ReadonlySet<Right> {
  const rights = new Set<Right>([...RIGHTS_OF_ROLE[member.role], ...knownRights(member.rights_granted)]);
  for (const right of knownRights(member.rights_withheld)) rights.delete(right);
  return rights;
}
