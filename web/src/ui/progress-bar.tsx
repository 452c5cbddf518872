import { browserLocale } from './browser-locale.ts';
import classes from './small.module.css';

/**
 * Long work under way: what is done of how much, in numbers and as a bar. `total` null while it is not known yet.
 * Safe to leave: the work goes on in the server.
 */
export function ProgressBar(props: { label: string; done: number; total: number | null; unit: string }) {
  const number = new Intl.NumberFormat(browserLocale());
  const part = props.total === null || props.total === 0 ? null : Math.min(1, props.done / props.total);
  const words =
    props.total === null
      ? props.done === 0
        ? 'beginning'
        : `${number.format(props.done)} ${props.unit}`
      : `${number.format(props.done)} of ${number.format(props.total)} ${props.unit}`;
  return (
    <div className={classes.progress}>
      <div className={classes.progressWords}>
        <span>{props.label}</span>
        <span>{words}</span>
      </div>
      <div
        className={classes.progressTrack}
        role="progressbar"
        aria-label={props.label}
        aria-valuetext={words}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={part === null ? undefined : Math.round(part * 100)}
      >
        <div
          className={classes.progressDone}
          data-unknown={part === null || undefined}
          style={part === null ? undefined : { width: `${part * 100}%` }}
        />
      </div>
    </div>
  );
}
