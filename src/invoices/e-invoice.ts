import type { LocalDate } from '../foundation/local-date.ts';
import { exactDecimalText, parseExactDecimal, toDecimalText } from '../foundation/money.ts';
import { documentFigures } from './document-figures.ts';
import { documentWords, fill } from './document-words.ts';
import { PERCENT_DECIMALS, QUANTITY_DECIMALS, type TaxCategory } from './invoice-amounts.ts';
import { lastDayOf } from './invoice-sheet.ts';
import type { InvoiceSnapshot, Party } from './invoice-snapshot.ts';

/**
 * A document in the terms of EN 16931 (BT-1 …), which UBL and CII both write down. Decimals are text; what is not there
 * is empty or null. Whether it may be sent say e-invoice-rules.ts.
 */
export interface EInvoice {
  /** BT-3: 380 invoice, 381 credit note. */
  readonly typeCode: '380' | '381';
  readonly number: string;
  readonly issuedOn: LocalDate;
  readonly dueOn: LocalDate | null;
  readonly currency: string;
  /** BT-13, the customer's order; also stands for BT-10. */
  readonly reference: string;
  readonly note: string;
  readonly period: { readonly from: LocalDate; readonly until: LocalDate } | null;
  readonly preceding: { readonly number: string; readonly issuedOn: LocalDate } | null;
  readonly seller: EParty;
  readonly buyer: EParty;
  /** BT-72 and BT-80, for supplies within the Union. */
  readonly delivery: { readonly on: LocalDate | null; readonly country: string } | null;
  readonly payment: {
    readonly iban: string;
    readonly bic: string;
    readonly name: string;
    readonly isSepa: boolean;
  } | null;
  /** BT-20. */
  readonly terms: string;
  readonly lines: readonly ELine[];
  readonly allowances: readonly EAllowance[];
  readonly breakdown: readonly EBreakdown[];
  readonly totals: {
    readonly lines: string;
    readonly allowances: string;
    readonly taxExclusive: string;
    readonly tax: string;
    readonly taxInclusive: string;
    readonly payable: string;
  };
}

export interface EParty {
  readonly name: string;
  readonly line1: string;
  readonly line2: string;
  readonly city: string;
  readonly region: string;
  readonly postalCode: string;
  readonly country: string;
  /** BT-31 or BT-48: with the prefix of its country. */
  readonly vatId: string;
  /** BT-32: a tax number that is no VAT identifier. */
  readonly taxNumber: string;
  /** BT-30 or BT-47. */
  readonly registration: string;
  readonly email: string;
  readonly endpoint: string;
  /** EAS code of the endpoint. */
  readonly endpointScheme: string;
}

export interface ELine {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly quantity: string;
  readonly unitCode: string;
  /** BT-146, without tax; per `baseQuantity` pieces where that is not empty (BT-149). */
  readonly price: string;
  readonly baseQuantity: string;
  readonly netAmount: string;
  readonly allowance: { readonly amount: string; readonly reason: string } | null;
  readonly category: TaxCategory;
  /** BT-152; null outside the scope of VAT. */
  readonly rate: string | null;
  /** More than the one tax that a line may carry here. */
  readonly hasSeveralTaxes: boolean;
}

export interface EAllowance {
  readonly amount: string;
  readonly reason: string;
  readonly category: TaxCategory;
  readonly rate: string | null;
}

export interface EBreakdown {
  readonly category: TaxCategory;
  readonly rate: string | null;
  readonly base: string;
  readonly tax: string;
  readonly reason: string;
  readonly reasonCode: string;
}

/** Codes of the VATEX list for categories that have one reason. */
const REASONS: Partial<Record<TaxCategory, { readonly code: string; readonly words: string }>> = {
  AE: { code: 'VATEX-EU-AE', words: 'Reverse charge' },
  K: { code: 'VATEX-EU-IC', words: 'Intra-community supply' },
  G: { code: 'VATEX-EU-G', words: 'Export outside the EU' },
  O: { code: 'VATEX-EU-O', words: 'Not subject to VAT' },
};

/** Writes a document in terms of the standard. Complete or not: nothing is guessed that the snapshot does not say. */
export function eInvoiceOf(snapshot: InvoiceSnapshot): EInvoice {
  const { currency, kind, period } = snapshot;
  const categories = snapshot.lines.map((line) => categoryOf(line));
  // Outside VAT nobody may show a VAT identifier (BR-O-02).
  const isOutside = categories.every(({ category }) => category === 'O');
  const isWithinUnion = categories.some(({ category }) => category === 'K');
  const text = (minor: number | bigint) => amountText(BigInt(minor), currency);
  const lastDay = period && lastDayOf(period);
  const allowances = allowancesOf(snapshot, categories);
  return {
    typeCode: kind === 'credit_note' ? '381' : '380',
    number: snapshot.number,
    issuedOn: snapshot.issued_on,
    dueOn: snapshot.due_on,
    currency,
    reference: snapshot.reference,
    note: snapshot.notes,
    period: period && lastDay ? { from: period.from, until: lastDay } : null,
    preceding: snapshot.about && { number: snapshot.about.number, issuedOn: snapshot.about.issued_on },
    seller: partyOf(snapshot.seller, isOutside),
    // A customer's own tax number has no place in the standard.
    buyer: { ...partyOf(snapshot.buyer, isOutside), taxNumber: '' },
    delivery: isWithinUnion ? { on: period ? null : snapshot.issued_on, country: snapshot.buyer.country } : null,
    payment: paymentOf(snapshot),
    terms: termsOf(snapshot),
    lines: snapshot.lines.map((line, index) => lineOf(snapshot, line, index, categories[index]!)),
    allowances,
    breakdown: breakdownOf(snapshot, categories),
    totals: {
      lines: text(snapshot.net_minor),
      allowances: allowances.length > 0 ? text(snapshot.document_discount_minor) : '0',
      taxExclusive: text(snapshot.net_minor - snapshot.document_discount_minor),
      tax: text(snapshot.tax_minor),
      taxInclusive: text(snapshot.total_minor),
      payable: text(snapshot.total_minor),
    },
  };
}

/** Amounts have at most two decimals here; a third that is nought is left off, another stays and is refused by rule. */
function amountText(minor: bigint, currency: string): string {
  return toDecimalText(minor, currency).replace(/(\.\d\d)0+$/, '$1');
}

interface Categorised {
  readonly category: TaxCategory;
  readonly rate: string | null;
}

function categoryOf(line: InvoiceSnapshot['lines'][number]): Categorised {
  const [tax] = line.taxes;
  if (!tax || tax.category === 'O') return { category: 'O', rate: null };
  return { category: tax.category, rate: exactly(tax.rate, PERCENT_DECIMALS) };
}

const keyOf = ({ category, rate }: Categorised) => `${category} ${rate}`;

function exactly(text: string, decimals: number): string {
  const read = parseExactDecimal(text, decimals);
  return read.ok ? exactDecimalText(read.scaled, decimals) : text;
}

function lineOf(
  snapshot: InvoiceSnapshot,
  line: InvoiceSnapshot['lines'][number],
  index: number,
  { category, rate }: Categorised,
): ELine {
  const { currency } = snapshot;
  const quantity = exactly(line.quantity, QUANTITY_DECIMALS);
  const netAmount = amountText(BigInt(line.net_minor), currency);
  const hasTaxInside = line.taxes.some((tax) => tax.inclusive);
  const words = documentWords(snapshot.locale);
  const off = line.discount_minor > 0 && !hasTaxInside;
  const gross = amountText(BigInt(line.gross_minor), currency);
  // A price with its tax inside is no price of this standard: what the line comes to without tax, for all its pieces.
  // The same where a price per piece cannot say to the hundredth what the line was rounded to, as with yen.
  const priced = hasTaxInside
    ? { price: netAmount, baseQuantity: quantity }
    : isProduct(quantity, line.unit_price, gross)
      ? { price: line.unit_price, baseQuantity: '' }
      : { price: gross, baseQuantity: quantity };
  return {
    id: String(index + 1),
    name: line.name,
    description: line.description,
    quantity,
    unitCode: line.unit_code,
    netAmount,
    category,
    rate,
    hasSeveralTaxes: line.taxes.length > 1,
    allowance: off ? { amount: amountText(BigInt(line.discount_minor), currency), reason: words.discount } : null,
    ...priced,
  };
}

/** Whether quantity × price is the amount, within half a hundredth of the currency's whole unit either way. */
function isProduct(quantity: string, price: string, amount: string): boolean {
  const scaled = (text: string, decimals: number) => {
    const read = parseExactDecimal(text, decimals);
    return read.ok ? read.scaled : 0n;
  };
  const priceDecimals = 8;
  const product = scaled(quantity, QUANTITY_DECIMALS) * scaled(price, priceDecimals);
  const difference = product - scaled(amount, QUANTITY_DECIMALS + priceDecimals);
  const half = scaled('0.005', QUANTITY_DECIMALS + priceDecimals);
  return difference <= half && -difference <= half;
}

function allowancesOf(snapshot: InvoiceSnapshot, categories: readonly Categorised[]): EAllowance[] {
  const found = new Map<string, { of: Categorised; minor: bigint }>();
  for (const [index, line] of snapshot.lines.entries()) {
    const of = categories[index]!;
    const before = found.get(keyOf(of))?.minor ?? 0n;
    found.set(keyOf(of), { of, minor: before + BigInt(line.document_discount_minor) });
  }
  const reason = documentWords(snapshot.locale).discount;
  return [...found.values()]
    .filter(({ minor }) => minor !== 0n)
    .map(({ of, minor }) => ({ amount: amountText(minor, snapshot.currency), reason, ...of }));
}

/** One row per category and rate, however many taxes of the business come to the same. */
function breakdownOf(snapshot: InvoiceSnapshot, categories: readonly Categorised[]): EBreakdown[] {
  const rows = new Map<string, { of: Categorised; base: bigint; codes: Set<string> }>();
  for (const [index, line] of snapshot.lines.entries()) {
    const of = categories[index]!;
    const row = rows.get(keyOf(of)) ?? { of, base: 0n, codes: new Set() };
    row.base += BigInt(line.taxable_minor);
    if (line.taxes[0]) row.codes.add(line.taxes[0].code);
    rows.set(keyOf(of), row);
  }
  return [...rows.values()].map(({ of, base, codes }) => {
    const taxes = snapshot.taxes.filter((tax) => codes.has(tax.code));
    const tax = taxes.reduce((sum, one) => sum + BigInt(one.tax_minor), 0n);
    const known = REASONS[of.category];
    const given = [...new Set(taxes.map((one) => one.exemption_reason).filter(Boolean))].join('; ');
    const isExempt = of.category !== 'S' && of.category !== 'Z';
    return {
      ...of,
      base: amountText(base, snapshot.currency),
      tax: amountText(tax, snapshot.currency),
      reason: isExempt ? given || (known?.words ?? '') : '',
      reasonCode: known?.code ?? '',
    };
  });
}

function paymentOf({ payment_details: details, seller, currency, kind }: InvoiceSnapshot): EInvoice['payment'] {
  if (!details.iban || kind !== 'invoice') return null;
  const name = details.account_holder || seller.name;
  return { iban: details.iban, bic: details.bic ?? '', name, isSepa: currency === 'EUR' };
}

/** Terms as people read them; standards have no field for parts and for what is off when paid early. */
function termsOf(snapshot: InvoiceSnapshot): string {
  const words = documentWords(snapshot.locale);
  const figures = documentFigures(snapshot.locale, words.language, snapshot.currency);
  const { about, early_discount: early, instalments } = snapshot;
  if (snapshot.kind === 'credit_note') {
    return about ? `${words.about} ${about.number}` : words.title.credit_note;
  }
  return [
    snapshot.terms_words,
    ...(instalments.length < 2
      ? []
      : instalments.map(
          ({ due_on, amount_minor }, index) =>
            `${fill(words.instalment, { number: index + 1, date: figures.day(due_on) })}: ${figures.money(amount_minor)}`,
        )),
    early ? fill(words.early, { amount: figures.money(early.amount_minor), date: figures.day(early.until_on) }) : '',
    snapshot.late_fee_text,
  ]
    .filter(Boolean)
    .join('\n');
}

/** VAT numbers as addresses in the network of e-invoices: EAS code by country. */
const VAT_SCHEMES: Readonly<Record<string, string>> = {
  AD: '9922',
  AL: '9923',
  BA: '9924',
  BE: '9925',
  BG: '9926',
  CH: '9927',
  CY: '9928',
  CZ: '9929',
  DE: '9930',
  EE: '9931',
  ES: '9920',
  FI: '0213',
  FR: '9957',
  GB: '9932',
  GR: '9933',
  HR: '9934',
  HU: '9910',
  IE: '9935',
  IT: '0211',
  LI: '9936',
  LT: '9937',
  LU: '9938',
  LV: '9939',
  ME: '9941',
  MK: '9942',
  MT: '9943',
  NL: '9944',
  PL: '9945',
  PT: '9946',
  RO: '9947',
  RS: '9948',
  SI: '9949',
  SK: '9950',
  SM: '9951',
  TR: '9952',
};

function partyOf(party: Party, isOutside: boolean): EParty {
  const compact = party.tax_id.replace(/[\s.-]/g, '').toUpperCase();
  // Greece writes EL before its numbers, Northern Ireland XI.
  const prefixes = [party.country, party.country === 'GR' ? 'EL' : '', party.country === 'GB' ? 'XI' : ''];
  const isVatId = prefixes.some((prefix) => prefix !== '' && compact.startsWith(prefix) && compact.length > 4);
  const vatId = isVatId ? compact : '';
  const scheme = VAT_SCHEMES[party.country];
  const address = party.endpoint
    ? { endpoint: party.endpoint, endpointScheme: party.endpoint_scheme }
    : vatId && scheme
      ? { endpoint: vatId, endpointScheme: scheme }
      : party.email
        ? { endpoint: party.email, endpointScheme: 'EM' }
        : { endpoint: '', endpointScheme: '' };
  return {
    name: party.name,
    line1: party.line1,
    line2: party.line2,
    city: party.city,
    region: party.region,
    postalCode: party.postal_code,
    country: party.country,
    vatId: isOutside ? '' : vatId,
    taxNumber: isVatId ? '' : party.tax_id.trim(),
    registration: party.registration,
    email: party.email,
    ...address,
  };
}
