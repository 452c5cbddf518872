import { type InfiniteData, type QueryClient, useQueryClient } from '@tanstack/react-query';
import type { z } from 'zod';
import { note as noteSchema } from '../../../src/contacts/api.ts';
import type { timelineItem } from '../../../src/insights/api.ts';
import { describeError } from '../app/api-problem.ts';
import type { CursorPage } from '../app/cursor-pages.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { useReader } from '../ui/reader.tsx';
import { toastFailed, toastUndo } from '../ui/toast.tsx';

type Item = z.infer<typeof timelineItem>;
export type TimelineNote = Extract<Item, { type: 'note' }>['note'];
type Pages = InfiniteData<CursorPage<Item>>;

/** Name of a contact's timeline in the cache. */
export function timelineKey(contactId: string): string {
  return `timeline ${contactId}`;
}

/** A note that was written and not answered yet carries this in place of its id. */
export const UNSAVED = 'unsaved';

/** `change` gets each page's items and its place; what is added belongs on the first page, before the newest. */
function editPages(
  client: QueryClient,
  workspaceId: string,
  contactId: string,
  change: (items: Item[], place: number) => Item[],
) {
  client.setQueriesData<Pages>(
    { queryKey: [workspaceId, timelineKey(contactId)] },
    (pages) =>
      pages && {
        ...pages,
        pages: pages.pages.map((page, place) => ({ ...page, data: change(page.data, place) })),
      },
  );
}

/** Writing, changing and taking away notes: at once on the screen, put back as it was when the server refuses. */
export function useTimelineNotes(contactId: string) {
  const { api, workspace, user } = useWorkspace();
  const queryClient = useQueryClient();
  const { now } = useReader();
  const key = [workspace.id, timelineKey(contactId)];
  const reload = () => queryClient.invalidateQueries({ queryKey: key });
  const edit = (change: (items: Item[], place: number) => Item[]) =>
    editPages(queryClient, workspace.id, contactId, change);
  const replace = (noteId: string, body: string) =>
    edit((items) =>
      items.map((item) =>
        item.type === 'note' && item.note.id === noteId ? { ...item, note: { ...item.note, body } } : item,
      ),
    );

  return {
    /** Rejects when it was refused; the text is then still the writer's to keep. */
    async write(body: string): Promise<void> {
      const at = now.toISOString();
      const unsaved: Item = {
        type: 'note',
        at,
        note: { id: UNSAVED, body, author: user.name, created_at: at, edited_at: null },
      };
      await queryClient.cancelQueries({ queryKey: key });
      edit((items, place) => (place === 0 ? [unsaved, ...items] : items));
      try {
        await api.post(`/v1/contacts/${contactId}/notes`, { body }, noteSchema);
      } catch (error) {
        edit((items) => items.filter((item) => item.type !== 'note' || item.note.id !== UNSAVED));
        throw error;
      }
      await reload();
    },
    /** Rejects when it was refused, after the old text was put back. */
    async change(note: TimelineNote, body: string): Promise<void> {
      replace(note.id, body);
      try {
        await api.patch(`/v1/notes/${note.id}`, { body }, noteSchema);
      } catch (error) {
        replace(note.id, note.body);
        throw error;
      }
      await reload();
    },
    async remove(note: TimelineNote): Promise<void> {
      edit((items) => items.filter((item) => item.type !== 'note' || item.note.id !== note.id));
      try {
        await api.remove(`/v1/notes/${note.id}`);
      } catch (error) {
        await reload();
        return toastFailed(`The note was not removed. ${describeError(error)}`);
      }
      toastUndo('The note is removed.', () => void restore(note.id));
    },
  };

  async function restore(noteId: string) {
    try {
      await api.post(`/v1/notes/${noteId}/restoration`, undefined);
      await reload();
    } catch (error) {
      toastFailed(`The note was not put back. ${describeError(error)}`);
    }
  }
}
