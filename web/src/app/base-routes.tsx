import { createRootRoute, createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { ApiProblem } from './api-problem.ts';
import { NotFoundAlone, NotFoundPage } from './error-pages.tsx';
import { queryClient } from './query-client.ts';
import { firstWorkspace, rememberWorkspace, sessionQuery } from './session.ts';

/* What every address begins with: outside of a workspace, and the workspace itself. */

export const rootRoute = createRootRoute({ notFoundComponent: NotFoundAlone });

/** Session of the person, or a trip to the sign-in page that returns to `href`. */
async function requireSession(href: string) {
  try {
    return await queryClient.ensureQueryData(sessionQuery);
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 401) {
      throw redirect({ to: '/sign-in', search: href === '/' ? {} : { return: href } });
    }
    throw error;
  }
}

export const startRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  beforeLoad: async ({ location }) => {
    const workspace = firstWorkspace(await requireSession(location.href));
    if (workspace) throw redirect({ to: '/w/$workspaceId', params: { workspaceId: workspace.id }, replace: true });
  },
  component: lazyRouteComponent(() => import('../workspace/no-workspace-page.tsx'), 'NoWorkspacePage'),
});

export const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-in',
  validateSearch: (search: Record<string, unknown>): { return?: string } =>
    // Only addresses of this program: a link must not be able to send people elsewhere after signing in.
    typeof search.return === 'string' && /^\/w\/[^/\\]/.test(search.return) ? { return: search.return } : {},
  component: lazyRouteComponent(() => import('../workspace/sign-in-page.tsx'), 'SignInPage'),
});

export const welcomeRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/welcome/$token',
  component: lazyRouteComponent(() => import('../workspace/welcome-page.tsx'), 'WelcomePage'),
});

export const joinRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/join/$token',
  component: lazyRouteComponent(() => import('../workspace/join-page.tsx'), 'JoinPage'),
});

export const workspaceRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/w/$workspaceId',
  beforeLoad: async ({ location, params }) => {
    const session = await requireSession(location.href);
    const workspace = session.workspaces.find((one) => one.id === params.workspaceId);
    if (workspace) rememberWorkspace(workspace.id);
    return { user: session.user, workspaces: session.workspaces, workspace };
  },
  component: lazyRouteComponent(() => import('./shell/shell.tsx'), 'Shell'),
  notFoundComponent: NotFoundPage,
});
