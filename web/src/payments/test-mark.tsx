import classes from './test-mark.module.css';

/** Stands beside everything that no real money moved for. */
export function TestMark() {
  return (
    <span className={classes.mark} title="Made in a sandbox: no real money moved.">
      TEST
    </span>
  );
}
