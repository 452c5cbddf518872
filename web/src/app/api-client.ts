import type { ZodType } from 'zod';
import { AnswerMismatch, ApiProblem, NetworkFailure } from './api-problem.ts';

type QueryValue = string | number | boolean | readonly string[] | null | undefined;
export type Query = Readonly<Record<string, QueryValue>>;

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface CallOptions {
  /** Left out when null, undefined or empty; a list is repeated (`status=failed&status=pending`). */
  query?: Query;
  /** Sent as the `Counterfoil-Workspace` header; every address inside a workspace needs it. */
  workspaceId?: string;
  /** Needed by every request that moves money: made once per intent and kept until a definite answer. */
  idempotencyKey?: string;
  /** ETag of what was read, so that somebody else's edit in between is refused instead of overwritten. */
  ifMatch?: string;
  signal?: AbortSignal;
}

interface Call<T> extends CallOptions {
  /** JSON, FormData for files, or a Blob that is the whole body as it is. */
  body?: unknown;
  schema?: ZodType<T>;
}

export interface Answer<T> {
  value: T;
  etag: string | null;
}

/** Longest wait for an answer. Charges are bounded by the server well below this. */
const TIMEOUT_MS = 60_000;

let signedOut: () => void = () => {};

/** `listener` runs whenever a request is refused because nobody is signed in (401 `not_signed_in`). */
export function onSignedOut(listener: () => void) {
  signedOut = listener;
}

/** `path` with its query: null, undefined and empty values are left out, lists repeat their name. */
export function addressOf(path: string, query: Query = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === null || value === undefined || value === '') continue;
    if (typeof value === 'object') for (const one of value) search.append(name, one);
    else search.append(name, String(value));
  }
  const text = search.toString();
  return text === '' ? path : `${path}?${text}`;
}

/**
 * One request to our own API. Resolves with the checked answer (undefined for 204).
 * Rejects with ApiProblem (refused), NetworkFailure (no answer: the outcome is not known) or AnswerMismatch;
 * an aborted `signal` rejects with its own reason.
 */
export async function callApi<T>(method: Method, path: string, call: Call<T> = {}): Promise<Answer<T>> {
  const headers = new Headers({ Accept: 'application/json, application/problem+json' });
  if (call.workspaceId) headers.set('Counterfoil-Workspace', call.workspaceId);
  // A foreign page cannot set this header without our permission, so a forged form post is told apart by its absence.
  if (method !== 'GET') headers.set('Counterfoil-Client', 'web');
  if (call.idempotencyKey) headers.set('Idempotency-Key', call.idempotencyKey);
  if (call.ifMatch) headers.set('If-Match', call.ifMatch);
  const isRaw = call.body instanceof FormData || call.body instanceof Blob;
  if (call.body instanceof Blob) headers.set('Content-Type', call.body.type);
  else if (call.body !== undefined && !isRaw) headers.set('Content-Type', 'application/json');

  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  let response: Response;
  let text: string;
  try {
    response = await fetch(addressOf(path, call.query), {
      method,
      headers,
      credentials: 'same-origin',
      signal: call.signal ? AbortSignal.any([call.signal, timeout]) : timeout,
      ...(call.body === undefined ? {} : { body: isRaw ? (call.body as FormData | Blob) : JSON.stringify(call.body) }),
    });
    text = await response.text();
  } catch (error) {
    if (call.signal?.aborted) throw error;
    throw new NetworkFailure('No answer from the server.', { cause: error });
  }

  const body = readJson(text);
  if (!response.ok) {
    const problem = new ApiProblem(response.status, isRecord(body) ? body : {});
    // A proxy that stands before a stopped server answers in its own words: to the person that is "no answer".
    if (!isRecord(body) && response.status >= 502) throw new NetworkFailure('No answer from the server.');
    if (problem.status === 401 && problem.code === 'not_signed_in') signedOut();
    throw problem;
  }
  return { value: checked(call.schema, body, path), etag: response.headers.get('ETag') };
}

function checked<T>(schema: ZodType<T> | undefined, body: unknown, path: string): T {
  if (!schema) return body as T;
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  console.error(`The answer of ${path} is not as its schema says`, parsed.error.issues);
  throw new AnswerMismatch(`The answer of ${path} is not as its schema says.`, { cause: parsed.error });
}

function readJson(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export interface Api {
  /** The checked body. */
  get<T>(path: string, schema: ZodType<T>, options?: CallOptions): Promise<T>;
  /** The checked body with its ETag, for what will be edited. */
  read<T>(path: string, schema: ZodType<T>, options?: CallOptions): Promise<Answer<T>>;
  post<T>(path: string, body: unknown, schema?: ZodType<T>, options?: CallOptions): Promise<T>;
  put<T>(path: string, body: unknown, schema?: ZodType<T>, options?: CallOptions): Promise<T>;
  patch<T>(path: string, body: unknown, schema?: ZodType<T>, options?: CallOptions): Promise<T>;
  remove(path: string, options?: CallOptions): Promise<void>;
}

/** The API, bound to a workspace (or to none, for signing in). Paths begin with `/v1/`. */
export function apiFor(workspaceId: string | null): Api {
  const own = workspaceId === null ? {} : { workspaceId };
  const send = async <T>(method: Method, path: string, body: unknown, schema?: ZodType<T>, options?: CallOptions) =>
    (await callApi<T>(method, path, { ...own, ...options, body, ...(schema ? { schema } : {}) })).value;
  return {
    get: async (path, schema, options) => (await callApi('GET', path, { ...own, ...options, schema })).value,
    read: (path, schema, options) => callApi('GET', path, { ...own, ...options, schema }),
    post: (path, body, schema, options) => send('POST', path, body, schema, options),
    put: (path, body, schema, options) => send('PUT', path, body, schema, options),
    patch: (path, body, schema, options) => send('PATCH', path, body, schema, options),
    remove: async (path, options) => {
      await callApi('DELETE', path, { ...own, ...options });
    },
  };
}

/** For addresses outside any workspace. */
export const publicApi = apiFor(null);
