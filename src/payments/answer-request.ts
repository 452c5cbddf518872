import type { Database } from '../foundation/database.ts';
import type { Caller } from '../workspace/caller.ts';
import type { PaymentRow } from './attempt.ts';
import { shapePayments } from './list-payments.ts';
import type { RecordedOutcome } from './record-outcome.ts';
import { readAnswer } from './store-outcome.ts';

/** What a POST that moves money is answered. */
export interface PaymentAnswer {
  readonly row: PaymentRow;
  /** Of HTTP. */
  readonly status: number;
  /** A payment as JSON, byte for byte as it was first given. */
  readonly body: string;
  /** Another request with this key came before. */
  readonly replayed: boolean;
}

const CREATED = 201;

/** The answer to a request whose payment is on its way or done: the stored one as soon as there is one. */
export async function answerRecorded(
  database: Database,
  caller: Caller,
  { row, answer }: Pick<RecordedOutcome, 'row' | 'answer'>,
): Promise<PaymentAnswer> {
  if (answer) return { row, status: answer.status, body: answer.body, replayed: false };
  return { ...(await answerOf(database, caller, row)), replayed: false };
}

/**
 * The answer to a request that is sent again: the first definite one, for thirty days. While nobody knows the outcome, and
 * after that time, it is the payment as it stands; the key stays taken by its payment for ever.
 */
export async function answerAgain(database: Database, caller: Caller, row: PaymentRow): Promise<PaymentAnswer> {
  return { ...(await answerOf(database, caller, row)), replayed: true };
}

function answerOf(database: Database, caller: Caller, row: PaymentRow) {
  return database.inWorkspace(caller.workspace.id, async (tx) => {
    const stored = await readAnswer(tx, row.id);
    if (stored) return { row, ...stored };
    const [shaped] = await shapePayments(tx, caller, [row]);
    return { row, status: CREATED, body: JSON.stringify(shaped) };
  });
}
