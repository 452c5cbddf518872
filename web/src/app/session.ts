import { type QueryClient, queryOptions } from '@tanstack/react-query';
import { type Session, session as sessionSchema } from '../../../src/workspace/api.ts';
import { publicApi } from './api-client.ts';

export type SessionUser = Session['user'];
export type SessionWorkspace = Session['workspaces'][number];

/** Who is signed in and where they belong. Refused with 401 when nobody is. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: ({ signal }) => publicApi.get('/v1/session', sessionSchema, { signal }),
  staleTime: 60_000,
});

/** Ends this browser's session, or every session of this person; the cache goes with it. */
export async function signOut(queryClient: QueryClient, where: 'here' | 'everywhere'): Promise<void> {
  await publicApi.remove(where === 'here' ? '/v1/session' : '/v1/sessions');
  queryClient.clear();
}

const LAST_WORKSPACE = 'counterfoil-last-workspace';

/** Remembers which workspace was open, so that `/` leads back to it. */
export function rememberWorkspace(workspaceId: string) {
  try {
    localStorage.setItem(LAST_WORKSPACE, workspaceId);
  } catch {
    // Storage can be forbidden; then the first workspace opens.
  }
}

/** The workspace to open first: the last one used if it is still theirs, else the first. Undefined without any. */
export function firstWorkspace(session: Session): SessionWorkspace | undefined {
  let last: string | null = null;
  try {
    last = localStorage.getItem(LAST_WORKSPACE);
  } catch {
    // As above.
  }
  return session.workspaces.find((workspace) => workspace.id === last) ?? session.workspaces[0];
}
