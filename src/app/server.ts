import { createHmac } from 'node:crypto';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fastifyCookie from '@fastify/cookie';
import fastifyHelmet from '@fastify/helmet';
import fastifyMultipart from '@fastify/multipart';
import fastifyStatic from '@fastify/static';
import fastifyUnderPressure from '@fastify/under-pressure';
import Fastify, { LogController } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { type Clock, systemClock } from '../foundation/clock.ts';
import type { Database } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import { makeLog } from '../foundation/log.ts';
import type { KeySource } from '../foundation/secret-box.ts';
import type { ServerMail } from '../messages/smtp-server.ts';
import type { Access, App } from '../workspace/door.ts';
import { guardAccess } from './access.ts';
import type { GatewaySettings } from './config.ts';
import { registerHealth } from './health.ts';
import { registerOpenApi } from './open-api.ts';
import { answerProblems } from './problems.ts';
import { type Rooms, registerRooms } from './rooms.ts';

export interface ServerOptions {
  readonly database: Database;
  readonly clock?: Clock;
  readonly host?: string;
  /** 0 takes a free port. */
  readonly port?: number;
  /** Address people use, for links in messages; the listening address when absent. */
  readonly publicUrl?: string | null;
  readonly logLevel?: string;
  readonly trustProxy?: boolean;
  /** Folder of the built web program; without it only the API is served. */
  readonly webFolder?: string | null;
  /** Check every answer against its schema (tests and development); otherwise answers are only written. */
  readonly checkAnswers?: boolean;
  /** Answer 503 while the event loop is late by seconds. Off in tests, where a busy machine is nobody's news. */
  readonly shedLoad?: boolean;
  /** Where files of imports are kept until they are written; a folder of the system's own when absent. */
  readonly dataFolder?: string;
  /** Secret that signs session cookies; made once and kept in the data folder. */
  readonly secret: string;
  /** Seal the keys of connected gateways, the newest first; one made of `secret` when absent. */
  readonly envelopeKeys?: readonly Uint8Array[] | KeySource;
  /** Where gateways are, where that is not as usual. */
  readonly gateways?: GatewaySettings;
  /** Mail server of workspaces that have none of their own; without it their mail is kept. */
  readonly mail?: ServerMail;
}

export interface RunningServer {
  readonly address: string;
  readonly app: App;
  readonly rooms: Rooms;
  close(): Promise<void>;
}

/** Largest JSON body. The longest legitimate one is a contact with all its fields, a few kilobytes. */
const BODY_BYTES_MAX = 1_048_576;

/** Makes the server without listening: what tests inject requests into. */
export async function makeServer(options: ServerOptions): Promise<{ app: App; rooms: Rooms }> {
  const app = Fastify({
    loggerInstance: makeLog(options.logLevel ?? 'info'),
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_BYTES_MAX,
    trustProxy: options.trustProxy ?? false,
    routerOptions: { maxParamLength: 200, ignoreTrailingSlash: true },
    requestIdHeader: false,
    // A logger of its own for each request would cost a twentieth of a small one; who logs names the request instead.
    childLoggerFactory: (log) => log,
  }).withTypeProvider() as unknown as App;

  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(options.checkAnswers ? serializerCompiler : () => (data) => JSON.stringify(data));
  answerProblems(app);
  readJsonStrictly(app);
  requireStatedAccess(app);

  await app.register(fastifyCookie);
  await app.register(fastifyMultipart, { limits: { files: 1, fields: 20, fileSize: 4 * 2 ** 30 } });
  await app.register(fastifyHelmet, {
    global: true,
    contentSecurityPolicy: {
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        // Mantine writes measured sizes as style attributes and its colour variables as one style element.
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        connectSrc: ["'self'"],
        // The preview beside the editor is a PDF that the page itself has fetched.
        frameSrc: ["'self'", 'blob:'],
        frameAncestors: ["'self'"],
        objectSrc: ["'none'"],
        upgradeInsecureRequests: null,
      },
    },
    // Self-hosted on plain HTTP in a local network is legitimate; HTTPS belongs to the proxy in front.
    strictTransportSecurity: false,
  });
  if (options.shedLoad ?? true) {
    await app.register(fastifyUnderPressure, {
      maxEventLoopDelay: 3_000,
      pressureHandler: () => {
        throw new Failure('overloaded');
      },
    });
  }

  const clock = options.clock ?? systemClock;
  const rooms = await registerRooms(app, {
    database: options.database,
    clock,
    secret: options.secret,
    envelopeKeys: options.envelopeKeys ?? [createHmac('sha256', options.secret).update('envelope').digest()],
    gatewaySettings: options.gateways ?? { stripe: {}, mollie: {} },
    mail: options.mail ?? { server: null, from: null, bounceAddress: null },
    dataFolder: options.dataFolder ?? join(tmpdir(), 'counterfoil'),
    publicUrl: () => options.publicUrl ?? listeningAddress(app),
    guard: (identify) => guardAccess(app, identify),
    beforeRoutes: () => registerOpenApi(app),
  });
  registerHealth(app, options.database);
  if (options.webFolder && existsSync(options.webFolder)) await serveWeb(app, options.webFolder);
  await app.ready();
  return { app, rooms };
}

/** Makes the server, listens, and starts what runs beside requests. Rejects with the listen error (EADDRINUSE …). */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { app, rooms } = await makeServer(options);
  await app.listen({ host: options.host ?? '127.0.0.1', port: options.port ?? 0 });
  await rooms.startBackground();
  return {
    address: listeningAddress(app),
    app,
    rooms,
    async close() {
      await app.close();
      await rooms.stopBackground();
    },
  };
}

function listeningAddress(app: App): string {
  const bound = app.server.address();
  if (bound === null || typeof bound === 'string') return 'http://127.0.0.1';
  const host = bound.address === '::' || bound.address === '0.0.0.0' ? 'localhost' : bound.address;
  return `http://${host.includes(':') ? `[${host}]` : host}:${bound.port}`;
}

/** JSON bodies must be whole UTF-8: a replaced character in a name would be a silent change of somebody's data. */
function readJsonStrictly(app: App) {
  const parse = app.getDefaultJsonParser('error', 'error');
  const decoder = new TextDecoder('utf-8', { fatal: true });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    if (body.length === 0) return done(null, undefined);
    let text: string;
    try {
      text = decoder.decode(body as Buffer);
    } catch {
      return done(new Failure('malformed_request', 'The body is not valid UTF-8.'));
    }
    parse(request, text, done);
  });
}

/**
 * A route that forgets to say who may use it is a hole; the program refuses to start with one. Answers of the API are
 * data: they are not to be kept by caches, not to be taken for another type, and do without the policy of pages, which
 * would be built anew for each of them.
 */
function requireStatedAccess(app: App) {
  app.addHook('onRoute', (route) => {
    if (!route.url.startsWith('/v1/')) return;
    const access = (route.config as { access?: Access } | undefined)?.access;
    if (!access)
      throw new Error(`Route ${String(route.method)} ${route.url} does not say who may use it (config.access).`);
    route.helmet = false;
  });
  app.addHook('onRequest', (request, reply, done) => {
    if (request.url.startsWith('/v1/')) reply.headers(API_HEADERS);
    done();
  });
}

const API_HEADERS = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' } as const;

/** The web program: hashed files for a year, pages by their address, anything else of the API a problem. */
async function serveWeb(app: App, folder: string) {
  await app.register(fastifyStatic, {
    root: folder,
    wildcard: false,
    index: false,
    preCompressed: true,
    setHeaders(reply, path) {
      if (path.includes('/assets/')) reply.header('cache-control', 'public, max-age=31536000, immutable');
    },
  });
  // A route, because the handler of what is not found belongs to the problems.
  app.get('/*', { schema: { hide: true } }, (request, reply) => {
    const wantsPage = !request.url.startsWith('/v1/') && !/\.[a-z0-9]{2,5}(\?|$)/.test(request.url);
    if (!wantsPage) throw new Failure('not_found');
    return reply.header('cache-control', 'no-cache').sendFile('index.html', { cacheControl: false });
  });
}
