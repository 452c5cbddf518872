import { type Payment, payment as paymentSchema } from '../../../src/payments/api.ts';
import type { Api } from '../app/api-client.ts';
import { ApiProblem } from '../app/api-problem.ts';
import type { KeptCharge } from './kept-charge.ts';

/** What became of a charge that was sent. */
export type ChargeAnswer =
  /** The server has it: its outcome, final or not. */
  | { kind: 'payment'; payment: Payment }
  /** Refused before anything was charged. */
  | { kind: 'refused'; problem: ApiProblem }
  /** It never arrived; sending the same intent again is safe. */
  | { kind: 'never_arrived' };

/** Codes that mean "this very intent is or was here already": what became of it is asked by its key. */
const ALREADY_THERE = new Set(['idempotency_key_running', 'idempotency_key_reused']);

/** How often "not here" is believed only after asking again: a request can be slower than the question about it. */
const NOT_HERE_COUNT = 3;
const ASK_PAUSE_MS = 1_200;
/** Longest pause between questions while the server cannot be reached. */
const ASK_PAUSE_MS_MAX = 5_000;

/**
 * Sends the intent, and whatever goes wrong on the way, finds out what became of it. `onLost` is told when the reply
 * was lost and the asking begins. Rejects only when `signal` aborts.
 */
export async function sendCharge(
  api: Api,
  kept: KeptCharge,
  onLost: () => void,
  signal: AbortSignal,
): Promise<ChargeAnswer> {
  try {
    const payment = await api.post(`/v1/contacts/${kept.contactId}/charges`, kept.charge, paymentSchema, {
      idempotencyKey: kept.key,
    });
    return { kind: 'payment', payment };
  } catch (error) {
    // A refusal below 500 is definite, nothing was charged; everything else may have happened.
    if (error instanceof ApiProblem && error.status < 500 && !ALREADY_THERE.has(error.code)) {
      return { kind: 'refused', problem: error };
    }
    signal.throwIfAborted();
    onLost();
    return askAboutCharge(api, kept, signal);
  }
}

/** Asks by the intent's key until there is an answer, as long as it takes. Rejects only when `signal` aborts. */
export async function askAboutCharge(api: Api, kept: KeptCharge, signal: AbortSignal): Promise<ChargeAnswer> {
  let pauseMs = ASK_PAUSE_MS;
  for (let notHereCount = 0; ; ) {
    try {
      const payment = await api.get(`/v1/payments/by-key/${kept.key}`, paymentSchema, { signal });
      return { kind: 'payment', payment };
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof ApiProblem && error.status === 404) {
        notHereCount += 1;
        if (notHereCount >= NOT_HERE_COUNT) return { kind: 'never_arrived' };
      } else if (error instanceof ApiProblem && (error.status === 401 || error.status === 403)) {
        // Not ours to ask any more; signing in leads back here, and the intent is still kept.
        return { kind: 'refused', problem: error };
      } else if (!(error instanceof ApiProblem && error.code === 'idempotency_key_running')) {
        pauseMs = Math.min(ASK_PAUSE_MS_MAX, pauseMs * 1.5);
      }
    }
    await pause(pauseMs, signal);
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}
