/** A list that grows as one scrolls, whatever it is read from. */
export interface ListSource<Row> {
  rows: readonly Row[];
  status: 'pending' | 'error' | 'success';
  /** What failed, in words for a person; null while nothing has. May stand beside rows when a later page failed. */
  failure: string | null;
  hasMore: boolean;
  isLoadingMore: boolean;
  /** True while the rows of the previous filter stand in for the ones being fetched. */
  isStale: boolean;
  loadMore(): void;
  retry(): void;
}

/** A source that has all its rows at hand. */
export function wholeList<Row>(rows: readonly Row[]): ListSource<Row> {
  const nothing = () => {};
  return {
    rows,
    status: 'success',
    failure: null,
    hasMore: false,
    isLoadingMore: false,
    isStale: false,
    loadMore: nothing,
    retry: nothing,
  };
}
