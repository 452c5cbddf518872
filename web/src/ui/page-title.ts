import { useEffect, useSyncExternalStore } from 'react';

/**
 * The title of the page that is open: set by PageHeader, read by the breadcrumbs. A tiny store instead of a context,
 * because the one who knows (the page) stands below the one who shows it (the bar above).
 */
let current: string | null = null;
const listeners = new Set<() => void>();

function set(title: string | null) {
  current = title;
  for (const listener of listeners) listener();
}

/** Names the page in the browser's tab and in the breadcrumbs for as long as the caller is shown. */
export function usePageTitle(title: string | undefined) {
  useEffect(() => {
    if (!title) return;
    set(title);
    document.title = `${title} · Counterfoil`;
    return () => {
      if (current === title) set(null);
    };
  }, [title]);
}

/** The title of the open page; null while it loads. */
export function useCurrentPageTitle(): string | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => current,
  );
}
