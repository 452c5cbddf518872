import { useEffect, useRef } from 'react';

/** Milliseconds after "g" within which the next letter goes somewhere (g c) and is no command of the page. */
const SEQUENCE_MS = 1_200;

/**
 * Single letters that do something on this page. They stay quiet while one types, while a sheet, dialog or menu is open, with
 * modifiers held, and right after "g".
 */
export function usePageKeys(keys: Readonly<Record<string, (() => void) | undefined>>) {
  const current = useRef(keys);
  useEffect(() => {
    current.current = keys;
  });
  useEffect(() => {
    let leaderAt = Number.NEGATIVE_INFINITY;
    function onKey(event: KeyboardEvent) {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isElsewhere(event.target)) return;
      const followsLeader = event.timeStamp - leaderAt < SEQUENCE_MS;
      leaderAt = event.key === 'g' ? event.timeStamp : Number.NEGATIVE_INFINITY;
      const run = followsLeader ? undefined : current.current[event.key];
      if (!run) return;
      // Otherwise the letter would be typed into the field that is about to take the focus.
      event.preventDefault();
      run();
    }
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}

function isElsewhere(target: EventTarget | null): boolean {
  return (
    (target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable="true"]') !== null) ||
    document.querySelector('[role="dialog"], [role="menu"]') !== null
  );
}
