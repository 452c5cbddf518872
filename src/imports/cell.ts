import { maskCardNumbers } from '../foundation/card-number.ts';
import { type LocalDate, localDateOf, momentFromLocal } from '../foundation/local-date.ts';

/** In which order a file writes day, month and year. `unix` is seconds or milliseconds since 1970. */
export const DATE_ORDERS = ['ymd', 'dmy', 'mdy', 'unix'] as const;
export type DateOrder = (typeof DATE_ORDERS)[number];

/** What files write for "nothing". */
const NOTHING = new Set(['', 'na', 'n/a', 'null', 'none', '-', '#n/a', 'nan']);

/** Whether a cell says nothing: empty, NA, null … */
export function saysNothing(cell: string): boolean {
  return cell.length <= 4 && NOTHING.has(cell.trim().toLowerCase());
}

const DATE_TIME =
  /^(\d{1,4})[-/. ](\d{1,2})[-/. ](\d{1,4})(?:[T, ]+(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:[.,]\d+)?)?\s*([ap]\.?m\.?)?\s*(z|utc|gmt|[+-]\d{2}:?\d{2})?)?$/i;

/**
 * Reads dates of one file: wall-clock times of a zone, or moments where the cell says its offset. Days without a time
 * are noon, so that they are the same day in the neighbouring zones. Answers are kept for a while, because the lines of
 * an invoice carry the same moment.
 */
export function makeDateReader(order: DateOrder, timeZone: string): (cell: string) => Date | null {
  let lastCell = '';
  let last: Date | null = null;
  const toMoment = makeLocalReader(timeZone);
  return (cell) => {
    if (cell === lastCell) return last;
    last = readDate(cell.trim(), order, toMoment);
    lastCell = cell;
    return last;
  };
}

/** Dates before it are typing errors (and two-digit years), and later than it too: as `givenDate` of the API has it. */
const YEAR_MIN = 1900;
const YEAR_MAX = 2199;

function readDate(text: string, order: DateOrder, toMoment: (local: string) => Date | null): Date | null {
  if (order === 'unix') {
    if (!/^\d{9,13}$/.test(text)) return null;
    const number = Number(text);
    return new Date(text.length > 11 ? number : number * 1000);
  }
  const compact = /^(\d{4})(\d{2})(\d{2})$/.exec(text);
  const match = DATE_TIME.exec(compact ? `${compact[1]}-${compact[2]}-${compact[3]}` : text);
  if (!match) return null;
  const parts = [match[1]!, match[2]!, match[3]!];
  // A year of four digits in front is never anything else, whatever the file's usual order.
  const effective = parts[0]!.length === 4 ? 'ymd' : order;
  const [year, month, day] =
    effective === 'ymd' ? parts : effective === 'dmy' ? [parts[2], parts[1], parts[0]] : [parts[2], parts[0], parts[1]];
  if (year!.length !== 4 || Number(year) < YEAR_MIN || Number(year) > YEAR_MAX) return null;
  let hour = match[4] === undefined ? 12 : Number(match[4]);
  if (match[7] !== undefined) {
    if (hour < 1 || hour > 12) return null;
    hour = (hour % 12) + (/^p/i.test(match[7]) ? 12 : 0);
  }
  const pad = (part: string | number | undefined) => String(part ?? 0).padStart(2, '0');
  const local = `${year}-${pad(month)}-${pad(day)}T${pad(hour)}:${pad(match[5])}:${pad(match[6])}`;
  const offset = match[8];
  if (offset === undefined) return toMoment(local);
  const zone = /^(z|utc|gmt)$/i.test(offset)
    ? 'UTC'
    : offset.length === 5
      ? `${offset.slice(0, 3)}:${offset.slice(3)}`
      : offset;
  return momentFromLocal(local, zone);
}

const inUtc = (local: string) => momentFromLocal(local, 'UTC');

const DAYS_KEPT_MAX = 50_000;
const DAY_MS = 86_400_000;

/**
 * momentFromLocal for many times of one zone. On a day of exactly 24 hours every time has the same distance from UTC,
 * so the calendar is asked once per day; on the two others it is asked each time.
 */
function makeLocalReader(timeZone: string): (local: string) => Date | null {
  const starts = new Map<string, number | null>();
  return (local) => {
    const date = local.slice(0, 10);
    let start = starts.get(date);
    if (start === undefined) {
      if (starts.size >= DAYS_KEPT_MAX) starts.clear();
      start = startOfEvenDay(date, timeZone);
      starts.set(date, start);
    }
    const hour = Number(local.slice(11, 13));
    const minute = Number(local.slice(14, 16));
    const second = Number(local.slice(17, 19));
    if (start === null || hour > 23 || minute > 59 || second > 59) return momentFromLocal(local, timeZone);
    return new Date(start + ((hour * 60 + minute) * 60 + second) * 1_000);
  };
}

/** When a day of exactly 24 hours begins; null for other days and for dates that there are not. */
function startOfEvenDay(date: string, timeZone: string): number | null {
  const first = momentFromLocal(`${date}T00:00:00`, timeZone);
  const last = momentFromLocal(`${date}T23:59:59`, timeZone);
  if (first === null || last === null) return null;
  return last.getTime() - first.getTime() === DAY_MS - 1_000 ? first.getTime() : null;
}

/**
 * The order that the most samples can be read in (a wrong cell among them is the check's to tell); where days and months
 * could be exchanged, `fallback`.
 */
export function guessDateOrder(samples: readonly string[], fallback: 'dmy' | 'mdy'): DateOrder {
  const filled = samples.map((sample) => sample.trim()).filter((sample) => !saysNothing(sample));
  const other = fallback === 'dmy' ? 'mdy' : 'dmy';
  let best: { order: DateOrder; read: number } = { order: 'ymd', read: 0 };
  for (const order of ['ymd', fallback, other, 'unix'] as const) {
    const read = filled.filter((sample) => readDate(sample, order, inUtc) !== null).length;
    if (read > best.read) best = { order, read };
  }
  return best.order;
}

/** Offsets of zones change on quarter hours, so a calendar day is the same for a whole quarter of an hour. */
const QUARTER_HOUR_MS = 900_000;

/** localDateOf with a memory, for many moments of one zone. */
export function makeDayReader(timeZone: string): (at: Date) => LocalDate {
  const days = new Map<number, LocalDate>();
  return (at) => {
    const quarter = Math.floor(at.getTime() / QUARTER_HOUR_MS);
    let day = days.get(quarter);
    if (day === undefined) {
      if (days.size >= DAYS_KEPT_MAX) days.clear();
      day = localDateOf(at, timeZone);
      days.set(quarter, day);
    }
    return day;
  };
}

/** Whether text has the shape of an e-mail address. */
export function isEmailAddress(text: string): boolean {
  return /^[^\s@,;<>"]+@[^\s@,;<>"]+\.[^\s@,;<>".]+$/.test(text);
}

/** The decimal mark that the samples of an amount column use. */
export function guessDecimalMark(samples: readonly string[]): '.' | ',' {
  let commas = 0;
  let dots = 0;
  for (const sample of samples) {
    const text = sample.replace(/[^\d.,]/g, '');
    const comma = text.lastIndexOf(',');
    const dot = text.lastIndexOf('.');
    const both = comma !== -1 && dot !== -1;
    if (both ? comma > dot : /,\d{1,2}$/.test(text)) commas += 1;
    else if (both || /\.\d{1,2}$/.test(text)) dots += 1;
  }
  return commas > dots ? ',' : '.';
}

/** Fewest digits of a card number. */
const CARD_DIGITS_MIN = 13;

/** maskCardNumbers for millions of cells: most have too few digits to be looked at twice. */
export function maskCell(cell: string): string {
  if (cell.length < CARD_DIGITS_MIN) return cell;
  let digits = 0;
  for (let at = 0; at < cell.length; at += 1) {
    const code = cell.charCodeAt(at);
    // Above Latin-1 there are other scripts' digits, which the full test knows.
    if ((code >= 48 && code <= 57) || code > 255) digits += 1;
  }
  return digits < CARD_DIGITS_MIN ? cell : maskCardNumbers(cell);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: taking control characters out is the purpose
const CONTROLS = /[\u0000-\u001f\u007f\ufffd]+/g;

/** Text of one line as it is kept: trimmed, controls as spaces, cut at `lengthMax`. */
export function lineOf(cell: string, lengthMax: number): string {
  const line = cell.replace(CONTROLS, ' ').trim();
  return line.length <= lengthMax ? line : line.slice(0, lengthMax);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: taking control characters out is the purpose
const CONTROLS_IN_BLOCK = /[\u0000-\u0009\u000b-\u001f\u007f\ufffd]+/g;

/** The same for text of several lines: line ends stay. */
export function blockOf(cell: string, lengthMax: number): string {
  const block = cell.replace(/\r\n?/g, '\n').replace(CONTROLS_IN_BLOCK, ' ').trim();
  return block.length <= lengthMax ? block : block.slice(0, lengthMax);
}

/** Shorter pieces of a text are copied by the engine itself. */
const SLICE_LENGTH_MIN = 13;

/**
 * A copy of a piece of text. The engine keeps a piece as a view on the whole it was cut from, so that one reference of
 * an invoice would keep a quarter of a megabyte of the file in memory.
 */
export function detached(text: string): string {
  return text.length < SLICE_LENGTH_MIN ? text : Buffer.from(text, 'utf8').toString('utf8');
}
