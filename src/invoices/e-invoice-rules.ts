import { isCountry } from '../contacts/country.ts';
import { isCurrency } from '../foundation/currency.ts';
import type { EInvoice, EParty } from './e-invoice.ts';
import { CATEGORIES, categoryRules } from './e-invoice-category-rules.ts';
import {
  BUYER,
  type EInvoiceRule,
  exact,
  HUNDREDTH,
  isDecimal,
  isTaxOf,
  magnitude,
  ONE,
  OURS,
  ofAllowances,
  ofBreakdown,
  ofLines,
  one,
  places,
  ROUNDED,
  SELLER,
  sum,
} from './e-invoice-rule.ts';

/** Which rules a document is to meet: the European standard, or the network's own on top of it. */
export const E_INVOICE_PROFILES = ['en16931', 'peppol'] as const;
export type EInvoiceProfile = (typeof E_INVOICE_PROFILES)[number];

export interface BrokenRule {
  readonly rule: string;
  readonly path: string;
  readonly message: string;
}

const DECIMALS = 'The standard has room for two decimals; this currency has more, and the amount needs them';
const twoDecimals = (id: string, amounts: (invoice: EInvoice) => readonly string[]) =>
  one(id, 'currency', DECIMALS, (invoice) => amounts(invoice).some((amount) => places(amount) > 2));

const HEAD: readonly EInvoiceRule[] = [
  one('BR-02', 'number', OURS, ({ number }) => number.trim() === ''),
  one('BR-03', 'issued_on', OURS, ({ issuedOn }) => !/^\d{4}-\d\d-\d\d$/.test(issuedOn)),
  one('BR-04', 'kind', OURS, ({ typeCode }) => typeCode !== '380' && typeCode !== '381'),
  one('BR-05', 'currency', OURS, ({ currency }) => currency === ''),
  one('BR-CL-04', 'currency', OURS, ({ currency }) => !isCurrency(currency)),
  one('BR-06', 'seller.name', `${SELLER}: the name of the business`, ({ seller }) => seller.name.trim() === ''),
  one('BR-07', 'buyer.name', `${BUYER}: the name`, ({ buyer }) => buyer.name.trim() === ''),
  one('BR-08', 'seller.line1', `${SELLER}: the address of the business`, ({ seller }) => !hasAddress(seller)),
  one('BR-09', 'seller.country', `${SELLER}: the country of the business`, ({ seller }) => seller.country === ''),
  one('BR-10', 'buyer.line1', `${BUYER}: the billing address`, ({ buyer }) => !hasAddress(buyer)),
  one('BR-11', 'buyer.country', `${BUYER}: the country`, ({ buyer }) => buyer.country === ''),
  one('BR-CL-14', 'country', 'Two letters of ISO 3166, such as DE', ({ seller, buyer, delivery }) =>
    [seller.country, buyer.country, delivery?.country ?? ''].some((code) => code !== '' && !isCountry(code)),
  ),
  one('BR-16', 'lines', OURS, ({ lines }) => lines.length === 0),
  one('BR-29', 'period', 'A period ends on or after the day it begins', ({ period }) =>
    Boolean(period && period.until < period.from),
  ),
  one('BR-50', 'payment_details.iban', `${SELLER}: the IBAN`, ({ payment }) => payment !== null && payment.iban === ''),
  one('BR-55', 'about.number', OURS, ({ preceding }) => preceding !== null && preceding.number === ''),
  one(
    'BR-57',
    'buyer.country',
    `${BUYER}: the country`,
    ({ delivery }) => delivery !== null && delivery.country === '',
  ),
  one('BR-62', 'seller.endpoint_scheme', `${SELLER}: the scheme of the electronic address`, ({ seller }) =>
    lacksScheme(seller),
  ),
  one('BR-63', 'buyer.endpoint_scheme', `${BUYER}: the scheme of the electronic address`, ({ buyer }) =>
    lacksScheme(buyer),
  ),
  one('BR-CL-25', 'endpoint_scheme', 'Four digits of the EAS list, such as 0088, or EM', ({ seller, buyer }) =>
    [seller, buyer].some(({ endpointScheme }) => !/^(|EM|0\d{3}|99\d\d)$/.test(endpointScheme)),
  ),
  one('BR-CO-09', 'tax_id', 'A VAT number begins with the two letters of its country', ({ seller, buyer }) =>
    [seller, buyer].some(({ vatId }) => vatId !== '' && !isVatPrefix(vatId.slice(0, 2))),
  ),
  one(
    'BR-CO-25',
    'terms',
    OURS,
    ({ totals, dueOn, terms }) => exact(totals.payable) > 0n && dueOn === null && terms === '',
  ),
  one(
    'BR-CO-26',
    'seller.registration',
    `${SELLER}: a VAT number with its country’s letters, or the number in the register of companies`,
    ({ seller }) => seller.vatId === '' && seller.registration === '',
  ),
];

const hasAddress = (party: EParty) => [party.line1, party.city, party.postalCode].some((part) => part.trim() !== '');
const lacksScheme = ({ endpoint, endpointScheme }: EParty) => endpoint !== '' && endpointScheme === '';
const isVatPrefix = (prefix: string) => prefix === 'EL' || prefix === 'XI' || isCountry(prefix);

const LINES: readonly EInvoiceRule[] = [
  ofLines('BR-21', 'id', OURS, ({ id }) => id === ''),
  ofLines('BR-22', 'quantity', OURS, ({ quantity }) => !isDecimal(quantity)),
  ofLines(
    'BR-23',
    'unit_code',
    'A unit of the UN/ECE list, such as C62 for a piece',
    ({ unitCode }) => unitCode === '',
  ),
  ofLines('BR-24', 'net', OURS, ({ netAmount }) => !isDecimal(netAmount)),
  ofLines('BR-25', 'name', 'Say what the line is for', ({ name }) => name.trim() === ''),
  ofLines('BR-26', 'unit_price', OURS, ({ price }) => !isDecimal(price)),
  ofLines('BR-27', 'unit_price', 'A price is not less than nothing', ({ price }) => exact(price) < 0n),
  ofLines('BR-41', 'discount', OURS, ({ allowance }) => allowance !== null && !isDecimal(allowance.amount)),
  ofLines('BR-42', 'discount', OURS, ({ allowance }) => allowance !== null && allowance.reason === ''),
  ofLines('BR-CO-04', 'taxes', OURS, ({ category }) => !CATEGORIES.includes(category)),
  ofLines(
    'BG-30',
    'taxes',
    'The standard knows one tax per line: leave one, or send the PDF',
    ({ hasSeveralTaxes }) => hasSeveralTaxes,
  ),
  ofAllowances('BR-31', ({ amount }) => !isDecimal(amount)),
  ofAllowances('BR-32', ({ category }) => !CATEGORIES.includes(category)),
  ofAllowances('BR-33', ({ reason }) => reason === ''),
  twoDecimals('BR-DEC-01', ({ allowances }) => allowances.map(({ amount }) => amount)),
  twoDecimals('BR-DEC-09', ({ totals }) => [totals.lines]),
  twoDecimals('BR-DEC-10', ({ totals }) => [totals.allowances]),
  twoDecimals('BR-DEC-12', ({ totals }) => [totals.taxExclusive]),
  twoDecimals('BR-DEC-13', ({ totals }) => [totals.tax]),
  twoDecimals('BR-DEC-14', ({ totals }) => [totals.taxInclusive]),
  twoDecimals('BR-DEC-18', ({ totals }) => [totals.payable]),
  twoDecimals('BR-DEC-19', ({ breakdown }) => breakdown.map(({ base }) => base)),
  twoDecimals('BR-DEC-20', ({ breakdown }) => breakdown.map(({ tax }) => tax)),
  twoDecimals('BR-DEC-23', ({ lines }) => lines.map(({ netAmount }) => netAmount)),
  twoDecimals('BR-DEC-24', ({ lines }) => lines.map(({ allowance }) => allowance?.amount ?? '0')),
];

const SUMS: readonly EInvoiceRule[] = [
  one('BR-12', 'totals', OURS, ({ totals }) => !isDecimal(totals.lines)),
  one('BR-13', 'totals', OURS, ({ totals }) => !isDecimal(totals.taxExclusive)),
  one('BR-14', 'totals', OURS, ({ totals }) => !isDecimal(totals.taxInclusive)),
  one('BR-15', 'totals', OURS, ({ totals }) => !isDecimal(totals.payable)),
  ofBreakdown('BR-45', OURS, ({ base }) => !isDecimal(base)),
  ofBreakdown('BR-46', OURS, ({ tax }) => !isDecimal(tax)),
  ofBreakdown('BR-47', OURS, ({ category }) => !CATEGORIES.includes(category)),
  ofBreakdown('BR-48', OURS, ({ category, rate }) => category !== 'O' && rate === null),
  one(
    'BR-CO-10',
    'totals',
    OURS,
    ({ totals, lines }) => sum(lines.map((line) => line.netAmount)) !== exact(totals.lines),
  ),
  one(
    'BR-CO-11',
    'totals',
    OURS,
    ({ totals, allowances }) => sum(allowances.map(({ amount }) => amount)) !== exact(totals.allowances),
  ),
  one(
    'BR-CO-13',
    'totals',
    OURS,
    ({ totals }) => exact(totals.lines) - exact(totals.allowances) !== exact(totals.taxExclusive),
  ),
  one(
    'BR-CO-14',
    'totals',
    OURS,
    ({ totals, breakdown }) => sum(breakdown.map(({ tax }) => tax)) !== exact(totals.tax),
  ),
  one(
    'BR-CO-15',
    'totals',
    OURS,
    ({ totals }) => exact(totals.taxExclusive) + exact(totals.tax) !== exact(totals.taxInclusive),
  ),
  one('BR-CO-16', 'totals', OURS, ({ totals }) => exact(totals.taxInclusive) !== exact(totals.payable)),
  ofBreakdown('BR-CO-17', ROUNDED, ({ base, tax, rate }) => !isTaxOf(base, rate ?? '0', tax)),
  one('BR-CO-18', 'taxes', OURS, ({ breakdown }) => breakdown.length === 0),
];

const SPECIAL: readonly EInvoiceRule[] = [
  one(
    'BR-IC-11',
    'period',
    OURS,
    ({ lines, delivery, period }) => lines.some(({ category }) => category === 'K') && !delivery?.on && !period,
  ),
  one(
    'BR-IC-12',
    'buyer.country',
    `${BUYER}: the country`,
    ({ lines, delivery }) => lines.some(({ category }) => category === 'K') && !delivery?.country,
  ),
  one(
    'BR-O-11',
    'lines',
    'Lines without a tax do not go with lines that have one: give them a zero rate or an exempt tax',
    ({ breakdown }) => breakdown.some(({ category }) => category === 'O') && breakdown.length > 1,
  ),
];

const PEPPOL: readonly EInvoiceRule[] = [
  one(
    'PEPPOL-EN16931-R003',
    'reference',
    'The network asks for the customer’s reference or order number; without one, take the profile en16931',
    ({ reference }) => reference.trim() === '',
  ),
  one(
    'PEPPOL-EN16931-R010',
    'buyer.email',
    `${BUYER}: a VAT number or an e-mail address`,
    ({ buyer }) => buyer.endpoint === '',
  ),
  one(
    'PEPPOL-EN16931-R020',
    'seller.endpoint',
    `${SELLER}: the electronic address of the business`,
    ({ seller }) => seller.endpoint === '',
  ),
  ofLines('PEPPOL-EN16931-R120', 'net', OURS, (line) => {
    const pieces = line.baseQuantity === '' ? ONE : exact(line.baseQuantity);
    const wanted = (exact(line.quantity) * exact(line.price)) / (pieces || ONE) - exact(line.allowance?.amount ?? '0');
    // 0.02 either way is what the network allows.
    return magnitude(wanted - exact(line.netAmount)) > HUNDREDTH * 2n;
  }),
  ofLines(
    'PEPPOL-EN16931-R121',
    'quantity',
    OURS,
    (line) => line.baseQuantity !== '' && exact(line.baseQuantity) <= 0n,
  ),
  one('PEPPOL-EN16931-P0112', 'kind', OURS, ({ typeCode }) => !['380', '381'].includes(typeCode)),
];

/** Every rule that concerns what our documents hold, by name. Those about parts that they never have are left out. */
export const EN16931_RULES: readonly EInvoiceRule[] = [
  ...HEAD,
  ...LINES,
  ...SUMS,
  ...CATEGORIES.flatMap(categoryRules),
  ...SPECIAL,
];
export const PEPPOL_RULES: readonly EInvoiceRule[] = PEPPOL;

/** Which rules a document breaks, in the order of the tables; none: it may be sent. */
export function brokenRules(invoice: EInvoice, profile: EInvoiceProfile): BrokenRule[] {
  const rules = profile === 'peppol' ? [...EN16931_RULES, ...PEPPOL_RULES] : EN16931_RULES;
  return rules.flatMap(({ id, mend, broken }) =>
    broken(invoice).map((path) => ({ rule: id, path, message: `${mend} (${id}).` })),
  );
}
