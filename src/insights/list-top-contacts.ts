import type { WorkspaceTx } from '../foundation/database.ts';
import { toPublicId } from '../foundation/id.ts';
import { minorToJson } from '../foundation/money.ts';
import type { TopContacts } from './api.ts';
import { readCurrencies, readTopContacts } from './store.ts';

/** Most valuable contacts in one currency, without archived ones and those who never paid. */
export async function listTopContacts(tx: WorkspaceTx, currency: string, limit: number): Promise<TopContacts> {
  const rows = await readTopContacts(tx, currency, limit);
  return {
    data: rows.map((row) => ({
      id: toPublicId('contact', row.id),
      name: row.name,
      payment_count: Number(row.payment_count),
      ltv: [{ currency, amount_minor: minorToJson(row.ltv_minor) }],
    })),
  };
}

/** Currencies in which the workspace has had payments, `ownCurrency` first, the others by code. */
export async function listCurrencies(tx: WorkspaceTx, ownCurrency: string): Promise<string[]> {
  const others = (await readCurrencies(tx)).filter((currency) => currency !== ownCurrency);
  return [ownCurrency, ...others];
}
