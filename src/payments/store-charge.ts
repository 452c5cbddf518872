import type { WorkspaceTx } from '../foundation/database.ts';
import { jsonRows } from '../foundation/json-rows.ts';
import type { AuditRecord } from '../workspace/audit.ts';
import type { PaymentRow, PaymentStatus } from './attempt.ts';
import type { MethodRow } from './payment-method.ts';

/** The two calls of a charge's first transaction; what they do stands in migrations 0034 and 0021 (why: 0006). */

/** A charge that took money or may still take it, under the contact that its own was merged into. */
export interface RecentChargeRow {
  readonly id: string;
  readonly root_id: string;
  readonly amount_minor: bigint;
  readonly currency: string;
  readonly created_at: Date;
  readonly status: PaymentStatus;
}

export interface ChargeFactRows {
  readonly methods: MethodRow[];
  /** Whether any of the keys is taken. */
  readonly known: boolean;
  readonly recent: RecentChargeRow[];
}

/** JSON has no dates and no bigint. */
interface FactsAsJson {
  methods: (Omit<MethodRow, 'consent_at' | 'added_at' | 'removed_at' | 'failed_at' | 'retry_after'> & {
    consent_at: string;
    added_at: string;
    removed_at: string | null;
    failed_at: string | null;
    retry_after: string | null;
  })[];
  known: number;
  recent: { id: string; root_id: string; amount_minor: number; currency: string; created_at: string; status: string }[];
}

/**
 * What charges are decided on besides their contacts, which the caller has locked before: methods by id, whether a key is
 * taken, and of these contacts and everybody merged into them the newest charge of each of the amounts since a moment.
 */
export async function readChargeFactRows(
  tx: WorkspaceTx,
  asked: {
    contactIds: readonly string[];
    methodIds: readonly string[];
    keys: readonly string[];
    amounts: readonly bigint[];
    since: Date;
  },
): Promise<ChargeFactRows> {
  const { facts } = await tx.one<{ facts: FactsAsJson }>({
    name: 'payments_charge_facts',
    text: 'SELECT payments_charge_facts($1, $2, $3, $4, $5, $6) AS facts',
    values: [tx.workspaceId, asked.contactIds, asked.methodIds, asked.keys, asked.amounts.map(String), asked.since],
  });
  return {
    methods: facts.methods.map((method) => ({
      ...method,
      consent_at: new Date(method.consent_at),
      added_at: new Date(method.added_at),
      removed_at: method.removed_at === null ? null : new Date(method.removed_at),
      failed_at: method.failed_at === null ? null : new Date(method.failed_at),
      retry_after: method.retry_after === null ? null : new Date(method.retry_after),
    })),
    known: facts.known > 0,
    recent: facts.recent.map((charge) => ({
      ...charge,
      amount_minor: BigInt(charge.amount_minor),
      created_at: new Date(charge.created_at),
      status: charge.status as PaymentStatus,
    })),
  };
}

/**
 * Adds attempts to charge as sent, each with its row of the audit log. A row whose idempotency key is taken is left out;
 * the ids that were added are returned.
 */
export async function sendCharges(
  tx: WorkspaceTx,
  rows: readonly PaymentRow[],
  audits: readonly AuditRecord[],
): Promise<Set<string>> {
  const { added } = await tx.one<{ added: string[] }>({
    name: 'payments_send_charges',
    text: 'SELECT payments_send_charges($1, $2, $3) AS added',
    values: [tx.workspaceId, jsonRows(rows), jsonRows(audits)],
  });
  return new Set(added);
}
