import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { ZodType } from 'zod';
import type { ListSource } from '../ui/list-source.ts';
import type { Query } from './api-client.ts';
import { describeError } from './api-problem.ts';
import { useWorkspace } from './workspace-context.ts';

/** What every list of the API answers. */
export interface CursorPage<Row> {
  data: Row[];
  next_cursor: string | null;
}

/** Rows asked for at a time: two screens of a large monitor, a few kilobytes. */
export const PAGE_ROWS = 60;

/**
 * Reads a list page by page. `key` names the list in the cache (the workspace and the query are added);
 * `page` is the schema of one page, which also says the type of the rows; `first` is the first page with whatever else it says.
 */
export function useCursorPages<Row, More = unknown>(list: {
  key: string;
  path: string;
  page: ZodType<CursorPage<Row> & More>;
  query?: Query;
  isEnabled?: boolean;
}): ListSource<Row> & { first: (CursorPage<Row> & More) | undefined } {
  const { api, workspace } = useWorkspace();
  const { key, path, page, query } = list;
  const result = useInfiniteQuery({
    queryKey: [workspace.id, key, query ?? {}],
    enabled: list.isEnabled ?? true,
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) =>
      api.get(path, page, { query: { limit: PAGE_ROWS, ...query, cursor: pageParam }, signal }),
    getNextPageParam: (last) => last.next_cursor,
    placeholderData: keepPreviousData,
  });
  const rows = useMemo(() => result.data?.pages.flatMap((one) => one.data) ?? [], [result.data]);
  return {
    rows,
    first: result.data?.pages[0],
    // Rows that are here stay on the screen when a later page fails.
    status: result.data ? 'success' : result.status,
    failure: result.error ? describeError(result.error) : null,
    hasMore: result.hasNextPage,
    isLoadingMore: result.isFetchingNextPage,
    isStale: result.isPlaceholderData,
    loadMore: () => {
      if (result.hasNextPage && !result.isFetching) void result.fetchNextPage();
    },
    retry: () => void (result.isFetchNextPageError ? result.fetchNextPage() : result.refetch()),
  };
}
