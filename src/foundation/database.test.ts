import { beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../tests/setup/database.ts';

describe('transactions', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await testDatabase();
  });

  const insert = (code: string) => ({
    text: `INSERT INTO sign_in_links (token_hash, purpose, created_at, expires_at) VALUES ($1, 'sign_in', $2, $2)`,
    values: [code, new Date(0)],
  });
  const count = () =>
    database
      .inGlobal((tx) => tx.one<{ n: bigint }>({ text: 'SELECT count(*) AS n FROM sign_in_links' }))
      .then(({ n }) => n);

  it('keep what statements sent along with COMMIT wrote', async () => {
    await database.inGlobal(async (tx) => tx.alongCommit(Promise.all([tx.run(insert('a')), tx.run(insert('b'))])));
    expect(await count()).toBe(2n);
  });

  it('keep nothing when one of the statements sent along with COMMIT fails, and throw its error', async () => {
    const before = await count();
    const work = database.inGlobal(async (tx) => {
      await tx.run(insert('c'));
      tx.alongCommit(Promise.all([tx.run(insert('d')), tx.run(insert('a'))]));
    });
    await expect(work).rejects.toMatchObject({ code: '23505' });
    expect(await count()).toBe(before);
  });

  it('throw the error that began it when a deeper statement fails and shallow ones in the same flight are heard first', async () => {
    const deep = async (tx: { run(query: ReturnType<typeof insert>): Promise<number> }) => {
      const inner = async () => await tx.run(insert('a'));
      const outer = async () => await inner();
      return await outer();
    };
    const along = database.inGlobal(async (tx) => tx.alongCommit(Promise.all([deep(tx), tx.run(insert('f'))])));
    await expect(along).rejects.toMatchObject({ code: '23505' });
    const awaited = database.inGlobal((tx) => Promise.all([deep(tx), tx.run(insert('f'))]));
    await expect(awaited).rejects.toMatchObject({ code: '23505' });
  });

  it('keep nothing when a statement failed and nobody looked', async () => {
    const before = await count();
    const work = database.inGlobal(async (tx) => {
      await tx.run(insert('e'));
      await tx.run(insert('a')).catch(() => {});
    });
    await expect(work).rejects.toThrow('a transaction with a failed statement is not committed silently');
    expect(await count()).toBe(before);
  });

  it('run again after a deadlock, and both end well', async () => {
    await database.inGlobal(async (tx) => {
      await tx.run(insert('x'));
      await tx.run(insert('y'));
    });
    const touch = (first: string, second: string, meet: () => Promise<void>) =>
      database.inGlobal(async (tx) => {
        const update = (code: string) =>
          tx.run({ text: `UPDATE sign_in_links SET email = 'seen' WHERE token_hash = $1`, values: [code] });
        await update(first);
        await meet();
        await update(second);
      });
    let arrived = 0;
    let open = () => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const meet = async () => {
      arrived += 1;
      if (arrived >= 2) open();
      await gate;
    };
    await Promise.all([touch('x', 'y', meet), touch('y', 'x', meet)]);
    expect(arrived).toBe(3);
  });
});
