/**
 * What secrets look like: those of gateways by how they begin, ours by their length (256 random bits as text), and what
 * stands where a password does. Whoever writes a line of the log says nothing secret to begin with; this is for the words
 * of others that get into one.
 */
const SHAPES: readonly RegExp[] = [
  /\b((?:sk|rk)_(?:live|test)_)\w+/g,
  /\b(whsec_)\w+/g,
  // The part of a client secret behind the id of its object.
  /(_secret_)\w+/g,
  /\b((?:live|test|access)_)[A-Za-z0-9]{20,}/g,
  /\b(cfk_(?:live|test)_)[\w-]+/g,
  /\b((?:Bearer|Basic) +)[\w.~+/=-]{8,}/gi,
  /(\w:\/\/[^\s:/@"\\]*:)[^\s/@"\\]+(?=@)/g,
];
const OURS = /(?<![\w-])[\w-]{43}(?![\w-])/g;

/** The text with everything that looks like a secret masked; what it began with stays, so that one sees what it was. */
export function maskSecretShapes(text: string): string {
  let masked = text;
  for (const shape of SHAPES) masked = masked.replace(shape, '$1••••');
  return masked.replace(OURS, (word) => (isRandom(word) ? '••••' : word));
}

/** Names of constraints and files can be as long, but not so mixed. */
function isRandom(word: string): boolean {
  return /[a-z]/.test(word) && /[A-Z]/.test(word) && /[0-9]/.test(word);
}
