import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { Actions, expandsOf } from './actions.ts';
import { CERTIFICATE, PRIVATE_KEY } from './certificate.ts';
import { Faults } from './fault.ts';
import { type Form, readForm, textOf } from './form-body.ts';
import type { StripeEvent } from './objects.ts';
import { Refusal } from './refusal.ts';
import { findRoute, makeRoutes } from './routes.ts';
import { ShapesToCheck } from './shapes-to-check.ts';
import { elementPage, stripeScript } from './stripe-js.ts';
import { Webhook } from './webhooks.ts';
import { World } from './world.ts';

export interface StandInOptions {
  readonly now: () => Date;
  readonly secretKeys?: readonly string[];
  readonly publishableKey?: string;
  readonly settlementCurrency?: string;
  /** Stands in every object that is answered or told of, and in the words of every refusal. */
  readonly planted?: string;
}

/** A request that arrived, whatever became of it. `atMs` is of a monotonic clock. */
export interface SeenByStripe {
  readonly method: string;
  readonly path: string;
  readonly key: string | null;
  readonly authorization: string | undefined;
  readonly atMs: number;
}

interface Kept {
  readonly fingerprint: string;
  readonly at: number;
  /** Null while the first request under the key is still being worked on. */
  answer: { readonly status: number; readonly body: unknown } | null;
}

/** Stripe forgets a key after at least this long. */
const KEY_KEPT_S = 24 * 3_600;
export const STAND_IN_SECRET_KEY = 'sk_test_standin_4eC39HqLyjWDarjtT1';
export const STAND_IN_PUBLISHABLE_KEY = 'pk_test_standin_TYooMQauvdEDq54Ni';

/**
 * A server of ours that behaves as Stripe's API does, for the official SDK to speak to: it keeps what it is told, honours
 * idempotency keys, sends signed messages, lets time do its work, and breaks on demand. Every request and every answer is
 * compared with Stripe's published description; what does not fit is answered by `problems`.
 */
export async function startStripeStandIn(options: StandInOptions) {
  const { planted } = options;
  const world = new World({ now: options.now, settlementCurrency: options.settlementCurrency ?? 'usd', planted });
  const answer: typeof sendJson = (response, status, body, more) => {
    sendJson(response, status, planted === undefined ? body : withPlanted(body, planted), more);
  };
  const actions = new Actions(world);
  const routes = makeRoutes(world, actions);
  const faults = new Faults();
  const keys = new Map<string, Kept>();
  const secretKeys = new Set(options.secretKeys ?? [STAND_IN_SECRET_KEY]);
  const publishableKey = options.publishableKey ?? STAND_IN_PUBLISHABLE_KEY;
  const problems: string[] = [];
  const shapes = new ShapesToCheck();
  const seen: SeenByStripe[] = [];
  const events: StripeEvent[] = [];
  const webhooks: Webhook[] = [];
  /** Requests that followed a redirect, with what they carried. */
  const elsewhere: SeenByStripe[] = [];
  world.onEvent = (event) => {
    events.push(event);
    for (const webhook of webhooks) webhook.send(event);
  };

  const listener = (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      try {
        handle(request, response, Buffer.concat(chunks).toString('utf8'));
      } catch (error) {
        problems.push(`the stand-in itself failed: ${String(error)}`);
        answer(response, 500, { error: { type: 'api_error', message: 'the stand-in failed' } });
      }
    });
  };
  const plain = createServer(listener);
  const secure = createTlsServer({ key: PRIVATE_KEY, cert: CERTIFICATE }, listener);
  const [port, tlsPort] = await Promise.all([listen(plain), listen(secure)]);
  const url = `http://127.0.0.1:${port}`;

  function handle(request: IncomingMessage, response: ServerResponse, body: string): unknown {
    const { pathname, search } = new URL(request.url ?? '/', url);
    const method = request.method ?? 'GET';
    const key = headerOf(request, 'idempotency-key') ?? null;
    const visit = {
      method,
      path: pathname,
      key,
      authorization: request.headers.authorization,
      atMs: performance.now(),
    };
    if (pathname.startsWith('/browser/') || pathname === '/stripe.js') return browse(method, pathname, body, response);
    if (pathname === '/elsewhere') {
      elsewhere.push(visit);
      return answer(response, 200, {});
    }
    seen.push(visit);
    const fault = faults.take(`${method} ${pathname}`);
    if (fault === 'hang_before') return null;
    if (fault === 'cut_before') return request.socket.destroy();
    if (fault === 'server_error_before') {
      return answer(response, 500, { error: { type: 'api_error', message: 'An unknown error occurred' } });
    }
    if (fault === 'rate_limited') {
      return answer(response, 429, {
        error: {
          type: 'invalid_request_error',
          code: 'rate_limit',
          message: 'Too many requests hit the API too quickly.',
        },
      });
    }
    if (fault === 'key_in_use') {
      return answer(response, 409, {
        error: {
          type: 'invalid_request_error',
          code: 'idempotency_key_in_use',
          message: 'There is currently another in-progress request using this key.',
        },
      });
    }
    if (fault === 'redirected') {
      response.writeHead(302, { location: `${url}/elsewhere`, 'content-type': 'application/json' });
      return response.end('{}');
    }
    const done = executeOnce(method, pathname, readForm(method === 'POST' ? body : search.slice(1)), key, request);
    if (fault === 'hang_after') return null;
    if (fault === 'server_error_after') {
      const failed = { status: 500, body: { error: { type: 'api_error', message: 'An unknown error occurred' } } };
      const kept = key === null ? undefined : keys.get(key);
      if (kept) kept.answer = failed;
      return answer(response, failed.status, failed.body, { 'stripe-should-retry': 'false' });
    }
    const text = JSON.stringify(planted === undefined ? done.body : withPlanted(done.body, planted), null, 2);
    if (fault === 'cut_mid_reply') {
      response.writeHead(done.status, {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(text),
      });
      return response.write(text.slice(0, text.length / 2), () => request.socket.destroy());
    }
    if (fault === 'null_after') return answer(response, 200, null);
    if (fault === 'malformed_after') {
      response.writeHead(done.status, { 'content-type': 'application/json' });
      return response.end(text.slice(0, text.length / 2));
    }
    return answer(response, done.status, done.body);
  }

  /** A key is remembered with the answer of its first execution; what was refused before execution is not. */
  function executeOnce(method: string, path: string, form: Form, key: string | null, request: IncomingMessage) {
    if (!isAuthorized(request)) {
      return refusalOf(401, { type: 'invalid_request_error', message: 'Invalid API Key provided: sk_test_****' });
    }
    if (method !== 'POST' || key === null) return execute(method, path, form);
    const fingerprint = createHash('sha256')
      .update(`${path}\n${JSON.stringify(form)}`)
      .digest('hex');
    const kept = keys.get(key);
    if (kept && world.seconds() - kept.at < KEY_KEPT_S) {
      if (kept.fingerprint !== fingerprint) {
        return refusalOf(400, {
          type: 'idempotency_error',
          message: 'Keys for idempotent requests can only be used with the same parameters they were first used with.',
        });
      }
      if (kept.answer) return kept.answer;
    }
    const done = execute(method, path, form);
    if (done.status < 400 || done.status === 402 || done.status >= 500) {
      keys.set(key, { fingerprint, at: world.seconds(), answer: done });
    }
    return done;
  }

  function isAuthorized(request: IncomingMessage): boolean {
    const authorization = request.headers.authorization ?? '';
    return secretKeys.has(authorization.replace(/^Bearer /, ''));
  }

  function execute(method: string, path: string, form: Form): { status: number; body: unknown } {
    const found = findRoute(routes, method, path);
    if (!found) {
      problems.push(`${method} ${path} has no route in the stand-in`);
      return refusalOf(404, {
        type: 'invalid_request_error',
        message: `Unrecognized request URL (${method}: ${path}).`,
      });
    }
    shapes.keepRequest(method, found.route.path, form);
    const done = tryRoute(() => found.route.answer(found.ids, form));
    if (done.status < 400) world.expand(done.body, expandsOf(form));
    // Words of a newer version are no mistake of the shapes.
    if (world.newerFields.size === 0) {
      shapes.keepAnswer(method, found.route.path, done.status, done.body);
    }
    return done;
  }

  /** What the stand-in's own script and form ask for. */
  function browse(method: string, path: string, body: string, response: ServerResponse): unknown {
    const form = readForm(body);
    const objectId = (textOf(form.client_secret) ?? '').split('_secret_')[0]!;
    if (path === '/stripe.js') return send(response, 'text/javascript', stripeScript(url));
    if (path === '/browser/element') return send(response, 'text/html', elementPage());
    if (method !== 'POST' || textOf(form.key) !== publishableKey) return answer(response, 404, {});
    if (path === '/browser/setup') {
      const intent = actions.completeSetup(objectId, textOf(form.method) ?? '', true);
      return answer(response, 200, {
        setupIntent: { status: intent.status },
        error: intent.last_setup_error ?? undefined,
      });
    }
    const intent = actions.answerCustomer(objectId, textOf(form.method) || null, textOf(form.confirms) === 'true');
    return answer(response, 200, {
      paymentIntent: { status: intent.status },
      error: intent.last_payment_error ?? undefined,
    });
  }

  return {
    url,
    tlsUrl: `https://127.0.0.1:${tlsPort}`,
    scriptUrl: `${url}/stripe.js`,
    secretKeys,
    publishableKey,
    world,
    actions,
    faults,
    /** What does not fit Stripe's description, of what was kept since this was asked last, and what the stand-in lacks. */
    problems: () => [...new Set([...problems, ...shapes.check()])],
    events,
    elsewhere,
    /** Requests since this was asked last. */
    takeSeen: (): SeenByStripe[] => seen.splice(0),
    addWebhook(address: string, secrets: string[]): Webhook {
      const webhook = new Webhook(address, secrets, () => world.seconds());
      webhooks.push(webhook);
      return webhook;
    },
    async stop() {
      for (const server of [plain, secure]) server.closeAllConnections();
      await Promise.all([plain, secure].map((server) => new Promise((resolve) => server.close(resolve))));
    },
  };
}

export type StripeStandIn = Awaited<ReturnType<typeof startStripeStandIn>>;

function tryRoute(work: () => unknown): { status: number; body: unknown } {
  try {
    return { status: 200, body: work() };
  } catch (error) {
    if (error instanceof Refusal) return { status: error.status, body: error.body };
    throw error;
  }
}

function refusalOf(status: number, error: Record<string, unknown>) {
  return { status, body: { error } };
}

function listen(server: {
  listen(port: number, host: string, done: () => void): unknown;
  address(): unknown;
}): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

function headerOf(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** A planted text before everything else of an answer, and in the words of an error. */
function withPlanted(body: unknown, planted: string): unknown {
  if (typeof body !== 'object' || body === null) return body;
  const { error } = body as { error?: { message?: string } };
  const words = error && { error: { ...error, message: `${error.message ?? ''} ${planted}` } };
  return { planted, ...body, ...words };
}

function sendJson(response: ServerResponse, status: number, body: unknown, more: Record<string, string> = {}): void {
  response.writeHead(status, {
    'content-type': 'application/json',
    'access-control-allow-origin': '*',
    'request-id': 'req_standin',
    ...more,
  });
  response.end(JSON.stringify(body, null, 2));
}

function send(response: ServerResponse, mime: string, text: string): void {
  response.writeHead(200, { 'content-type': `${mime}; charset=utf-8` });
  response.end(text);
}
