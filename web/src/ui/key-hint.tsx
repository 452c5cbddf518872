import classes from './small.module.css';

const isApple = /mac|iphone|ipad/i.test(navigator.userAgent);

/**
 * A key or combination as it stands on this person's keyboard: "mod+K" is ⌘ K or Ctrl K, "g c" one key after the
 * other. Decoration beside a named control: screen readers hear the control, not this.
 */
export function KeyHint({ keys }: { keys: string }) {
  const parts = keys.split(/[+ ]/).map((key) => (key === 'mod' ? (isApple ? '⌘' : 'Ctrl') : key));
  return (
    <span className={classes.keys} aria-hidden>
      {parts.map((part) => (
        <kbd key={part} className={classes.key}>
          {part.length === 1 ? part.toUpperCase() : part}
        </kbd>
      ))}
    </span>
  );
}
