import { createContext, useContext } from 'react';
import type { Api } from './api-client.ts';
import type { SessionUser, SessionWorkspace } from './session.ts';

export interface WorkspaceScope {
  workspace: SessionWorkspace;
  user: SessionUser;
  /** Bound to this workspace. */
  api: Api;
}

export const WorkspaceContext = createContext<WorkspaceScope | null>(null);

/** The workspace whose pages are shown, the person signed in, and the API bound to both. Throws outside `/w/…`. */
export function useWorkspace(): WorkspaceScope {
  const scope = useContext(WorkspaceContext);
  if (!scope) throw new Error('useWorkspace is for pages below /w/$workspaceId');
  return scope;
}
