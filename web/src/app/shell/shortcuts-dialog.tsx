import { Modal } from '@mantine/core';
import { KeyHint } from '../../ui/key-hint.tsx';
import classes from './shell.module.css';

const SHORTCUTS = [
  { keys: 'mod+K', does: 'Search and commands' },
  { keys: 'g h', does: 'Home' },
  { keys: 'g c', does: 'Contacts' },
  { keys: 'g p', does: 'Payments' },
  { keys: 'g s', does: 'Settings' },
  { keys: 'j', does: 'Next row' },
  { keys: 'k', does: 'Row before' },
  { keys: 'Enter', does: 'Open the row' },
  { keys: 'x', does: 'Select the row' },
  { keys: 'Esc', does: 'Close a sheet or dialog' },
  { keys: '?', does: 'This list' },
];

/** Everything the keyboard does. */
export function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  return (
    <Modal opened onClose={onClose} title="Keyboard" size={400}>
      <dl className={classes.shortcuts}>
        {SHORTCUTS.map((shortcut) => (
          <div key={shortcut.keys}>
            <dt>{shortcut.does}</dt>
            <dd>
              <KeyHint keys={shortcut.keys} />
            </dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
