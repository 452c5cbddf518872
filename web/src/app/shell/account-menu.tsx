import { Menu, UnstyledButton, useMantineColorScheme, VisuallyHidden } from '@mantine/core';
import { IconLogout, IconLogout2 } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { toastFailed } from '../../ui/toast.tsx';
import { describeError } from '../api-problem.ts';
import { signOut } from '../session.ts';
import { useWorkspace } from '../workspace-context.ts';
import classes from './shell.module.css';

/** Who is signed in, how it should look, and the way out. */
export function AccountMenu() {
  const { user } = useWorkspace();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const queryClient = useQueryClient();
  const navigate = useNavigate();

  async function leave(where: 'here' | 'everywhere') {
    try {
      await signOut(queryClient, where);
      await navigate({ to: '/sign-in', search: {} });
    } catch (error) {
      toastFailed(`You are still signed in. ${describeError(error)}`);
    }
  }

  return (
    <Menu width={240} withinPortal={false} floatingStrategy="fixed">
      <Menu.Target>
        <UnstyledButton className={classes.account}>
          <VisuallyHidden>Account of {user.name}</VisuallyHidden>
          <span aria-hidden>{initialsOf(user.name)}</span>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label className={classes.accountHead}>
          <strong>{user.name}</strong>
          <span>{user.email}</span>
        </Menu.Label>
        <Menu.Divider />
        <Menu.Label>Appearance</Menu.Label>
        <Menu.RadioGroup value={colorScheme} onChange={(value) => setColorScheme(value as 'light' | 'dark' | 'auto')}>
          <Menu.RadioItem value="light" closeMenuOnClick={false}>
            Light
          </Menu.RadioItem>
          <Menu.RadioItem value="dark" closeMenuOnClick={false}>
            Dark
          </Menu.RadioItem>
          <Menu.RadioItem value="auto" closeMenuOnClick={false}>
            As the system
          </Menu.RadioItem>
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} stroke={1.6} />} onClick={() => void leave('here')}>
          Sign out
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout2 size={16} stroke={1.6} />} onClick={() => void leave('everywhere')}>
          Sign out everywhere
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/);
  const first = [...(words[0] ?? '')][0] ?? '';
  const last = words.length > 1 ? ([...words.at(-1)!][0] ?? '') : '';
  return (first + last).toLocaleUpperCase();
}
