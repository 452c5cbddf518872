import { Failure } from './failure.ts';

/**
 * Finds what looks like a card number: 13 to 19 digits, spaces or dashes between them allowed, that pass Luhn's check.
 * Card numbers must never be stored, logged or shown here (PCI SAQ A), so free text with one is refused, and logs and
 * imported cells are masked. A false alarm costs a re-typed reference; a miss costs a breach.
 */
const CANDIDATE = /(?<![0-9])[0-9](?:[ \-.\u00a0\u2009\u202f]?[0-9]){12,18}(?![0-9])/g;

function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i += 1) {
    let digit = digits.charCodeAt(digits.length - 1 - i) - 48;
    if (i % 2 === 1) {
      digit *= 2;
      if (digit > 9) digit -= 9;
    }
    sum += digit;
  }
  return sum % 10 === 0;
}

function isCardNumber(candidate: string): boolean {
  const digits = candidate.replace(/[^0-9]/g, '');
  // Thirteen and more zeros pass Luhn and are nobody's card.
  return passesLuhn(digits) && !/^(\d)\1+$/.test(digits);
}

/** Full-width and other Unicode digits are digits to a person, so they are to us. */
function plainDigits(text: string): string {
  return text.normalize('NFKC');
}

/** Whether `text` holds something that looks like a card number. */
export function holdsCardNumber(text: string): boolean {
  const plain = plainDigits(text);
  return (plain.match(CANDIDATE) ?? []).some(isCardNumber);
}

/** Refuses texts, given by the path of their field, that hold what looks like a card number. Throws card_number_refused. */
export function refuseCardNumbers(texts: Readonly<Record<string, string | null | undefined>>): void {
  const fields = Object.entries(texts)
    .filter(([, text]) => text && holdsCardNumber(text))
    .map(([path]) => ({ path, message: 'Leave card numbers out.' }));
  if (fields.length > 0) throw new Failure('card_number_refused', undefined, { fields });
}

/** `text` with everything that looks like a card number replaced by `•••• 1234`. */
export function maskCardNumbers(text: string): string {
  if (!/[0-9０-９]/.test(text)) return text;
  const plain = plainDigits(text);
  if (!(plain.match(CANDIDATE) ?? []).some(isCardNumber)) return text;
  return plain.replace(CANDIDATE, (candidate) =>
    isCardNumber(candidate) ? `•••• ${candidate.replace(/[^0-9]/g, '').slice(-4)}` : candidate,
  );
}
