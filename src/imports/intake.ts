import { createHash } from 'node:crypto';
import type { CustomValues } from '../contacts/contact.ts';
import type { CustomFieldShape } from '../contacts/custom-field.ts';
import type { MethodKind } from '../payments/attempt.ts';
import { blockOf, detached, isEmailAddress, lineOf, makeDateReader, maskCell, saysNothing } from './cell.ts';
import { countryCodeOf } from './country.ts';
import type { CsvRow } from './csv-rows.ts';
import type { ImportSettings } from './import.ts';
import type { SalesDocument } from './sales-document.ts';
import type { RowWriter } from './stage-rows.ts';
import type { Tally } from './tally.ts';

/** A contact as a check stages it for the commit. */
export interface StagedContact {
  readonly ref: string;
  readonly name: string;
  readonly email: string | null;
  readonly phone: string | null;
  readonly companyName: string | null;
  readonly ownerMemberId: string | null;
  readonly country: string | null;
  readonly billing: Readonly<Record<string, string>>;
  readonly currency: string | null;
  readonly locale: string | null;
  readonly timeZone: string | null;
  readonly custom: CustomValues;
  readonly tags: readonly string[];
  readonly note: string;
  readonly line: number;
}

/** A contact of whom a file of money says no more than a name. */
export const BARE_CONTACT: Omit<StagedContact, 'ref' | 'name' | 'line'> = Object.freeze({
  email: null,
  phone: null,
  companyName: null,
  ownerMemberId: null,
  country: null,
  billing: {},
  currency: null,
  locale: null,
  timeZone: null,
  custom: {},
  tags: [],
  note: '',
});

/** A movement of money as a check stages it for the commit. */
export interface StagedPayment {
  readonly ref: string;
  readonly customerRef: string;
  readonly kind: 'charge' | 'refund';
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly taxMinor: bigint;
  readonly occurredAtMs: number;
  readonly methodKind: MethodKind;
  readonly reference: string | null;
  readonly description: string;
  readonly parentRef: string | null;
  readonly line: number;
  /** The document that it settles, or is; absent where money alone is imported. */
  readonly document?: StagedDocument;
}

/** An invoice or credit note as a check stages it. */
export interface StagedDocument extends Pick<SalesDocument, 'kind' | 'lines' | 'discountMinor' | 'notes'> {
  readonly number: string;
  /** The moment it is due; null where the file does not say. */
  readonly dueAtMs: number | null;
  /** Of a credit note: the reference of its invoice. */
  readonly aboutRef: string | null;
}

/** Where an intake puts what it made of the lines: charges before the refunds that may belong to them. */
export interface Stage {
  readonly contacts: RowWriter<StagedContact>;
  readonly charges: RowWriter<StagedPayment>;
  readonly refunds: RowWriter<StagedPayment>;
  /** Between groups: lets reports leave memory. */
  relieve(): Promise<void>;
}

/** One kind of import: takes lines one by one, then stages what they come to. */
export interface Intake {
  take(row: CsvRow): void;
  /** Between batches: lets collected groups leave memory. */
  relieve(): Promise<void>;
  finish(stage: Stage): Promise<void>;
}

/** What the cells of contacts refer to in the workspace. */
export interface Surroundings {
  /** E-mail address or name of a member in lower case → member id. A name that two have is not among them. */
  readonly owners: ReadonlyMap<string, string>;
  readonly customFields: readonly CustomFieldShape[];
}

export interface IntakeContext {
  readonly surroundings: Surroundings;
  readonly settings: ImportSettings;
  readonly tally: Tally;
  /** For groups that do not fit in memory. */
  readonly folder: string;
  /** Parts of a reference that had to be masked are told apart by a short hash that this salts. */
  readonly workspaceId: string;
  /** No document is dated after it. */
  readonly now: Date;
}

/** Reads the cells of one file by field name, noting what had to be changed. */
export class CellReader {
  readonly readDate: (cell: string) => Date | null;
  private readonly context: IntakeContext;
  private readonly width: number;

  constructor(context: IntakeContext) {
    this.context = context;
    this.width = context.settings.columns.length;
    this.readDate = makeDateReader(context.settings.dateOrder, context.settings.timeZone);
  }

  /** Counts the row as read; false when it is refused as a whole. */
  accept(row: CsvRow): boolean {
    const { tally } = this.context;
    tally.linesRead += 1;
    if (row.broken !== null) {
      tally.drop(
        'refused',
        { line: row.line, column: '', reason: 'row_broken', message: row.broken, value: row.cells.join(' ') },
        null,
      );
      return false;
    }
    const { length } = row.cells;
    if (
      length !== this.width &&
      (length < this.width || row.cells.slice(this.width).some((cell) => cell.trim() !== ''))
    ) {
      const message = `${length} columns here, ${this.width} in the header.`;
      tally.drop(
        'refused',
        { line: row.line, column: '', reason: 'row_ragged', message, value: row.cells.join(' ') },
        null,
      );
      return false;
    }
    return true;
  }

  columnOf(field: string): number | undefined {
    return this.context.settings.mapping[field];
  }

  /** Name of the field's column, for reports. */
  nameOf(field: string): string {
    const column = this.columnOf(field);
    return column === undefined ? field : (this.context.settings.columns[column] ?? field);
  }

  /** The cell as it stands; empty where the field has no column or the cell says nothing. */
  raw(row: CsvRow, field: string): string {
    const column = this.columnOf(field);
    if (column === undefined) return '';
    const cell = row.cells[column] ?? '';
    return saysNothing(cell) ? '' : cell;
  }

  /** Text to keep: one line, cut, card numbers masked and noted. */
  text(row: CsvRow, field: string, lengthMax: number): string {
    return this.kept(row, field, lengthMax, lineOf);
  }

  /** The same with its line ends. */
  block(row: CsvRow, field: string, lengthMax: number): string {
    return this.kept(row, field, lengthMax, blockOf);
  }

  private kept(row: CsvRow, field: string, lengthMax: number, clean: typeof lineOf): string {
    const cell = this.raw(row, field);
    if (cell === '') return '';
    const line = clean(cell, lengthMax);
    const masked = maskCell(line);
    const { tally } = this.context;
    if (masked !== line)
      tally.note({ line: row.line, column: this.nameOf(field), reason: 'card_masked', value: masked });
    else if (line.length === lengthMax && cell.trim().length > lengthMax) {
      tally.note({ line: row.line, column: this.nameOf(field), reason: 'cut_short', value: line });
    }
    return detached(masked);
  }

  /**
   * A reference, by which rows are found again. One in ten long numbers looks like a card number; masked ones are told
   * apart by 24 bits of a salted hash, far too few to find the number by and enough for a file.
   */
  ref(row: CsvRow, field: string): string {
    const cell = this.raw(row, field);
    if (cell === '') return '';
    const line = lineOf(cell, REF_LENGTH_MAX);
    const masked = maskCell(line);
    if (masked === line) return detached(line);
    this.context.tally.note({ line: row.line, column: this.nameOf(field), reason: 'card_masked', value: masked });
    return `${masked} ${shortHash(`${this.context.workspaceId} ${line}`, 6)}`;
  }

  /** Notes that a value cannot be used and is left empty. */
  leftEmpty(row: CsvRow, field: string, why: string, value: string): null {
    const about = { line: row.line, column: this.nameOf(field), message: `${why}: left empty.`, value };
    this.context.tally.note({ ...about, reason: 'value_wrong' });
    return null;
  }

  /** An e-mail address in lower case; what is none is noted and left empty. */
  email(row: CsvRow, field: string): string | null {
    const text = this.text(row, field, 254).toLowerCase();
    if (text === '') return null;
    if (isEmailAddress(text)) return text;
    return this.leftEmpty(row, field, 'Not an e-mail address', text);
  }

  /** A country code; names that mean none are noted and left empty. */
  country(row: CsvRow, field: string): string | null {
    const text = this.text(row, field, 100);
    const code = countryCodeOf(text);
    if (code) return code;
    if (text !== '') this.noteCountry(row.line, text);
    return null;
  }

  noteCountry(line: number, text: string): void {
    const reason = countryCodeOf(text) === null ? 'country_not_one' : 'country_unknown';
    this.context.tally.note({ line, column: this.nameOf('country'), reason, value: text });
  }
}

/** As long as a contact's reference may be. */
export const REF_LENGTH_MAX = 110;
export const NAME_LENGTH_MAX = 200;
export const DESCRIPTION_LENGTH_MAX = 500;

/** The first characters of a SHA-256 in hex. */
export function shortHash(text: string, length: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, length);
}

/** A customer whose name nobody told. */
export function namelessCustomer(ref: string): string {
  return `Customer ${ref}`;
}
