import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import classes from './small.module.css';

/** How long an undo is offered: long enough to read the sentence and reach the button. */
const UNDO_MS = 8_000;
const DONE_MS = 4_000;
const FAILED_MS = 10_000;

const look = {
  withBorder: false,
  closeButtonProps: { 'aria-label': 'Dismiss' },
  classNames: { root: classes.toast, description: classes.toastText },
} as const;

/** One line that something was done. Not for money: its outcome stands on the page. */
export function toastDone(message: string) {
  notifications.show({ ...look, message, autoClose: DONE_MS });
}

/** One or two sentences: what did not happen, and what to do. */
export function toastFailed(message: string) {
  notifications.show({ ...look, message, autoClose: FAILED_MS, role: 'alert', 'data-tone': 'red' });
}

/** Says what was done and offers to take it back; `undo` runs at most once. */
export function toastUndo(message: string, undo: () => void) {
  const id = notifications.show({
    ...look,
    autoClose: UNDO_MS,
    message: (
      <span className={classes.toastLine}>
        {message}
        <Button
          size="xs"
          variant="light"
          onClick={() => {
            notifications.hide(id);
            undo();
          }}
        >
          Undo
        </Button>
      </span>
    ),
  });
}
