import { Button, Skeleton } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './states.module.css';

/** Nothing here yet: what the place is for, and the first thing to do. `isPage` where it is all that the page shows. */
export function EmptyState(props: {
  icon?: ReactNode;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
  isPage?: boolean;
}) {
  return (
    <div className={classes.state}>
      {props.icon && (
        <div className={classes.icon} aria-hidden>
          {props.icon}
        </div>
      )}
      <StateTitle isPage={props.isPage}>{props.title}</StateTitle>
      {props.children && <div className={classes.text}>{props.children}</div>}
      {props.action && <div className={classes.action}>{props.action}</div>}
    </div>
  );
}

/**
 * Something could not be shown: what failed, what to do (`message` from describeError), and Retry where it can help.
 * Announced to screen readers.
 */
export function ErrorState(props: {
  title: string;
  message: string;
  onRetry?: () => void;
  action?: ReactNode;
  isPage?: boolean;
}) {
  return (
    <div className={classes.state} role="alert">
      <StateTitle isPage={props.isPage}>{props.title}</StateTitle>
      <div className={classes.text}>{props.message}</div>
      {(props.onRetry || props.action) && (
        <div className={classes.action}>
          {props.onRetry && <Button onClick={props.onRetry}>Retry</Button>}
          {props.action}
        </div>
      )}
    </div>
  );
}

function StateTitle(props: { isPage: boolean | undefined; children: string }) {
  return props.isPage ? (
    <h1 className={classes.title}>{props.children}</h1>
  ) : (
    <p className={classes.title}>{props.children}</p>
  );
}

/** A refusal inside a form or sheet, above its buttons. */
export function Notice(props: {
  tone: 'red' | 'amber' | 'green' | 'quiet';
  title?: string;
  children: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className={classes.notice} data-tone={props.tone} role={props.tone === 'red' ? 'alert' : 'status'}>
      <div className={classes.noticeText}>
        {props.title && <strong>{props.title}</strong>}
        <div>{props.children}</div>
      </div>
      {props.action}
    </div>
  );
}

/** Grey lines of a paragraph's shape; the last one is shorter. */
export function SkeletonLines(props: { lines?: number; width?: string }) {
  const count = props.lines ?? 3;
  return (
    <div className={classes.lines} style={{ maxWidth: props.width }} aria-hidden>
      {Array.from({ length: count }, (_, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines are all alike and never move
        <Skeleton key={line} height={12} width={line === count - 1 ? '60%' : '100%'} />
      ))}
    </div>
  );
}

/** Grey blocks side by side, of the shape of a row of figures. */
export function SkeletonFigures(props: { count?: number }) {
  return (
    <div className={classes.figures} aria-hidden>
      {Array.from({ length: props.count ?? 3 }, (_, figure) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the blocks are all alike and never move
        <div key={figure} className={classes.figure}>
          <Skeleton height={12} width={96} />
          <Skeleton height={24} width={144} />
          <Skeleton height={12} width={120} />
        </div>
      ))}
    </div>
  );
}
