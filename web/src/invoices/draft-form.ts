import type { Invoice, NewInvoiceBody, TermsBody } from '../../../src/invoices/api.ts';
import type { Product, TermsAnswer } from '../../../src/invoices/api-catalogue.ts';
import { TERMS_BY_DEFAULT } from '../../../src/invoices/written-terms.ts';
import { decimalText, typedText } from './decimal-text.ts';

/** A document while it is written: what stands in the fields, as typed. */
export interface DraftForm {
  readonly kind: 'invoice' | 'quote';
  readonly contact: { readonly id: string; readonly name: string } | null;
  readonly currency: string;
  readonly lines: readonly LineForm[];
  readonly discount: DiscountForm;
  readonly terms: TermsChoice;
  readonly deposit: DiscountForm;
  readonly reference: string;
  readonly notes: string;
  /** Calendar dates; empty: the day it is issued, and no end. */
  readonly issuedOn: string;
  readonly validUntil: string;
  /** Whether it is charged by itself on its due date; null: where the contact agreed to that. */
  readonly autoCharge: boolean | null;
}

export interface LineForm {
  /** Only for telling lines apart on the screen. */
  readonly key: string;
  readonly productId: string | null;
  readonly name: string;
  readonly description: string;
  readonly quantity: string;
  readonly unit: string;
  readonly unitCode: string;
  readonly unitPrice: string;
  readonly discount: DiscountForm;
  readonly taxes: readonly string[];
}

/** A discount or deposit: nothing while `text` is empty. An amount is typed in whole units of the currency. */
export interface DiscountForm {
  readonly as: 'percent' | 'amount';
  readonly text: string;
}

/** Default: the contact's terms or else the workspace's. */
export type TermsChoice =
  | { readonly kind: 'default' }
  | { readonly kind: 'library'; readonly id: string }
  | { readonly kind: 'own'; readonly terms: TermsBody };

export const NO_DISCOUNT: DiscountForm = { as: 'percent', text: '' };

let lines = 0;
/** A line that nothing has been written on. */
export function emptyLine(taxes: readonly string[]): LineForm {
  lines += 1;
  return {
    key: `line ${lines}`,
    productId: null,
    name: '',
    description: '',
    quantity: '1',
    unit: '',
    unitCode: 'C62',
    unitPrice: '',
    discount: NO_DISCOUNT,
    taxes,
  };
}

export function isBlank(line: LineForm): boolean {
  return line.name.trim() === '' && line.unitPrice.trim() === '' && line.description.trim() === '';
}

/** The line as it is once a product was chosen: price and taxes are the product's, where its currency is the document's. */
export function withProduct(line: LineForm, product: Product, currency: string, mark: '.' | ','): LineForm {
  return {
    ...line,
    productId: product.id,
    name: product.name,
    description: product.description,
    unit: product.unit,
    unitCode: product.unit_code,
    unitPrice: product.currency === currency ? typedText(product.unit_price, mark) : line.unitPrice,
    taxes: product.taxes.length > 0 ? product.taxes : line.taxes,
  };
}

export interface FieldError {
  readonly path: string;
  readonly message: string;
  /** Not filled in yet, which is nothing to be told about while one still writes. */
  readonly isMissing?: boolean;
}

/** Reads one amount of money in the document's currency; the caller knows how ("1200.5" → 120050). */
export type ReadAmount = (text: string) => { minor: number } | { problem: string };

/**
 * What is sent to the API, and what is missing or wrong before it can be, named as the API names its fields; what is
 * wrong is replaced by something harmless, so that the rest can be counted. Lines that nothing was written on are left
 * out; `places` says which line of the form each sent line was.
 */
export function bodyOf(
  form: DraftForm,
  mark: '.' | ',',
  readAmount: ReadAmount,
): { body: NewInvoiceBody; errors: FieldError[]; places: number[] } {
  const errors: FieldError[] = [];
  const missing = (path: string, message: string) => errors.push({ path, message, isMissing: true });
  const decimal = (typed: string, path: string, ask: string): string | null => {
    const text = decimalText(typed, mark);
    if (text !== null) return text;
    if (typed.trim() === '') missing(path, ask);
    else errors.push({ path, message: 'That is no number.' });
    return null;
  };
  const discount = (written: DiscountForm, path: string) => {
    if (written.text.trim() === '') return null;
    if (written.as === 'percent') {
      const percent = decimal(written.text, `${path}.percent`, '');
      if (percent === null) return null;
      if (Number(percent) <= 100) return { percent };
      errors.push({ path: `${path}.percent`, message: 'At most 100 per cent.' });
      return null;
    }
    const amount = readAmount(written.text);
    if ('minor' in amount) return { amount_minor: amount.minor };
    errors.push({ path: `${path}.amount_minor`, message: amount.problem });
    return null;
  };

  const places = form.lines.flatMap((line, place) => (isBlank(line) ? [] : [place]));
  const sent = places.map((place, index) => {
    const line = form.lines[place]!;
    const path = `lines[${index}]`;
    if (line.name.trim() === '') missing(`${path}.name`, 'What is it for?');
    const quantity = decimal(line.quantity, `${path}.quantity`, 'How many?');
    const isNone = quantity !== null && Number(quantity) === 0;
    if (isNone) errors.push({ path: `${path}.quantity`, message: 'More than zero.' });
    return {
      ...(line.productId === null ? {} : { product_id: line.productId }),
      name: line.name.trim(),
      description: line.description.trim(),
      quantity: isNone ? '1' : (quantity ?? '1'),
      unit: line.unit.trim(),
      unit_code: line.unitCode,
      unit_price: decimal(line.unitPrice, `${path}.unit_price`, 'What does one cost?') ?? '0',
      discount: discount(line.discount, `${path}.discount`),
      taxes: [...line.taxes],
    };
  });
  if (form.contact === null) missing('contact_id', 'Who is it for?');
  if (sent.length === 0) missing('lines', 'Write at least one line.');
  const whole = discount(form.discount, 'discount');
  const deposit = discount(form.deposit, 'deposit');
  return {
    body: {
      kind: form.kind,
      contact_id: form.contact?.id ?? '',
      currency: form.currency,
      lines: sent,
      discount: whole,
      deposit,
      notes: form.notes.trim(),
      reference: form.reference.trim() === '' ? null : form.reference.trim(),
      terms: form.terms.kind === 'own' ? form.terms.terms : null,
      terms_id: form.terms.kind === 'library' ? form.terms.id : null,
      issued_on: form.issuedOn === '' ? null : form.issuedOn,
      valid_until: form.validUntil === '' ? null : form.validUntil,
      auto_charge: form.autoCharge ?? false,
    },
    errors,
    places,
  };
}

/** A kept draft in the fields again. `amountText` writes minor units as they are typed. */
export function formOf(
  invoice: Invoice,
  library: readonly TermsAnswer[],
  mark: '.' | ',',
  amountText: (minor: number) => string,
): DraftForm {
  const discount = (kept: Invoice['discount']): DiscountForm => {
    if (kept === null) return NO_DISCOUNT;
    return kept.amount_minor === undefined
      ? { as: 'percent', text: typedText(kept.percent ?? '', mark) }
      : { as: 'amount', text: amountText(kept.amount_minor) };
  };
  const { name, terms } = invoice.terms;
  const usual = library.find((one) => one.is_default)?.terms ?? TERMS_BY_DEFAULT;
  const known = library.find((one) => one.name === name && sameTerms(one.terms, terms));
  return {
    kind: invoice.kind === 'quote' ? 'quote' : 'invoice',
    contact: invoice.contact,
    currency: invoice.currency,
    lines: invoice.lines.map((line) => ({
      ...emptyLine(line.taxes),
      productId: line.product_id,
      name: line.name,
      description: line.description,
      quantity: typedText(line.quantity, mark),
      unit: line.unit,
      unitCode: line.unit_code,
      unitPrice: typedText(line.unit_price, mark),
      discount: discount(line.discount),
    })),
    discount: discount(invoice.discount),
    terms: known
      ? { kind: 'library', id: known.id }
      : name === '' && sameTerms(terms, usual)
        ? { kind: 'default' }
        : { kind: 'own', terms },
    deposit: discount(invoice.deposit),
    reference: invoice.reference ?? '',
    notes: invoice.notes,
    issuedOn: invoice.issue_on ?? '',
    validUntil: invoice.valid_until ?? '',
    autoCharge: invoice.auto_charge,
  };
}

function sameTerms(a: TermsBody, b: TermsBody): boolean {
  return JSON.stringify(ordered(a)) === JSON.stringify(ordered(b));
}

/** JSON that came through a database may name its parts in another order. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, one]) => [name, ordered(one)]),
  );
}
