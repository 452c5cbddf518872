import { Drawer } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './sheet.module.css';

/**
 * Work beside the page: the page stays readable behind it. Takes the whole width on a phone. The focus goes to the
 * element marked `data-autofocus`, stays inside, and returns to where it was.
 * While `isBusy` (a charge is under way) it cannot be closed by a slip of the hand.
 */
export function SideSheet(props: {
  isOpen: boolean;
  onClose: () => void;
  title: ReactNode;
  children: ReactNode;
  /** Stands at the bottom, always in view: the primary button last. */
  footer?: ReactNode;
  width?: number;
  isBusy?: boolean;
}) {
  const isBusy = props.isBusy ?? false;
  return (
    <Drawer
      opened={props.isOpen}
      onClose={props.onClose}
      title={props.title}
      position="right"
      size={props.width ?? 440}
      padding={0}
      lockScroll={false}
      closeOnClickOutside={!isBusy}
      closeOnEscape={!isBusy}
      closeButtonProps={{ 'aria-label': 'Close', disabled: isBusy }}
      transitionProps={{ duration: 140, transition: 'slide-left' }}
      classNames={{
        content: classes.content,
        header: classes.header,
        title: classes.title,
        body: classes.body,
        inner: classes.inner,
        overlay: classes.overlay,
      }}
    >
      <div className={classes.scroll}>{props.children}</div>
      {props.footer && <div className={classes.footer}>{props.footer}</div>}
    </Drawer>
  );
}
