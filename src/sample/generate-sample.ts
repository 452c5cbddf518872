import { addDays, localDateOf, startOfLocalDate } from '../foundation/local-date.ts';
import {
  type BusinessContact,
  type Calendar,
  CONTACTS_IN_ALL,
  DAYS_BACK,
  type Habit,
  type SampleBusiness,
} from './business.ts';
import { writeMovements } from './generate-movements.ts';
import { COMPANIES, fillDigits, mailboxOf, ORIGINS } from './people.ts';
import { type SeededRandom, seededRandom } from './seeded-random.ts';

export interface SampleOrder {
  readonly seed: string;
  /** The moment that the two years lead up to; nothing in it is later. */
  readonly asOf: Date;
  readonly timeZone: string;
  /** The workspace's currency; some customers abroad pay in another one. */
  readonly currency: string;
}

/** Shares of the 240; together they make about 3,500 payments. */
const HABITS: readonly (readonly [Habit, number])[] = [
  ['company', COMPANIES.length],
  ['member', 70],
  ['regular', 64],
  ['occasional', 54],
  ['once', 34],
];

/** A believable movement studio. The same order makes the same business, byte for byte. */
export function generateSample(order: SampleOrder): SampleBusiness {
  const calendar = makeCalendar(order);
  const habits = HABITS.flatMap(([habit, count]) => Array.from({ length: count }, () => habit));
  const contacts = Array.from({ length: CONTACTS_IN_ALL }, (_, index) =>
    writeContact(order, calendar, habits[index] ?? 'once', index),
  );
  // In the order they came, as a person would find them who worked here all the time.
  contacts.sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime() || (a.key < b.key ? -1 : 1));
  return { seed: order.seed, asOf: order.asOf, contacts };
}

function makeCalendar({ asOf, timeZone }: SampleOrder): Calendar {
  const last = localDateOf(asOf, timeZone);
  const dates = Array.from({ length: DAYS_BACK + 1 }, (_, index) => addDays(last, index - DAYS_BACK));
  const beginnings = dates.map((date) => startOfLocalDate(date, timeZone).getTime());
  return {
    today: DAYS_BACK,
    at: (day, minutes) => new Date(Math.min((beginnings[day] ?? 0) + minutes * 60_000, asOf.getTime())),
    monthOf: (day) => Number(dates[day]?.slice(5, 7)),
  };
}

function writeContact(order: SampleOrder, calendar: Calendar, habit: Habit, index: number): BusinessContact {
  const random = seededRandom(`${order.seed} contact ${index}`);
  const origin = random.weighted(ORIGINS.map((each) => [each, each.weight] as const));
  const name = `${random.pick(origin.first)} ${random.pick(origin.last)}`;
  const companyName = habit === 'company' ? COMPANIES[index]! : random.chance(12) ? random.pick(COMPANIES) : null;
  const second = order.currency === 'EUR' ? 'USD' : 'EUR';
  const currency = origin.paysInSecond ? second : order.currency;
  const firstDay = beginningOf(habit, random);
  const createdAt = calendar.at(firstDay, random.whole(8 * 60, 11 * 60));
  const key = `c${String(index).padStart(3, '0')}`;
  const { cards, movements, hasFailed } = writeMovements(random, {
    key,
    habit,
    currency,
    firstDay,
    createdAt,
    calendar,
  });
  const paid = movements.filter((movement) => movement.kind === 'charge').length;
  return {
    key,
    name,
    // Addresses that can belong to nobody.
    email: `${mailboxOf(name)}.${index}@example.${random.pick(['com', 'org', 'net'])}`,
    phone: random.chance(80) ? fillDigits(origin.phone, random) : null,
    companyName,
    tags: tagsOf(habit, paid, random),
    ownerIndex: random.chance(70) ? random.whole(0, 5) : null,
    country: origin.country,
    billing: random.chance(65)
      ? {
          line1: `${random.whole(1, 180)} ${random.pick(origin.streets)}`,
          city: random.pick(origin.cities),
          postal_code: fillDigits(origin.postalCode, random),
        }
      : null,
    currency: currency === order.currency ? null : currency,
    locale: origin.locale,
    createdAt,
    notes: notesOf(habit, hasFailed, firstDay, calendar, random),
    cards,
    movements,
  };
}

/** The studio grows: most regulars came in the second year, those who came once are spread evenly. */
function beginningOf(habit: Habit, random: SeededRandom): number {
  const latest = habit === 'once' ? DAYS_BACK - 1 : DAYS_BACK - 12;
  const share = habit === 'once' ? random.fraction() : random.fraction() ** 0.85;
  return Math.floor(share * latest);
}

function tagsOf(habit: Habit, paid: number, random: SeededRandom): string[] {
  const tags: string[] = [];
  if (habit === 'company') tags.push('company');
  if (habit === 'member') tags.push('member');
  if (paid > 40) tags.push('regular');
  if (habit === 'once' && random.chance(50)) tags.push('trial');
  if (random.chance(9)) tags.push('newsletter');
  if (random.chance(5)) tags.push('VIP');
  if (random.chance(4)) tags.push('injury');
  return tags;
}

const NOTES: readonly string[] = [
  'Prefers calls in the morning.',
  'Asked about the weekend workshop; send the next dates.',
  'Knee operation last year. Offer a chair in standing sequences.',
  'Brings a friend on Thursdays.',
  'Wants receipts with the company’s name.',
  'Moved house; the new address is in the details.',
  'Off for six weeks in the summer, will come back in September.',
  'Likes the early class, would pay for a private lesson.',
];

function notesOf(habit: Habit, hasFailed: boolean, firstDay: number, calendar: Calendar, random: SeededRandom) {
  const notes: { at: Date; body: string }[] = [];
  const later = () => calendar.at(random.whole(firstDay, calendar.today - 1), random.whole(9 * 60, 18 * 60));
  if (random.chance(habit === 'company' ? 80 : 35)) notes.push({ at: later(), body: random.pick(NOTES) });
  if (random.chance(10)) notes.push({ at: later(), body: random.pick(NOTES) });
  if (hasFailed && random.chance(60))
    notes.push({ at: later(), body: 'Card was refused. Talked on the phone, will bring another one.' });
  return notes.sort((a, b) => a.at.getTime() - b.at.getTime());
}
