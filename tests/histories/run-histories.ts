import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type TestServer, testServer } from '../setup/server.ts';
import { beginHistory, type History, live, type Steps, settleDown } from './history.ts';
import { randomOf } from './random.ts';
import { recount, tellAgain } from './recount.ts';

/** Histories of a normal run; COUNTERFOIL_HISTORIES asks for more (`COUNTERFOIL_HISTORIES=5000 npx vitest run tests/histories`). */
const ASKED_FOR = process.env.COUNTERFOIL_HISTORIES;
/** Histories run from this seed on, for runs that go further than those before. */
const FIRST_SEED = Number(process.env.COUNTERFOIL_FIRST_SEED ?? 1);

export interface HistoriesOf {
  /** What they leave in agreement. */
  readonly title: string;
  /** File of the seeds that failed once; they are run first. */
  readonly failingSeeds: string;
  readonly count: number;
  /** Steps of one history at most. Long enough for a refund of a retry of a charge of somebody merged twice. */
  readonly stepsMax: number;
  readonly steps: Steps;
  /** Steps that happen at no other's time. */
  readonly stepsAlone: Steps;
  readonly recountMore: (history: History) => Promise<string[]>;
}

const CHARGES: HistoriesOf = {
  title: 'leave gateway, book, lists and lifetime values in agreement',
  failingSeeds: 'failing-seeds.json',
  count: 200,
  stepsMax: 30,
  steps: [],
  stepsAlone: [],
  recountMore: async () => [],
};

/** Runs every `of`-th history from `part` on; the parts are files of their own, so that each gets a processor. */
export function runHistories(part: number, of: number, kind: HistoriesOf = CHARGES): void {
  const file = join(import.meta.dirname, kind.failingSeeds);
  const known = JSON.parse(readFileSync(file, 'utf8')) as number[];
  const fresh = Array.from({ length: Number(ASKED_FOR ?? kind.count) }, (_, index) => index + FIRST_SEED);
  const seeds = [...new Set([...known, ...fresh])].filter((seed) => seed % of === part);

  describe('random histories', () => {
    let server: TestServer;
    beforeAll(async () => {
      server = await testServer();
    });

    it(`${seeds.length} of them ${kind.title}`, { timeout: 0 }, async () => {
      for (const seed of seeds) {
        const random = randomOf(seed);
        const history = await beginHistory(server, random);
        await live(history, 10 + random.below(kind.stepsMax - 10), kind.steps, kind.stepsAlone);
        await settleDown(history, tellAgain);
        const found = [...(await recount(history)), ...(await kind.recountMore(history))];
        if (found.length === 0) continue;
        keep(file, seed);
        expect.fail(`seed ${seed}:\n${found.join('\n')}\n\n${history.log.join('\n')}`);
      }
    });
  });
}

function keep(file: string, seed: number): void {
  const known = JSON.parse(readFileSync(file, 'utf8')) as number[];
  if (!known.includes(seed)) writeFileSync(file, `${JSON.stringify([...known, seed])}\n`);
}
