import { getRouteApi, Outlet } from '@tanstack/react-router';
import { lazy, Suspense, useMemo, useState } from 'react';
import { usePaletteKeys } from '../../ui/command-registry.ts';
import { apiFor } from '../api-client.ts';
import { NotFoundAlone } from '../error-pages.tsx';
import { WorkspaceContext } from '../workspace-context.ts';
import { BottomBar, SideNavigation } from './navigation.tsx';
import classes from './shell.module.css';
import { useShellCommands } from './shell-commands.ts';
import { TopBar } from './top-bar.tsx';

const CommandPalette = lazy(async () => ({ default: (await import('../../ui/command-palette.tsx')).CommandPalette }));
const ShortcutsDialog = lazy(async () => ({ default: (await import('./shortcuts-dialog.tsx')).ShortcutsDialog }));

const route = getRouteApi('/w/$workspaceId');

/** Navigation at the left (at the bottom on a phone), bar above, the page between. */
export function Shell() {
  const { workspace, workspaces, user } = route.useRouteContext();
  const scope = useMemo(() => (workspace ? { workspace, user, api: apiFor(workspace.id) } : null), [workspace, user]);
  if (!scope) return <NotFoundAlone />;
  return (
    <WorkspaceContext value={scope}>
      <Frame workspaces={workspaces} />
    </WorkspaceContext>
  );
}

function Frame({ workspaces }: Pick<ReturnType<typeof route.useRouteContext>, 'workspaces'>) {
  const [isPaletteOpen, setPaletteOpen] = useState(false);
  const [areShortcutsOpen, setShortcutsOpen] = useState(false);
  const openPalette = () => setPaletteOpen(true);
  const openShortcuts = () => setShortcutsOpen(true);
  usePaletteKeys(openPalette);
  useShellCommands({ workspaces, openShortcuts });

  return (
    <div className={classes.frame}>
      <a className={classes.skip} href="#page">
        Skip to the page
      </a>
      <SideNavigation workspaces={workspaces} />
      <div className={classes.column}>
        <TopBar workspaces={workspaces} openPalette={openPalette} openShortcuts={openShortcuts} />
        <main id="page" className={classes.page} tabIndex={-1}>
          <Outlet />
        </main>
        <BottomBar />
      </div>
      <Suspense fallback={null}>
        {isPaletteOpen && <CommandPalette onClose={() => setPaletteOpen(false)} />}
        {areShortcutsOpen && <ShortcutsDialog onClose={() => setShortcutsOpen(false)} />}
      </Suspense>
    </div>
  );
}
