import { readContactForCharge } from '../contacts/read-contact.ts';
import type { WorkspaceTx } from '../foundation/database.ts';
import type { Failure } from '../foundation/failure.ts';
import type { Caller } from '../workspace/caller.ts';
import { readCallersAgain } from '../workspace/identify-caller.ts';
import type { PaymentRow } from './attempt.ts';
import { mustBeCounted, NETWORK_WINDOW_MS } from './failed-tries.ts';
import { SAME_CHARGE_WITHIN_MS } from './limits.ts';
import type { MethodRow } from './payment-method.ts';
import { readPayments, readPaymentsByKey } from './store.ts';
import { type RecentChargeRow, readChargeFactRows } from './store-charge.ts';
import { countFailedTries } from './store-methods.ts';
import { readRunningRetries } from './store-resolve.ts';

/** What a group of requests to charge reads before each is decided. */
export interface ChargeFacts {
  readonly callers: readonly (Caller | Failure)[];
  readonly contacts: Awaited<ReturnType<typeof readContactForCharge>>;
  readonly methods: ReadonlyMap<string, MethodRow>;
  readonly methodRoots: ReadonlyMap<string, string>;
  readonly known: Map<string, PaymentRow>;
  readonly recent: RecentChargeRow[];
  readonly retried: ReadonlyMap<string, PaymentRow>;
  readonly retriedRoots: ReadonlyMap<string, string>;
  /** Payments that are being tried again, with an outcome that nobody knows yet. */
  readonly running: Set<string>;
  /** By fingerprint, of cards that failed lately. */
  readonly failedTries: ReadonlyMap<string, number>;
}

interface Asked {
  readonly caller: Caller;
  readonly key: string;
  readonly input: {
    readonly contactId: string;
    readonly paymentMethodId: string;
    readonly retryOfId: string | null;
    readonly amountMinor: bigint;
  };
}

/** One round trip in the usual case: keys that are taken, tries of earlier charges and cards of merged contacts need more. */
export async function readChargeFacts(tx: WorkspaceTx, requests: readonly Asked[]): Promise<ChargeFacts> {
  const contactIds = [...new Set(requests.map(({ input }) => input.contactId))];
  const methodIds = [...new Set(requests.map(({ input }) => input.paymentMethodId))];
  const keys = requests.map(({ key }) => key);
  const retriedIds = requests.flatMap(({ input }) => (input.retryOfId === null ? [] : [input.retryOfId]));
  const amounts = [...new Set(requests.map(({ input }) => input.amountMinor))];
  const since = new Date(Math.min(...requests.map(({ caller }) => caller.now.getTime())) - SAME_CHARGE_WITHIN_MS);
  // The lock on the contacts comes first: whoever charges the same contact now is seen by the reads that follow it.
  const [callers, contacts, rows, retried] = await Promise.all([
    readCallersAgain(
      tx,
      requests.map(({ caller }) => caller),
    ),
    readContactForCharge(tx, contactIds, { lock: true }),
    readChargeFactRows(tx, { contactIds, methodIds, keys, amounts, since }),
    retriedIds.length > 0 ? readPayments(tx, retriedIds) : [],
  ]);
  const known = rows.known ? await readPaymentsByKey(tx, keys) : [];
  // Cards and failed charges of a merged contact belong to the surviving one as well.
  const foreign = [...rows.methods, ...retried].map((row) => row.contact_id).filter((id) => !contacts.has(id));
  const others = foreign.length > 0 ? await readContactForCharge(tx, foreign) : new Map();
  const rootOf = (id: string): string => contacts.get(id)?.root_id ?? others.get(id)?.root_id ?? id;
  const running = retriedIds.length > 0 ? await readRunningRetries(tx, retriedIds) : new Set<string>();
  return {
    callers,
    running,
    failedTries: await countTries(tx, rows.methods, requests),
    contacts,
    methods: new Map(rows.methods.map((method) => [method.id, method])),
    methodRoots: new Map(rows.methods.map((method) => [method.id, rootOf(method.contact_id)])),
    known: new Map(known.map((row) => [row.idempotency_key!, row])),
    recent: rows.recent,
    retried: new Map(retried.map((row) => [row.id, row])),
    retriedRoots: new Map(retried.map((row) => [row.id, rootOf(row.contact_id)])),
  };
}

/** Failed tries of those cards that have failed lately; for all others nothing is asked. */
async function countTries(
  tx: WorkspaceTx,
  methods: readonly MethodRow[],
  requests: readonly Asked[],
): Promise<ReadonlyMap<string, number>> {
  const moments = requests.map(({ caller }) => caller.now);
  const failed = methods.filter((method) => moments.some((now) => mustBeCounted(method, now)));
  if (failed.length === 0) return new Map();
  const since = new Date(Math.min(...moments.map((now) => now.getTime())) - NETWORK_WINDOW_MS);
  return countFailedTries(tx, [...new Set(failed.map((method) => method.fingerprint))], since);
}
