import { createHash } from 'node:crypto';
import { createMollieClient, type MollieClient } from '@mollie/api-client';
import { BrokenAssumption } from '../../foundation/assert.ts';
import { monotonicMs, pause } from '../../foundation/clock.ts';
import type { ConnectionValues, ReadConnection } from '../connection.ts';
import { type BoundedCall, boundedCall } from './bounded-call.ts';
import { type Answer, answerOfError, statusOf } from './mollie-answer.ts';

/** What a workspace enters: names of the fields in mollie-connection.ts. */
export const API_KEY = 'api_key';
export const ACCESS_TOKEN = 'access_token';
export const FIRST_PAYMENT = 'first_payment';

export interface MollieAccountOptions {
  readonly readConnection: ReadConnection;
  /** Where the API is, e.g. `https://api.mollie.com/v2/`; null: where the client knows it. The client speaks https only. */
  readonly apiUrl: string | null;
  /** How long one call may take, with everything that is sent again within it. */
  readonly callTimeoutMs: number;
}

/** Which of a workspace's two secrets a call is made with. */
export type Credential = 'api_key' | 'access_token';

export interface How {
  readonly credential?: Credential;
  /** Spreads what is sent again; the attempt's id, where there is one. */
  readonly seed?: string;
  /** Less time than a call usually has. */
  readonly timeoutMs?: number;
}

export interface MollieAccount {
  /** Whether the workspace has entered this secret. */
  has(workspaceId: string, credential: Credential): Promise<boolean>;
  /** Makes one call with the workspace's key. Never throws for what the other side answers. */
  ask<T>(
    workspaceId: string,
    work: (client: MollieClient, values: ConnectionValues) => Promise<T>,
    how?: How,
  ): Promise<Answer<T>>;
  /** The same with values that are not saved yet. */
  askWith<T>(values: ConnectionValues, work: (client: MollieClient) => Promise<T>, how?: How): Promise<Answer<T>>;
}

/** A refusal of our own: the workspace has not connected Mollie, or lacks the optional token. */
const NOT_CONNECTED: Answer<never> = {
  status: 'refused',
  code: 401,
  field: null,
  detail: 'Mollie is not connected.',
};

export function makeMollieAccount(options: MollieAccountOptions): MollieAccount {
  function clientFor(secret: string, credential: Credential): MollieClient {
    const how = {
      versionStrings: 'Counterfoil/1',
      ...(options.apiUrl === null ? {} : { apiEndpoint: options.apiUrl }),
    };
    return credential === 'api_key'
      ? createMollieClient({ ...how, apiKey: secret })
      : createMollieClient({ ...how, accessToken: secret });
  }

  const account: MollieAccount = {
    has: async (workspaceId, credential) => Boolean((await options.readConnection(workspaceId))?.values[credential]),
    async ask(workspaceId, work, how = {}) {
      const connection = await options.readConnection(workspaceId);
      if (!connection) return NOT_CONNECTED;
      return account.askWith(connection.values, (client) => work(client, connection.values), how);
    },
    async askWith(values, work, { credential = API_KEY, seed = '', timeoutMs = options.callTimeoutMs } = {}) {
      const secret = values[credential];
      if (!secret) return NOT_CONNECTED;
      const client = clientFor(secret, credential);
      let faulted = () => false;
      try {
        const value = await boundedCall(timeoutMs, monotonicMs, (call) => {
          faulted = call.faulted;
          return patiently(call, seed, () => work(client));
        });
        return { status: 'ok', value };
      } catch (error) {
        if (error instanceof BrokenAssumption) throw error;
        return answerOfError(error, faulted());
      }
    },
  };
  return account;
}

/** Tries after "too many requests": the client does not send again by itself then. Nothing has been done, so it is safe. */
const BUSY_TRIES_MAX = 4;
const BUSY_WAIT_MS = 400;

/**
 * Sends again after 429, each time after about twice as long, and not all at the same moment: the spread comes from the
 * call's own seed. What Mollie asks for by `Retry-After` is the least. Gives the last answer when the time is up.
 */
async function patiently<T>(call: BoundedCall, seed: string, work: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await work();
    } catch (error) {
      if (statusOf(error) !== 429 || tried === BUSY_TRIES_MAX) throw error;
      const waitMs = Math.max(busyWaitMs(seed, tried), (call.retryAfterS() ?? 0) * 1_000);
      if (!call.hasTimeFor(waitMs)) throw error;
      await pause(waitMs);
    }
  }
}

/** Between half and the whole of what is due after this many tries. */
export function busyWaitMs(seed: string, tried: number): number {
  const due = BUSY_WAIT_MS * 2 ** (tried - 1);
  const spread = createHash('sha256').update(`${seed} ${tried}`).digest().readUInt16BE(0) / 0xffff;
  return Math.round(due / 2 + (due / 2) * spread);
}
