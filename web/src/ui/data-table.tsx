import { useElementSize, useMergedRef } from '@mantine/hooks';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { type Address, useGoTo } from './address-link.tsx';
import classes from './data-table.module.css';
import { DataTableFoot } from './data-table-foot.tsx';
import { DataTableHead } from './data-table-head.tsx';
import { useTableKeys } from './data-table-keys.ts';
import { DataTableRow } from './data-table-row.tsx';
import { type Column, PHONE_TABLE_WIDTH, type PhoneRow, type RowAction, type Sort } from './data-table-shape.ts';
import { DataTableSkeleton } from './data-table-skeleton.tsx';
import type { ListSource } from './list-source.ts';
import { ErrorState } from './states.tsx';

export interface DataTableProps<Row> {
  /** What the table holds, for screen readers: "Transactions". */
  label: string;
  columns: readonly Column<Row>[];
  source: ListSource<Row>;
  rowId: (row: Row) => string;
  /** Where a row leads; the whole row is the link, and Enter opens it. */
  rowLink?: (row: Row) => Address;
  /** Instead of an address: opens something on this page, such as a sheet. */
  onOpen?: (row: Row) => void;
  /** The three dots. The first one is what most people come for. */
  rowActions?: (row: Row) => readonly RowAction[];
  /** The two lines of a row on a phone. */
  phone: (row: Row) => PhoneRow;
  selection?: { ids: ReadonlySet<string>; onChange: (ids: ReadonlySet<string>) => void };
  sort?: { current: Sort; onSort: (sort: Sort) => void };
  /** Shown when there are no rows: an EmptyState with the first action, or how to widen the filter. */
  empty: ReactNode;
  isCompact?: boolean;
}

const ROW_HEIGHT = 40;
const ROW_HEIGHT_COMPACT = 32;
const ROW_HEIGHT_PHONE = 60;
/** The sticky header covers this much of the first row when scrolling to it. */
const HEAD_HEIGHT = 36;
/** The next page is asked for when fewer rows than this are left below the screen. */
const ROWS_AHEAD = 20;
/** After so many rows nobody reads on: the table stops fetching by itself and offers to narrow the list. */
const ROWS_BEFORE_NARROWING = 2_000;

/**
 * The one table of the program. Rows outside the screen are not in the document, so a million rows scroll like fifty;
 * it scrolls with the page (nearest scrolling ancestor), its header stays in view.
 * Keys: j/k or arrows move, Enter opens, x selects.
 */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { source, columns, rowId, selection } = props;
  const { rows } = source;
  const goTo = useGoTo();
  const { ref: sizeRef, width } = useElementSize<HTMLDivElement>();
  const root = useRef<HTMLDivElement>(null);
  const body = useRef<HTMLDivElement>(null);
  const mergedRef = useMergedRef(sizeRef, root);
  const [scroller, setScroller] = useState<HTMLElement | null>(null);
  const [marginTop, setMarginTop] = useState(0);
  const [goesOnFrom, setGoesOnFrom] = useState(0);

  const isPhone = width > 0 && width < PHONE_TABLE_WIDTH;
  const rowHeight = isPhone ? ROW_HEIGHT_PHONE : props.isCompact ? ROW_HEIGHT_COMPACT : ROW_HEIGHT;
  const shownColumns = useMemo(
    () => columns.filter((column) => width === 0 || width >= (column.minTableWidth ?? 0)),
    [columns, width],
  );
  const hasActions = props.rowActions !== undefined;
  const template = gridTemplate(shownColumns, selection !== undefined, hasActions, isPhone);

  useLayoutEffect(() => setScroller(scrollingAncestor(root.current)), []);
  // What stands above the table may grow (filters wrap): where the rows begin is measured again with every render.
  useLayoutEffect(() => {
    if (!scroller || !body.current) return;
    const top = body.current.getBoundingClientRect().top - scroller.getBoundingClientRect().top + scroller.scrollTop;
    if (Math.abs(top - marginTop) > 0.5) setMarginTop(top);
  });

  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller,
    estimateSize: () => rowHeight,
    getItemKey: (index) => rowId(rows[index]!),
    overscan: 10,
    scrollMargin: marginTop,
    scrollPaddingStart: HEAD_HEIGHT,
    scrollPaddingEnd: 8,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another row height makes every measured place wrong
  useLayoutEffect(() => virtualizer.measure(), [virtualizer, rowHeight]);

  const items = virtualizer.getVirtualItems();
  const lastShown = items.at(-1)?.index ?? 0;
  const isTooMany = source.hasMore && rows.length - goesOnFrom >= ROWS_BEFORE_NARROWING;
  const shouldLoad =
    source.hasMore &&
    !source.isLoadingMore &&
    !isTooMany &&
    source.failure === null &&
    lastShown >= rows.length - ROWS_AHEAD;
  useLayoutEffect(() => {
    if (shouldLoad && rows.length > 0) source.loadMore();
  });

  function open(row: Row) {
    if (props.onOpen) props.onOpen(row);
    else if (props.rowLink) goTo(props.rowLink(row));
  }
  function toggle(row: Row) {
    if (!selection) return;
    const ids = new Set(selection.ids);
    if (!ids.delete(rowId(row))) ids.add(rowId(row));
    selection.onChange(ids);
  }
  const keys = useTableKeys({
    root,
    count: rows.length,
    firstInView: () => {
      const top = (scroller?.scrollTop ?? 0) + HEAD_HEIGHT;
      return virtualizer.getVirtualItems().find((item) => item.start >= top)?.index ?? 0;
    },
    scrollTo: (index) => virtualizer.scrollToIndex(index, { align: 'auto' }),
    open: (index) => open(rows[index]!),
    toggle: (index) => toggle(rows[index]!),
  });

  if (source.status === 'error') {
    return (
      <ErrorState title={`${props.label} could not be loaded`} message={source.failure ?? ''} onRetry={source.retry} />
    );
  }
  if (source.status === 'success' && rows.length === 0 && !source.hasMore) return props.empty;

  return (
    <div>
      {/* biome-ignore lint/a11y/useSemanticElements: rows are placed by the virtualiser, which a table does not allow */}
      <div
        ref={mergedRef}
        role="grid"
        tabIndex={-1}
        aria-label={props.label}
        aria-rowcount={source.hasMore || source.status === 'pending' ? -1 : rows.length + 1}
        aria-multiselectable={selection ? true : undefined}
        aria-busy={source.status === 'pending' || source.isStale}
        className={classes.table}
        data-stale={source.isStale || undefined}
        data-compact={props.isCompact || undefined}
        data-phone={isPhone || undefined}
        style={{ '--row-template': template, '--row-height': `${rowHeight}px` } as React.CSSProperties}
        onKeyDown={keys.onKeyDown}
      >
        <DataTableHead
          columns={shownColumns}
          isHidden={isPhone}
          hasActions={hasActions}
          hasSelection={selection !== undefined}
          allSelected={rows.length > 0 && selection !== undefined && rows.every((row) => selection.ids.has(rowId(row)))}
          onSelectAll={(all) => selection?.onChange(new Set(all ? rows.map(rowId) : []))}
          sort={props.sort}
        />
        {source.status === 'pending' ? (
          <DataTableSkeleton
            columns={shownColumns}
            isPhone={isPhone}
            hasSelection={selection !== undefined}
            hasActions={hasActions}
          />
        ) : (
          // biome-ignore lint/a11y/useSemanticElements: as above
          <div ref={body} role="rowgroup" className={classes.body} style={{ height: virtualizer.getTotalSize() }}>
            {items.map((item) => {
              const row = rows[item.index]!;
              return (
                <DataTableRow
                  key={item.key}
                  row={row}
                  index={item.index}
                  top={item.start - virtualizer.options.scrollMargin}
                  columns={shownColumns}
                  isPhone={isPhone}
                  phone={props.phone}
                  isTabStop={item.index === Math.max(0, keys.active)}
                  isSelected={selection ? selection.ids.has(rowId(row)) : null}
                  onToggle={toggle}
                  rowLink={props.rowLink}
                  onOpen={props.onOpen}
                  rowActions={props.rowActions}
                  onFocus={keys.setActive}
                />
              );
            })}
          </div>
        )}
      </div>
      <DataTableFoot source={source} isTooMany={isTooMany} onShowMore={() => setGoesOnFrom(rows.length)} />
    </div>
  );
}

function gridTemplate<Row>(
  columns: readonly Column<Row>[],
  hasSelection: boolean,
  hasActions: boolean,
  isPhone: boolean,
) {
  const tracks = isPhone ? ['minmax(0, 1fr)', 'auto'] : columns.map((column) => column.width);
  return [...(hasSelection ? ['32px'] : []), ...tracks, ...(hasActions ? ['40px'] : [])].join(' ');
}

function scrollingAncestor(element: HTMLElement | null): HTMLElement {
  for (let one = element?.parentElement; one; one = one.parentElement) {
    if (/auto|scroll/.test(getComputedStyle(one).overflowY)) return one;
  }
  return document.documentElement;
}
