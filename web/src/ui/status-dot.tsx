import type { ReactNode } from 'react';
import classes from './small.module.css';

/**
 * What a status asks of the reader: `red` somebody must act, `amber` it waits, `accent` it is under way, `green` it
 * has just succeeded, `quiet` all is as it should be, `hollow` it is over or off.
 */
export type StatusTone = 'red' | 'amber' | 'accent' | 'green' | 'quiet' | 'hollow';

/** A dot and a word: never colour alone. */
export function StatusDot(props: { tone: StatusTone; children: ReactNode }) {
  return (
    <span className={classes.status}>
      <span className={classes.dot} data-tone={props.tone} aria-hidden />
      {props.children}
    </span>
  );
}
