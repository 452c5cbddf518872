import type { z } from 'zod';
import { ApiProblem, NetworkFailure } from './api-problem.ts';

/**
 * Sends a file as a form and says how much of it has gone. XMLHttpRequest, because fetch tells nothing while it sends, and
 * without a time limit, because large files over a slow line take what they take; `signal` gives up.
 * Rejects with ApiProblem (refused) or NetworkFailure (the connection broke: nothing was kept).
 */
export function sendFile<T>(
  sending: {
    path: string;
    workspaceId: string;
    file: File;
    signal: AbortSignal;
    onProgress: (sentBytes: number) => void;
  },
  schema: z.ZodType<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', sending.path);
    request.setRequestHeader('Counterfoil-Workspace', sending.workspaceId);
    request.setRequestHeader('Counterfoil-Client', 'web');
    request.responseType = 'json';
    request.upload.onprogress = (event) => sending.onProgress(event.loaded);
    request.onerror = () => reject(new NetworkFailure('The connection broke while the file was sent.'));
    request.onabort = () => reject(new NetworkFailure('Sending was stopped.'));
    request.onload = () => {
      const body: unknown = request.response;
      if (request.status === 201) {
        const parsed = schema.safeParse(body);
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
