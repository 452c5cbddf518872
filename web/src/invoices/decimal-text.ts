/**
 * A number as people type it ("1.5", "1,5", "1,200.50", "1 200") as the API writes it ("1.5"); null when it is no number.
 * Where only the reader's own habit can tell ("1,200"), `mark`, the decimal mark of their language, decides.
 */
export function decimalText(typed: string, mark: '.' | ','): string | null {
  const text = typed.normalize('NFKC').replace(/[\s\u00a0\u202f'’%]/g, '');
  if (!/^[\d.,]*\d[\d.,]*$/.test(text)) return null;
  const decimalAt = decimalMarkAt(text, mark);
  const whole = decimalAt === -1 ? text : text.slice(0, decimalAt);
  const fraction = decimalAt === -1 ? '' : text.slice(decimalAt + 1);
  const digits = whole.replace(/[.,]/g, '');
  if (whole !== digits && !/^\d{1,3}([.,]\d{3})+$/.test(whole)) return null;
  if (/[.,]/.test(fraction)) return null;
  const plain = digits.replace(/^0+(?=\d)/, '') || '0';
  return fraction === '' ? plain : `${plain}.${fraction}`;
}

function decimalMarkAt(text: string, mark: '.' | ','): number {
  const dot = text.lastIndexOf('.');
  const comma = text.lastIndexOf(',');
  const last = Math.max(dot, comma);
  if (last === -1) return -1;
  if (dot !== -1 && comma !== -1) return last;
  const sign = text[last]!;
  if (text.indexOf(sign) !== last) return -1;
  const groups = sign !== mark && /^\d{1,3}[.,]\d{3}$/.test(text);
  return groups ? -1 : last;
}

/** The API's text as the reader types it: "1.5" or "1,5". */
export function typedText(text: string, mark: '.' | ','): string {
  return mark === ',' ? text.replace('.', ',') : text;
}

/** The decimal mark of a language. */
export function markOf(locale: string): '.' | ',' {
  const part = new Intl.NumberFormat(locale).formatToParts(1.5).find(({ type }) => type === 'decimal');
  return part?.value === ',' ? ',' : '.';
}
