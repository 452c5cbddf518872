import type { AccountStatement, StatementAccount, StatementMovement } from './account-statement.ts';
import { AGES } from './ageing.ts';
import { type DocumentFigures, documentFigures } from './document-figures.ts';
import { type DocumentWords, documentWords, fill } from './document-words.ts';
import type { DrawnRow, DrawnSheet, DrawnTable } from './drawn-sheet.ts';
import { epcText } from './epc-code.ts';
import { businessLines, partyLines } from './invoice-sheet.ts';
import { type StatementWords, statementWords } from './statement-words.ts';

/** Date, what, charged, paid, balance. */
const MOVEMENTS: DrawnTable['columns'] = [
  { share: 0.19, align: 'left' },
  { share: 0.33, align: 'left', yields: true },
  { share: 0.16, align: 'right' },
  { share: 0.16, align: 'right' },
  { share: 0.16, align: 'right' },
];
/** Number, date, due, open. */
const OPEN: DrawnTable['columns'] = [
  { share: 0.3, align: 'left', yields: true },
  { share: 0.25, align: 'left' },
  { share: 0.25, align: 'left' },
  { share: 0.2, align: 'right' },
];
/** Unstructured remittance of a SEPA transfer. */
const REFERENCE_LENGTH_MAX = 140;

interface Told {
  readonly statement: AccountStatement;
  readonly words: DocumentWords;
  readonly own: StatementWords;
}

/** The texts of a statement of account, in the customer's language. */
export function statementSheet(statement: AccountStatement): DrawnSheet {
  const words = documentWords(statement.locale);
  const own = statementWords(words.language);
  const told: Told = { statement, words, own };
  const { days } = figuresOf(told, 'EUR');
  const tables = statement.accounts.flatMap((account) => tablesOf(told, account));
  return {
    language: words.language,
    title: own.title,
    mark: statement.test ? 'TEST' : '',
    business: { name: statement.seller.name, lines: businessLines(statement, words) },
    customer: { label: words.billTo, name: statement.buyer.name, lines: partyLines(statement.buyer, statement, words) },
    facts: [{ label: words.period, value: days(statement.from, statement.to) }],
    tables,
    payment: paymentOf(told),
    notes: [tables.length === 0 ? own.nothing : '', statement.test ? words.testNote : ''].filter((note) => note !== ''),
    footer: statement.footer.split(/\s*\n\s*/).join(' · '),
    pageWords: `${own.title} · ${words.page}`,
    notAllLetters: words.notAllLetters,
  };
}

function figuresOf({ statement, words }: Told, currency: string): DocumentFigures {
  return documentFigures(statement.locale, words.language, currency);
}

function tablesOf(told: Told, account: StatementAccount): DrawnTable[] {
  const { statement, words, own } = told;
  const figures = figuresOf(told, account.currency);
  const balance = (label: string, minor: bigint): DrawnRow => ({
    cells: ['', label, '', '', figures.amount(minor)],
    isStrong: true,
  });
  const closing = fill(own.closing, { date: figures.day(statement.to) });
  const movements: DrawnTable = {
    title: account.currency,
    columns: MOVEMENTS,
    head: [words.date, own.entry, own.charged, own.received, own.balance],
    rows: [
      balance(own.opening, account.openingMinor),
      ...account.movements.map((movement) => movementRow(told, figures, movement)),
    ],
    totals: [{ label: closing, value: figures.money(account.closingMinor), isStrong: true }],
  };
  if (account.open.length === 0) return [movements];
  const open: DrawnTable = {
    title: fill(own.open, { date: figures.day(statement.to) }),
    columns: OPEN,
    head: [words.number, words.date, words.due, `${own.openAmount} ${account.currency}`],
    rows: account.open.map((row) => ({
      cells: [
        row.number,
        row.issuedOn === null ? '' : figures.day(row.issuedOn),
        row.dueOn === null ? '' : figures.day(row.dueOn),
        figures.amount(row.openMinor),
      ],
    })),
    totals: [
      ...AGES.flatMap(({ key }, index) => {
        const minor = account.ages[index]!;
        return minor === 0n ? [] : [{ label: own.ages[key], value: figures.money(minor), isStrong: false }];
      }),
      ...(account.onAccountMinor === 0n
        ? []
        : [{ label: own.onAccount, value: figures.money(-account.onAccountMinor), isStrong: false }]),
    ],
  };
  return [movements, open];
}

function movementRow({ words, own }: Told, figures: DocumentFigures, movement: StatementMovement): DrawnRow {
  const { kind, document, amountMinor } = movement;
  const name = kind === 'invoice' || kind === 'credit_note' ? words.title[kind] : own.kinds[kind];
  const what = document ? `${name} ${document.number}` : name;
  const isOwed = amountMinor > 0n;
  return {
    cells: [
      figures.day(movement.on),
      movement.isReversal ? fill(own.reversal, { what }) : what,
      isOwed ? figures.amount(amountMinor) : '',
      isOwed ? '' : figures.amount(-amountMinor),
      figures.amount(movement.balanceMinor),
    ],
  };
}

/** Where to send what is owed; of nothing owed, nothing. */
function paymentOf(told: Told): DrawnSheet['payment'] {
  const { statement, words } = told;
  const { paymentDetails: details, seller } = statement;
  const owed = statement.accounts.filter(({ closingMinor }) => closingMinor > 0n);
  if (owed.length === 0 || !(details.iban || details.instructions)) return null;
  const reference = referenceOf(owed);
  const rows: [string, string][] = details.iban
    ? [
        [words.accountHolder, details.account_holder || seller.name],
        ['IBAN', details.iban.replace(/(.{4})(?=.)/g, '$1 ')],
        ['BIC', details.bic ?? ''],
        [words.bank, details.bank ?? ''],
        [words.paymentReference, reference],
      ]
    : [];
  return {
    title: words.payment,
    rows: rows.filter(([, value]) => value !== '').map(([label, value]) => ({ label, value })),
    words: details.instructions ? [details.instructions] : [],
    code: codeOf(told, owed, reference),
  };
}

/** Numbers of what is open, as many as a transfer can carry. */
function referenceOf(owed: readonly StatementAccount[]): string {
  const numbers = owed.flatMap(({ open }) =>
    open.filter(({ openMinor }) => openMinor > 0n).map(({ number }) => number),
  );
  let reference = '';
  for (const number of numbers) {
    const longer = reference === '' ? number : `${reference}, ${number}`;
    // A sandbox's code says TEST in front of it.
    if (longer.length > REFERENCE_LENGTH_MAX - 5) break;
    reference = longer;
  }
  return reference;
}

function codeOf(told: Told, owed: readonly StatementAccount[], reference: string) {
  const { statement, words } = told;
  const [account] = owed;
  if (owed.length !== 1 || account?.currency !== 'EUR') return null;
  const text = epcText({
    name: statement.paymentDetails.account_holder || statement.seller.name,
    iban: statement.paymentDetails.iban ?? '',
    bic: statement.paymentDetails.bic ?? '',
    amountMinor: account.closingMinor,
    reference: `${statement.test ? 'TEST ' : ''}${reference}`,
  });
  const caption = fill(words.scan, { amount: figuresOf(told, 'EUR').money(account.closingMinor) });
  return text === null ? null : { text, caption };
}
