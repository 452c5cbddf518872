import { monotonicMs } from '../../foundation/clock.ts';
import type { ReadConnection } from '../connection.ts';
import type { Gateway, GatewayContext, GatewayEvent, IncomingEvent, MethodState } from '../gateway.ts';
import { chargeMandate, refundPayment, type Sending } from './charge-mandate.ts';
import { findAttempt, readWhole } from './find-attempt.ts';
import { stateOfMandate } from './mandate-method.ts';
import { type MessageLimit, makeMessageLimit } from './message-limit.ts';
import { type MollieAccount, makeMollieAccount } from './mollie-account.ts';
import { mollieConnection } from './mollie-connection.ts';
import { mollieHistory } from './mollie-history.ts';
import { isPaymentId, splitRef } from './mollie-ref.ts';
import { openCardForm, readCardForm } from './open-card-form.ts';
import { eventOfOther, eventOfPayment, idOfMessage } from './payment-event.ts';
import { disputeOf } from './payment-outcome.ts';
import { isReachableFromOutside } from './request-fields.ts';
import { isSettlementId, payoutOf } from './settlement.ts';

/** Page of this program that Mollie sends the customer's browser back to (http.ts). */
export const RETURN_PATH = '/mollie/returned';

export interface MollieGatewayOptions {
  readonly readConnection: ReadConnection;
  /** Address of this program. */
  readonly publicUrl: () => string;
  /** Address for the messages about a workspace's payments; null where it has none. */
  readonly eventAddress: (workspaceId: string) => Promise<string | null>;
  /** Base of Mollie's API, e.g. `https://api.mollie.com/v2/`; null: the client's own. It has to be https. */
  readonly apiUrl?: string | null;
  /** How long a call takes at most. Default 20 s: Mollie answers within a second or two, and its client waits after faults. */
  readonly timeoutMs?: number;
  /** Fields left out of requests, for servers that do not know them, e.g. `webhookUrl`. */
  readonly omitFields?: readonly string[];
}

const TIMEOUT_MS = 20_000;
/** Within the call's own time, so that our answer is there before whoever waits for it gives up. */
const CALL_SHARE = 0.9;
/** Mollie replays the answer to a key for about this long. */
const KEY_RETENTION_MS = 3_600_000;

/** Whoever sent a message waits for our answer, and Mollie does so for 15 s. */
const MESSAGE_TIMEOUT_MS = 10_000;

/** Mollie: European cards and SEPA debits, saved by a first payment on its own page and charged by mandate. */
export function makeMollieGateway(options: MollieGatewayOptions): Gateway {
  const timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
  const account = makeMollieAccount({
    readConnection: options.readConnection,
    apiUrl: options.apiUrl ?? null,
    callTimeoutMs: Math.round(timeoutMs * CALL_SHARE),
  });
  const limit = makeMessageLimit(monotonicMs);
  const sending: Sending = {
    account,
    fields: {
      omitted: new Set(options.omitFields ?? []),
      async webhook(workspaceId) {
        const webhookUrl = await options.eventAddress(workspaceId);
        return webhookUrl !== null && isReachableFromOutside(webhookUrl) ? { webhookUrl } : {};
      },
      returnUrl: () => `${options.publicUrl()}${RETURN_PATH}`,
    },
  };

  return {
    name: 'mollie',
    label: 'Mollie',
    modes: ['sandbox', 'live'],
    timeoutMs,
    keyRetentionMs: KEY_RETENTION_MS,
    connecting: mollieConnection(account),
    cardFormDisplay: 'redirect',
    openCardForm: (context, form) => openCardForm(sending, context, form),
    readCardForm: (context, formRef) => readCardForm(sending, context, formRef),
    charge: (context, order) => chargeMandate(sending, context, order),
    refund: (context, order) => refundPayment(sending, context, order),
    lookUp: (context, attempt) => findAttempt(account, context, attempt),
    readDispute: (context, disputeRef) => readChargeback(account, context, disputeRef),
    readMethod: (context, methodRef) => readMandate(account, context, methodRef),
    async detachMethod(context, methodRef) {
      const mandate = splitRef('mandate', methodRef);
      if (!mandate) return;
      // What is gone already is detached, and one that stays because Mollie does not answer is not used any more.
      await account.ask(context.workspaceId, (client) =>
        client.customerMandates.revoke(mandate.id, { customerId: mandate.ownerId }),
      );
    },
    parseEvent: (context, incoming) => parseMessage(account, limit, context, incoming),
    // Mollie keeps no list of its messages: open payments are asked about instead.
    listEvents: null,
    async readPayout(context, payoutRef) {
      if (!isSettlementId(payoutRef)) return null;
      const answer = await account.ask(context.workspaceId, (client) => client.settlements.get(payoutRef), {
        credential: 'access_token',
      });
      return answer.status === 'ok' ? payoutOf(answer.value) : null;
    },
    history: mollieHistory(account),
  };
}

/** Null where there is no such chargeback, or Mollie cannot be asked. */
async function readChargeback(account: MollieAccount, context: GatewayContext, disputeRef: string) {
  const ref = splitRef('chargeback', disputeRef);
  if (!ref) return null;
  const answer = await account.ask(context.workspaceId, (client) =>
    client.paymentChargebacks.get(ref.id, { paymentId: ref.ownerId }),
  );
  return answer.status === 'ok' ? disputeOf({ ...answer.value, paymentId: ref.ownerId }) : null;
}

async function readMandate(account: MollieAccount, context: GatewayContext, methodRef: string): Promise<MethodState> {
  const ref = splitRef('mandate', methodRef);
  if (!ref) return { status: 'unknown' };
  const answer = await account.ask(context.workspaceId, (client) =>
    client.customerMandates.get(ref.id, { customerId: ref.ownerId }),
  );
  if (answer.status === 'ok') return stateOfMandate(ref.ownerId, answer.value);
  // A revoked mandate is gone, and so is everything of a customer who was deleted.
  const gone = answer.status === 'refused' && (answer.code === 404 || answer.code === 410);
  return { status: gone ? 'detached' : 'unknown' };
}

/**
 * Mollie's messages are not signed: the payment is fetched, and only what Mollie answers counts. Null (not accepted, so
 * that a true one comes again) for what is no message of Mollie's, over the limit, or cannot be asked about now.
 */
async function parseMessage(
  account: MollieAccount,
  limit: MessageLimit,
  context: GatewayContext,
  { rawBody }: IncomingEvent,
): Promise<GatewayEvent | null> {
  const id = idOfMessage(rawBody);
  if (id === null || !limit.take(context.workspaceId)) return null;
  if (!isPaymentId(id)) return eventOfOther(id, 'other');
  const how = { seed: id, timeoutMs: MESSAGE_TIMEOUT_MS };
  const answer = await account.ask(context.workspaceId, (client) => readWhole(client, id), how);
  if (answer.status === 'ok') return eventOfPayment(answer.value);
  if (answer.status !== 'refused' || answer.code !== 404) return null;
  limit.wasUnknown(context.workspaceId);
  return eventOfOther(id, 'payment.unknown');
}
