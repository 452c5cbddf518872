import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import {
  type Attachments,
  attachment,
  attachments as attachmentsSchema,
} from '../../../src/invoices/api-attachments.ts';
import { roomProblem } from '../../../src/invoices/attachment.ts';
import { ApiProblem, describeError } from '../app/api-problem.ts';
import { useFiles } from '../app/fetch-file.ts';
import { sendFile } from '../app/send-file.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { toastDone, toastFailed } from '../ui/toast.tsx';
import { fileProblem } from './file-problem.ts';

/** A file on its way, or one that did not get there. */
export interface Sending {
  readonly key: number;
  readonly file: File;
  readonly sentBytes: number;
  /** Null while it goes on. */
  readonly problem: string | null;
}

/** What files go with: a document, or a schedule and so every document that it makes. */
export type FileOwner = 'invoices' | 'recurring-invoices';

/** Files of a document or schedule: what is there, what is being sent, and what can be done with them. */
export function useAttachments(ownerId: string | null, owner: FileOwner = 'invoices') {
  const { api, workspace } = useWorkspace();
  const queryClient = useQueryClient();
  const files = useFiles();
  const [sendings, setSendings] = useState<readonly Sending[]>([]);
  const lastKey = useRef(0);
  const leaving = useRef(new AbortController());
  useEffect(() => {
    const ending = new AbortController();
    leaving.current = ending;
    return () => ending.abort();
  }, []);
  const pathOf = (id: string) => `/v1/${owner}/${id}/attachments`;
  const keyOf = (id: string) => [workspace.id, 'attachments', id];
  const query = useQuery({
    queryKey: keyOf(ownerId ?? ''),
    queryFn: ({ signal }) => api.get(pathOf(ownerId ?? ''), attachmentsSchema, { signal }),
    enabled: ownerId !== null,
  });
  const listed = query.data?.data ?? [];

  const change = (key: number, part: Partial<Sending>) =>
    setSendings((before) => before.map((one) => (one.key === key ? { ...one, ...part } : one)));
  const dismiss = (key: number) => setSendings((before) => before.filter((one) => one.key !== key));

  /** One after the other, so that what is full is said of the right one. `idOf` makes the draft where there is none yet. */
  async function add(chosen: readonly File[], idOf: () => Promise<string | null>) {
    const begun = chosen.map((file): Sending => {
      lastKey.current += 1;
      return { key: lastKey.current, file, sentBytes: 0, problem: fileProblem(file) };
    });
    setSendings((before) => [...before.filter((one) => one.problem === null), ...begun]);
    const sizes = listed.map(({ size_bytes }) => size_bytes);
    for (const { key, file, problem } of begun) {
      if (problem !== null) continue;
      const full = roomProblem(sizes, file.size);
      if (full !== null) {
        change(key, { problem: full });
        continue;
      }
      try {
        const id = await idOf();
        if (id === null) {
          change(key, { problem: 'Files are kept with the draft: choose the contact and write a line first.' });
          continue;
        }
        const { signal } = leaving.current;
        const onProgress = (sentBytes: number) => change(key, { sentBytes });
        const path = pathOf(id);
        const made = await sendFile({ path, workspaceId: workspace.id, file, signal, onProgress }, attachment);
        sizes.push(made.size_bytes);
        // A list that was asked for before it came would not have it, and a first reading is not begun anew by itself.
        await queryClient.cancelQueries({ queryKey: keyOf(id) });
        queryClient.setQueryData<Attachments>(keyOf(id), (before) => ({
          data: [...(before?.data ?? []).filter((one) => one.id !== made.id), made],
        }));
        dismiss(key);
        void queryClient.invalidateQueries({ queryKey: keyOf(id) });
      } catch (error) {
        change(key, { problem: wordsOf(error) });
      }
    }
  }

  async function remove(id: string, name: string) {
    try {
      await api.remove(`${pathOf(ownerId ?? '')}/${id}`);
      toastDone(`${name} is taken away`);
    } catch (error) {
      toastFailed(describeError(error));
    }
    await queryClient.invalidateQueries({ queryKey: keyOf(ownerId ?? '') });
  }

  return {
    listed,
    sendings,
    add,
    remove,
    dismiss,
    failure: query.isError ? describeError(query.error) : null,
    retry: () => void query.refetch(),
    save: (id: string, name: string) => void files.download(`${pathOf(ownerId ?? '')}/${id}`, name),
  };
}

function wordsOf(error: unknown): string {
  return error instanceof ApiProblem ? (error.fields[0]?.message ?? error.detail) : describeError(error);
}
