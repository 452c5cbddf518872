import { contactIdsOfRoot, readContact, rootOf } from '../contacts/read-contact.ts';
import type { WorkspaceTx } from '../foundation/database.ts';
import { type LocalDate, localDateOf } from '../foundation/local-date.ts';
import { readStatements } from '../ledger/read-statement.ts';
import type { Statement } from '../ledger/statement.ts';
import type { Caller } from '../workspace/caller.ts';
import { type AccountStatement, movementKind, type StatementAccount } from './account-statement.ts';
import { refused } from './create-invoice.ts';
import { partiesOf } from './invoice-snapshot.ts';
import { readNumbers } from './read-invoice.ts';
import { type OpenDocumentRow, readOpenDocuments } from './store-ageing.ts';
import { readInvoicingSettings } from './store-catalogue.ts';

/** What is still a document, and not a dump of the book. */
export const STATEMENT_MOVEMENTS_MAX = 2_000;

/**
 * A customer's account (everybody merged into them too) from one day to another: `to` is today and `from` the first day of
 * that year where they are not said. Throws not_found, and invalid_request where the days are in the wrong order or hold
 * more than STATEMENT_MOVEMENTS_MAX movements.
 */
export async function readAccountStatement(
  tx: WorkspaceTx,
  caller: Caller,
  contactId: string,
  asked: { readonly from?: LocalDate | undefined; readonly to?: LocalDate | undefined },
): Promise<AccountStatement> {
  const to = asked.to ?? localDateOf(caller.now, caller.workspace.timeZone);
  const from = asked.from ?? `${to.slice(0, 4)}-01-01`;
  if (from > to) throw refused([{ path: 'from', message: `Not after the last day (${to}).` }]);
  const rootId = await rootOf(tx, contactId);
  const buyer = await readContact(tx, rootId);
  const contactIds = await contactIdsOfRoot(tx, rootId);
  const [settings, statements, open] = await Promise.all([
    readInvoicingSettings(tx),
    readStatements(tx, contactIds, { from, to }, STATEMENT_MOVEMENTS_MAX),
    readOpenDocuments(tx, contactIds, to),
  ]);
  if (statements.some(({ isWhole }) => !isWhole)) {
    const message = `More than ${STATEMENT_MOVEMENTS_MAX.toLocaleString('en')} movements: choose a later first day.`;
    throw refused([{ path: 'from', message }]);
  }
  const numbers = await numbersOf(tx, statements);
  return {
    contactId: buyer.id,
    contactName: buyer.name,
    test: caller.workspace.mode === 'sandbox',
    locale: buyer.locale ?? caller.workspace.locale,
    ...{ from, to },
    ...partiesOf(caller.workspace, buyer, settings?.seller ?? {}),
    accounts: statements.map((statement) =>
      accountOf(
        statement,
        open.filter((row) => row.currency === statement.currency),
        numbers,
      ),
    ),
    footer: settings?.footer ?? '',
    colour: settings?.colour ?? '#1f2937',
    paymentDetails: settings?.payment_details ?? {},
  };
}

async function numbersOf(tx: WorkspaceTx, statements: readonly Statement[]): Promise<ReadonlyMap<string, string>> {
  const ids = statements.flatMap(({ movements }) =>
    movements.flatMap((row) => (row.document_id === null ? [] : [row.document_id, row.source_id])),
  );
  const rows = await readNumbers(tx, ids);
  return new Map(rows.flatMap(({ id, number }) => (number === null ? [] : [[id, number] as const])));
}

function accountOf(
  { currency, openingMinor, movements, closingMinor }: Statement,
  open: readonly OpenDocumentRow[],
  numbers: ReadonlyMap<string, string>,
): StatementAccount {
  let balanceMinor = openingMinor;
  const sum = (amount: (row: OpenDocumentRow) => bigint) => open.reduce((total, row) => total + amount(row), 0n);
  const openMinor = sum((row) => row.open_minor);
  return {
    currency,
    openingMinor,
    movements: movements.map((row) => {
      balanceMinor += row.amount_minor;
      // A credit note is named by its own number, everything else by the document that it is about.
      const id = [row.source_id, row.document_id].find((one) => one !== null && numbers.has(one));
      return {
        on: row.on,
        ...movementKind(row.booking),
        document: row.document_id === null || !id ? null : { id, number: numbers.get(id)! },
        amountMinor: row.amount_minor,
        balanceMinor,
      };
    }),
    closingMinor,
    open: open.map((row) => ({
      id: row.id,
      number: row.number ?? '',
      issuedOn: row.issued_on,
      dueOn: row.due_on,
      openMinor: row.open_minor,
      overdueMinor: row.overdue_minor,
    })),
    ages: [
      sum((row) => row.open_minor - row.overdue_minor),
      sum((row) => row.overdue_minor - row.over_30_minor),
      sum((row) => row.over_30_minor - row.over_60_minor),
      sum((row) => row.over_60_minor - row.over_90_minor),
      sum((row) => row.over_90_minor),
    ],
    onAccountMinor: openMinor - closingMinor,
  };
}
