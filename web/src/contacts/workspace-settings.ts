import { useQuery } from '@tanstack/react-query';
import { members } from '../../../src/workspace/api.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { useMay, useWorkspaceFacts } from '../workspace/workspace-facts.ts';

/** Rarely changed, and read by many parts of a page. */
const STALE_MS = 5 * 60_000;

/** The workspace's usual currency, ISO 4217; null while it is not known yet. */
export function useWorkspaceCurrency(): string | null {
  return useWorkspaceFacts()?.currency ?? null;
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

/** Whether this person may change contacts. */
export function useCanEditContacts(): boolean {
  return useMay()('contacts.write');
}
