import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe } from 'node:diagnostics_channel';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { pause } from '../../foundation/clock.ts';

/**
 * Mollie's client knows no time limit and cannot be aborted: a server that hangs keeps its socket for ever, and after a
 * 5xx it waits as long as `Retry-After` says and then sends again, even hours later, when Mollie has forgotten the
 * idempotency key. So each call runs in a scope of its own, node tells us which HTTP requests begin in that scope, and at
 * the deadline they are cut and no further one leaves.
 */
interface Scope {
  ended: boolean;
  readonly open: Set<ClientRequest>;
  /** Of the last answer: seconds until Mollie wants to be asked again. */
  retryAfterS: number | null;
  /** A 5xx has been among the answers: the request may have been carried out, whatever a later answer says. */
  faulted: boolean;
  /** Ends the call at once: its answer broke off, which the client does not notice but waits for the rest for ever. */
  cut: () => void;
}

const scopes = new AsyncLocalStorage<Scope>();
const scopeOf = new WeakMap<ClientRequest, Scope>();

/** Published when a request has been handed to its connection, which is before the TLS handshake: nothing has been sent. */
subscribe('http.client.request.start', (message) => {
  const { request } = message as { request: ClientRequest };
  const scope = scopes.getStore();
  if (!scope) return;
  if (scope.ended) {
    request.destroy(new Error('the call this request belongs to has ended'));
    return;
  }
  scopeOf.set(request, scope);
  scope.open.add(request);
  request.once('close', () => scope.open.delete(request));
});

subscribe('http.client.response.finish', (message) => {
  const { request, response } = message as { request: ClientRequest; response: IncomingMessage };
  const scope = scopeOf.get(request);
  if (!scope) return;
  if ((response.statusCode ?? 0) >= 500) scope.faulted = true;
  else response.once('close', () => response.complete || scope.cut());
  const seconds = Number.parseInt(String(response.headers['retry-after'] ?? ''), 10);
  scope.retryAfterS = Number.isNaN(seconds) ? null : seconds;
});

/** The call took longer than it may; what became of it is not known. */
export class DeadlinePassed extends Error {
  override name = 'DeadlinePassed';
}

/** The connection broke in the middle of the answer. */
export class AnswerCut extends Error {
  override name = 'AnswerCut';
}

export interface BoundedCall {
  /** What the last answer asked for by `Retry-After`, in seconds; null when it asked for nothing. */
  retryAfterS(): number | null;
  /** Whether an answer of this call was a 5xx, after which the client has sent again by itself. */
  faulted(): boolean;
  /** Whether `ms` from now is still within the time. */
  hasTimeFor(ms: number): boolean;
}

/** Runs `work` for at most `timeoutMs`; throws DeadlinePassed afterwards (or AnswerCut), when none of its requests is alive any more. */
export async function boundedCall<T>(
  timeoutMs: number,
  nowMs: () => number,
  work: (call: BoundedCall) => Promise<T>,
): Promise<T> {
  const scope: Scope = { ended: false, open: new Set(), retryAfterS: null, faulted: false, cut: () => {} };
  const endsAtMs = nowMs() + timeoutMs;
  const call: BoundedCall = {
    retryAfterS: () => scope.retryAfterS,
    faulted: () => scope.faulted,
    hasTimeFor: (ms) => nowMs() + ms < endsAtMs,
  };
  const stop = new AbortController();
  const late = pause(timeoutMs, stop.signal).then(() => {
    throw new DeadlinePassed(`No answer within ${timeoutMs} ms.`);
  });
  const broken = new Promise<never>((_resolve, reject) => {
    scope.cut = () => reject(new AnswerCut('The answer broke off.'));
  });
  const answer = scopes.run(scope, () => work(call));
  // The losers of the race end too, and nobody is there to hear them.
  for (const loser of [late, broken, answer]) loser.catch(() => {});
  try {
    return await Promise.race([answer, late, broken]);
  } finally {
    scope.ended = true;
    for (const request of scope.open) request.destroy(new Error('the call took too long'));
    stop.abort();
  }
}
