import { useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useCommands } from '../../ui/command-registry.ts';
import type { SessionWorkspace } from '../session.ts';
import { useWorkspace } from '../workspace-context.ts';

/** Milliseconds within which the second key of "g c" must follow the first. */
const SEQUENCE_MS = 1_200;

const PLACES = [
  { key: 'h', label: 'Home', to: '/w/$workspaceId' },
  { key: 'c', label: 'Contacts', to: '/w/$workspaceId/contacts' },
  { key: 'p', label: 'Payments', to: '/w/$workspaceId/payments' },
  { key: 's', label: 'Settings', to: '/w/$workspaceId/settings' },
] as const;

/** What the frame itself can do: go places (also by "g" and a letter), switch workspace and appearance. */
export function useShellCommands(frame: { workspaces: readonly SessionWorkspace[]; openHelp: () => void }) {
  const { workspace } = useWorkspace();
  const navigate = useNavigate();
  const { setColorScheme } = useMantineColorScheme();
  const colorScheme = useComputedColorScheme();
  const workspaceId = workspace.id;

  useCommands('Go to', [
    ...PLACES.map((place) => ({
      id: `go-${place.key}`,
      label: place.label,
      keys: `g ${place.key}`,
      run: () => navigate({ to: place.to, params: { workspaceId } }),
    })),
    ...frame.workspaces
      .filter((one) => one.id !== workspaceId)
      .map((one) => ({
        id: `workspace-${one.id}`,
        label: `Workspace ${one.name}`,
        run: () => navigate({ to: '/w/$workspaceId', params: { workspaceId: one.id } }),
      })),
  ]);
  useCommands('Help and appearance', [
    { id: 'help', label: 'Help and keyboard', keys: '?', run: frame.openHelp },
    {
      id: 'appearance',
      label: colorScheme === 'dark' ? 'Appearance: light' : 'Appearance: dark',
      run: () => setColorScheme(colorScheme === 'dark' ? 'light' : 'dark'),
    },
  ]);

  const { openHelp } = frame;
  useEffect(() => {
    let startedAt = Number.NEGATIVE_INFINITY;
    function onKey(event: KeyboardEvent) {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (event.key === '?') return openHelp();
      if (event.key === 'g') {
        startedAt = event.timeStamp;
        return;
      }
      const place = event.timeStamp - startedAt < SEQUENCE_MS && PLACES.find((one) => one.key === event.key);
      startedAt = Number.NEGATIVE_INFINITY;
      if (place) void navigate({ to: place.to, params: { workspaceId } });
    }
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [navigate, workspaceId, openHelp]);
}

/** Whether letters typed into `target` are text and not commands; nothing counts while a dialog is open. */
function isTyping(target: EventTarget | null): boolean {
  return (
    (target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable="true"]') !== null) ||
    document.querySelector('[role="dialog"]') !== null
  );
}
