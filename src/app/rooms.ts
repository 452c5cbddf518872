import type { Clock } from '../foundation/clock.ts';
import type { Database } from '../foundation/database.ts';
import type { App } from '../workspace/door.ts';
import { registerWorkspaceRoom } from '../workspace/http.ts';
import { makeIdentify } from '../workspace/identify-caller.ts';
import { startWorkspaceJobs } from '../workspace/jobs.ts';
import { makeSignIn } from '../workspace/sign-in.ts';
import type { Identify } from './access.ts';

export interface RoomOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly secret: string;
  /** Address that links for people begin with; known for sure once the server listens. */
  readonly publicUrl: () => string;
  /** Puts the guard before every route. */
  readonly guard: (identify: Identify) => void;
  /** What has to stand before the first route (the OpenAPI document collects them). */
  readonly beforeRoutes: () => Promise<void>;
}

/** What runs beside requests. */
export interface Rooms {
  startBackground(): Promise<void>;
  /** Resolves when everything that was running has ended. */
  stopBackground(): Promise<void>;
}

/** Furnishes the server with every room, from left to right: doors first, then what each does beside requests. */
export async function registerRooms(app: App, options: RoomOptions): Promise<Rooms> {
  const { database, clock, secret, publicUrl } = options;
  const identify = makeIdentify({ database, clock, secret });
  const signIn = makeSignIn({ database, clock, secret, publicUrl });

  await options.beforeRoutes();
  options.guard(identify);

  registerWorkspaceRoom(app, {
    database,
    clock,
    secret,
    publicUrl,
    signIn,
    identifyPerson: identify.person,
  });

  const onError = (error: unknown) => app.log.error({ err: error }, 'background work failed; it is tried again');
  let running: { stop(): Promise<void> }[] = [];
  return {
    async startBackground() {
      running = [startWorkspaceJobs({ database, clock, signIn, onError })];
    },
    async stopBackground() {
      await Promise.all(running.map((job) => job.stop()));
      running = [];
    },
  };
}
