import { createContact } from '../../src/contacts/create-contact.ts';
import { newId } from '../../src/foundation/id.ts';
import type { Payment, PaymentMethod } from '../../src/payments/api.ts';
import type { TestServer, TestWorkspace } from './server.ts';

/** A contact made through the verb. Returns its public id. */
export async function makeContact(
  server: TestServer,
  workspace: TestWorkspace,
  name = 'Ada Lovelace',
): Promise<string> {
  const caller = await workspace.caller();
  const contact = await server.database.inWorkspace(workspace.id, (tx) =>
    createContact(tx, caller, { name, email: 'ada@example.com' }),
  );
  return contact.id;
}

/** A saved test method by name. */
export async function saveTestMethod(
  server: TestServer,
  workspace: TestWorkspace,
  contactId: string,
  testMethod = 'approved',
) {
  const { status, body } = await server.call<PaymentMethod>('POST', `/v1/contacts/${contactId}/sandbox-methods`, {
    as: workspace.apiKey,
    body: { test_method: testMethod },
  });
  if (status !== 201) throw new Error(`no test method: ${JSON.stringify(body)}`);
  return body;
}

/** A charge through the API with a key of its own unless one is given. */
export function chargeThrough(
  server: TestServer,
  workspace: TestWorkspace,
  contactId: string,
  methodId: string,
  more: { amountMinor?: number; currency?: string; key?: string; body?: Record<string, unknown> } = {},
) {
  return server.call<Payment>('POST', `/v1/contacts/${contactId}/charges`, {
    as: workspace.apiKey,
    key: more.key ?? newId(),
    body: {
      amount_minor: more.amountMinor ?? 12_000,
      currency: more.currency ?? 'USD',
      payment_method_id: methodId,
      description: 'Consultation',
      ...more.body,
    },
  });
}

export interface BookState {
  sums: {
    currency: string;
    ltv: bigint;
    received: bigint;
    refunded: bigint;
    disputed: bigint;
    fee: bigint;
    count: bigint;
  }[];
}

/** Kept sums of the whole workspace per currency, straight from the ledger's table. */
export function readBook(server: TestServer, workspace: TestWorkspace) {
  return server.database.inWorkspace(workspace.id, (tx) =>
    tx.many<{
      currency: string;
      ltv: bigint;
      received: bigint;
      refunded: bigint;
      disputed: bigint;
      fee: bigint;
      tax: bigint;
      count: bigint;
    }>({
      text: `SELECT currency, sum(ltv_minor)::bigint AS ltv, sum(received_minor)::bigint AS received, sum(refunded_minor)::bigint AS refunded,
               sum(dispute_lost_minor)::bigint AS disputed, sum(fee_minor)::bigint AS fee, sum(tax_minor)::bigint AS tax, sum(payment_count)::bigint AS count
             FROM ledger_contact_sums WHERE workspace_id = $1 GROUP BY currency ORDER BY currency`,
      values: [workspace.id],
    }),
  );
}

/** What the sandbox gateway itself says it took, for comparing with the book. */
export function readGateway(server: TestServer, workspace: TestWorkspace) {
  return server.database.inWorkspace(workspace.id, (tx) =>
    tx.many<{ kind: string; status: string; count: bigint; amount: bigint }>({
      text: `SELECT kind, status, count(*) AS count, sum(amount_minor)::bigint AS amount FROM scripted_movements
             WHERE workspace_id = $1 GROUP BY kind, status ORDER BY kind, status`,
      values: [workspace.id],
    }),
  );
}
