import { type ImportRecord, importRecord } from '../../../src/imports/api.ts';
import { sendFile } from '../app/send-file.ts';

/** Sends a file that is to be imported; rejects as sendFile does. */
export function sendImportFile(sending: {
  workspaceId: string;
  kind: ImportRecord['kind'];
  file: File;
  signal: AbortSignal;
  onProgress: (sentBytes: number) => void;
}): Promise<ImportRecord> {
  return sendFile({ ...sending, path: `/v1/imports?kind=${sending.kind}` }, importRecord);
}
