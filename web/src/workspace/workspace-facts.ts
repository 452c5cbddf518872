import { queryOptions, useQuery } from '@tanstack/react-query';
import { workspace as workspaceSchema } from '../../../src/workspace/api.ts';
import type { Right, SwitchName } from '../../../src/workspace/caller.ts';
import type { Api } from '../app/api-client.ts';
import { useWorkspace } from '../app/workspace-context.ts';

/** Cache key of the open workspace's own record; invalidate it after changing settings or switches. */
export const factsKey = (workspaceId: string) => [workspaceId, 'workspace'] as const;

/** The open workspace's record with its ETag: name, currency, switches, and what the person may do here. */
export function factsQuery(workspaceId: string, api: Api) {
  return queryOptions({
    queryKey: factsKey(workspaceId),
    queryFn: ({ signal }) => api.read('/v1/workspace', workspaceSchema, { signal }),
    staleTime: 30_000,
  });
}

/** Undefined while it loads. */
export function useWorkspaceFacts() {
  const { api, workspace } = useWorkspace();
  return useQuery(factsQuery(workspace.id, api)).data?.value;
}

/**
 * Whether the person has a right here; true while that is not known yet, so that buttons do not jump in. The server
 * decides anyway.
 */
export function useMay(): (right: Right) => boolean {
  const facts = useWorkspaceFacts();
  return (right) => !facts || facts.me.rights.includes(right);
}

/**
 * Whether a switch is on; null until that is known, for pages that would otherwise ask for what is switched off. Should
 * the workspace not answer, they ask all the same and say themselves what failed.
 */
export function useSwitch(name: SwitchName): boolean | null {
  const { api, workspace } = useWorkspace();
  const query = useQuery(factsQuery(workspace.id, api));
  if (query.data) return query.data.value.switches[name] !== false;
  return query.isError ? true : null;
}

/** Whether a switch is on; true while that is not known yet. */
export function useIsOn(): (name: SwitchName) => boolean {
  const facts = useWorkspaceFacts();
  return (name) => facts?.switches[name] !== false;
}
