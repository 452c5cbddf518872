import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { monotonicMs } from '../../../src/foundation/clock.ts';
import { type ApiReply, MollieApi } from './api.ts';
import { makeAuthority } from './certificates.ts';
import { answerCheckout, checkoutPage, donePage } from './checkout-page.ts';
import { MollieState } from './mollie-state.ts';
import { namedMethod } from './named-methods.ts';
import { type Operation, WireFaults } from './wire-faults.ts';

export const TEST_KEY = 'test_StandInStandInStandInStandIn01';
export const OTHER_TEST_KEY = 'test_StandInStandInStandInStandIn02';
export const LIVE_KEY = 'live_StandInStandInStandInStandIn01';
export const ACCESS_TOKEN = 'access_StandInStandInStandInStandIn';

export interface SeenRequest {
  readonly operation: Operation;
  readonly method: string;
  readonly path: string;
  readonly key: string | null;
  readonly body: Record<string, unknown>;
  readonly atMs: number;
}

export interface MollieStandIn {
  /** Base of the API, for the program's setting. */
  readonly apiUrl: string;
  /** Certificate of the authority that signed the stand-in's own: see trustAuthority. */
  readonly authority: string;
  readonly state: MollieState;
  readonly faults: WireFaults;
  /** What has come over the wire and was read, oldest first. */
  readonly requests: SeenRequest[];
  /** A customer with a saved method, as if a first payment had been paid. */
  addMethod(name: string): { customerRef: string; methodRef: string };
  stop(): Promise<void>;
}

/**
 * Mollie as the program sees it: an HTTPS server with its own small account, spoken to by the official client. Its pages
 * for customers are on a second, plain port, so that a browser needs no trust setting.
 */
export async function startMollieStandIn(options: {
  readonly now: Date;
  /** Carries Mollie's messages to whoever listens, as a POST would. */
  readonly tell?: (webhookUrl: string, body: string) => void;
  /** Stands in every answer before everything else, and in the words of every refusal. */
  readonly planted?: string;
}): Promise<MollieStandIn> {
  const [trusted, rogue] = await Promise.all([makeAuthority('Mollie stand-in'), makeAuthority('Nobody')]);
  const [certificate, rogueCertificate] = await Promise.all([trusted.forThisComputer(), rogue.forThisComputer()]);
  const state = new MollieState(options.now);
  const faults = new WireFaults();
  const requests: SeenRequest[] = [];
  if (options.tell) state.onTold = options.tell;

  const checkout = createHttpServer((request, response) => void serveCheckout(state, request, response));
  const server = createHttpsServer(certificate, (request, response) => void serveApi(request, response));
  // Whether a connection is shown the wrong certificate is decided before its handshake begins.
  server.prependListener('connection', () => {
    server.setSecureContext(faults.takeRefusedConnection() ? rogueCertificate : certificate);
  });
  server.on('tlsClientError', () => {});
  await Promise.all([listen(server), listen(checkout)]);
  const apiUrl = `https://localhost:${portOf(server)}/v2/`;
  const api = new MollieApi(
    state,
    { api: apiUrl, checkout: `http://localhost:${portOf(checkout)}` },
    { apiKeys: [TEST_KEY, OTHER_TEST_KEY, LIVE_KEY], accessToken: ACCESS_TOKEN },
  );

  function plant(reply: ApiReply): ApiReply {
    const { planted } = options;
    if (planted === undefined || typeof reply.body !== 'object') return reply;
    const { detail } = reply.body as { detail?: string };
    return { ...reply, body: { planted, ...reply.body, ...(detail ? { detail: `${detail} ${planted}` } : {}) } };
  }

  async function serveApi(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = await bodyOf(request);
    const url = new URL(request.url ?? '/', apiUrl);
    const path = url.pathname.replace(/^\/v2\//, '');
    if (!url.pathname.startsWith('/v2/')) return send(response, { status: 200, body: {} });
    const body = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
    const method = request.method ?? 'GET';
    const operation = operationOf(method, path, body);
    const key = (request.headers['idempotency-key'] as string | undefined) ?? null;
    requests.push({ operation, method, path, key, body, atMs: monotonicMs() });
    const credential = (request.headers.authorization ?? '').replace(/^Bearer /, '');
    const answer = () => plant(api.answer({ method, path, query: url.searchParams, body, key, credential }));

    const planned = faults.take(operation);
    const fault = planned?.fault ?? null;
    const wait: Record<string, string> =
      planned && planned.retryAfterS !== null ? { 'retry-after': String(planned.retryAfterS) } : {};
    switch (fault) {
      case null:
        return send(response, answer());
      case 'hang_before':
        return;
      case 'hang_after':
        answer();
        return;
      case 'cut_before':
        request.socket.destroy();
        return;
      case 'cut_mid_reply': {
        const whole = JSON.stringify(answer().body);
        response.writeHead(200, { 'content-type': 'application/hal+json', 'content-length': whole.length });
        response.write(whole.slice(0, whole.length / 2), () => request.socket.destroy());
        return;
      }
      case 'server_error_after':
        answer();
        return send(response, plant(problem(503, 'Service Unavailable')), wait);
      case 'server_error_before':
        return send(response, plant(problem(503, 'Service Unavailable')), wait);
      case 'malformed_after': {
        const { status, body: whole } = answer();
        response.writeHead(status, { 'content-type': 'application/hal+json' });
        response.end(JSON.stringify(whole).slice(0, -20));
        return;
      }
      case 'rate_limited':
        return send(response, plant(problem(429, 'Too Many Requests')));
      case 'redirected':
        response.writeHead(302, { location: new URL('/elsewhere', apiUrl).href });
        response.end();
        return;
      case 'tls_refused':
        return;
    }
  }

  return {
    apiUrl,
    authority: trusted.cert,
    state,
    faults,
    requests,
    addMethod(name) {
      const customer = state.addCustomer({ name: 'A. Customer' });
      const mandate = state.addMandate(customer.id, namedMethod(name));
      return { customerRef: customer.id, methodRef: `${customer.id}/${mandate.id}` };
    },
    async stop() {
      server.closeAllConnections();
      checkout.closeAllConnections();
      await Promise.all([close(server), close(checkout)]);
    },
  };
}

function operationOf(method: string, path: string, body: Record<string, unknown>): Operation {
  if (method === 'GET') return 'lookup';
  if (method === 'POST' && path === 'payments') return body.sequenceType === 'recurring' ? 'charge' : 'form';
  return method === 'POST' && path.endsWith('/refunds') ? 'refund' : 'other';
}

const problem = (status: number, title: string): ApiReply => ({ status, body: { status, title, detail: title } });

function send(response: ServerResponse, { status, body }: ApiReply, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/hal+json', ...headers });
  response.end(status === 204 ? undefined : JSON.stringify(body));
}

async function serveCheckout(state: MollieState, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const id = /^\/checkout\/(\w+)$/.exec(request.url ?? '')?.[1] ?? '';
  const payment = state.payments.get(id);
  const html = { 'content-type': 'text/html; charset=utf-8' };
  if (payment?.status !== 'open') {
    response.writeHead(payment ? 200 : 404, html).end(donePage());
    return;
  }
  if (request.method !== 'POST') {
    response.writeHead(200, html).end(checkoutPage(payment));
    return;
  }
  answerCheckout(state, payment, new URLSearchParams(await bodyOf(request)).get('outcome') ?? 'fail');
  if (payment.redirectUrl) response.writeHead(303, { location: payment.redirectUrl }).end();
  else response.writeHead(200, html).end(donePage());
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

type Listening = Pick<ReturnType<typeof createHttpServer>, 'listen' | 'close' | 'address'>;
const listen = (server: Listening) => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
const close = (server: Listening) => new Promise<void>((resolve) => void server.close(() => resolve()));
const portOf = (server: Listening) => (server.address() as AddressInfo).port;
