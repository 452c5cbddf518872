import type { Database } from '../foundation/database.ts';
import { verifyInvoices } from '../invoices/verify-invoices.ts';
import { type BooksDifference, verifyBooks } from '../ledger/verify-books.ts';
import { verifyPayments } from '../payments/verify-payments.ts';
import { listWorkspaceIds } from '../workspace/read-facts.ts';
import { verifyAudit } from '../workspace/verify-audit.ts';
import type { Command } from './cli-command.ts';

/** What is re-added, each answering one sentence per difference. */
const CHECKS: Readonly<Record<string, (database: Database, workspaceId: string) => Promise<readonly string[]>>> = {
  books: async (database, workspaceId) =>
    (await database.inWorkspace(workspaceId, verifyBooks, { snapshot: true })).map(sentenceOf),
  invoices: async (database, workspaceId) =>
    (await database.inWorkspace(workspaceId, verifyInvoices, { snapshot: true })).map(sentenceOf),
  payments: async (database, workspaceId) =>
    (await database.inWorkspace(workspaceId, verifyPayments, { snapshot: true })).map(sentenceOf),
  'audit log': async (database, workspaceId) => (await verifyAudit(database, workspaceId)).problems,
};

function sentenceOf({ what, kept, readded }: BooksDifference): string {
  return `${what}: ${kept}${readded ? `, re-added ${readded}` : ''}`;
}

/** Re-adds everything that is kept, in every workspace. */
export const verify: Command = {
  summary: 'Re-adds every ledger line, kept sum, payment and audit link, and tells what differs',
  usage: ['verify          exit code 1 when anything differs'],
  async run({ print, openDatabase }) {
    const { database } = await openDatabase();
    const workspaceIds = await listWorkspaceIds(database);
    let found = 0;
    for (const workspaceId of workspaceIds) {
      for (const [name, check] of Object.entries(CHECKS)) {
        for (const difference of await check(database, workspaceId)) {
          found += 1;
          print(`workspace ${workspaceId}, ${name}: ${difference}`);
        }
      }
    }
    const looked = `${workspaceIds.length} ${workspaceIds.length === 1 ? 'workspace' : 'workspaces'}`;
    print(
      found === 0
        ? `Everything adds up (${looked}).`
        : `${found} ${found === 1 ? 'difference' : 'differences'} in ${looked}.`,
    );
    return found === 0 ? 0 : 1;
  },
};
