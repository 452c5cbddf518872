import type { EInvoice } from './e-invoice.ts';
import {
  BUYER,
  type EInvoiceRule,
  exact,
  isTaxOf,
  OURS,
  ofAllowances,
  ofBreakdown,
  ofLines,
  one,
  ROUNDED,
  SELLER,
  sum,
} from './e-invoice-rule.ts';
import type { TaxCategory } from './invoice-amounts.ts';

export const CATEGORIES: readonly TaxCategory[] = ['S', 'Z', 'E', 'AE', 'K', 'G', 'O'];

/** What the standard asks of each category; names of rules use IC for K. */
interface CategoryFacts {
  readonly name: string;
  /** Whether the rate is more than nothing, nothing, or absent. */
  readonly rate: 'some' | 'none' | 'absent';
  readonly needsReason: boolean;
  readonly seller: 'vat' | 'vat or tax number' | 'no vat';
  readonly buyer: 'any' | 'vat' | 'vat or registration' | 'no vat';
}

const CATEGORY_FACTS: Readonly<Record<TaxCategory, CategoryFacts>> = {
  S: { name: 'S', rate: 'some', needsReason: false, seller: 'vat or tax number', buyer: 'any' },
  Z: { name: 'Z', rate: 'none', needsReason: false, seller: 'vat or tax number', buyer: 'any' },
  E: { name: 'E', rate: 'none', needsReason: true, seller: 'vat or tax number', buyer: 'any' },
  AE: { name: 'AE', rate: 'none', needsReason: true, seller: 'vat or tax number', buyer: 'vat or registration' },
  K: { name: 'IC', rate: 'none', needsReason: true, seller: 'vat', buyer: 'vat' },
  G: { name: 'G', rate: 'none', needsReason: true, seller: 'vat', buyer: 'any' },
  O: { name: 'O', rate: 'absent', needsReason: true, seller: 'no vat', buyer: 'no vat' },
};

/** BR-S-01 … BR-O-10: the same ten questions for every category. */
export function categoryRules(category: TaxCategory): EInvoiceRule[] {
  const { name, rate, needsReason, seller, buyer } = CATEGORY_FACTS[category];
  const id = (number: string) => `BR-${name}-${number}`;
  const uses = ({ lines }: EInvoice) => lines.some((line) => line.category === category);
  const isRateWrong = (given: string | null) =>
    rate === 'absent' ? given !== null : given === null || exact(given) > 0n !== (rate === 'some');
  const rateMend =
    rate === 'some'
      ? 'A standard rate is more than 0 %: use a tax of the category Z, E or O for nothing'
      : `A tax of the category ${category} has no rate: change the tax in Settings → Taxes`;
  const isSellerWrong = ({ seller: of }: EInvoice) =>
    seller === 'no vat' ? of.vatId !== '' : seller === 'vat' ? of.vatId === '' : of.vatId === '' && of.taxNumber === '';
  const isBuyerWrong = ({ buyer: of }: EInvoice) =>
    buyer === 'no vat'
      ? of.vatId !== ''
      : buyer === 'vat'
        ? of.vatId === ''
        : buyer === 'vat or registration' && of.vatId === '' && of.registration === '';
  const rows = ({ breakdown }: EInvoice) => breakdown.filter((row) => row.category === category);
  const keyRates = (invoice: EInvoice) => [
    ...new Set(
      [...invoice.lines, ...invoice.allowances].filter((part) => part.category === category).map((part) => part.rate),
    ),
  ];
  const baseOf = ({ lines, allowances }: EInvoice, of: string | null) =>
    sum(lines.filter((line) => line.category === category && line.rate === of).map((line) => line.netAmount)) -
    sum(allowances.filter((part) => part.category === category && part.rate === of).map((part) => part.amount));
  return [
    one(id('01'), 'taxes', OURS, (invoice) =>
      keyRates(invoice).some((of) => rows(invoice).filter((row) => row.rate === of).length !== 1),
    ),
    one(
      id('02'),
      'seller.tax_id',
      seller === 'no vat' ? OURS : `${SELLER}: the VAT number${seller === 'vat' ? '' : ' or tax number'}`,
      (invoice) => uses(invoice) && isSellerWrong(invoice),
    ),
    ...(buyer === 'any'
      ? []
      : [
          one(
            `${id('02')} (buyer)`,
            'buyer.tax_id',
            buyer === 'no vat' ? OURS : `${BUYER}: the VAT number`,
            (invoice) => uses(invoice) && isBuyerWrong(invoice),
          ),
        ]),
    ofLines(id('05'), 'taxes', rateMend, (line) => line.category === category && isRateWrong(line.rate)),
    ofAllowances(id('06'), (part) => part.category === category && isRateWrong(part.rate)),
    one(id('08'), 'taxes', OURS, (invoice) =>
      rows(invoice).some((row) => baseOf(invoice, row.rate) !== exact(row.base)),
    ),
    ofBreakdown(id('09'), rate === 'some' ? ROUNDED : rateMend, (row) =>
      row.category !== category
        ? false
        : rate === 'some'
          ? !isTaxOf(row.base, row.rate ?? '0', row.tax)
          : exact(row.tax) !== 0n,
    ),
    ofBreakdown(
      id('10'),
      needsReason ? 'Settings → Taxes: why no tax is due (the exemption reason)' : OURS,
      (row) => row.category === category && needsReason === (row.reason === '' && row.reasonCode === ''),
    ),
  ];
}
