import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Outlet, useNavigate } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense, useEffect, useMemo, useState } from 'react';
import { usePaletteKeys } from '../../ui/command-registry.ts';
import { ReaderProvider } from '../../ui/reader.tsx';
import { factsQuery } from '../../workspace/workspace-facts.ts';
import { apiFor } from '../api-client.ts';
import { NotFoundAlone } from '../error-pages.tsx';
import { useWorkspace, WorkspaceContext } from '../workspace-context.ts';
import { BottomBar, SideNavigation } from './navigation.tsx';
import { usePaletteSources } from './palette-sources.ts';
import classes from './shell.module.css';
import { useShellCommands } from './shell-commands.ts';
import { TopBar } from './top-bar.tsx';

const fetchPalette = () => import('../../ui/command-palette.tsx');
const CommandPalette = lazy(async () => ({ default: (await fetchPalette()).CommandPalette }));
/** The page's own parts come first; then the palette, so that what is typed right after its keys is not lost. */
const PALETTE_AFTER_MS = 400;

const route = getRouteApi('/w/$workspaceId');

/** Navigation at the left (at the bottom on a phone), bar above, the page between. */
export function Shell() {
  const { workspace, workspaces, user } = route.useRouteContext();
  const scope = useMemo(() => (workspace ? { workspace, user, api: apiFor(workspace.id) } : null), [workspace, user]);
  if (!scope) return <NotFoundAlone />;
  return (
    <WorkspaceContext value={scope}>
      <WorkspaceReader>
        <Frame workspaces={workspaces} />
      </WorkspaceReader>
    </WorkspaceContext>
  );
}

/** Below this a difference of clocks is only the way of the answer. */
const SKEW_MS = 5_000;

/** Dates inside a workspace are its own: its time zone, and in a sandbox its movable clock. */
function WorkspaceReader({ children }: { children: ReactNode }) {
  const { api, workspace } = useWorkspace();
  const query = useQuery(factsQuery(workspace.id, api));
  const facts = query.data?.value;
  const aheadMs = facts ? Date.parse(facts.now) - query.dataUpdatedAt : 0;
  return (
    <ReaderProvider
      {...(facts ? { timeZone: facts.time_zone } : {})}
      aheadMs={Math.abs(aheadMs) < SKEW_MS ? 0 : aheadMs}
    >
      {children}
    </ReaderProvider>
  );
}

function useOpenHelp(): () => void {
  const { workspace } = useWorkspace();
  const navigate = useNavigate();
  return () => void navigate({ to: '/w/$workspaceId/help', params: { workspaceId: workspace.id } });
}

function Frame({ workspaces }: Pick<ReturnType<typeof route.useRouteContext>, 'workspaces'>) {
  const [isPaletteOpen, setPaletteOpen] = useState(false);
  const openPalette = () => setPaletteOpen(true);
  const openHelp = useOpenHelp();
  usePaletteKeys(openPalette);
  useShellCommands({ workspaces, openHelp });
  usePaletteSources();
  useEffect(() => {
    const timer = setTimeout(() => void fetchPalette(), PALETTE_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);

  return (
    <div className={classes.frame}>
      <a className={classes.skip} href="#page">
        Skip to the page
      </a>
      <SideNavigation workspaces={workspaces} />
      <div className={classes.column}>
        <TopBar workspaces={workspaces} openPalette={openPalette} openHelp={openHelp} />
        <main id="page" className={classes.page} tabIndex={-1}>
          <Outlet />
        </main>
        <BottomBar />
      </div>
      <Suspense fallback={null}>{isPaletteOpen && <CommandPalette onClose={() => setPaletteOpen(false)} />}</Suspense>
    </div>
  );
}
