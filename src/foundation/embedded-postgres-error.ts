/** Why the embedded database cannot run, in one plain sentence for the person who started the program. */
export class EmbeddedPostgresError extends Error {
  override name = 'EmbeddedPostgresError';
}

/** Another program holds the data folder; commands that only look may join the server it runs. */
export class DataFolderInUse extends EmbeddedPostgresError {
  override name = 'DataFolderInUse';
}

/** The operating system's reason in words: `EACCES: permission denied`, without the call and the path. */
export function systemReason(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split(',')[0]!.trim();
}
