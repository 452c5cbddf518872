import { findImportedContacts } from '../contacts/create-contacts.ts';
import type { WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import type { LocalDate } from '../foundation/local-date.ts';
import type { ImportedPayment } from '../payments/record-imported-payments.ts';
import type { ImportProgress, ImportSummary } from './import.ts';
import type { StagedPayment } from './intake.ts';
import { readStagedRows } from './stage-rows.ts';

/** What one chunk of a commit came to. */
export interface ChunkResult {
  readonly progress: ImportProgress;
  readonly written: NonNullable<ImportSummary['written']>;
  readonly finished: boolean;
}

/** A movement of a chunk with its contact. */
export interface StagedOfContact {
  readonly staged: StagedPayment;
  readonly contactId: string;
}

/** The next movements of a staged file, each with its contact. Throws import_not_ready where a contact was removed meanwhile. */
export async function readStagedPayments(
  tx: WorkspaceTx,
  path: string,
  offset: number,
  rowsMax: number,
): Promise<{ rows: StagedOfContact[]; next: number }> {
  const { rows, next } = await readStagedRows<StagedPayment>(path, offset, rowsMax);
  const refs = [...new Set(rows.map((payment) => payment.customerRef))];
  const contacts = await findImportedContacts(
    tx,
    // A reference that is an e-mail address may be a contact who has that address and another reference, or none.
    refs.map((ref) => ({ ref, email: ref.includes('@') ? ref : null })),
  );
  const found = rows.map((staged): StagedOfContact => {
    const contactId = contacts.get(staged.customerRef);
    if (contactId) return { staged, contactId };
    throw new Failure(
      'import_not_ready',
      `Customer ${staged.customerRef} was removed meanwhile; check the file again.`,
    );
  });
  return { rows: found, next };
}

export function importedPayment(
  { staged, contactId }: StagedOfContact,
  dayOf: (at: Date) => LocalDate,
  documentId?: string,
): ImportedPayment {
  const occurredAt = new Date(staged.occurredAtMs);
  return {
    externalRef: staged.ref,
    contactId,
    kind: staged.kind,
    amountMinor: staged.amountMinor,
    currency: staged.currency,
    taxMinor: staged.taxMinor,
    occurredAt,
    day: dayOf(occurredAt),
    methodKind: staged.methodKind,
    reference: staged.reference,
    description: staged.description,
    parentExternalRef: staged.parentRef,
    ...(documentId === undefined ? {} : { documentId }),
  };
}
