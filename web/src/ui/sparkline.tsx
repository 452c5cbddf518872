import classes from './small.module.css';

const BAR_GAP = 2;
/** Nothing shorter than this is drawn for an amount above zero: a small month is still a month with payments. */
const BAR_HEIGHT_MIN = 2;

/**
 * Small bars of one figure over time, oldest first; negative values (refunds above receipts) hang below the line.
 * `label` says in words what the bars show: screen readers hear it in place of the drawing.
 */
export function Sparkline(props: { values: readonly number[]; label: string; width?: number; height?: number }) {
  const { values, label, width = 160, height = 28 } = props;
  const highest = Math.max(0, ...values);
  const lowest = Math.min(0, ...values);
  const span = highest - lowest || 1;
  const barWidth = Math.max(1, (width - BAR_GAP * (values.length - 1)) / Math.max(1, values.length));
  const zeroAt = (highest / span) * height;
  return (
    <svg className={classes.sparkline} width={width} height={height} role="img" aria-label={label}>
      {values.map((value, index) => {
        const length = value === 0 ? 1 : Math.max(BAR_HEIGHT_MIN, (Math.abs(value) / span) * height);
        const fill = value === 0 ? 'var(--cf-line-strong)' : value < 0 ? 'var(--cf-red-dot)' : 'var(--cf-accent)';
        return (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: a bar is its place in time
            key={index}
            x={index * (barWidth + BAR_GAP)}
            y={value < 0 ? zeroAt : zeroAt - length}
            width={barWidth}
            height={length}
            rx={Math.min(1.5, barWidth / 3)}
            fill={fill}
            opacity={index === values.length - 1 || value <= 0 ? 1 : 0.45}
          />
        );
      })}
    </svg>
  );
}
