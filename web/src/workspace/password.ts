import { newPassword } from '../../../src/workspace/api.ts';

/** Why this password is not taken, in the server's own words, or null. Length is all that is asked of it. */
export function passwordProblem(password: string): string | null {
  const checked = newPassword.safeParse(password);
  return checked.success ? null : (checked.error.issues[0]?.message ?? 'Choose another password.');
}
