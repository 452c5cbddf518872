import Stripe from 'stripe';
import { monotonicMs } from '../../foundation/clock.ts';

/** One call of ours, with everything that the SDK sends for it. */
export interface CallState {
  /** Of the monotonic clock. After it nothing is sent any more. */
  readonly endsAtMs: number;
  /** A request may have been executed though its answer did not say so. */
  uncertain: boolean;
}

/** The connection was never made, so that nothing was sent over it. */
const NOT_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

export function isNotSent(code: unknown): boolean {
  return typeof code === 'string' && NOT_SENT.has(code);
}

/**
 * The SDK's own HTTP client within the time of one call, whose retries the SDK sends by itself, out of our sight. By
 * itself it waits anew for each of them, and takes a redirect whose body is JSON for an answer.
 */
export function boundedHttpClient(inner: Stripe.HttpClient, call: CallState): Stripe.HttpClient {
  return {
    getClientName: () => inner.getClientName(),
    async makeRequest(host, port, path, method, headers, requestData, protocol, timeout) {
      const leftMs = Math.ceil(call.endsAtMs - monotonicMs());
      if (leftMs <= 0) throw Stripe.HttpClient.makeTimeoutError();
      try {
        const most = Math.min(timeout, leftMs);
        const response = await inner.makeRequest(host, port, path, method, headers, requestData, protocol, most);
        const status = response.getStatusCode();
        if (status >= 300 && status < 400) {
          (response.getRawResponse() as { destroy(): void }).destroy();
          throw new Error(`Stripe's address answered with a redirect (${status}), which is not followed.`);
        }
        if (status >= 500) call.uncertain = true;
        return response;
      } catch (error) {
        if (!isNotSent((error as { code?: unknown }).code)) call.uncertain = true;
        throw error;
      }
    },
  };
}
