import type { MethodKind, PaymentKind } from '../payments/attempt.ts';
import type { SampleStep } from '../payments/sample-payment.ts';

/** The sample business as its generator makes it: keys instead of ids, so that the same seed is the same text. */
export interface SampleBusiness {
  readonly seed: string;
  readonly asOf: Date;
  readonly contacts: readonly BusinessContact[];
}

export interface BusinessContact {
  readonly key: string;
  readonly name: string;
  readonly email: string;
  readonly phone: string | null;
  readonly companyName: string | null;
  readonly tags: readonly string[];
  /** Which of the workspace's members looks after them, counted from 0; null for nobody. */
  readonly ownerIndex: number | null;
  readonly country: string;
  readonly billing: { readonly line1: string; readonly city: string; readonly postal_code: string } | null;
  readonly currency: string | null;
  readonly locale: string;
  readonly createdAt: Date;
  readonly notes: readonly { readonly at: Date; readonly body: string }[];
  readonly cards: readonly BusinessCard[];
  readonly movements: readonly BusinessMovement[];
}

export interface BusinessCard {
  readonly key: string;
  readonly testMethod: string;
  readonly label: string | null;
  readonly addedAt: Date;
  /** Null for bank debits, which do not expire. */
  readonly expiry: { readonly month: number; readonly year: number } | null;
  readonly consentChannel: 'web' | 'phone' | 'paper';
  readonly isDefault: boolean;
  readonly blockedByCode: string | null;
}

export interface BusinessMovement {
  readonly key: string;
  readonly kind: PaymentKind;
  /** The charge that a refund or dispute belongs to. */
  readonly parentKey: string | null;
  readonly retryOfKey: string | null;
  readonly cardKey: string | null;
  readonly methodKind: MethodKind;
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly taxMinor: bigint;
  readonly description: string;
  readonly reference: string | null;
  readonly reason: string | null;
  readonly needsAction: boolean;
  readonly steps: readonly SampleStep[];
  /** What the gateway will do with it by itself, and when. */
  readonly next: { readonly status: 'settled' | 'returned' | 'won' | 'lost'; readonly at: Date } | null;
}

/** Customers of the business; progress is counted in them. */
export const CONTACTS_IN_ALL = 240;
/** How far its past reaches. */
export const DAYS_BACK = 730;

/** How people come to the studio, which decides how often they pay. */
export type Habit = 'company' | 'member' | 'regular' | 'occasional' | 'once';

/** Calendar days of the two years as moments, newest last; made once, because zones are slow to reckon with. */
export interface Calendar {
  /** Index of the last day, the one of `asOf`. */
  readonly today: number;
  /** A moment on the day with that index, some minutes after its beginning; never after `asOf`. */
  at(day: number, minutes: number): Date;
  /** 1 to 12. */
  monthOf(day: number): number;
}
