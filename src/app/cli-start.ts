import { join } from 'node:path';
import { pause, systemClock } from '../foundation/clock.ts';
import { makeOwnerLink } from '../workspace/make-sign-in-link.ts';
import { type Command, CommandRefused } from './cli-command.ts';
import { type Config, START_FLAGS } from './config.ts';
import { envelopeKeySource } from './envelope-keys.ts';
import { openConfiguredDatabase } from './open-database.ts';
import { readProgramSecret } from './program-secret.ts';
import { type RunningServer, startServer } from './server.ts';
import { leaveAddress } from './server-address.ts';
import { startSample } from './start-sample.ts';

/** Requests in flight get so long to end; what charges were sent is written down and resolved by the next start. */
const CLOSE_PATIENCE_MS = 5_000;
const WEB_FOLDER = join(import.meta.dirname, '..', '..', 'dist', 'web');

export const start: Command = {
  summary: 'Starts the server (what `counterfoil` alone does too)',
  usage: [
    'start [--host 127.0.0.1] [--port 4411]',
    'start --sample  makes the sample business in the first sandbox workspace',
  ],
  flags: START_FLAGS,
  async run({ config, print, note }) {
    const end = waitForTheEnd();
    const opened = await openConfiguredDatabase(config, { onUnexpectedEnd: end.because });
    try {
      const server = await listen(config, opened.database);
      end.beginRunning();
      const ending = new AbortController();
      const sample = config.sample ? beginSample(opened.database, server, config, ending.signal, note) : null;
      const forgetAddress = leaveAddress(config, config.publicUrl ?? server.address);
      try {
        await tell(config, opened, server, print);
        const reason = await end.came;
        if (reason !== null) note(reason);
        ending.abort();
        await sample;
        // A browser that keeps its connection open must not hold the end up.
        await Promise.race([server.close(), pause(CLOSE_PATIENCE_MS), end.impatience]);
        return reason === null ? 0 : 1;
      } finally {
        forgetAddress();
      }
    } finally {
      await Promise.race([opened.close(), end.impatience]);
    }
  },
};

async function listen(config: Config, database: Parameters<typeof startServer>[0]['database']): Promise<RunningServer> {
  const { host, port, publicUrl, logLevel, trustProxy, dataFolder, gateways, mail } = config;
  const secret = readProgramSecret(config);
  const envelopeKeys = envelopeKeySource(config);
  try {
    return await startServer({
      database,
      host,
      port,
      publicUrl,
      logLevel,
      trustProxy,
      secret,
      envelopeKeys,
      gateways,
      mail,
      dataFolder,
      webFolder: WEB_FOLDER,
    });
  } catch (error) {
    const sentence = LISTEN_REFUSALS[(error as NodeJS.ErrnoException).code ?? ''];
    throw sentence ? new CommandRefused(sentence(host, port)) : error;
  }
}

const LISTEN_REFUSALS: Readonly<Record<string, (host: string, port: number) => string>> = {
  EADDRINUSE: (host, port) =>
    `Port ${port} of ${host} is in use by another program; choose another with --port (0 takes any free one).`,
  EACCES: (_host, port) => `This account may not listen on port ${port}; choose one above 1023 with --port.`,
  EADDRNOTAVAIL: (host) => `This machine has no address ${host} to listen on; choose another with --host.`,
  ENOTFOUND: (host) => `The name ${host} is not known; choose another with --host.`,
};

async function beginSample(
  database: Parameters<typeof startServer>[0]['database'],
  server: RunningServer,
  config: Config,
  signal: AbortSignal,
  note: (line: string) => void,
): Promise<void> {
  const publicUrl = () => config.publicUrl ?? server.address;
  const { samples } = server.rooms;
  try {
    await startSample({ database, clock: systemClock, samples, publicUrl }, signal);
  } catch (error) {
    if (!signal.aborted) note(`The sample business could not be begun: ${(error as Error).message}`);
  }
}

async function tell(
  config: Config,
  opened: Awaited<ReturnType<typeof openConfiguredDatabase>>,
  server: RunningServer,
  print: (line: string) => void,
): Promise<void> {
  const address = config.publicUrl ?? server.address;
  print(`Counterfoil is running at ${address} (Ctrl-C stops it).`);
  if (opened.home) print(`Its data are in ${opened.home}.`);
  const link = await makeOwnerLink(opened.database, { now: systemClock.now(), publicUrl: address });
  if (link)
    print(`\nNobody has an account yet. Open this link, once and within 24 hours, to set it up:\n\n  ${link.url}\n`);
}

/** Signals and the database's own end. Until something runs, a signal just ends the process; it leaves nothing behind. */
function waitForTheEnd() {
  let because: (reason: string | null) => void = () => {};
  let giveUp: () => void = () => {};
  const came = new Promise<string | null>((resolve) => {
    because = resolve;
  });
  const impatience = new Promise<void>((resolve) => {
    giveUp = resolve;
  });
  let running = false;
  let signals = 0;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (!running) process.exit(0);
      signals += 1;
      because(null);
      // Whoever presses Ctrl-C again and again wants out now; the database is whole either way.
      if (signals > 2) giveUp();
    });
  }
  return {
    came,
    impatience,
    because,
    beginRunning() {
      running = true;
    },
  };
}
