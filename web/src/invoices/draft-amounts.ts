import type { NewInvoiceBody, TermsBody } from '../../../src/invoices/api.ts';
import type { InvoicingSettings, TaxAnswer, TermsAnswer } from '../../../src/invoices/api-catalogue.ts';
import { type InvoiceAmounts, invoiceAmounts } from '../../../src/invoices/invoice-amounts.ts';
import { readLines, type WrittenDiscount, type WrittenLine } from '../../../src/invoices/invoice-content.ts';
import type { BusinessCalendar } from '../../../src/invoices/terms.ts';
import { TERMS_BY_DEFAULT, termsProblem } from '../../../src/invoices/written-terms.ts';
import type { FieldError, TermsChoice } from './draft-form.ts';

export interface DraftFacts {
  readonly taxes: readonly TaxAnswer[];
  readonly terms: readonly TermsAnswer[];
  readonly settings: Pick<InvoicingSettings, 'tax_rounding' | 'weekend' | 'holidays'>;
  /** Today in the business's zone. */
  readonly today: string;
}

export interface DueAsked {
  readonly terms: TermsBody;
  readonly deposit: WrittenDiscount | null;
  readonly issuedOn: string;
  readonly totalMinor: bigint;
  readonly calendar: BusinessCalendar;
}

export interface DraftAmounts {
  /** In the order of the body's lines. */
  readonly amounts: InvoiceAmounts;
  /** What dueDatesOf() is asked; null where nothing falls due. */
  readonly due: DueAsked | null;
}

/**
 * What a document comes to, and what it is due by, with the same functions as the server counts with: what the page
 * shows while one types is what will be issued.
 */
export function amountsOfDraft(
  body: NewInvoiceBody,
  terms: TermsBody,
  facts: DraftFacts,
): { counted: DraftAmounts | null; errors: FieldError[] } {
  const taxes = new Map(facts.taxes.map((tax) => [tax.code, tax]));
  const lines = body.lines.map(
    (line): WrittenLine => ({
      product_id: line.product_id ?? null,
      name: line.name,
      description: line.description ?? '',
      quantity: line.quantity ?? '1',
      unit: line.unit ?? '',
      unit_code: line.unit_code ?? 'C62',
      unit_price: line.unit_price,
      discount: written(line.discount),
      taxes: (line.taxes ?? []).flatMap((code) => {
        const tax = taxes.get(code);
        return tax ? [tax] : [];
      }),
    }),
  );
  const currency = body.currency;
  if (currency === undefined) return { counted: null, errors: [] };
  const read = readLines({ lines, discount: written(body.discount) }, currency);
  const problem = termsProblem(terms);
  const errors = [...read.problems, ...(problem ? [{ path: `terms.${problem.path}`, message: problem.message }] : [])];
  if (read.problems.length > 0) return { counted: null, errors };
  const amounts = invoiceAmounts(read.lines, read.discount, facts.settings.tax_rounding);
  const deposit = written(body.deposit);
  const issuedOn = body.issued_on ?? facts.today;
  const due =
    problem || body.kind === 'quote'
      ? null
      : { terms, deposit, issuedOn, totalMinor: amounts.totalMinor, calendar: calendarOf(facts.settings) };
  return { counted: { amounts, due }, errors };
}

/** The terms that a choice stands for, as the server would take them. */
export function termsOf(choice: TermsChoice, library: readonly TermsAnswer[]): TermsBody {
  if (choice.kind === 'own') return choice.terms;
  const named = choice.kind === 'library' ? library.find((one) => one.id === choice.id) : undefined;
  return (named ?? library.find((one) => one.is_default))?.terms ?? TERMS_BY_DEFAULT;
}

export function calendarOf(settings: DraftFacts['settings']): BusinessCalendar {
  return { weekend: settings.weekend, holidays: new Set(settings.holidays) };
}

function written(discount: { percent?: string | undefined; amount_minor?: number | undefined } | null | undefined) {
  if (!discount) return null;
  return discount.amount_minor === undefined
    ? { percent: discount.percent ?? '0' }
    : { amount_minor: discount.amount_minor };
}
