/** A database that cannot be used, in one sentence. */
export class DatabaseRefused extends Error {
  override name = 'DatabaseRefused';
}
