import { exponentOf } from '../foundation/currency.ts';

/** What the studio sells. Prices are in hundredths, as most currencies are written. */
export interface Offer {
  readonly name: string;
  readonly hundredths: number;
  /** Tax in the price, in thousandths of it; lessons are free of it, goods are not. */
  readonly taxThousandths: number;
}

const lesson = (name: string, hundredths: number): Offer => ({ name, hundredths, taxThousandths: 0 });
const goods = (name: string, hundredths: number): Offer => ({ name, hundredths, taxThousandths: 74 });

export const MEMBERSHIPS: readonly Offer[] = [
  lesson('Membership, two classes a week', 8_900),
  lesson('Membership, unlimited', 12_900),
  lesson('Membership, off-peak', 5_900),
];
export const CLASSES: readonly Offer[] = [
  lesson('Drop-in class', 1_800),
  lesson('Evening class', 2_200),
  lesson('Early class', 1_600),
];
export const OCCASIONAL: readonly Offer[] = [
  lesson('Ten-class card', 15_000),
  lesson('Private lesson', 6_500),
  lesson('Weekend workshop', 9_500),
  lesson('Beginners’ course', 12_000),
  lesson('Breathing workshop', 4_500),
];
export const GOODS: readonly Offer[] = [
  goods('Cork mat', 7_900),
  goods('Studio bottle', 2_400),
  goods('Bolster', 5_400),
];
export const FOR_COMPANIES: readonly Offer[] = [
  lesson('Lunchtime classes, one month', 48_000),
  lesson('Studio hire, half a day', 26_000),
  lesson('Team workshop', 65_000),
];

/**
 * A price as minor units of a currency. Without decimals a hundredth becomes one unit (18.00 → ¥1800), with three a
 * third of them is taken back, so that amounts look like prices everywhere.
 */
export function priceMinor(hundredths: number, currency: string): bigint {
  const exponent = exponentOf(currency);
  if (exponent === 3) return BigInt(hundredths) * 3n;
  if (exponent === 4) return BigInt(hundredths) * 30n;
  return BigInt(hundredths);
}
