/** Shortest password taken; the same as the server's, so that most people never meet its refusal. */
export const PASSWORD_LENGTH_MIN = 10;

/** Why this password is not taken, or null. Length is all that is asked: rules of signs make passwords worse. */
export function passwordProblem(password: string): string | null {
  if (password.length >= PASSWORD_LENGTH_MIN) return null;
  return `Use at least ${PASSWORD_LENGTH_MIN} characters; a few words in a row are good.`;
}
