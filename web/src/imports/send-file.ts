import { type ImportRecord, importRecord } from '../../../src/imports/api.ts';
import { ApiProblem, NetworkFailure } from '../app/api-problem.ts';

/**
 * Sends a file and says how much of it has gone. XMLHttpRequest, because fetch tells nothing while it sends, and
 * without a time limit, because gigabytes over a slow line take what they take; `signal` gives up.
 * Rejects with ApiProblem (refused) or NetworkFailure (the connection broke: nothing was kept).
 */
export function sendImportFile(sending: {
  workspaceId: string;
  kind: ImportRecord['kind'];
  file: File;
  signal: AbortSignal;
  onProgress: (sentBytes: number) => void;
}): Promise<ImportRecord> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', `/v1/imports?kind=${sending.kind}`);
    request.setRequestHeader('Counterfoil-Workspace', sending.workspaceId);
    request.setRequestHeader('Counterfoil-Client', 'web');
    request.responseType = 'json';
    request.upload.onprogress = (event) => sending.onProgress(event.loaded);
    request.onerror = () => reject(new NetworkFailure('The connection broke while the file was sent.'));
    request.onabort = () => reject(new NetworkFailure('Sending was stopped.'));
    request.onload = () => {
      const body: unknown = request.response;
      if (request.status === 201) {
        const parsed = importRecord.safeParse(body);
        return parsed.success ? resolve(parsed.data) : reject(parsed.error);
      }
      reject(new ApiProblem(request.status, typeof body === 'object' && body !== null ? { ...body } : {}));
    };
    sending.signal.addEventListener('abort', () => request.abort());
    const form = new FormData();
    form.append('file', sending.file);
    request.send(form);
  });
}
