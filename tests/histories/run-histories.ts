import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type TestServer, testServer } from '../setup/server.ts';
import { beginHistory, live, settleDown } from './history.ts';
import { randomOf } from './random.ts';
import { recount, tellAgain } from './recount.ts';

const FAILING_SEEDS = join(import.meta.dirname, 'failing-seeds.json');
/** Histories of a normal run; COUNTERFOIL_HISTORIES asks for more (`COUNTERFOIL_HISTORIES=5000 npx vitest run tests/histories`). */
const HISTORY_COUNT = Number(process.env.COUNTERFOIL_HISTORIES ?? 200);
/** Steps of one history at most. Long enough for a refund of a retry of a charge of somebody merged twice. */
const STEPS_MAX = 30;

/**
 * Runs every `of`-th history from `part` on; the parts are files of their own, so that each gets a processor. Seeds that
 * failed once are kept and run first.
 */
export function runHistories(part: number, of: number): void {
  const known = JSON.parse(readFileSync(FAILING_SEEDS, 'utf8')) as number[];
  const fresh = Array.from({ length: HISTORY_COUNT }, (_, index) => index + 1);
  const seeds = [...new Set([...known, ...fresh])].filter((seed) => seed % of === part);

  describe('random histories', () => {
    let server: TestServer;
    beforeAll(async () => {
      server = await testServer();
    });

    it(`${seeds.length} of them leave gateway, book, lists and lifetime values in agreement`, {
      timeout: 0,
    }, async () => {
      for (const seed of seeds) {
        const random = randomOf(seed);
        const history = await beginHistory(server, random);
        await live(history, 10 + random.below(STEPS_MAX - 10));
        await settleDown(history, tellAgain);
        const found = await recount(history);
        if (found.length === 0) continue;
        keep(seed);
        expect.fail(`seed ${seed}:\n${found.join('\n')}\n\n${history.log.join('\n')}`);
      }
    });
  });
}

function keep(seed: number): void {
  const known = JSON.parse(readFileSync(FAILING_SEEDS, 'utf8')) as number[];
  if (!known.includes(seed)) writeFileSync(FAILING_SEEDS, `${JSON.stringify([...known, seed])}\n`);
}
