import { Button } from '@mantine/core';
import { browserLocale } from './browser-locale.ts';
import classes from './data-table.module.css';
import type { ListSource } from './list-source.ts';
import { Notice } from './states.tsx';

/** Below the rows: that more are coming, that they failed to come, or that there are too many to read. */
export function DataTableFoot<Row>(props: { source: ListSource<Row>; isTooMany: boolean; onShowMore: () => void }) {
  const { source } = props;
  return (
    <>
      <div className={classes.foot} role="status">
        {source.isLoadingMore && 'Loading more…'}
      </div>
      {source.failure !== null && (
        <Notice
          tone="red"
          action={
            <Button size="xs" onClick={source.retry}>
              Retry
            </Button>
          }
        >
          The rest could not be loaded. {source.failure}
        </Notice>
      )}
      {props.isTooMany && (
        <Notice
          tone="quiet"
          action={
            <Button size="xs" onClick={props.onShowMore}>
              Show more
            </Button>
          }
        >
          {new Intl.NumberFormat(browserLocale()).format(source.rows.length)} rows are shown and there are more. A
          filter finds it faster than scrolling.
        </Notice>
      )}
    </>
  );
}
