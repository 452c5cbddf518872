import { Skeleton } from '@mantine/core';
import classes from './data-table.module.css';
import type { Column } from './data-table-shape.ts';

const ROWS = 12;

/** Grey rows of the table's own shape; widths vary a little, as real names do. */
export function DataTableSkeleton<Row>(props: {
  columns: readonly Column<Row>[];
  isPhone: boolean;
  hasSelection: boolean;
  hasActions: boolean;
}) {
  const places = props.isPhone ? [{ id: 'first' }, { id: 'second', align: 'right' as const }] : props.columns;
  return (
    <div className={classes.waiting} aria-hidden>
      {Array.from({ length: ROWS }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: grey rows are all alike and never move
        <div key={row} className={classes.waitingRow}>
          {props.hasSelection && <div />}
          {places.map((place, index) => (
            <div key={place.id} className={classes.cell} data-align={place.align}>
              <Skeleton
                height={10}
                width={props.isPhone && index === 1 ? 64 : `${52 + ((row * 7 + index * 13) % 32)}%`}
              />
            </div>
          ))}
          {props.hasActions && <div />}
        </div>
      ))}
    </div>
  );
}
