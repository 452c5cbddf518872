import { type KeyboardEvent as ReactKeyboardEvent, type RefObject, useEffect, useRef, useState } from 'react';

interface TableKeys {
  root: RefObject<HTMLElement | null>;
  count: number;
  /** The topmost row that can be seen: where j begins. */
  firstInView: () => number;
  scrollTo: (index: number) => void;
  open: (index: number) => void;
  toggle: (index: number) => void;
}

const STEPS: Record<string, number> = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };

/**
 * j/k and the arrows move from row to row, Home and End to the ends, Enter opens, x selects. The keys work inside the
 * table, and (letters only) from anywhere on the page while nothing else has the focus, so that one can begin at once.
 */
export function useTableKeys(table: TableKeys) {
  const [active, setActive] = useState(-1);
  const wanted = useRef<number | null>(null);

  function move(to: number) {
    const index = Math.max(0, Math.min(table.count - 1, to));
    wanted.current = index;
    setActive(index);
    table.scrollTo(index);
    focusWanted();
  }

  // The row may have to be scrolled into being first: tried again with every render until it is there.
  function focusWanted() {
    if (wanted.current === null) return;
    const row = table.root.current?.querySelector<HTMLElement>(`[data-index="${wanted.current}"]`);
    if (!row) return;
    wanted.current = null;
    row.focus({ preventScroll: true });
  }
  useEffect(focusWanted);

  function act(key: string): boolean {
    if (table.count === 0) return false;
    const step = STEPS[key];
    if (step !== undefined) move(active < 0 ? table.firstInView() : active + step);
    else if (key === 'Home') move(0);
    else if (key === 'End') move(table.count - 1);
    else if (key === 'Enter' && active >= 0 && active < table.count) table.open(active);
    else if ((key === 'x' || key === ' ') && active >= 0 && active < table.count) table.toggle(active);
    else return false;
    return true;
  }

  function onKeyDown(event: ReactKeyboardEvent) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    // Only the row itself: a button or a checkbox inside it has its own keys.
    if (!(event.target instanceof HTMLElement) || event.target.getAttribute('role') !== 'row') return;
    if (act(event.key)) event.preventDefault();
  }

  const actFromPage = useRef(act);
  useEffect(() => {
    actFromPage.current = act;
  });
  useEffect(() => {
    function onKey(event: KeyboardEvent) {
      const isFree = document.activeElement === document.body || document.activeElement?.id === 'page';
      if (!isFree || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (event.key !== 'j' && event.key !== 'k') return;
      if (actFromPage.current(event.key)) event.preventDefault();
    }
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);

  return { active, setActive, onKeyDown };
}
