import type { ReactNode } from 'react';
import { CopyText } from '../ui/copy-text.tsx';
import classes from './settings.module.css';

/** A secret that is shown this once: only its hash is kept, so that nobody can read it again, not even from the database. */
export function OnceShown(props: { title: string; secret: string; label: string; children: ReactNode }) {
  return (
    <div className={classes.once} role="status">
      <strong>{props.title}</strong>
      <CopyText text={props.secret} label={props.label} />
      <span className={classes.quiet}>{props.children}</span>
    </div>
  );
}
