import { formatMinor } from '../../../src/foundation/money.ts';
import { useReader } from '../ui/reader.tsx';
import { calendarDate } from '../ui/relative-date.ts';
import classes from './home.module.css';

/** Drawn in a space of its own and stretched to the page: only proportions matter. */
const WIDTH = 600;
const HEIGHT = 112;
const GAP = 3;
/** Nothing shorter is drawn for a day with money: a small day is still a day with payments. */
const BAR_MIN = 3;

/**
 * One bar a day, oldest first, the last one today; days on which more went out than came in hang below the line.
 * Each bar names its day and amount on hover; screen readers hear the range and the total instead of thirty bars.
 */
export function DayBars({ days, currency }: { days: readonly { day: string; net_minor: number }[]; currency: string }) {
  const { locale } = useReader();
  const highest = Math.max(0, ...days.map((one) => one.net_minor));
  const lowest = Math.min(0, ...days.map((one) => one.net_minor));
  const span = highest - lowest || 1;
  const zeroAt = (highest / span) * HEIGHT;
  const slot = WIDTH / Math.max(1, days.length);
  const first = days[0];
  const last = days.at(-1);
  if (!first || !last) return null;
  const total = days.reduce((sum, one) => sum + one.net_minor, 0);
  const range = `${calendarDate(first.day, locale)} to ${calendarDate(last.day, locale)}`;
  return (
    <div className={classes.chart}>
      <svg
        className={classes.bars}
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`Taken per day, ${range}: ${formatMinor(total, currency, locale)} in all`}
      >
        {days.map((one, index) => {
          const length = one.net_minor === 0 ? 1 : Math.max(BAR_MIN, (Math.abs(one.net_minor) / span) * HEIGHT);
          return (
            <g key={one.day}>
              <rect className={classes.hit} x={index * slot} y={0} width={slot} height={HEIGHT}>
                <title>{`${calendarDate(one.day, locale)}: ${formatMinor(one.net_minor, currency, locale)}`}</title>
              </rect>
              <rect
                className={classes.bar}
                data-today={one === last || undefined}
                data-negative={one.net_minor < 0 || undefined}
                data-none={one.net_minor === 0 || undefined}
                x={index * slot + GAP / 2}
                y={one.net_minor < 0 ? zeroAt : Math.min(zeroAt - length, HEIGHT - length)}
                width={slot - GAP}
                height={length}
                pointerEvents="none"
              />
            </g>
          );
        })}
      </svg>
      <div className={classes.axis} aria-hidden>
        <span>{calendarDate(first.day, locale)}</span>
        <span>Today</span>
      </div>
    </div>
  );
}
