import type { WorkspaceTx } from '../foundation/database.ts';

/** Both parties as receipts name them. Reads two tables of rooms to the left; a document is about all three. */
export interface ReceiptParties {
  readonly business: {
    readonly name: string;
    readonly legal: { readonly name?: string; readonly address?: string; readonly tax_id?: string };
  };
  readonly customers: ReadonlyMap<
    string,
    { readonly name: string; readonly billing: Readonly<Record<string, unknown>>; readonly country: string | null }
  >;
}

/** Names and addresses for the receipts of these contacts. */
export async function readReceiptParties(tx: WorkspaceTx, contactIds: readonly string[]): Promise<ReceiptParties> {
  const [business, customers] = await Promise.all([
    tx.one<ReceiptParties['business']>({
      name: 'receipt_business',
      text: 'SELECT name, legal FROM workspaces WHERE id = $1',
      values: [tx.workspaceId],
    }),
    tx.many<{ id: string; name: string; billing: Record<string, unknown>; country: string | null }>({
      name: 'receipt_customers',
      text: 'SELECT id, name, billing, country FROM contacts WHERE workspace_id = $1 AND id = ANY($2::uuid[])',
      values: [tx.workspaceId, contactIds],
    }),
  ]);
  return { business, customers: new Map(customers.map((row) => [row.id, row])) };
}
