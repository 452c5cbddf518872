import { useQuery } from '@tanstack/react-query';
import { z } from 'zod';
import { useWorkspace } from '../app/workspace-context.ts';

/** What the screens of contacts and charges need to know of the workspace; the rest of the answer is left unread. */
const settings = z.object({ currency: z.string(), locale: z.string(), time_zone: z.string() });
const members = z.object({ data: z.array(z.object({ id: z.string(), name: z.string() })) });

/** Rarely changed, and read by many parts of a page. */
const STALE_MS = 5 * 60_000;

/** The workspace's usual currency, ISO 4217; null while it is not known yet. */
export function useWorkspaceCurrency(): string | null {
  const { api, workspace } = useWorkspace();
  const query = useQuery({
    queryKey: [workspace.id, 'workspace-settings-read'],
    queryFn: ({ signal }) => api.get('/v1/workspace', settings, { signal }),
    staleTime: STALE_MS,
  });
  return query.data?.currency ?? null;
}

/** Members who can own a contact. Empty while they load, and for those who may not see members. */
export function useOwners(): readonly { id: string; name: string }[] {
  const { api, workspace } = useWorkspace();
  const query = useQuery({
    queryKey: [workspace.id, 'owners'],
    queryFn: ({ signal }) => api.get('/v1/members', members, { signal }),
    staleTime: STALE_MS,
    retry: false,
  });
  return query.data?.data ?? [];
}

/** Whether this person may change contacts; a viewer only reads them. */
export function useCanEditContacts(): boolean {
  return useWorkspace().workspace.role !== 'viewer';
}
