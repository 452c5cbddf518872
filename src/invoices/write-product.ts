import type { z } from 'zod';
import { sortNameOf } from '../contacts/search-terms.ts';
import { exponentOf } from '../foundation/currency.ts';
import { decodeCursor, encodeCursor, foreignCursor } from '../foundation/cursor.ts';
import type { WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import { isUuid, newId, toPublicId } from '../foundation/id.ts';
import { exactDecimalText, parseExactDecimal } from '../foundation/money.ts';
import type { Caller } from '../workspace/caller.ts';
import { recordAudit } from '../workspace/write-audit.ts';
import type { listProductsQuery, newProduct, Product, productChanges } from './api-catalogue.ts';
import { refused } from './create-invoice.ts';
import { UNIT_PRICE_EXTRA_DECIMALS } from './invoice-amounts.ts';
import { readTaxes, type TaxRow } from './store-catalogue.ts';
import { insertProduct, lockProduct, type ProductRow, selectProducts, updateProduct } from './store-products.ts';

/** Products by name; `q` keeps those whose name begins with it. Throws invalid_request on a foreign cursor. */
export async function listProducts(tx: WorkspaceTx, query: z.output<typeof listProductsQuery>) {
  const beginning = query.q === undefined ? '' : sortNameOf(query.q);
  const after = query.cursor === undefined ? null : positionOf(query.cursor);
  const [rows, taxes] = await Promise.all([
    selectProducts(tx, beginning === '' ? null : beginning, after, query.limit + 1),
    readTaxes(tx),
  ]);
  const data = rows.slice(0, query.limit);
  const last = data.at(-1);
  return {
    data: data.map((row) => shapeProduct(row, taxes)),
    next_cursor: rows.length > query.limit && last ? encodeCursor([last.sort_name, last.id]) : null,
  };
}

function positionOf(cursor: string): { name: string; id: string } {
  const [name, id] = decodeCursor(cursor, 2);
  if (typeof name === 'string' && typeof id === 'string' && isUuid(id)) return { name, id };
  throw foreignCursor();
}

/** Adds a product. Throws invalid_request on a price with more decimals than its currency takes, or an unknown tax. */
export async function createProduct(
  tx: WorkspaceTx,
  caller: Caller,
  input: z.output<typeof newProduct>,
): Promise<Product> {
  const taxes = await readTaxes(tx);
  const row = { ...rowOf(input, taxes), id: newId(), archived_at: null, version: 1 };
  await insertProduct(tx, row, caller.now);
  await recordAudit(tx, caller, { action: 'product.created', subjectKind: 'product', subjectId: row.id });
  return shapeProduct(row, taxes);
}

/** Changes a product for documents to come; null: takes it off the list. Throws not_found, edit_conflict, invalid_request. */
export async function editProduct(
  tx: WorkspaceTx,
  caller: Caller,
  id: string,
  changes: z.output<typeof productChanges> | null,
  expectedVersion: number | null,
): Promise<Product> {
  const [before, taxes] = await Promise.all([lockProduct(tx, id), readTaxes(tx)]);
  if (!before || before.archived_at !== null) throw new Failure('not_found');
  if (expectedVersion !== null && expectedVersion !== before.version) throw new Failure('edit_conflict');
  const given = Object.fromEntries(Object.entries(changes ?? {}).filter(([, value]) => value !== undefined));
  const row: ProductRow =
    changes === null
      ? { ...before, archived_at: caller.now }
      : { ...before, ...rowOf({ ...shapeProduct(before, taxes), ...given }, taxes) };
  await updateProduct(tx, row, caller.now);
  const action = changes === null ? 'product.archived' : 'product.edited';
  await recordAudit(tx, caller, { action, subjectKind: 'product', subjectId: id });
  return shapeProduct({ ...row, version: before.version + 1 }, taxes);
}

type Fields = Omit<z.output<typeof newProduct>, never>;

function rowOf(fields: Fields, taxes: readonly TaxRow[]) {
  const price = parseExactDecimal(fields.unit_price, exponentOf(fields.currency) + UNIT_PRICE_EXTRA_DECIMALS);
  if (!price.ok) throw refused([{ path: 'unit_price', message: price.reason }]);
  const tax_ids = fields.taxes.map((code, index) => {
    const tax = taxes.find((row) => row.code === code && row.archived_at === null);
    if (!tax) throw refused([{ path: `taxes[${index}]`, message: `There is no tax with the code ${code}.` }]);
    return tax.id;
  });
  return {
    name: fields.name,
    sort_name: sortNameOf(fields.name),
    description: fields.description,
    sku: fields.sku,
    unit: fields.unit,
    unit_code: fields.unit_code,
    unit_price: price.scaled,
    currency: fields.currency,
    tax_ids,
  };
}

function shapeProduct(row: ProductRow, taxes: readonly TaxRow[]): Product {
  return {
    id: toPublicId('product', row.id),
    name: row.name,
    description: row.description,
    sku: row.sku,
    unit: row.unit,
    unit_code: row.unit_code,
    unit_price: exactDecimalText(row.unit_price, exponentOf(row.currency) + UNIT_PRICE_EXTRA_DECIMALS),
    currency: row.currency,
    taxes: row.tax_ids.flatMap((id) => taxes.find((tax) => tax.id === id && tax.archived_at === null)?.code ?? []),
    version: row.version,
  };
}
