import { KeyHint } from '../ui/key-hint.tsx';
import classes from './contact-page.module.css';

/** A key's hint inside the one button in the accent colour. */
export function AccentHint({ keys }: { keys: string }) {
  return (
    <span className={classes.hint}>
      <KeyHint keys={keys} />
    </span>
  );
}
