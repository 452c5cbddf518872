import { ActionIcon, Tooltip, UnstyledButton } from '@mantine/core';
import { IconChevronLeft, IconHelp, IconSearch } from '@tabler/icons-react';
import { Link, useMatches } from '@tanstack/react-router';
import { KeyHint } from '../../ui/key-hint.tsx';
import { useCurrentPageTitle } from '../../ui/page-title.ts';
import type { SessionWorkspace } from '../session.ts';
import { useWorkspace } from '../workspace-context.ts';
import { AccountMenu } from './account-menu.tsx';
import classes from './shell.module.css';
import { TestMark, WorkspaceSwitcher } from './workspace-switcher.tsx';

/** Where one is, the palette, help, and oneself. On a phone the workspace stands here too. */
export function TopBar(props: {
  workspaces: readonly SessionWorkspace[];
  openPalette: () => void;
  openHelp: () => void;
}) {
  const { workspace } = useWorkspace();
  const { ways, here } = useWay();
  const back = ways.at(-1);
  return (
    <header className={classes.top}>
      <div className={classes.topPhone}>
        {back ? (
          <>
            <Link to={back.href} className={classes.back}>
              <IconChevronLeft size={20} stroke={1.8} aria-hidden />
              {back.crumb}
            </Link>
            {workspace.mode === 'sandbox' && <TestMark />}
          </>
        ) : (
          <WorkspaceSwitcher workspaces={props.workspaces} />
        )}
      </div>
      <Breadcrumbs ways={ways} here={here} />
      <div className={classes.topActions}>
        <UnstyledButton className={classes.paletteButton} onClick={props.openPalette}>
          <IconSearch size={16} stroke={1.6} aria-hidden />
          <span className={classes.paletteWords}>Search</span>
          <KeyHint keys="mod+K" />
        </UnstyledButton>
        <Tooltip label="Keyboard and help">
          <ActionIcon onClick={props.openHelp} aria-label="Keyboard and help" className={classes.helpButton}>
            <IconHelp size={18} stroke={1.6} aria-hidden />
          </ActionIcon>
        </Tooltip>
        <AccountMenu />
      </div>
    </header>
  );
}

interface Way {
  ways: readonly { crumb: string; href: string }[];
  here: string | undefined;
}

/** The parts of the address that lead here. The last one is the page's own title once it is known. */
function useWay(): Way {
  const title = useCurrentPageTitle();
  const matches = useMatches();
  const parts = matches.flatMap((match) =>
    match.staticData.crumb ? [{ crumb: match.staticData.crumb, href: match.pathname }] : [],
  );
  const isTitleNew = title !== null && parts.at(-1)?.crumb !== title;
  return isTitleNew ? { ways: parts, here: title } : { ways: parts.slice(0, -1), here: parts.at(-1)?.crumb };
}

function Breadcrumbs({ ways, here }: Way) {
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
