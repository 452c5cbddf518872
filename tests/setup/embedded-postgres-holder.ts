import { EmbeddedPostgresError, startEmbeddedPostgres } from '../../src/foundation/embedded-postgres.ts';

/** A program that holds an embedded database until it is told (or made) to end: for tests of what happens then. */
const options = JSON.parse(process.argv[2]!) as Parameters<typeof startEmbeddedPostgres>[0];
try {
  const server = await startEmbeddedPostgres({ ...options, onUnexpectedEnd: (sentence) => console.log(sentence) });
  const { stop, ...facts } = server;
  const held = setInterval(() => {}, 60_000);
  process.once('SIGTERM', async () => {
    clearInterval(held);
    await stop();
    console.log('stopped');
  });
  // Last: whoever reads this may send the signal at once.
  console.log(JSON.stringify(facts));
} catch (error) {
  if (!(error instanceof EmbeddedPostgresError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
