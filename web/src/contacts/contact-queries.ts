import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { customFieldList, duplicateList, mergeList, tagList } from '../../../src/contacts/api.ts';
import { type ContactOverview, contactOverview } from '../../../src/insights/api.ts';
import { useWorkspace } from '../app/workspace-context.ts';

/** A contact's whole page in one request. */
export function useContactOverview(contactId: string) {
  const { api, workspace } = useWorkspace();
  return useQuery({
    queryKey: overviewKey(workspace.id, contactId),
    queryFn: ({ signal }) => api.get(`/v1/contacts/${contactId}/overview`, contactOverview, { signal }),
  });
}

export function overviewKey(workspaceId: string, contactId: string) {
  return [workspaceId, 'contact-overview', contactId] as const;
}

/** Changes what is known of a contact's page at once; gives back what stood there, to return to when a write fails. */
export function editOverview(
  queryClient: QueryClient,
  workspaceId: string,
  contactId: string,
  change: (overview: ContactOverview) => ContactOverview,
): ContactOverview | undefined {
  const key = overviewKey(workspaceId, contactId);
  const before = queryClient.getQueryData<ContactOverview>(key);
  if (before) queryClient.setQueryData<ContactOverview>(key, change(before));
  return before;
}

/**
 * Everything of this workspace may be out of date: what is on the screen is read again now, the rest when it is next
 * opened. A charge moves overview, transactions, home, lists and smart lists alike, so none of them is named.
 */
export function useRefreshWorkspace(): () => Promise<void> {
  const queryClient = useQueryClient();
  const { workspace } = useWorkspace();
  return () => queryClient.invalidateQueries({ queryKey: [workspace.id] });
}

/** All tags in use, for suggesting. */
export function useTags(): readonly string[] {
  const { api, workspace } = useWorkspace();
  const query = useQuery({
    queryKey: [workspace.id, 'tags'],
    queryFn: ({ signal }) => api.get('/v1/tags', tagList, { signal }),
  });
  return query.data?.data ?? [];
}

/** The workspace's own fields, in their order. Undefined while they load. */
export function useCustomFields() {
  const { api, workspace } = useWorkspace();
  const query = useQuery({
    queryKey: [workspace.id, 'custom-fields'],
    queryFn: ({ signal }) => api.get('/v1/custom-fields', customFieldList, { signal }),
    staleTime: 60_000,
  });
  return useMemo(() => query.data?.data.toSorted((a, b) => a.position - b.position), [query.data]);
}

/** Contacts that are probably the same person, with the reason. */
export function useDuplicates(contactId: string, isEnabled: boolean) {
  const { api, workspace } = useWorkspace();
  return useQuery({
    queryKey: [workspace.id, 'duplicates', contactId],
    queryFn: ({ signal }) => api.get(`/v1/contacts/${contactId}/duplicates`, duplicateList, { signal }),
    enabled: isEnabled,
  });
}

/** What was merged into this contact, and what was parted from it again. */
export function useMerges(contactId: string) {
  const { api, workspace } = useWorkspace();
  return useQuery({
    queryKey: [workspace.id, 'merges', contactId],
    queryFn: ({ signal }) => api.get(`/v1/contacts/${contactId}/merges`, mergeList, { signal }),
  });
}
