import type { Clock } from '../foundation/clock.ts';
import type { Database, WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import { newId } from '../foundation/id.ts';
import type { Gateway } from '../gateways/gateway.ts';
import type { GatewayHistory, HistoryPage } from '../gateways/history.ts';
import type { Connections } from '../gateways/keep-connections.ts';
import type { GatewayRegistry } from '../gateways/registry.ts';
import { type Caller, systemCaller } from '../workspace/caller.ts';
import { readWorkspaceFacts } from '../workspace/read-facts.ts';
import { recordAudit } from '../workspace/write-audit.ts';
import { contactOfNobody, contactsOf, importCustomers } from './import-customers.ts';
import { readPagesAhead } from './read-gateway-pages.ts';
import { recordDisputeIn } from './record-dispute.ts';
import { type HistoryBy, type HistoryCounts, recordPastCharges, recordPastRefunds } from './record-gateway-history.ts';
import { keepDisputeFee } from './record-movement-facts.ts';
import type { OutcomeRecorder } from './record-outcome.ts';
import { recordPayoutIn } from './record-payout.ts';
import { lockPayments, updatePayments } from './store.ts';
import {
  claimGatewayImport,
  type GatewayImportRow,
  insertBalanceLines,
  insertGatewayImport,
  listRunningGatewayImports,
  lockGatewayImport,
  readGatewayImports,
  releaseGatewayImport,
  type StepCounts,
  updateGatewayImport,
} from './store-gateway-imports.ts';
import { tieOutGateway } from './tie-out-gateway.ts';

/** Brings over what an account had before it was connected. Begun by a person, done beside requests, one after the other. */
export interface GatewayImports {
  /** Begins an import and returns its id. Throws gateway_not_connected, import_not_ready. */
  start(caller: Caller, gatewayName: string): Promise<string>;
  /** Takes up what a stop interrupted. Call it once at the start. */
  resume(): Promise<void>;
  idle(): Promise<void>;
  /** Stops between two pages; what is unfinished goes on at the next start. */
  stop(): Promise<void>;
}

export interface ImportDependencies {
  readonly database: Database;
  readonly gateways: GatewayRegistry;
  readonly recorder: OutcomeRecorder;
  readonly totalsSlot: number;
  readonly clock: Clock;
  /** Tells which account is connected now. */
  readonly connections: Pick<Connections, 'of'>;
}

/** A server that died in the middle leaves its import to the others after this. */
const CLAIM_MS = 2 * 60_000;
/** Methods are asked for customer by customer, so many at once. */
const ASKED_AT_ONCE_MAX = 8;
const IMPORTS_LOOKED_AT_MAX = 20;

/** `onFault` hears of our own faults; the import itself is told in plain words. */
export function makeGatewayImports(
  dependencies: ImportDependencies,
  onFault: (error: unknown) => void = () => {},
): GatewayImports {
  const { database, clock } = dependencies;
  const stopping = new AbortController();
  let queue = Promise.resolve();

  const inHand = new Set<string>();
  function wake(workspaceId: string, importId: string): void {
    if (inHand.has(importId)) return;
    inHand.add(importId);
    queue = queue.then(async () => {
      inHand.delete(importId);
      if (stopping.signal.aborted) return;
      await run(dependencies, workspaceId, importId, stopping.signal).catch(async (error) => {
        if (!(error instanceof Failure)) onFault(error);
        await fail(dependencies, workspaceId, importId, error).catch(onFault);
      });
    });
  }

  return {
    async start(caller, gatewayName) {
      const gateway = await importable(dependencies, caller, gatewayName);
      const { byGateway } = await dependencies.connections.of(caller.workspace.id);
      const accountRef = byGateway.get(gateway.name)?.accountRef ?? '';
      const importId = await database.inWorkspace(caller.workspace.id, async (tx) => {
        const id = await beginOrGoOn(tx, gateway, accountRef, caller.name, clock.now());
        if (id === null) {
          throw new Failure('import_not_ready', `What exists at ${gateway.label} is being brought over already.`);
        }
        await recordAudit(tx, caller, {
          action: 'gateway.import_started',
          subjectKind: 'import',
          subjectId: id,
          details: { gateway: gateway.name },
        });
        return id;
      });
      wake(caller.workspace.id, importId);
      return importId;
    },
    async resume() {
      const running = await database.acrossWorkspaces(listRunningGatewayImports);
      for (const { workspace_id: workspaceId, id } of running) wake(workspaceId, id);
    },
    async idle() {
      for (let seen: unknown = null; seen !== queue; ) {
        seen = queue;
        await queue;
      }
    },
    async stop() {
      stopping.abort();
      await queue;
    },
  };
}

/** A new import, or the last one of this account where it failed: it goes on where it stopped. Null when one is running. */
async function beginOrGoOn(
  tx: WorkspaceTx,
  gateway: Gateway,
  accountRef: string,
  by: string,
  at: Date,
): Promise<string | null> {
  const [last] = (await readGatewayImports(tx, IMPORTS_LOOKED_AT_MAX)).filter((row) => row.gateway === gateway.name);
  if (last?.status === 'failed' && last.account_ref === accountRef) {
    const again = { ...last, status: 'running' as const, failure: null, finished_at: null, updated_at: at };
    await updateGatewayImport(tx, again, null);
    return last.id;
  }
  const id = newId();
  const row = { id, gateway: gateway.name, accountRef, step: STEP_NAMES[0]!, by, at };
  return (await insertGatewayImport(tx, row)) ? id : null;
}

async function importable({ gateways }: ImportDependencies, caller: Caller, name: string): Promise<Gateway> {
  const gateway = (await gateways.usable(caller.workspace)).find((one) => one.name === name);
  if (!gateway) throw new Failure('gateway_not_connected');
  if (!gateway.history) {
    throw new Failure('import_not_ready', `${gateway.label} does not tell what it had before it was connected.`);
  }
  return gateway;
}

/** What the writing of a page needs to know. */
interface PageBy extends HistoryBy {
  readonly importId: string;
  readonly dependencies: ImportDependencies;
  readonly caller: Caller;
  readonly gateway: Gateway;
}

interface Step<Item = unknown> {
  readonly read: (history: GatewayHistory, workspaceId: string, cursor: string | null) => Promise<HistoryPage<Item>>;
  readonly write: (tx: WorkspaceTx, by: PageBy, items: readonly Item[]) => Promise<HistoryCounts>;
}

const step = <Item>(read: Step<Item>['read'], write: Step<Item>['write']): Step => ({ read, write }) as unknown as Step;

/** In this order, because each refers to those before. */
const STEPS: Readonly<Record<string, Step>> = {
  customers: step(readCustomers, importCustomers),
  charges: step((history, workspaceId, cursor) => history.charges(workspaceId, cursor), writeCharges),
  refunds: step((history, workspaceId, cursor) => history.refunds(workspaceId, cursor), recordPastRefunds),
  disputes: step((history, workspaceId, cursor) => history.disputes(workspaceId, cursor), writeDisputes),
  payouts: step((history, workspaceId, cursor) => history.payouts(workspaceId, cursor), writePayouts),
  balance: step(
    (history, workspaceId, cursor) => history.balance(workspaceId, cursor),
    async (tx, by, lines) => {
      const written = lines.length === 0 ? 0 : await insertBalanceLines(tx, by.gateway.name, lines);
      return { written, alreadyThere: lines.length - written, leftOut: {} };
    },
  ),
};
export const STEP_NAMES = Object.keys(STEPS);
/** Everything is written; the two sides are compared. */
const TIE_OUT = 'tie_out';

async function run(
  dependencies: ImportDependencies,
  workspaceId: string,
  importId: string,
  signal: AbortSignal,
): Promise<void> {
  const { database, clock } = dependencies;
  const now = clock.now();
  const row = await database.inWorkspace(workspaceId, async (tx) =>
    (await claimGatewayImport(tx, importId, now, new Date(now.getTime() + CLAIM_MS)))
      ? lockGatewayImport(tx, importId)
      : null,
  );
  const workspace = row && (await readWorkspaceFacts(database, workspaceId));
  if (!row || !workspace) return;
  const caller = systemCaller(workspace, now, row.started_by);
  const gateway = await importable(dependencies, caller, row.gateway);
  const at = row.step === TIE_OUT ? STEP_NAMES.length : STEP_NAMES.indexOf(row.step);
  const isWritten = await writePages(dependencies, caller, gateway, importId, { at, cursor: row.page_cursor }, signal);
  if (signal.aborted) await database.inWorkspace(workspaceId, (tx) => releaseGatewayImport(tx, importId));
  if (!isWritten || signal.aborted) return;
  await database.inWorkspace(workspaceId, async (tx) => {
    const done = await lockGatewayImport(tx, importId);
    if (done?.status !== 'running') return;
    const tie_out = await tieOutGateway(tx, gateway.name, done.counts, workspace.locale);
    const at = clock.now();
    await updateGatewayImport(tx, { ...done, status: 'done', tie_out, updated_at: at, finished_at: at }, null);
    await recordAudit(tx, caller, {
      action: 'gateway.import_finished',
      subjectKind: 'import',
      subjectId: importId,
      details: { gateway: gateway.name, equal: tie_out.equal },
    });
  });
}

/**
 * Everything from a place to the end: pages are written while the next ones are on their way, so that the gateway's pace
 * is what counts. The place is kept in the transaction that writes a page's rows. False when somebody else went on with it.
 */
async function writePages(
  dependencies: ImportDependencies,
  caller: Caller,
  gateway: Gateway,
  importId: string,
  from: { readonly at: number; readonly cursor: string | null },
  signal: AbortSignal,
): Promise<boolean> {
  const { database, clock, totalsSlot } = dependencies;
  const { workspace } = caller;
  const lists = Object.values(STEPS).map(
    ({ read }) =>
      (cursor: string | null) =>
        read(gateway.history!, workspace.id, cursor),
  );
  const pages = readPagesAhead(lists, from);
  try {
    while (!signal.aborted) {
      const read = await pages.next();
      if (read === null) return true;
      const name = STEP_NAMES[read.at]!;
      const { now } = systemCaller(workspace, clock.now());
      const source = 'import' as const;
      const by: PageBy = { workspace, gateway, source, importId, now, totalsSlot, dependencies, caller };
      const isOurs = await database.inWorkspace(workspace.id, async (tx) => {
        const row = await lockGatewayImport(tx, importId);
        if (row?.status !== 'running' || row.step !== name || row.page_cursor !== read.cursor) return false;
        const counts = await STEPS[name]!.write(tx, by, read.items);
        const changed: GatewayImportRow = {
          ...row,
          step: read.nextCursor === null ? (STEP_NAMES[read.at + 1] ?? TIE_OUT) : name,
          page_cursor: read.nextCursor,
          counts: { ...row.counts, [name]: addCounts(row.counts[name], read.items.length, counts) },
          updated_at: clock.now(),
        };
        await updateGatewayImport(tx, changed, new Date(clock.now().getTime() + CLAIM_MS));
        return true;
      });
      if (!isOurs) return false;
    }
    return true;
  } finally {
    pages.stop();
  }
}

function addCounts(before: StepCounts | undefined, seen: number, counts: HistoryCounts): StepCounts {
  const left_out = { ...before?.left_out };
  for (const [reason, count] of Object.entries(counts.leftOut)) left_out[reason] = (left_out[reason] ?? 0) + count;
  return {
    seen: (before?.seen ?? 0) + seen,
    written: (before?.written ?? 0) + counts.written,
    already_there: (before?.already_there ?? 0) + counts.alreadyThere,
    left_out,
  };
}

async function readCustomers(history: GatewayHistory, workspaceId: string, cursor: string | null) {
  const page = await history.customers(workspaceId, cursor);
  const waiting = [...page.items.entries()];
  const items = page.items.map((customer) => ({
    ...customer,
    methods: [] as Awaited<ReturnType<GatewayHistory['methods']>>,
  }));
  const ask = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [index, customer] = next;
      items[index]!.methods = await history.methods(workspaceId, customer.customerRef);
    }
  };
  await Promise.all(Array.from({ length: ASKED_AT_ONCE_MAX }, ask));
  return { items, nextCursor: page.nextCursor };
}

async function writeCharges(
  tx: WorkspaceTx,
  by: PageBy,
  charges: Awaited<ReturnType<GatewayHistory['charges']>>['items'],
): Promise<HistoryCounts> {
  const known = await contactsOf(
    tx,
    by,
    charges.flatMap(({ customerRef }) => customerRef ?? []),
  );
  const isNobodys = (customerRef: string | null) => customerRef === null || !known.has(customerRef);
  const nobody = charges.some(({ customerRef }) => isNobodys(customerRef)) ? await contactOfNobody(tx, by) : '';
  return recordPastCharges(
    tx,
    by,
    charges.map((charge) => ({ ...charge, contactId: known.get(charge.customerRef ?? '') ?? nobody })),
  );
}

async function writeDisputes(
  tx: WorkspaceTx,
  by: PageBy,
  disputes: Awaited<ReturnType<GatewayHistory['disputes']>>['items'],
): Promise<HistoryCounts> {
  const leftOut: Record<string, number> = {};
  let written = 0;
  for (const dispute of disputes) {
    const caller = { ...by.caller, now: dispute.createdAt };
    const id = await recordDisputeIn(tx, by.dependencies, caller, by.gateway, dispute);
    if (id === null) {
      leftOut['Its charge is not in the book.'] = (leftOut['Its charge is not in the book.'] ?? 0) + 1;
      continue;
    }
    written += 1;
    const at = { now: dispute.createdAt, timeZone: by.workspace.timeZone };
    if (dispute.status === 'won') await keepDisputeFee(tx, id, dispute.feeMinor, at);
    if (dispute.status !== 'won' && dispute.status !== 'lost') continue;
    // What was decided before the account came here needs nobody now.
    const [row] = await lockPayments(tx, [id]);
    if (row?.needs_action) await updatePayments(tx, [{ ...row, needs_action: false }]);
  }
  return { written, alreadyThere: 0, leftOut };
}

async function writePayouts(
  tx: WorkspaceTx,
  by: PageBy,
  payouts: Awaited<ReturnType<GatewayHistory['payouts']>>['items'],
): Promise<HistoryCounts> {
  let written = 0;
  for (const payout of payouts) {
    const came = await recordPayoutIn(tx, by, by.gateway.name, payout, payout.createdAt);
    if (came === 'added') written += 1;
  }
  return { written, alreadyThere: payouts.length - written, leftOut: {} };
}

async function fail(
  { database, clock }: ImportDependencies,
  workspaceId: string,
  importId: string,
  error: unknown,
): Promise<void> {
  const failure = !(error instanceof Failure)
    ? 'Something went wrong on our side. What was brought over is whole; begin again to go on.'
    : error.code === 'gateway_unreachable'
      ? 'The gateway does not answer just now. What was brought over is whole; go on when it answers again.'
      : error.message;
  await database.inWorkspace(workspaceId, async (tx) => {
    const row = await lockGatewayImport(tx, importId);
    if (row?.status !== 'running') return;
    const at = clock.now();
    await updateGatewayImport(tx, { ...row, status: 'failed', failure, updated_at: at, finished_at: at }, null);
  });
}
