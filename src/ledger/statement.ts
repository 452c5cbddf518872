/** One entry's part in what a customer owes: plus is owed, minus was paid, credited or written off. */
export interface MovementRow {
  readonly entry_id: string;
  readonly booking: string;
  readonly on: string;
  readonly currency: string;
  readonly amount_minor: bigint;
  /** The document that its lines are about, where there is one. */
  readonly document_id: string | null;
  /** What was booked: a payment, a document, or a row that stands for the deed. */
  readonly source_id: string;
}

/** What one customer owed, what moved it, and what they owe, in one currency. Amounts in minor units; below nothing is on account. */
export interface Statement {
  readonly currency: string;
  readonly openingMinor: bigint;
  readonly movements: readonly MovementRow[];
  /** Opening balance and every movement of the time, those beyond the limit too. */
  readonly closingMinor: bigint;
  /** Whether all movements of the time are in `movements`; where not, the time has to be narrowed. */
  readonly isWhole: boolean;
}
