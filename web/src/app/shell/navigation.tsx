import { IconAddressBook, IconCreditCard, IconHome, IconSettings, type TablerIcon } from '@tabler/icons-react';
import { AddressLink } from '../../ui/address-link.tsx';
import { useIsOn } from '../../workspace/workspace-facts.ts';
import type { SessionWorkspace } from '../session.ts';
import { useWorkspace } from '../workspace-context.ts';
import classes from './shell.module.css';
import { WorkspaceSwitcher } from './workspace-switcher.tsx';

interface Place {
  label: string;
  to: string;
  icon: TablerIcon;
  /** Only the very address counts as being there. */
  isExact?: boolean;
  /** Gone while payments are switched off. */
  isMoney?: boolean;
}

const PLACES: readonly Place[] = [
  { label: 'Home', to: '/w/$workspaceId', icon: IconHome, isExact: true },
  { label: 'Contacts', to: '/w/$workspaceId/contacts', icon: IconAddressBook },
  { label: 'Payments', to: '/w/$workspaceId/payments', icon: IconCreditCard, isMoney: true },
  { label: 'Settings', to: '/w/$workspaceId/settings', icon: IconSettings },
];

/** The places of a workspace, with the workspace itself above them. Hidden on a phone. */
export function SideNavigation({ workspaces }: { workspaces: readonly SessionWorkspace[] }) {
  return (
    <nav aria-label="Main" className={classes.side}>
      <WorkspaceSwitcher workspaces={workspaces} />
      <div className={classes.places}>
        <Places className={classes.place} iconSize={18} />
      </div>
    </nav>
  );
}

/** The same places as a bar within reach of the thumb. Shown only on a phone. */
export function BottomBar() {
  return (
    <nav aria-label="Main" className={classes.bottom}>
      <Places className={classes.bottomPlace} iconSize={22} />
    </nav>
  );
}

function Places(props: { className: string | undefined; iconSize: number }) {
  const { workspace } = useWorkspace();
  const withMoney = useIsOn()('payments_and_ltv');
  return PLACES.filter((place) => withMoney || !place.isMoney).map((place) => (
    <AddressLink
      key={place.label}
      address={{ to: place.to, params: { workspaceId: workspace.id } }}
      className={props.className}
      isExact={place.isExact ?? false}
    >
      <place.icon size={props.iconSize} stroke={1.6} aria-hidden />
      {place.label}
    </AddressLink>
  ));
}
