import Stripe from 'stripe';
import type { Clock } from '../../foundation/clock.ts';
import { systemClock } from '../../foundation/clock.ts';
import { Failure } from '../../foundation/failure.ts';
import type { ConnectionValues, ReadConnection } from '../connection.ts';
import type { Gateway } from '../gateway.ts';
import { chargeMethod } from './charge-method.ts';
import { stripeConnecting } from './check-connection.ts';
import { disputeOf } from './dispute.ts';
import { findAttempt } from './find-attempt.ts';
import { listStripeEvents } from './list-events.ts';
import { detachSavedMethod, openForm, readForm, readSavedMethod } from './open-form.ts';
import { type PageLinks, pageLinks } from './page-link.ts';
import { payoutOf } from './payout.ts';
import { stripeHistory } from './read-history.ts';
import { refundCharge } from './refund-charge.ts';
import { answeredValue, ask, isMissing } from './send-request.ts';
import { modeOfKey, PUBLISHABLE_KEY, SECRET_KEY, type StripeLog, type StripeSession } from './session.ts';
import { STRIPE_CONFIG, type StripeConfig } from './stripe-config.ts';
import { verifyEvent } from './verify-event.ts';

export interface StripeGatewayOptions {
  readonly readConnection: ReadConnection;
  /** Address of this program: customers confirm payments and add cards on pages of ours. */
  readonly publicUrl: () => string;
  /** Keys of those pages' addresses are derived from it. */
  readonly secret: string;
  readonly config?: Partial<StripeConfig>;
  /** The world's clock: Stripe does not move with a sandbox workspace's. */
  readonly clock?: Clock;
  readonly log?: StripeLog;
}

export interface StripeGateway extends Gateway {
  readonly config: StripeConfig;
  readonly links: PageLinks;
  /** What a workspace's calls are made with; null while it has not connected Stripe. For the pages. */
  sessionOf(workspaceId: string): Promise<StripeSession | null>;
}

/** Keys are remembered for at least a day; what is older is only looked up. */
const KEY_RETENTION_MS = 24 * 3_600_000;

/** Stripe, by its official SDK. Nothing of what the world answers is thrown, except where the contract's reads say so. */
export function makeStripeGateway(options: StripeGatewayOptions): StripeGateway {
  const config: StripeConfig = { ...STRIPE_CONFIG, ...options.config };
  const clock = options.clock ?? systemClock;
  const links = pageLinks(options.secret, options.publicUrl);
  // One set of connections for every call of every workspace.
  const http = Stripe.createNodeHttpClient();

  function sessionWith(values: ConnectionValues, workspaceId: string): StripeSession {
    const secretKey = values[SECRET_KEY] ?? '';
    return {
      clientOver: (wrap) => makeClient(secretKey, wrap(http), config),
      config,
      publishableKey: values[PUBLISHABLE_KEY] ?? '',
      live: modeOfKey(secretKey) === 'live',
      confirmLink: (intentId) => links.linkTo('confirm', workspaceId, intentId),
      log: options.log ?? { warn: () => {} },
    };
  }

  async function sessionOf(workspaceId: string): Promise<StripeSession | null> {
    const connection = await options.readConnection(workspaceId);
    return connection && sessionWith(connection.values, workspaceId);
  }

  /** For what makes no sense without a connection. Throws gateway_not_connected. */
  async function connected(workspaceId: string): Promise<StripeSession> {
    const session = await sessionOf(workspaceId);
    if (!session)
      throw new Failure('gateway_not_connected', 'Stripe is not connected; connect it in Settings → Payments.');
    return session;
  }

  const NOT_CONNECTED = { status: 'declined', gatewayRef: null, code: 'gateway_not_connected' } as const;

  return {
    name: 'stripe',
    label: 'Stripe',
    modes: ['sandbox', 'live'],
    timeoutMs: config.timeoutMs,
    keyRetentionMs: KEY_RETENTION_MS,
    connecting: stripeConnecting((values) => sessionWith(values, '')),
    cardFormDisplay: 'frame',
    config,
    links,
    sessionOf,

    async openCardForm({ workspaceId }, form) {
      const formRef = await openForm(await connected(workspaceId), form);
      return { formRef, url: links.linkTo('form', workspaceId, formRef) };
    },

    async readCardForm({ workspaceId }, formRef) {
      const session = await sessionOf(workspaceId);
      return session ? readForm(session, formRef) : { status: 'open' };
    },

    async charge({ workspaceId }, order) {
      const session = await sessionOf(workspaceId);
      return session ? chargeMethod(session, order) : NOT_CONNECTED;
    },

    async refund({ workspaceId }, order) {
      const session = await sessionOf(workspaceId);
      return session ? refundCharge(session, order) : NOT_CONNECTED;
    },

    async lookUp({ workspaceId }, attempt) {
      const session = await sessionOf(workspaceId);
      return session
        ? findAttempt(session, attempt)
        : { status: 'unknown', why: 'Stripe is not connected, and cannot be asked.' };
    },

    async readDispute({ workspaceId }, disputeRef) {
      const answer = await ask(await connected(workspaceId), (client) => client.disputes.retrieve(disputeRef));
      return isMissing(answer) ? null : disputeOf(answeredValue(answer));
    },

    async readMethod({ workspaceId }, methodRef) {
      const session = await sessionOf(workspaceId);
      return session ? readSavedMethod(session, methodRef) : { status: 'unknown' };
    },

    detachMethod: async ({ workspaceId }, methodRef) => detachSavedMethod(await connected(workspaceId), methodRef),

    async parseEvent({ workspaceId }, incoming) {
      const connection = await options.readConnection(workspaceId);
      return connection && verifyEvent(incoming, connection.signingSecrets, clock.now());
    },

    listEvents: async ({ workspaceId }, since, cursor) =>
      listStripeEvents(await connected(workspaceId), since, clock.now(), cursor),

    async readPayout({ workspaceId }, payoutRef) {
      const answer = await ask(await connected(workspaceId), (client) => client.payouts.retrieve(payoutRef));
      return isMissing(answer) ? null : payoutOf(answeredValue(answer));
    },

    history: stripeHistory(connected),
  };
}

function makeClient(secretKey: string, httpClient: Stripe.HttpClient, config: StripeConfig): Stripe {
  const { protocol, hostname, port } = new URL(config.apiBaseUrl);
  return new Stripe(secretKey, {
    host: hostname,
    port: port === '' ? (protocol === 'http:' ? 80 : 443) : Number(port),
    protocol: protocol === 'http:' ? 'http' : 'https',
    httpClient,
    timeout: config.timeoutMs,
    maxNetworkRetries: config.networkRetries,
    telemetry: false,
    appInfo: { name: 'Counterfoil' },
  });
}
