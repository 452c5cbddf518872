import type { Database } from '../foundation/database.ts';
import { fromPublicId, toPublicId } from '../foundation/id.ts';
import { verifyInvoices } from '../invoices/verify-invoices.ts';
import { type BooksDifference, verifyBooks } from '../ledger/verify-books.ts';
import { verifyPayments } from '../payments/verify-payments.ts';
import { listWorkspaceIds } from '../workspace/read-facts.ts';
import { type AuditPlace, verifyAudit } from '../workspace/verify-audit.ts';
import { type Command, CommandRefused } from './cli-command.ts';
import type { FlagValues } from './config.ts';

/** What is re-added, each answering one sentence per difference. */
const CHECKS: Readonly<Record<string, (database: Database, workspaceId: string) => Promise<readonly string[]>>> = {
  books: async (database, workspaceId) =>
    (await database.inWorkspace(workspaceId, verifyBooks, { snapshot: true })).map(sentenceOf),
  invoices: async (database, workspaceId) =>
    (await database.inWorkspace(workspaceId, verifyInvoices, { snapshot: true })).map(sentenceOf),
  payments: async (database, workspaceId) =>
    (await database.inWorkspace(workspaceId, verifyPayments, { snapshot: true })).map(sentenceOf),
};

function sentenceOf({ what, kept, readded }: BooksDifference): string {
  return `${what}: ${kept}${readded ? `, re-added ${readded}` : ''}`;
}

/** Re-adds everything that is kept, in every workspace. */
export const verify: Command = {
  summary: 'Re-adds every ledger line, kept sum, payment and audit link, and tells what differs',
  usage: [
    'verify          exit code 1 when anything differs',
    'verify --expect-head HEAD  also looks for the end of an audit log that an earlier verify printed;',
    '                may be given several times',
  ],
  flags: { 'expect-head': { type: 'string', multiple: true } },
  async run({ print, flags, openDatabase }) {
    const noted = readNoted(flags);
    const { database } = await openDatabase();
    const workspaceIds = await listWorkspaceIds(database);
    let found = 0;
    const tell = (workspaceId: string, name: string, differences: readonly string[]) => {
      found += differences.length;
      for (const difference of differences) {
        print(`workspace ${toPublicId('workspace', workspaceId)}, ${name}: ${difference}`);
      }
    };
    for (const workspaceId of noted.keys()) {
      if (!workspaceIds.includes(workspaceId)) tell(workspaceId, 'audit log', ['The whole workspace is missing.']);
    }
    for (const workspaceId of workspaceIds) {
      for (const [name, check] of Object.entries(CHECKS)) tell(workspaceId, name, await check(database, workspaceId));
      const { head, problems } = await verifyAudit(database, workspaceId, noted.get(workspaceId));
      tell(workspaceId, 'audit log', problems);
      if (head.seq > 0n) print(`audit log ends with ${headText(workspaceId, head)}`);
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

/** "wsp_…:1234:9f86…": workspace, number of the link, its hash. */
function headText(workspaceId: string, { seq, hash }: AuditPlace): string {
  return `${toPublicId('workspace', workspaceId)}:${seq}:${hash}`;
}

function readNoted(flags: FlagValues): Map<string, AuditPlace[]> {
  const noted = new Map<string, AuditPlace[]>();
  for (const text of [flags['expect-head'] ?? []].flat()) {
    const [, publicId = '', seq = '', hash = ''] = /^(wsp_\w+):(\d{1,18}):([0-9a-f]{64})$/.exec(String(text)) ?? [];
    const workspaceId = fromPublicId('workspace', publicId);
    if (workspaceId === null) {
      throw new CommandRefused(`--expect-head takes what verify printed, such as wsp_…:1234:9f86…, not “${text}”.`);
    }
    noted.set(workspaceId, [...(noted.get(workspaceId) ?? []), { seq: BigInt(seq), hash }]);
  }
  return noted;
}
