import type { DateOrder } from './cell.ts';
import type { Dialect } from './csv-dialect.ts';

export const IMPORT_KINDS = ['contacts', 'payments', 'sales_lines'] as const;
export type ImportKind = (typeof IMPORT_KINDS)[number];

export const IMPORT_STATUSES = [
  'uploaded',
  'checking',
  'checked',
  'committing',
  'committed',
  'failed',
  'undoing',
  'undone',
] as const;
export type ImportStatus = (typeof IMPORT_STATUSES)[number];

/** Statuses in which the program is at work; what a stop leaves in one of them is taken up at the next start. */
export const RUNNING: readonly ImportStatus[] = ['checking', 'committing', 'undoing'];

/**
 * What may be asked for in which status. A failed import can be mapped and checked again, or undone as far as it got;
 * `discard` gives its file up.
 */
export const MAY: Readonly<Record<'map' | 'check' | 'commit' | 'undo' | 'discard', readonly ImportStatus[]>> = {
  map: ['uploaded', 'checked', 'failed'],
  check: ['uploaded', 'checked', 'failed'],
  commit: ['checked'],
  undo: ['committed', 'failed'],
  discard: ['uploaded', 'checked', 'failed'],
};

/** An uploaded file that nobody works on is kept so long: over a holiday week, and not for ever. */
export const FILE_KEPT_DAYS = 7;

/** When the file is taken off the server unless somebody works on the import before; null where none is waiting. */
export function fileKeptUntil(row: {
  readonly status: ImportStatus;
  readonly updated_at: Date;
  readonly file_removed_at: Date | null;
}): Date | null {
  if (row.file_removed_at !== null || !MAY.discard.includes(row.status)) return null;
  return new Date(row.updated_at.getTime() + FILE_KEPT_DAYS * 86_400_000);
}

/** How the file is read and what its columns are. */
export interface ImportSettings {
  readonly dialect: Dialect;
  readonly columns: readonly string[];
  /** Target field → column number from 0. */
  readonly mapping: Readonly<Record<string, number>>;
  /** Currency of amounts whose row does not say. */
  readonly currency: string;
  /** Zone of wall-clock times. */
  readonly timeZone: string;
  readonly dateOrder: DateOrder;
  readonly decimalMark: '.' | ',';
  /** What becomes of sales lines; absent in what was uploaded before there was a choice: payments. */
  readonly salesAs?: SalesAs;
  /** How documents that were paid were paid; absent: in a way nobody told. */
  readonly paidBy?: PaidBy;
}

/** Sales lines become payments only, or documents: with the money that paid them, or open. */
export const SALES_AS = ['payments', 'invoices_paid', 'invoices_open'] as const;
export type SalesAs = (typeof SALES_AS)[number];

export const PAID_BY = ['card', 'bank_debit', 'cash', 'cheque', 'bank_transfer', 'other'] as const;
export type PaidBy = (typeof PAID_BY)[number];

/** What is made of the sales lines of a file; null for other kinds of files. */
export function salesAsOf(row: { readonly kind: ImportKind; readonly settings: ImportSettings }): SalesAs | null {
  return row.kind === 'sales_lines' ? (row.settings.salesAs ?? 'payments') : null;
}

/** What an undo takes back, kind by kind. */
export type UndoneKind = 'refund' | 'charge' | 'credit_note' | 'invoice' | 'contact' | 'company';

export interface ImportProgress {
  readonly phase: 'reading' | 'contacts' | 'payments' | 'documents' | 'undoing' | 'done';
  readonly linesRead: number;
  /** Of the file as it was sent, compressed or not; absent in what was read before it was told. */
  readonly bytesRead?: number;
  /** Rows written (or taken back) of rows to write. */
  readonly rowsDone: number;
  readonly rowsTotal: number;
  /** Where in the staged file the next chunk begins. */
  readonly offset: number;
  /** What an undo takes back now, and the last id that is done. */
  readonly undoing?: { readonly what: UndoneKind; readonly afterId: string };
}

export const NO_PROGRESS: ImportProgress = Object.freeze({
  phase: 'reading',
  linesRead: 0,
  bytesRead: 0,
  rowsDone: 0,
  rowsTotal: 0,
  offset: 0,
});

export type Severity = 'refused' | 'left_out' | 'note';

/** One thing to tell about one line. */
export interface LineReport {
  readonly line: number;
  readonly column: string;
  readonly severity: Severity;
  readonly reason: ReasonCode;
  readonly message: string;
  readonly value: string;
}

/** Why lines are refused, left out or noted. The words are what the tie-out prints. */
export const REASONS = {
  row_broken: 'The row cannot be read',
  row_ragged: 'The row has another number of columns than the header',
  value_missing: 'A needed value is missing',
  value_wrong: 'A value cannot be read',
  customer_unknown: 'No customer is named',
  adjustment: 'An accounting adjustment (number beginning with A), not a sale',
  payment_not_settled: 'The payment was not successful',
  zero_value: 'Worth nothing: no payment is made',
  date_ahead: 'The date is still to come',
  sign_mixed: 'The sign of the total does not fit the kind of the invoice',
  invoice_incomplete: 'Another line of the same invoice is refused',
  invoice_of_two: 'The invoice names two customers',
  amount_too_large: 'The amount is larger than this program accepts',
  duplicate_in_file: 'The reference stands in the file twice',
  too_many_lines: 'The document has more lines than are accepted',
  number_taken: 'A document issued here bears this number, too',
  credit_alone: 'Credit note whose sale was not found: it stands alone',
  document_rounded: 'The document rounded once differs from its rounded lines: the difference stands in it',
  two_countries: 'Two countries for one customer: the latest is kept',
  country_unknown: 'The country is not known: left empty',
  country_not_one: 'The country is no one country: left empty',
  card_masked: 'Looked like a card number: masked',
  cut_short: 'Longer than is kept: cut short',
  differs_from_stored: 'Already there with another amount, currency or kind',
} as const;
export type ReasonCode = keyof typeof REASONS;

/** The words for a reason; some say something else where the line is written all the same. */
export function titleOf(code: ReasonCode, severity: Severity): string {
  return code === 'value_wrong' && severity === 'note' ? 'A value cannot be used: left empty' : REASONS[code];
}

export interface ReasonCount {
  readonly code: ReasonCode;
  readonly severity: Severity;
  readonly lines: number;
  /** Exact value of those lines per currency, decimal text; absent where they have none. */
  readonly values: Readonly<Record<string, string>>;
}

/** The tie-out of one currency. Decimal texts are exact; source = charges − credits − rounding + left out + refused. */
export interface MoneySummary {
  readonly currency: string;
  readonly source: string;
  readonly chargeCount: number;
  readonly chargesMinor: number;
  readonly creditCount: number;
  readonly creditsMinor: number;
  readonly netMinor: number;
  readonly leftOut: string;
  readonly refused: string;
  /** What rounding each invoice once added (or took away). */
  readonly rounding: string;
  readonly ties: boolean;
}

export interface ImportSummary {
  readonly lines: { readonly read: number; readonly used: number; readonly leftOut: number; readonly refused: number };
  readonly money: readonly MoneySummary[];
  readonly contacts: { readonly inFile: number; readonly alreadyThere: number };
  /** Companies of contacts; absent in what was checked before there were any. */
  readonly companies?: { readonly inFile: number; readonly alreadyThere: number; readonly toAdd: number };
  readonly payments: { readonly inFile: number; readonly alreadyThere: number; readonly zeroValue: number };
  /** Documents that sales lines become; absent where they become payments only. */
  readonly documents?: DocumentCounts;
  readonly reasons: readonly ReasonCount[];
  /** Lines told of beyond those that are kept one by one. */
  readonly reportsNotKept: number;
  readonly ties: boolean;
  /** What a commit wrote; absent before. */
  readonly written?: {
    readonly contacts: number;
    readonly companies?: number;
    readonly payments: number;
    readonly documents?: number;
    readonly alreadyThere: number;
  };
  /** What an undo took back; absent before. */
  readonly takenBack?: {
    readonly contacts: number;
    readonly contactsKept: number;
    readonly companies?: number;
    readonly companiesKept?: number;
    readonly payments: number;
    readonly paymentsKept: number;
    readonly documents?: number;
    readonly documentsKept?: number;
  };
}

/** Invoices and credit notes of a file, as they will be written. */
export interface DocumentCounts {
  readonly invoices: number;
  readonly creditNotes: number;
  readonly lines: number;
  /** Credit notes whose sale was found in the file; the others stand alone. */
  readonly aboutSales: number;
  readonly alreadyThere: number;
}

/** Rows that a commit writes or finds there. */
export function rowsToWrite({ contacts, payments, documents }: ImportSummary): number {
  return contacts.inFile + (documents ? documents.invoices + documents.creditNotes : payments.inFile);
}

/** Sales lines carry prices with up to four decimals and quantities likewise; their product is exact at eight. */
export const PRICE_DECIMALS = 4;
export const VALUE_DECIMALS = 2 * PRICE_DECIMALS;

/** Written per transaction: enough that the disk's wait does not count, little enough that nobody else waits long. */
export const CHUNK_ROWS = 1_000;
/** Documents carry their lines, twice (as written, and as issued): fewer of them at once. */
export const CHUNK_DOCUMENTS = 500;
/** Lines told of one by one; a file with more is wrong as a whole, and the counts say so. */
export const REPORTS_KEPT_MAX = 200_000;
/** Largest file. The way through it takes no memory; the bound is for the disk. */
export const FILE_BYTES_MAX = 4 * 2 ** 30;
/** Largest text inside a compressed file: a bound on what a few kilobytes may unfold to. */
export const TEXT_BYTES_MAX = 16 * 2 ** 30;

/** The tie-out of an import, or null before its first check. */
export function summaryOf(row: { readonly summary: ImportSummary | Record<string, never> }): ImportSummary | null {
  return 'lines' in row.summary ? (row.summary as ImportSummary) : null;
}
