import { Menu, UnstyledButton, VisuallyHidden } from '@mantine/core';
import { IconCheck, IconSelector } from '@tabler/icons-react';
import { AddressLink } from '../../ui/address-link.tsx';
import type { SessionWorkspace } from '../session.ts';
import { useWorkspace } from '../workspace-context.ts';
import classes from './shell.module.css';

/** Which workspace is open, marked TEST when no real money moves in it, and the way to the others. */
export function WorkspaceSwitcher({ workspaces }: { workspaces: readonly SessionWorkspace[] }) {
  const { workspace } = useWorkspace();
  return (
    <div className={classes.switcher}>
      <Menu position="bottom-start" width={240} withinPortal={false} floatingStrategy="fixed">
        <Menu.Target>
          <UnstyledButton className={classes.switcherButton}>
            <VisuallyHidden>Switch workspace, now </VisuallyHidden>
            <span className={classes.monogram} aria-hidden>
              {[...workspace.name][0]?.toLocaleUpperCase()}
            </span>
            <span className={classes.switcherName}>{workspace.name}</span>
            <IconSelector size={16} stroke={1.6} className={classes.quietIcon} aria-hidden />
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>Your workspaces</Menu.Label>
          {workspaces.map((one) => (
            <Menu.Item
              key={one.id}
              component={AddressLink}
              address={{ to: '/w/$workspaceId', params: { workspaceId: one.id } }}
              isExact
              rightSection={
                <span className={classes.switcherMarks}>
                  {one.mode === 'sandbox' && <TestMark />}
                  {one.id === workspace.id && <IconCheck size={16} stroke={1.8} aria-label="open now" />}
                </span>
              }
            >
              {one.name}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {workspace.mode === 'sandbox' && (
        <div className={classes.testLine}>
          <TestMark /> <span>No real money</span>
        </div>
      )}
    </div>
  );
}

export function TestMark() {
  return <span className={classes.testMark}>TEST</span>;
}
