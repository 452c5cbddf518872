import { createHmac, randomInt } from 'node:crypto';
import { registerContactsRoom } from '../contacts/http.ts';
import { registerExportsRoom } from '../exports/http.ts';
import { type Clock, pause } from '../foundation/clock.ts';
import type { Database } from '../foundation/database.ts';
import { type KeySource, makeSecretBox } from '../foundation/secret-box.ts';
import { registerGatewaysRoom } from '../gateways/http.ts';
import { registerPolicyReports } from '../gateways/http-policy-reports.ts';
import { eventAddressOf, makeConnections } from '../gateways/keep-connections.ts';
import { registerMolliePages } from '../gateways/mollie/http.ts';
import { makeMollieGateway } from '../gateways/mollie/mollie-gateway.ts';
import { makeRegistry } from '../gateways/registry.ts';
import { registerSandboxPages } from '../gateways/scripted/http.ts';
import { moveOnWorkspace, startSandboxJobs } from '../gateways/scripted/jobs.ts';
import { makeScriptedGateway, type ScriptedGateway, SIGNATURE_HEADER } from '../gateways/scripted/scripted-gateway.ts';
import { registerStripePages } from '../gateways/stripe/http.ts';
import { makeStripeGateway } from '../gateways/stripe/stripe-gateway.ts';
import { registerImportsRoom } from '../imports/http.ts';
import { startImportJobs } from '../imports/jobs.ts';
import { makeImportRunner } from '../imports/run-imports.ts';
import { registerInsightsRoom } from '../insights/http.ts';
import { registerInvoicesRoom } from '../invoices/http.ts';
import { startInvoiceJobs } from '../invoices/jobs.ts';
import { makeInvoicesRoom } from '../invoices/make-invoices-room.ts';
import { readMailLook } from '../invoices/read-mail-look.ts';
import { renderIssued } from '../invoices/render-document.ts';
import { runRecurringOf } from '../invoices/run-recurring.ts';
import { registerMessagesRoom } from '../messages/http.ts';
import { startMessageJobs } from '../messages/jobs.ts';
import { type MessagesRoom, makeMessagesRoom } from '../messages/make-messages-room.ts';
import type { ServerMail } from '../messages/smtp-server.ts';
import { chargeDueInvoices } from '../payments/charge-due-invoices.ts';
import { registerPaymentsRoom } from '../payments/http.ts';
import { type GatewayImports, makeGatewayImports } from '../payments/import-gateway-history.ts';
import { startPaymentJobs } from '../payments/jobs.ts';
import { makePaymentsRoom, type PaymentsRoom, TOTALS_SLOTS } from '../payments/make-payments-room.ts';
import { METHODS_OF_ACCOUNTS } from '../payments/mark-methods-of-accounts.ts';
import { PAYMENTS_OF_INVOICES } from '../payments/move-account.ts';
import { watchCards } from '../payments/watch-cards.ts';
import { registerPortalRoom } from '../portal/http.ts';
import { registerSampleRoom } from '../sample/http.ts';
import { makeSampleRunner, type SampleRunner } from '../sample/run-samples.ts';
import type { App } from '../workspace/door.ts';
import { registerWorkspaceRoom } from '../workspace/http.ts';
import { makeIdentify } from '../workspace/identify-caller.ts';
import { startWorkspaceJobs } from '../workspace/jobs.ts';
import { makeSignIn } from '../workspace/sign-in.ts';
import type { Identify } from './access.ts';
import type { GatewaySettings } from './config.ts';
import { makeReactions } from './reactions.ts';
import { startRelay } from './relay-outbox.ts';

export interface RoomOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly secret: string;
  /** Seal the keys of connected gateways, the newest first. */
  readonly envelopeKeys: readonly Uint8Array[] | KeySource;
  readonly gatewaySettings: GatewaySettings;
  readonly mail: ServerMail;
  /** Where files of imports are kept until they are written. */
  readonly dataFolder: string;
  /** Address that links for people begin with; known for sure once the server listens. */
  readonly publicUrl: () => string;
  /** Puts the guard before every route. */
  readonly guard: (identify: Identify) => void;
  /** What has to stand before the first route (the OpenAPI document collects them). */
  readonly beforeRoutes: () => Promise<void>;
}

/** What runs beside requests. */
export interface Rooms {
  /** For tests and commands that use verbs without HTTP. */
  readonly payments: PaymentsRoom;
  readonly messages: MessagesRoom;
  readonly sandbox: ScriptedGateway;
  readonly samples: SampleRunner;
  readonly gatewayImports: GatewayImports;
  startBackground(): Promise<void>;
  /** Resolves when everything that was running has ended. */
  stopBackground(): Promise<void>;
}

/** Furnishes the server with every room, from left to right: doors first, then what each does beside requests. */
export async function registerRooms(app: App, options: RoomOptions): Promise<Rooms> {
  const { database, clock, secret, publicUrl } = options;
  const identify = makeIdentify({ database, clock, secret });
  const signIn = makeSignIn({ database, clock, secret, publicUrl });

  const sandbox: ScriptedGateway = makeScriptedGateway({
    database,
    publicUrl,
    signingSecret: createHmac('sha256', secret).update('sandbox gateway events').digest('hex'),
    pause: (ms) => pause(ms),
    deliver: async (workspaceId, rawBody, signature) => {
      const header = (name: string) => (name === SIGNATURE_HEADER ? signature : undefined);
      await payments.events.receive('scripted', workspaceId, { rawBody, header }, clock.now());
    },
  });
  const box = makeSecretBox(options.envelopeKeys);
  const connections = makeConnections({ database, box, clock });
  const stripe = makeStripeGateway({
    readConnection: connections.reader('stripe'),
    publicUrl,
    secret,
    clock,
    config: options.gatewaySettings.stripe,
    log: { warn: (details, words) => app.log.warn(details, words) },
  });
  const mollie = makeMollieGateway({
    readConnection: connections.reader('mollie'),
    publicUrl,
    async eventAddress(workspaceId) {
      const token = (await connections.of(workspaceId)).eventTokens.get('mollie');
      return token === undefined ? null : eventAddressOf(publicUrl(), 'mollie', token);
    },
    ...options.gatewaySettings.mollie,
  });
  const gateways = makeRegistry([sandbox, stripe, mollie], connections);
  // Processes that add to different slots of the day's totals do not wait for each other; a clash only costs a wait.
  const payments: PaymentsRoom = makePaymentsRoom(database, gateways, randomInt(TOTALS_SLOTS), clock);

  const onError = (error: unknown) => app.log.error({ err: error }, 'background work failed; it is tried again');
  const messages = makeMessagesRoom({
    ...{ database, clock, box, serverMail: options.mail, publicUrl, onError },
    readLook: readMailLook,
  });

  await options.beforeRoutes();
  options.guard(identify);

  registerWorkspaceRoom(app, {
    database,
    clock,
    secret,
    publicUrl,
    signIn,
    identifyPerson: identify.person,
    onClockMoved: async (workspaceId) => {
      await moveOnWorkspace(sandbox, database, workspaceId, clock.now());
      await watchCards(payments, workspaceId, clock.now());
      // What goes wrong in one schedule must not keep the clock from moving.
      await runRecurringOf(database, workspaceId, clock.now()).catch(onError);
      await chargeDueInvoices(payments, workspaceId, clock.now());
    },
  });
  registerContactsRoom(app, { database });
  registerMessagesRoom(app, messages);
  const sending = { messages, renderPdf: renderIssued };
  registerInvoicesRoom(app, makeInvoicesRoom(database, PAYMENTS_OF_INVOICES), sending);
  registerSandboxPages(app, { gateway: sandbox, database, clock });
  registerPolicyReports(app, clock);
  registerStripePages(app, { gateway: stripe, database });
  registerMolliePages(app);
  registerGatewaysRoom(app, { database, clock, box, gateways, connections, methods: METHODS_OF_ACCOUNTS, publicUrl });
  const gatewayImports = makeGatewayImports({ ...payments, connections }, (error) =>
    app.log.error({ err: error }, 'bringing over what a gateway has failed'),
  );
  registerPaymentsRoom(app, payments, gatewayImports);
  registerInsightsRoom(app, { database });

  const imports = { database, clock, dataFolder: options.dataFolder };
  const importRunner = makeImportRunner(imports, (error) => app.log.error({ err: error }, 'an import failed'));
  registerImportsRoom(app, imports, importRunner);
  const samples = makeSampleRunner({ database, publicUrl }, (error) =>
    app.log.error({ err: error }, 'work on a sample business failed'),
  );
  registerSampleRoom(app, { database, publicUrl }, samples);
  registerExportsRoom(app, { database });
  registerPortalRoom(app, { payments, messages, clock, publicUrl });

  let running: { stop(): Promise<void> }[] = [];
  return {
    payments,
    messages,
    sandbox,
    samples,
    gatewayImports,
    async startBackground() {
      void importRunner.resume().catch(onError);
      void samples.resume().catch(onError);
      running = [
        startWorkspaceJobs({ database, clock, signIn, onError }),
        startMessageJobs(messages, onError),
        startInvoiceJobs({ database, clock, onError }),
        startPaymentJobs({ room: payments, imports: gatewayImports, clock, onError }),
        startSandboxJobs({ gateway: sandbox, database, clock, onError }),
        startImportJobs(imports, onError),
        startRelay({ database, clock, reactions: makeReactions(sending), onError }),
      ];
    },
    async stopBackground() {
      await Promise.all(running.map((job) => job.stop()));
      running = [];
    },
  };
}
