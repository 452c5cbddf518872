import Stripe from 'stripe';
import { monotonicMs, pause } from '../../foundation/clock.ts';
import { Failure } from '../../foundation/failure.ts';
import { backoffMs, jitterShare } from '../backoff.ts';
import { boundedHttpClient, type CallState, isNotSent } from './bounded-http-client.ts';
import type { StripeSession } from './session.ts';

/** What came of a call. Only `unknown` leaves open whether Stripe has executed it. */
export type Answer<Value> =
  | { readonly ok: true; readonly value: Value }
  /** Stripe has answered with an error: it has the request, and says what came of it. */
  | { readonly ok: false; readonly reason: 'refused'; readonly error: Stripe.errors.StripeError }
  /** Nothing was executed: too many requests, no connection, keys not accepted. */
  | { readonly ok: false; readonly reason: 'busy' | 'not_reached' | 'not_connected' }
  | { readonly ok: false; readonly reason: 'unknown'; readonly why: string };

/** Waits for a busy Stripe end earlier when the call's time does. */
const BUSY_RETRIES_MAX = 5;
/** The call ends this share of its time before whoever waits for it gives up. */
const MARGIN = 0.06;

/**
 * Makes one call within the configured time, whatever the SDK retries inside it; requests refused as too many are sent
 * again later and later. `work` must pass its idempotency key itself, so that all of these are one.
 */
export async function ask<Value>(
  session: StripeSession,
  work: (client: Stripe) => Promise<Value>,
): Promise<Answer<Value>> {
  const { config, log } = session;
  const call: CallState = { endsAtMs: monotonicMs() + config.timeoutMs * (1 - MARGIN), uncertain: false };
  const client = session.clientOver((inner) => boundedHttpClient(inner, call));
  for (let retry = 0; ; retry += 1) {
    const answer = await inTime(call, work(client));
    if (answer === LATE) return { ok: false, reason: 'unknown', why: 'Stripe gave no answer in time.' };
    if (answer.ok) return answer;
    const { error } = answer;
    if (!(error instanceof Stripe.errors.StripeError)) {
      // The SDK throws its own mistakes where a 200 carries JSON that is no object: it was sent, and nobody knows.
      log.warn({ type: error instanceof Error ? error.name : typeof error }, 'An answer of Stripe could not be read');
      return { ok: false, reason: 'unknown', why: 'Stripe’s answer could not be read.' };
    }
    if (!isOrdinary(error)) log.warn(describe(error), 'Stripe did not carry out a request');
    if (isBusy(error) && retry < BUSY_RETRIES_MAX) {
      const waitMs = backoffMs(retry, jitterShare(), config.backoff);
      if (monotonicMs() + waitMs < call.endsAtMs) {
        await pause(waitMs);
        continue;
      }
    }
    return classify(error, call.uncertain);
  }
}

const LATE = Symbol('late');
type Settled<Value> = { ok: true; value: Value } | { ok: false; error: unknown };

async function inTime<Value>(call: CallState, work: Promise<Value>): Promise<Settled<Value> | typeof LATE> {
  const abort = new AbortController();
  const settled = work.then(
    (value): Settled<Value> => ({ ok: true, value }),
    (error: unknown): Settled<Value> => ({ ok: false, error }),
  );
  const late = pause(Math.max(0, call.endsAtMs - monotonicMs()), abort.signal).then((): typeof LATE => LATE);
  const first = await Promise.race([settled, late]);
  abort.abort();
  return first;
}

/** Declines, and questions after what does not exist, are answers: nobody has to look into them. */
function isOrdinary(error: Stripe.errors.StripeError): boolean {
  return error.statusCode === 402 || error.statusCode === 404;
}

function isBusy(error: Stripe.errors.StripeError): boolean {
  return error.statusCode === 429 || error.code === 'lock_timeout';
}

function classify(error: Stripe.errors.StripeError, uncertain: boolean): Exclude<Answer<never>, { ok: true }> {
  const { statusCode } = error;
  if (statusCode === undefined || statusCode >= 500 || statusCode < 400) {
    const cause = error.detail as { code?: unknown } | undefined;
    if (!uncertain && isNotSent(cause?.code)) return { ok: false, reason: 'not_reached' };
    const how =
      statusCode === undefined
        ? 'The connection to Stripe broke.'
        : `Stripe answered with an error of its own (${statusCode}).`;
    return { ok: false, reason: 'unknown', why: how };
  }
  // Another request under this key is still being executed: its answer is not known yet.
  if (statusCode === 409) return { ok: false, reason: 'unknown', why: 'Stripe is still working on this payment.' };
  if (isBusy(error) || statusCode === 401 || statusCode === 403) {
    // An earlier send of the same call may have been executed before.
    if (uncertain) return { ok: false, reason: 'unknown', why: 'Stripe refused to say what came of the payment.' };
    return { ok: false, reason: isBusy(error) ? 'busy' : 'not_connected' };
  }
  return { ok: false, reason: 'refused', error };
}

/** Words about an error that may stand in a log: codes and names of fields, never values or Stripe's sentences. */
function describe(error: Stripe.errors.StripeError): Record<string, unknown> {
  return {
    type: error.type,
    code: error.code,
    decline_code: error.decline_code,
    field: error.param,
    status: error.statusCode,
    request_id: error.requestId,
  };
}

/** Whether Stripe says that there is no such object. */
export function isMissing(answer: Answer<unknown>): boolean {
  return !answer.ok && answer.reason === 'refused' && answer.error.statusCode === 404;
}

/** The value, or the refusal that a person is told. For reads and preparations, which can simply be asked for again. */
export function answeredValue<Value>(answer: Answer<Value>): Value {
  if (answer.ok) return answer.value;
  switch (answer.reason) {
    case 'busy':
      throw new Failure('gateway_unreachable', 'Stripe is busy just now; try again in a minute.');
    case 'not_connected':
      throw new Failure(
        'gateway_refused',
        'Stripe does not accept the keys of this workspace; enter new ones in Settings → Payments.',
      );
    case 'refused':
      throw new Failure('gateway_refused', `Stripe refused the request (${answer.error.code ?? answer.error.type}).`);
    default:
      throw new Failure('gateway_unreachable', 'Stripe could not be reached just now; nothing was changed.');
  }
}
