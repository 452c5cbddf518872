import type { PdfFacts } from '../foundation/pdf-document.ts';
import type { Picture } from '../foundation/pdf-picture.ts';

/** What stands on paper, as texts in their places: every document of the business is drawn from one of these. */
export interface DrawnSheet {
  readonly language: string;
  readonly title: string;
  /** Across every page, or empty. */
  readonly mark: string;
  readonly business: { readonly name: string; readonly lines: readonly string[] };
  readonly customer: { readonly label: string; readonly name: string; readonly lines: readonly string[] };
  readonly facts: readonly Labelled[];
  readonly tables: readonly DrawnTable[];
  readonly payment: {
    readonly title: string;
    /** Amounts stand right below each other; anything else stands beside its label. */
    readonly rows: readonly (Labelled & { readonly isAmount?: boolean })[];
    readonly words: readonly string[];
    /** What a QR code says, and what is said of it. */
    readonly code: { readonly text: string; readonly caption: string } | null;
  } | null;
  readonly notes: readonly string[];
  readonly footer: string;
  /** "{page} of {pages}", still to be filled in. */
  readonly pageWords: string;
  readonly notAllLetters: string;
}

export interface DrawnTable {
  /** Above it; empty for none. */
  readonly title: string;
  readonly columns: readonly DrawnColumn[];
  /** As many texts as columns; so has every row. */
  readonly head: readonly string[];
  readonly rows: readonly DrawnRow[];
  readonly totals: readonly (Labelled & { readonly isStrong: boolean })[];
}

export interface DrawnColumn {
  /** Of the table's width. */
  readonly share: number;
  readonly align: 'left' | 'right';
  /** Its words may be broken, so that the figures of the others are not. */
  readonly yields?: boolean;
}

export interface DrawnRow {
  readonly cells: readonly string[];
  /** Below the first cell, across most of the width. */
  readonly more?: readonly string[];
  readonly isStrong?: boolean;
}

export interface Labelled {
  readonly label: string;
  readonly value: string;
}

/** What paper it is, and who for; the same sheet on the same paper gives the same bytes. */
export interface DrawnPaper {
  readonly logo: Picture | null;
  /** Of the business, as "#rrggbb". */
  readonly colour: string;
  /** Where it is printed: ISO 3166-1 alpha-2, or empty. */
  readonly country: string;
  /** BCP 47; decides between the forms of letters that several scripts share. */
  readonly locale: string;
  /** Calendar date that the file says it was made on. */
  readonly madeOn: string;
  readonly title: string;
  /** Files to carry, for hybrid invoices. */
  readonly archive?: PdfFacts['archive'];
}
