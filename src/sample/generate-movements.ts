import { proportionHalfUp } from '../foundation/allocate.ts';
import type { MethodKind } from '../payments/attempt.ts';
import type { SampleStep } from '../payments/sample-payment.ts';
import type { BusinessCard, BusinessMovement, Calendar, Habit } from './business.ts';
import { CLASSES, FOR_COMPANIES, GOODS, MEMBERSHIPS, OCCASIONAL, type Offer, priceMinor } from './price-list.ts';
import type { SeededRandom } from './seeded-random.ts';

export interface Payer {
  readonly key: string;
  readonly habit: Habit;
  readonly currency: string;
  readonly firstDay: number;
  readonly createdAt: Date;
  readonly calendar: Calendar;
}

type DraftCard = { -readonly [Name in keyof BusinessCard]: BusinessCard[Name] };
type DraftMovement = { -readonly [Name in keyof BusinessMovement]: BusinessMovement[Name] };

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** How full the studio is in each month, in per cent: the New Year's resolutions, the summer, Christmas. */
const SEASON = [98, 95, 92, 88, 86, 76, 62, 55, 90, 93, 88, 64];

/** Codes that cards meet now and then, and how often. */
const DECLINE_CODES = [
  ['insufficient_funds', 40],
  ['do_not_honor', 20],
  ['card_velocity_exceeded', 8],
  ['issuer_not_available', 8],
  ['incorrect_cvc', 7],
  ['expired_card', 7],
  ['restricted_card', 5],
  ['lost_card', 5],
] as const;
/** After these the same card is not tried again. */
const NEEDS_OTHER_CARD = new Set(['expired_card', 'restricted_card', 'lost_card', 'incorrect_cvc']);
const BLOCKS = new Set(['restricted_card', 'lost_card']);

/** All cards and movements of one customer, in the order they happened. */
export function writeMovements(random: SeededRandom, payer: Payer) {
  const book = new CustomerBook(random, payer);
  for (const { day, offer } of visitsOf(random, payer)) book.pay(day, offer);
  return { cards: book.cards, movements: book.movements, hasFailed: book.hasFailed };
}

/** The days somebody came and what they paid for. */
function visitsOf(random: SeededRandom, { habit, firstDay, calendar }: Payer): { day: number; offer: Offer }[] {
  const visits: { day: number; offer: Offer }[] = [];
  const stays = random.chance(60) ? calendar.today : firstDay + random.whole(60, 420);
  const lastDay = Math.min(stays, calendar.today);
  const rhythm = { company: 30, member: 30, regular: random.pick([7, 7, 7, 10, 14]), occasional: 42, once: 0 }[habit];
  const offers = {
    company: FOR_COMPANIES,
    member: MEMBERSHIPS,
    regular: CLASSES,
    occasional: OCCASIONAL,
    once: [...CLASSES, ...OCCASIONAL],
  }[habit];
  const usual = random.pick(offers);
  for (let day = firstDay; day <= lastDay; ) {
    const keepsRhythm = habit === 'member' || random.chance(SEASON[calendar.monthOf(day) - 1] ?? 80);
    const offer = habit === 'occasional' ? random.pick(offers) : usual;
    if (keepsRhythm || visits.length === 0) visits.push({ day, offer });
    if (random.chance(3)) visits.push({ day, offer: random.pick(GOODS) });
    if (rhythm === 0) break;
    const wobble = habit === 'member' ? 0 : Math.floor(rhythm / 4);
    day += Math.max(1, rhythm + random.whole(-wobble, wobble));
  }
  return visits;
}

/** Writes one customer's payments as they come, remembering which card is in use. */
class CustomerBook {
  readonly cards: DraftCard[] = [];
  readonly movements: DraftMovement[] = [];
  hasFailed = false;
  private readonly random: SeededRandom;
  private readonly payer: Payer;
  private readonly usually: MethodKind;

  constructor(random: SeededRandom, payer: Payer) {
    this.random = random;
    this.payer = payer;
    this.usually =
      payer.habit === 'company'
        ? random.weighted([
            ['bank_transfer', 5],
            ['bank_debit', 6],
            ['card', 5],
          ] as const)
        : random.weighted([
            ['card', 84],
            ['cash', 9],
            ['bank_transfer', 4],
            ['cheque', 3],
          ] as const);
    if (this.usually === 'card') this.addCard(random.weighted(USUAL_CARDS), payer.createdAt);
    if (this.usually === 'card' && random.chance(22)) this.addCard(this.unusedCard(), payer.createdAt);
    if (this.usually === 'bank_debit')
      this.addCard(random.pick(['debit_paid', 'debit_paid', 'debit_returned']), payer.createdAt);
  }

  pay(day: number, offer: Offer): void {
    const { calendar, habit } = this.payer;
    const minutes = habit === 'member' ? this.random.whole(6 * 60, 7 * 60) : this.random.whole(8 * 60, 20 * 60);
    const at = calendar.at(day, minutes);
    // What would still have to happen today has not happened.
    if (at.getTime() >= calendar.at(calendar.today, 24 * 60).getTime() - 5 * MINUTE_MS) return;
    if (this.usually === 'card' && !this.random.chance(4)) this.chargeCard(at, offer);
    else if (this.usually === 'bank_debit') this.debitBank(at, offer);
    else this.takeOffline(at, offer, this.usually === 'card' ? 'cash' : this.usually);
  }

  private chargeCard(at: Date, offer: Offer): void {
    const card = this.cardInUse(at);
    if (card.testMethod === 'authentication_required') this.askCustomer(at, offer, card);
    else if (!this.random.chance(3)) this.settle(at, offer, card, null);
    else this.refuse(at, offer, card);
  }

  private refuse(at: Date, offer: Offer, card: DraftCard): void {
    const code = this.random.weighted(DECLINE_CODES);
    this.hasFailed = true;
    const failed = this.add(offer, { cardKey: card.key, methodKind: 'card' }, [
      { to: 'sent', at },
      { to: 'declined', at: after(at, 1_400), code },
    ]);
    if (code === 'expired_card') card.expiry = monthBefore(at);
    if (BLOCKS.has(code)) card.blockedByCode = code;
    const daysAgo = (this.now() - at.getTime()) / DAY_MS;
    // What failed lately is still open with many; of the old ones nobody was ever reached for a few.
    if (daysAgo < 25 && this.random.chance(65)) {
      failed.needsAction = true;
      return;
    }
    if (this.random.chance(12)) return;
    const other = NEEDS_OTHER_CARD.has(code) || this.random.chance(45);
    const retryAt = after(at, other ? this.random.whole(2, 20) * MINUTE_MS : this.random.whole(25, 60) * HOUR_MS);
    if (retryAt.getTime() >= this.now()) {
      failed.needsAction = true;
      return;
    }
    this.settle(retryAt, offer, other ? this.otherCard(card, retryAt) : card, failed.key);
  }

  private settle(at: Date, offer: Offer, card: DraftCard, retryOfKey: string | null): void {
    const charge = this.add(offer, { cardKey: card.key, methodKind: 'card' }, [
      { to: 'sent', at },
      { to: 'settled', at: after(at, 1_100) },
    ]);
    charge.retryOfKey = retryOfKey;
    const daysAgo = (this.now() - at.getTime()) / DAY_MS;
    if (daysAgo > 2 && this.random.chance(2.4)) this.giveBack(charge, daysAgo);
    else if (daysAgo > 4 && this.random.chance(daysAgo < 14 ? 2 : 0.35)) this.dispute(charge, card);
  }

  private giveBack(charge: DraftMovement, daysAgo: number): void {
    const at = after(atOf(charge), this.random.whole(1, Math.min(9, Math.floor(daysAgo))) * DAY_MS - HOUR_MS);
    const isFull = this.random.chance(60);
    const amountMinor = isFull ? charge.amountMinor : charge.amountMinor / 2n;
    this.movements.push({
      ...charge,
      key: `${charge.key}-refund`,
      kind: 'refund',
      parentKey: charge.key,
      retryOfKey: null,
      amountMinor,
      taxMinor: isFull ? charge.taxMinor : proportionHalfUp(charge.taxMinor, amountMinor, charge.amountMinor),
      reason: this.random.pick(['requested_by_customer', 'requested_by_customer', 'duplicate', 'other']),
      steps: [
        { to: 'sent', at },
        { to: 'settled', at: after(at, 1_300) },
      ],
    });
  }

  private dispute(charge: DraftMovement, card: DraftCard): void {
    const opened = after(atOf(charge), 3 * DAY_MS + this.random.whole(1, 20) * HOUR_MS);
    const decided = after(opened, 10 * DAY_MS);
    const ends = this.random.chance(55) ? ('lost' as const) : ('won' as const);
    const isOpen = decided.getTime() >= this.now();
    if (isOpen) card.testMethod = `dispute_${ends}`;
    this.movements.push({
      ...charge,
      key: `${charge.key}-dispute`,
      kind: 'dispute',
      parentKey: charge.key,
      retryOfKey: null,
      taxMinor: 0n,
      reason: 'The cardholder says they did not make this payment.',
      needsAction: isOpen,
      steps: [
        { to: 'needs_response', at: opened },
        { to: 'withdrawn', at: after(opened, 1_000) },
        ...(isOpen ? [] : [{ to: ends, at: decided }]),
      ],
      next: isOpen ? { status: ends, at: decided } : null,
    });
  }

  private debitBank(at: Date, offer: Offer): void {
    const [card] = this.cards;
    const paidAt = after(at, 3 * DAY_MS);
    const isPaid = paidAt.getTime() < this.now();
    const bounces = card!.testMethod === 'debit_returned' && this.random.chance(25);
    const returnedAt = after(paidAt, 2 * DAY_MS);
    const isReturned = bounces && returnedAt.getTime() < this.now();
    const steps: SampleStep[] = [
      { to: 'sent', at },
      { to: 'pending', at: after(at, 900) },
    ];
    if (isPaid) steps.push({ to: 'settled', at: paidAt });
    if (isReturned) steps.push({ to: 'returned', at: returnedAt, code: 'insufficient_funds' });
    const charge = this.add(offer, { cardKey: card!.key, methodKind: 'bank_debit' }, steps);
    charge.needsAction = isReturned && this.now() - returnedAt.getTime() < 40 * DAY_MS;
    if (!isPaid) charge.next = { status: 'settled', at: paidAt };
    else if (bounces && !isReturned) charge.next = { status: 'returned', at: returnedAt };
  }

  /** Older ones were confirmed within the hour; the newest may still be waiting. */
  private askCustomer(at: Date, offer: Offer, card: DraftCard): void {
    const isOpen = this.now() - at.getTime() < 6 * DAY_MS;
    const charge = this.add(offer, { cardKey: card.key, methodKind: 'card' }, [
      { to: 'sent', at },
      { to: 'needs_customer', at: after(at, 1_200) },
      ...(isOpen ? [] : [{ to: 'settled' as const, at: after(at, this.random.whole(3, 55) * MINUTE_MS) }]),
    ]);
    charge.needsAction = isOpen;
  }

  private takeOffline(at: Date, offer: Offer, methodKind: MethodKind): void {
    const charge = this.add(offer, { cardKey: null, methodKind }, [
      { to: 'sent', at },
      { to: 'settled', at },
    ]);
    if (methodKind === 'cheque') charge.reference = `No. ${this.random.whole(1001, 4999)}`;
    if (methodKind === 'bank_transfer') charge.reference = `INV ${this.random.whole(100, 999)}`;
  }

  private add(
    offer: Offer,
    by: { cardKey: string | null; methodKind: MethodKind },
    steps: SampleStep[],
  ): DraftMovement {
    const { key, currency } = this.payer;
    const amountMinor = priceMinor(offer.hundredths, currency);
    const movement: DraftMovement = {
      ...by,
      key: `${key}-${String(this.movements.length).padStart(3, '0')}`,
      kind: 'charge',
      parentKey: null,
      retryOfKey: null,
      amountMinor,
      currency,
      taxMinor: proportionHalfUp(amountMinor, BigInt(offer.taxThousandths), 1000n),
      description: offer.name,
      reference: null,
      reason: null,
      needsAction: false,
      steps,
      next: null,
    };
    this.movements.push(movement);
    return movement;
  }

  private cardInUse(at: Date): DraftCard {
    const good = this.cards.find((card) => card.isDefault) ?? this.cards[0]!;
    return isExpired(good, at) || good.blockedByCode !== null ? this.otherCard(good, at) : good;
  }

  /** The other card, a new one where there is none; it is the one in use from now on. */
  private otherCard(refused: DraftCard, at: Date): DraftCard {
    const known = this.cards.find((card) => card !== refused && card.blockedByCode === null && !isExpired(card, at));
    const card = known ?? this.addCard(this.unusedCard(), at);
    for (const each of this.cards) each.isDefault = each === card;
    return card;
  }

  /** Nobody has the same card twice. */
  private unusedCard(): string {
    const used = new Set(this.cards.map((card) => card.testMethod));
    const unused = OTHER_CARDS.filter((name) => !used.has(name));
    return this.random.pick(unused.length > 0 ? unused : OTHER_CARDS);
  }

  private addCard(testMethod: string, addedAt: Date): DraftCard {
    const isDebit = testMethod.startsWith('debit');
    const month = this.random.whole(1, 12);
    const card: DraftCard = {
      key: `${this.payer.key}-card${this.cards.length}`,
      testMethod,
      label: this.random.chance(14) ? this.random.pick(['Work', 'Private', 'Joint account']) : null,
      addedAt,
      expiry: isDebit ? null : { month, year: addedAt.getUTCFullYear() + this.random.whole(2, 4) },
      consentChannel: this.random.weighted([
        ['web', 6],
        ['phone', 2],
        ['paper', 2],
      ] as const),
      isDefault: this.cards.length === 0,
      blockedByCode: null,
    };
    this.cards.push(card);
    return card;
  }

  private now(): number {
    const { calendar } = this.payer;
    return calendar.at(calendar.today, 48 * 60).getTime();
  }
}

const USUAL_CARDS = [
  ['approved', 55],
  ['approved_mastercard', 24],
  ['approved_amex', 15],
  ['authentication_required', 3],
  ['refund_pending', 3],
] as const;

const OTHER_CARDS = ['approved', 'approved_mastercard', 'approved_amex', 'refund_pending'];

function after(at: Date, ms: number): Date {
  return new Date(at.getTime() + ms);
}

function atOf(movement: BusinessMovement): Date {
  return movement.steps[0]!.at;
}

function isExpired(card: BusinessCard, at: Date): boolean {
  return card.expiry !== null && at.getTime() >= Date.UTC(card.expiry.year, card.expiry.month, 1);
}

function monthBefore(at: Date): { month: number; year: number } {
  const month = at.getUTCMonth();
  return month === 0 ? { month: 12, year: at.getUTCFullYear() - 1 } : { month, year: at.getUTCFullYear() };
}
