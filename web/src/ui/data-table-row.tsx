import { ActionIcon, Checkbox, Menu } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { memo, type ReactNode } from 'react';
import { type Address, AddressLink } from './address-link.tsx';
import classes from './data-table.module.css';
import type { Column, PhoneRow, RowAction } from './data-table-shape.ts';

interface RowProps<Row> {
  row: Row;
  index: number;
  /** Pixels below the top of the table's body. */
  top: number;
  columns: readonly Column<Row>[];
  isPhone: boolean;
  phone: (row: Row) => PhoneRow;
  /** One row at a time is reached by Tab; j and k move on from there. */
  isTabStop: boolean;
  /** Null where nothing can be selected. */
  isSelected: boolean | null;
  onToggle: (row: Row) => void;
  rowLink: ((row: Row) => Address) | undefined;
  onOpen: ((row: Row) => void) | undefined;
  rowActions: ((row: Row) => readonly RowAction[]) | undefined;
  onFocus: (index: number) => void;
}

function TableRow<Row>(props: RowProps<Row>) {
  const { row, columns } = props;
  const opening = { link: props.rowLink?.(row), open: props.onOpen && (() => props.onOpen?.(row)) };
  return (
    // biome-ignore lint/a11y/useSemanticElements: part of the grid in data-table.tsx
    <div
      role="row"
      aria-rowindex={props.index + 2}
      aria-selected={props.isSelected ?? undefined}
      data-index={props.index}
      tabIndex={props.isTabStop ? 0 : -1}
      className={classes.row}
      style={{ transform: `translateY(${props.top}px)` }}
      onFocus={(event) => event.target === event.currentTarget && props.onFocus(props.index)}
    >
      {props.isSelected !== null && (
        <Cell isAbove>
          <Checkbox tabIndex={-1} aria-label="Select" checked={props.isSelected} onChange={() => props.onToggle(row)} />
        </Cell>
      )}
      {props.isPhone ? (
        <PhoneCells phone={props.phone(row)} opening={opening} />
      ) : (
        columns.map((column, place) => (
          <Cell key={column.id} align={column.align}>
            {place === 0 ? <Opener {...opening}>{column.render(row)}</Opener> : column.render(row)}
          </Cell>
        ))
      )}
      {props.rowActions && (
        <Cell isAbove>
          <RowMenu actions={props.rowActions} row={row} isTabStop={props.isTabStop} />
        </Cell>
      )}
    </div>
  );
}

export const DataTableRow = memo(TableRow) as typeof TableRow;

function Cell(props: { children: ReactNode; align?: 'right' | undefined; isAbove?: boolean }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: part of the grid in data-table.tsx
    <div
      role="gridcell"
      tabIndex={-1}
      className={classes.cell}
      data-align={props.align}
      data-above={props.isAbove || undefined}
    >
      {props.children}
    </div>
  );
}

interface Opening {
  link: Address | undefined;
  open: (() => void) | undefined;
}

function PhoneCells({ phone, opening }: { phone: PhoneRow; opening: Opening }) {
  return (
    <>
      <Cell>
        <div className={classes.two}>
          <Opener {...opening}>{phone.title}</Opener>
          <span className={classes.second}>{phone.detail}</span>
        </div>
      </Cell>
      <Cell align="right">
        <div className={classes.two}>
          <span>{phone.value}</span>
          <span className={classes.second}>{phone.valueDetail}</span>
        </div>
      </Cell>
    </>
  );
}

/**
 * The first cell is a real link whose area is the whole row (by style), so that a row opens in a new tab like any
 * link. It is no stop of its own for Tab: the row is, and Enter on it does the same.
 */
function Opener({ link, open, children }: Opening & { children: ReactNode }) {
  if (link) {
    return (
      <AddressLink address={link} className={classes.opener} tabIndex={-1}>
        {children}
      </AddressLink>
    );
  }
  if (open) {
    return (
      <button type="button" className={classes.opener} tabIndex={-1} onClick={open}>
        {children}
      </button>
    );
  }
  return <span className={classes.name}>{children}</span>;
}

function RowMenu<Row>(props: { actions: (row: Row) => readonly RowAction[]; row: Row; isTabStop: boolean }) {
  return (
    // Inside the page's landmark, where whoever reads by landmarks finds it.
    <Menu portalProps={{ target: '#page' }}>
      <Menu.Target>
        <ActionIcon size="xs" aria-label="More" className={classes.dots} tabIndex={props.isTabStop ? 0 : -1}>
          <IconDots size={16} stroke={1.8} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {props.actions(props.row).map((action) =>
          action.link ? (
            <Menu.Item key={action.label} leftSection={action.icon} component={AddressLink} address={action.link}>
              {action.label}
            </Menu.Item>
          ) : (
            <Menu.Item
              key={action.label}
              leftSection={action.icon}
              onClick={action.run}
              disabled={action.disabledReason !== undefined}
              {...(action.isDestructive ? { color: 'red' } : {})}
            >
              {action.label}
              {action.disabledReason && <span className={classes.reason}>{action.disabledReason}</span>}
            </Menu.Item>
          ),
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
