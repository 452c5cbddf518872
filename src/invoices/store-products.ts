import { sql, type WorkspaceTx } from '../foundation/database.ts';

export interface ProductRow {
  readonly id: string;
  readonly name: string;
  readonly sort_name: string;
  readonly description: string;
  readonly sku: string | null;
  readonly unit: string;
  readonly unit_code: string;
  /** Minor units with four more decimals. */
  readonly unit_price: bigint;
  readonly currency: string;
  readonly tax_ids: string[];
  readonly archived_at: Date | null;
  readonly version: number;
}

const COLUMNS =
  'id, name, sort_name, description, sku, unit, unit_code, unit_price, currency, tax_ids, archived_at, version';

export function insertProduct(tx: WorkspaceTx, row: ProductRow, at: Date): Promise<number> {
  return tx.run({
    text: `INSERT INTO products (workspace_id, id, name, sort_name, description, sku, unit, unit_code, unit_price, currency, tax_ids,
             created_at, updated_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12)`,
    values: [
      tx.workspaceId,
      row.id,
      row.name,
      row.sort_name,
      row.description,
      row.sku,
      row.unit,
      row.unit_code,
      row.unit_price,
      row.currency,
      row.tax_ids,
      at,
    ],
  });
}

export function lockProduct(tx: WorkspaceTx, id: string): Promise<ProductRow | null> {
  return tx.maybe({
    text: `SELECT ${COLUMNS} FROM products WHERE workspace_id = $1 AND id = $2 FOR NO KEY UPDATE`,
    values: [tx.workspaceId, id],
  });
}

export function updateProduct(tx: WorkspaceTx, row: ProductRow, at: Date): Promise<number> {
  return tx.run({
    text: `UPDATE products SET name = $3, sort_name = $4, description = $5, sku = $6, unit = $7, unit_code = $8, unit_price = $9, currency = $10,
             tax_ids = $11, archived_at = $12, updated_at = $13, version = version + 1
           WHERE workspace_id = $1 AND id = $2`,
    values: [
      tx.workspaceId,
      row.id,
      row.name,
      row.sort_name,
      row.description,
      row.sku,
      row.unit,
      row.unit_code,
      row.unit_price,
      row.currency,
      row.tax_ids,
      row.archived_at,
      at,
    ],
  });
}

/** Which of these there are, archived ones too: documents name them for ever. */
export async function readProductIds(tx: WorkspaceTx, ids: readonly string[]): Promise<string[]> {
  const rows = await tx.many<{ id: string }>({
    name: 'products_known',
    text: 'SELECT id FROM products WHERE workspace_id = $1 AND id = ANY($2::uuid[])',
    values: [tx.workspaceId, ids],
  });
  return rows.map(({ id }) => id);
}

/** Products by name; with a beginning of the name, only those. */
export function selectProducts(
  tx: WorkspaceTx,
  beginning: string | null,
  after: { readonly name: string; readonly id: string } | null,
  limit: number,
): Promise<ProductRow[]> {
  const conditions = [sql`workspace_id = ${tx.workspaceId}`, sql`archived_at IS NULL`];
  if (beginning !== null) {
    conditions.push(sql`sort_name >= ${beginning} AND sort_name < ${`${beginning}\u{10ffff}`}`);
  }
  if (after !== null) conditions.push(sql`(sort_name, id) > (${after.name}, ${after.id}::uuid)`);
  return tx.many<ProductRow>(
    sql`SELECT ${sql.raw(COLUMNS)} FROM products WHERE ${sql.join(conditions, sql` AND `)} ORDER BY sort_name, id LIMIT ${limit}`,
  );
}
