import { Button, Modal } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import classes from './sheet.module.css';
import { Notice } from './states.tsx';

/**
 * Asks once before something that cannot simply be undone. `children` say what will happen and to whom; `confirm` is
 * the verb ("Remove card"). `onConfirm` may reject: the dialog stays open and shows `describe(error)`.
 */
export function ConfirmDialog(props: {
  isOpen: boolean;
  onClose: () => void;
  title: string;
  children: ReactNode;
  confirm: string;
  isDestructive?: boolean;
  onConfirm: () => unknown;
  describe: (error: unknown) => string;
}) {
  const [isRunning, setRunning] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);

  async function confirm() {
    setRunning(true);
    setFailure(null);
    try {
      await props.onConfirm();
      props.onClose();
    } catch (error) {
      setFailure(props.describe(error));
    } finally {
      setRunning(false);
    }
  }

  return (
    <Modal
      opened={props.isOpen}
      onClose={props.onClose}
      title={props.title}
      size={440}
      withCloseButton={false}
      closeOnClickOutside={!isRunning}
      closeOnEscape={!isRunning}
      onExitTransitionEnd={() => setFailure(null)}
    >
      <div className={classes.confirmText}>{props.children}</div>
      {failure && <Notice tone="red">{failure}</Notice>}
      <div className={classes.confirmButtons}>
        <Button onClick={props.onClose} disabled={isRunning} data-autofocus={props.isDestructive || undefined}>
          Keep as it is
        </Button>
        <Button
          variant="filled"
          color={props.isDestructive ? 'red' : 'accent'}
          loading={isRunning}
          onClick={() => void confirm()}
          data-autofocus={props.isDestructive ? undefined : true}
        >
          {props.confirm}
        </Button>
      </div>
    </Modal>
  );
}
