/** What a dispute asks of people: evidence, by a moment, and whether it was sent. */
export interface DisputeTaskRow {
  readonly payment_id: string;
  readonly evidence_due_at: Date | null;
  readonly evidence_sent_at: Date | null;
  readonly evidence_sent_by: string | null;
  readonly evidence_note: string;
}
