import { Outlet, useLocation } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import type { Right } from '../../../src/workspace/caller.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { AddressLink } from '../ui/address-link.tsx';
import { Page, PageHeader } from '../ui/page-header.tsx';
import { usePageTitle } from '../ui/page-title.ts';
import classes from './settings.module.css';
import { useMay } from './workspace-facts.ts';

const PLACES: readonly { label: string; path: string; right?: Right; isSandbox?: boolean }[] = [
  { label: 'General', path: '' },
  { label: 'Payments', path: '/payments' },
  { label: 'Invoices', path: '/invoices', right: 'invoices.read' },
  { label: 'Mail', path: '/mail', right: 'settings.read' },
  { label: 'Labs', path: '/labs' },
  { label: 'Members', path: '/members', right: 'settings.read' },
  { label: 'API keys', path: '/api-keys', right: 'settings.write' },
  { label: 'Audit log', path: '/audit-log', right: 'audit.read' },
  { label: 'Imports', path: '/imports', right: 'import' },
  { label: 'Sandbox', path: '/sandbox', isSandbox: true },
  { label: 'Your account', path: '/account' },
  { label: 'New workspace', path: '/new-workspace' },
];

/** Parts of a place that have addresses of their own. */
const WITHIN: typeof PLACES = [
  { label: 'Words', path: '/mail/templates' },
  { label: 'Outbox', path: '/mail/outbox' },
];

/** Settings of the workspace and of oneself: places on the left, what is open beside them. */
export function SettingsLayout() {
  const { workspace } = useWorkspace();
  const may = useMay();
  const place = useLocation().pathname.split('/settings')[1]?.replace(/\/$/, '') ?? '';
  // After the header's own title, so that the tab and the breadcrumbs name the place and not only "Settings".
  usePageTitle([...PLACES, ...WITHIN].find((one) => one.path === place)?.label);
  const places = PLACES.filter(
    (place) => (!place.right || may(place.right)) && (!place.isSandbox || workspace.mode === 'sandbox'),
  );
  const nav = useRef<HTMLElement>(null);
  // On a phone the places stand in a row that scrolls: the open one is brought into view.
  // biome-ignore lint/correctness/useExhaustiveDependencies: again for every place
  useEffect(() => {
    nav.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [place]);
  return (
    <Page>
      <PageHeader title="Settings" />
      <div className={classes.layout}>
        <nav ref={nav} className={classes.nav} aria-label="Settings">
          {places.map((place) => (
            <AddressLink
              key={place.label}
              className={classes.place}
              isExact={place.path === ''}
              address={{
                to: place.path === '/imports' ? '/w/$workspaceId/imports' : `/w/$workspaceId/settings${place.path}`,
                params: { workspaceId: workspace.id },
              }}
            >
              {place.label}
            </AddressLink>
          ))}
        </nav>
        <div className={classes.content}>
          <Outlet />
        </div>
      </div>
    </Page>
  );
}
