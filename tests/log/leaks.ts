/** As many characters in a row of a secret are not there by chance, and too many to be told. A mask shows four. */
const WINDOW = 12;

/** Secrets by what they are; a text of many lines counts as one. */
export type Secrets = ReadonlyMap<string, string>;

/** Which of the secrets stand in a text: whole or in part, as they are or as something else would have written them. */
export function leaksIn(text: string, secrets: Secrets): string[] {
  const windows = new Set<string>();
  for (let at = 0; at + WINDOW <= text.length; at += 1) windows.add(text.slice(at, at + WINDOW));
  return [...secrets]
    .filter(([, secret]) => piecesOf(secret).some((piece) => windows.has(piece)))
    .map(([name]) => name);
}

function piecesOf(secret: string): string[] {
  if (secret.length < WINDOW) throw new Error(`a secret of ${secret.length} characters cannot be told from other text`);
  const bytes = Buffer.from(secret);
  const forms = [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), bytes.toString('hex')];
  // In base64 a text looks in three ways, by where in the whole it begins; what it shares with its neighbours is left out.
  for (const before of [0, 1, 2]) {
    const whole = Buffer.concat([Buffer.alloc(before), bytes]);
    for (const form of ['base64', 'base64url'] as const) forms.push(whole.toString(form).slice(4, -4));
  }
  return forms.flatMap((form) =>
    Array.from({ length: Math.max(0, form.length - WINDOW + 1) }, (_, at) => form.slice(at, at + WINDOW)),
  );
}
