import { Checkbox, VisuallyHidden } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import classes from './data-table.module.css';
import type { Column, Sort } from './data-table-shape.ts';

/** The names of the columns; stays in view. On a phone only screen readers meet it. */
export function DataTableHead<Row>(props: {
  columns: readonly Column<Row>[];
  isHidden: boolean;
  hasActions: boolean;
  hasSelection: boolean;
  allSelected: boolean;
  onSelectAll: (all: boolean) => void;
  sort: { current: Sort; onSort: (sort: Sort) => void } | undefined;
}) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: part of the grid in data-table.tsx
    // biome-ignore lint/a11y/useFocusableInteractive: its buttons take the focus
    <div role="row" aria-rowindex={1} className={classes.head} data-hidden={props.isHidden || undefined}>
      {props.hasSelection && (
        // biome-ignore lint/a11y/useSemanticElements: as above
        <div role="columnheader" className={classes.cell} tabIndex={-1}>
          <Checkbox
            aria-label="Select all rows shown"
            checked={props.allSelected}
            onChange={(event) => props.onSelectAll(event.currentTarget.checked)}
          />
        </div>
      )}
      {props.columns.map((column) => (
        <HeadCell key={column.id} column={column} sort={props.sort} />
      ))}
      {props.hasActions && (
        // biome-ignore lint/a11y/useSemanticElements: as above
        <div role="columnheader" className={classes.cell} tabIndex={-1}>
          <VisuallyHidden>Actions</VisuallyHidden>
        </div>
      )}
    </div>
  );
}

function HeadCell<Row>({
  column,
  sort,
}: {
  column: Column<Row>;
  sort: { current: Sort; onSort: (sort: Sort) => void } | undefined;
}) {
  const direction = sort?.current.columnId === column.id ? sort.current.direction : undefined;
  if (!sort || !column.isSortable) {
    return (
      // biome-ignore lint/a11y/useSemanticElements: part of the grid in data-table.tsx
      <div role="columnheader" className={classes.cell} data-align={column.align} tabIndex={-1}>
        {column.header}
      </div>
    );
  }
  const next = direction === 'descending' ? 'ascending' : 'descending';
  return (
    // biome-ignore lint/a11y/useSemanticElements: as above
    <div
      role="columnheader"
      className={classes.cell}
      data-align={column.align}
      aria-sort={direction ?? 'none'}
      tabIndex={-1}
    >
      <button
        type="button"
        className={classes.sort}
        onClick={() => sort.onSort({ columnId: column.id, direction: next })}
      >
        {column.header}
        {direction === 'ascending' && <IconArrowUp size={12} stroke={2} aria-hidden />}
        {direction === 'descending' && <IconArrowDown size={12} stroke={2} aria-hidden />}
      </button>
    </div>
  );
}
