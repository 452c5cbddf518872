import { countryName, townLines } from '../contacts/postal-address.ts';
import { type DocumentFigures, documentFigures } from './document-figures.ts';
import { type DocumentWords, documentWords, fill } from './document-words.ts';
import type { DrawnSheet, DrawnTable, Labelled } from './drawn-sheet.ts';
import { epcText } from './epc-code.ts';
import type { InvoiceSnapshot, Party } from './invoice-snapshot.ts';

/** What stands on the paper of an invoice, quote or credit note; what it looks like is draw-sheet.ts's. */
export interface InvoiceSheet extends Omit<DrawnSheet, 'tables'> {
  readonly head: readonly [description: string, quantity: string, price: string, tax: string, amount: string];
  readonly lines: readonly SheetLine[];
  readonly totals: DrawnTable['totals'];
}

type Parties = Pick<InvoiceSnapshot, 'seller' | 'buyer'>;

export interface SheetLine {
  readonly name: string;
  readonly quantity: string;
  readonly price: string;
  readonly tax: string;
  readonly amount: string;
  /** Below the name, across the whole width. */
  readonly more: readonly string[];
}

/** The texts of a document. A preview is the same document without number, marked as a draft. */
export function invoiceSheet(snapshot: InvoiceSnapshot, isPreview = false): InvoiceSheet {
  const words = documentWords(snapshot.locale);
  const figures = documentFigures(snapshot.locale, words.language, snapshot.currency);
  const number = isPreview ? words.draft : snapshot.number;
  const title = words.title[snapshot.kind];
  return {
    language: words.language,
    title,
    mark: isPreview ? words.draft : snapshot.test ? 'TEST' : '',
    business: { name: snapshot.seller.name, lines: businessLines(snapshot, words) },
    customer: { label: words.billTo, name: snapshot.buyer.name, lines: partyLines(snapshot.buyer, snapshot, words) },
    facts: factsOf(snapshot, words, figures, number),
    head: [words.description, words.quantity, words.unitPrice, words.tax, `${words.amount} ${snapshot.currency}`],
    lines: snapshot.lines.map((line) => sheetLine(line, words, figures)),
    totals: totalsOf(snapshot, words, figures),
    payment: snapshot.kind === 'invoice' ? paymentOf(snapshot, words, figures, isPreview) : null,
    notes: [
      ...new Set(snapshot.taxes.map((tax) => tax.exemption_reason)),
      snapshot.notes,
      isPreview ? words.draftNote : '',
      snapshot.test ? words.testNote : '',
    ].filter((note) => note !== ''),
    // A footer stands on every page: its lines become one.
    footer: snapshot.footer.split(/\s*\n\s*/).join(' · '),
    pageWords: `${title} ${number} · ${words.page}`,
    notAllLetters: words.notAllLetters,
  };
}

/** What stands below the name of the business on its paper. */
export function businessLines(parties: Parties, words: DocumentWords): string[] {
  const { seller } = parties;
  return [
    ...partyLines(seller, parties, words),
    seller.registration && fill(words.registration, { id: seller.registration }),
    seller.email,
  ].filter((line) => line !== '');
}

/** Address and tax id of one of the two. The country is named where they are not of one. */
export function partyLines(party: Party, { seller, buyer }: Parties, words: DocumentWords): string[] {
  const isAbroad = seller.country !== buyer.country && party.country !== '';
  return [
    party.line1,
    party.line2,
    ...townLines(party, party.country || seller.country),
    isAbroad ? countryName(party.country, words.language) : '',
    party.tax_id && fill(words.taxId, { id: party.tax_id }),
  ].filter((line) => line !== '');
}

function factsOf(
  snapshot: InvoiceSnapshot,
  words: DocumentWords,
  figures: DocumentFigures,
  number: string,
): Labelled[] {
  const { about, period } = snapshot;
  const facts: [string, string][] = [
    [words.number, number],
    [words.date, figures.day(snapshot.issued_on)],
    [words.due, snapshot.due_on && snapshot.instalments.length < 2 ? figures.day(snapshot.due_on) : ''],
    [words.validUntil, snapshot.valid_until ? figures.day(snapshot.valid_until) : ''],
    [words.reference, snapshot.reference],
    [words.about, about ? fill(words.aboutOf, { number: about.number, date: figures.day(about.issued_on) }) : ''],
    [words.period, period ? figures.days(period.from, lastDayOf(period)) : ''],
  ];
  return facts.filter(([, value]) => value !== '').map(([label, value]) => ({ label, value }));
}

/** Periods are kept with the first day after them; people are told the last day in them. */
export function lastDayOf(period: { readonly from: string; readonly until: string }): string {
  const day = new Date(`${period.until}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() - 1);
  const last = day.toISOString().slice(0, 10);
  return last < period.from ? period.from : last;
}

function sheetLine(line: InvoiceSnapshot['lines'][number], words: DocumentWords, figures: DocumentFigures): SheetLine {
  const hasTaxInside = line.taxes.some((tax) => tax.inclusive);
  const { discount } = line;
  const off = `−${figures.amount(line.discount_minor)}`;
  const share = discount?.percent === undefined ? '' : ` ${figures.decimal(discount.percent)} %`;
  return {
    name: line.name,
    quantity: `${figures.decimal(line.quantity)}${line.unit ? ` ${line.unit}` : ''}`,
    price: figures.price(line.unit_price),
    tax: line.taxes
      .map(({ rate, inclusive }) => {
        const shown = `${figures.decimal(rate)} %`;
        return inclusive ? fill(words.included, { rate: shown }) : shown;
      })
      .join(', '),
    // As written: a price with its tax inside comes to an amount with its tax inside.
    amount: figures.amount(hasTaxInside ? line.gross_minor - line.discount_minor : line.net_minor),
    more: [line.description, line.discount_minor > 0 ? `${words.discount}${share} ${off}` : ''].filter(Boolean),
  };
}

function totalsOf(snapshot: InvoiceSnapshot, words: DocumentWords, figures: DocumentFigures) {
  const rows: { label: string; value: string; isStrong: boolean }[] = [];
  const add = (label: string, value: string, isStrong = false) => rows.push({ label, value, isStrong });
  const hasParts = snapshot.taxes.length > 0 || snapshot.document_discount_minor > 0;
  if (hasParts) add(words.subtotal, figures.amount(snapshot.net_minor));
  if (snapshot.document_discount_minor > 0) add(words.discount, `−${figures.amount(snapshot.document_discount_minor)}`);
  for (const tax of snapshot.taxes) {
    const label = fill(words.taxOn, { label: tax.label, base: figures.amount(tax.base_minor) });
    add(label, figures.amount(tax.tax_minor));
  }
  add(words.total, figures.money(snapshot.total_minor), true);
  return rows;
}

function paymentOf(
  snapshot: InvoiceSnapshot,
  words: DocumentWords,
  figures: DocumentFigures,
  isPreview: boolean,
): InvoiceSheet['payment'] {
  const { payment_details: details, instalments, early_discount: early } = snapshot;
  if (snapshot.total_minor === 0) return null;
  const reference = isPreview ? words.draft : snapshot.number;
  const parts = instalments.length < 2 ? [] : instalments;
  const account: [string, string][] = details.iban
    ? [
        [words.accountHolder, details.account_holder || snapshot.seller.name],
        ['IBAN', details.iban.replace(/(.{4})(?=.)/g, '$1 ')],
        ['BIC', details.bic ?? ''],
        [words.bank, details.bank ?? ''],
        [words.paymentReference, reference],
      ]
    : [];
  return {
    title: words.payment,
    rows: [
      ...parts.map(({ due_on, amount_minor }, index) => ({
        label: fill(words.instalment, { number: index + 1, date: figures.day(due_on) }),
        value: figures.money(amount_minor),
        isAmount: true,
      })),
      ...account.filter(([, value]) => value !== '').map(([label, value]) => ({ label, value })),
    ],
    words: [
      snapshot.terms_words,
      early ? fill(words.early, { amount: figures.money(early.amount_minor), date: figures.day(early.until_on) }) : '',
      snapshot.late_fee_text,
      details.instructions ?? '',
    ].filter((text) => text !== ''),
    code: codeOf(snapshot, words, figures, isPreview),
  };
}

/** For the whole, or for the first part of it; a draft is not paid. */
function codeOf(snapshot: InvoiceSnapshot, words: DocumentWords, figures: DocumentFigures, isPreview: boolean) {
  const { payment_details: details, instalments, currency } = snapshot;
  if (currency !== 'EUR' || isPreview) return null;
  const amountMinor = BigInt(instalments[0]?.amount_minor ?? snapshot.total_minor);
  const text = epcText({
    name: details.account_holder || snapshot.seller.name,
    iban: details.iban ?? '',
    bic: details.bic ?? '',
    amountMinor,
    reference: `${snapshot.test ? 'TEST ' : ''}${snapshot.number}`,
  });
  return text === null ? null : { text, caption: fill(words.scan, { amount: figures.money(amountMinor) }) };
}
