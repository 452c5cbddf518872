import { useState } from 'react';
import { toastFailed } from '../ui/toast.tsx';
import { addressOf, type Query } from './api-client.ts';
import { ApiProblem, describeError, NetworkFailure } from './api-problem.ts';
import { useWorkspace } from './workspace-context.ts';

/** How long the browser keeps an opened file before its memory is given back: a slow viewer must have begun by then. */
const KEEP_MS = 60_000;

/**
 * Reads a file of the API (CSV, PDF). A plain link would not do: the workspace is named by a header, which links
 * cannot send. Rejects like callApi.
 */
export async function fetchFile(
  workspaceId: string,
  path: string,
  query?: Query,
  signal?: AbortSignal,
): Promise<{ blob: Blob; name: string | null }> {
  let response: Response;
  try {
    response = await fetch(addressOf(path, query), {
      headers: { 'Counterfoil-Workspace': workspaceId },
      credentials: 'same-origin',
      ...(signal ? { signal } : {}),
    });
    if (response.ok) return { blob: await response.blob(), name: nameIn(response.headers.get('Content-Disposition')) };
  } catch (error) {
    throw new NetworkFailure('No answer from the server.', { cause: error });
  }
  const body: unknown = await response.json().catch(() => ({}));
  throw new ApiProblem(response.status, typeof body === 'object' && body !== null ? { ...body } : {});
}

/** The name with every letter, where the server says one. */
function nameIn(disposition: string | null): string | null {
  const whole = /filename\*=UTF-8''([^;]+)/.exec(disposition ?? '')?.[1];
  if (whole !== undefined) return decodeURIComponent(whole);
  return /filename="?([^";]+)"?/.exec(disposition ?? '')?.[1] ?? null;
}

/**
 * Files of the open workspace. `download` saves one under the server's name (else `fallbackName`); `open` shows one in
 * a new tab. Failures are told in a toast; `isFetching` is true meanwhile.
 */
export function useFiles() {
  const { workspace } = useWorkspace();
  const [isFetching, setFetching] = useState(false);

  async function attempt(work: () => Promise<void>) {
    setFetching(true);
    try {
      await work();
    } catch (error) {
      toastFailed(`The file was not made. ${describeError(error)}`);
    } finally {
      setFetching(false);
    }
  }

  return {
    isFetching,
    download: (path: string, fallbackName: string, query?: Query) =>
      attempt(async () => {
        const { blob, name } = await fetchFile(workspace.id, path, query);
        save(blob, name ?? fallbackName);
      }),
    /** `path` may take a moment to be known; null: there is nothing to show after all. */
    open: (path: string | Promise<string | null>, fallbackName: string) => {
      // The tab is opened by the click itself: a browser refuses tabs that open by themselves a moment later.
      const tab = window.open('', '_blank');
      return attempt(async () => {
        try {
          const known = await path;
          if (known === null) return tab?.close();
          const { blob, name } = await fetchFile(workspace.id, known);
          if (tab) tab.location.href = lent(blob);
          else save(blob, name ?? fallbackName);
        } catch (error) {
          tab?.close();
          throw error;
        }
      });
    },
  };
}

function lent(blob: Blob): string {
  const url = URL.createObjectURL(blob);
  setTimeout(() => URL.revokeObjectURL(url), KEEP_MS);
  return url;
}

function save(blob: Blob, name: string) {
  const link = document.createElement('a');
  link.href = lent(blob);
  link.download = name;
  link.click();
}
