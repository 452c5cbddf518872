import { ActionIcon, Tooltip, UnstyledButton } from '@mantine/core';
import { IconHelp, IconSearch } from '@tabler/icons-react';
import { Link, useMatches } from '@tanstack/react-router';
import { KeyHint } from '../../ui/key-hint.tsx';
import { useCurrentPageTitle } from '../../ui/page-title.ts';
import type { SessionWorkspace } from '../session.ts';
import { AccountMenu } from './account-menu.tsx';
import classes from './shell.module.css';
import { WorkspaceSwitcher } from './workspace-switcher.tsx';

/** Where one is, the palette, help, and oneself. On a phone the workspace stands here too. */
export function TopBar(props: {
  workspaces: readonly SessionWorkspace[];
  openPalette: () => void;
  openShortcuts: () => void;
}) {
  return (
    <header className={classes.top}>
      <div className={classes.topWorkspace}>
        <WorkspaceSwitcher workspaces={props.workspaces} />
      </div>
      <Breadcrumbs />
      <div className={classes.topActions}>
        <UnstyledButton className={classes.paletteButton} onClick={props.openPalette} aria-label="Search and commands">
          <IconSearch size={16} stroke={1.6} aria-hidden />
          <span className={classes.paletteWords}>Search</span>
          <KeyHint keys="mod+K" />
        </UnstyledButton>
        <Tooltip label="Keyboard and help">
          <ActionIcon onClick={props.openShortcuts} aria-label="Keyboard and help" className={classes.helpButton}>
            <IconHelp size={18} stroke={1.6} aria-hidden />
          </ActionIcon>
        </Tooltip>
        <AccountMenu />
      </div>
    </header>
  );
}

/** The way here. The last part is the page's own title once it is known. */
function Breadcrumbs() {
  const title = useCurrentPageTitle();
  const matches = useMatches();
  const parts = matches.flatMap((match) =>
    match.staticData.crumb ? [{ crumb: match.staticData.crumb, href: match.pathname }] : [],
  );
  const isTitleNew = title !== null && parts.at(-1)?.crumb !== title;
  const ways = isTitleNew ? parts : parts.slice(0, -1);
  const here = isTitleNew ? title : parts.at(-1)?.crumb;
  return (
    <nav aria-label="Breadcrumbs" className={classes.crumbs}>
      <ol>
        {ways.map((part) => (
          <li key={part.href}>
            <Link to={part.href} className={classes.crumb}>
              {part.crumb}
            </Link>
          </li>
        ))}
        {here && (
          <li aria-current="page" className={classes.crumbHere}>
            {here}
          </li>
        )}
      </ol>
    </nav>
  );
}
