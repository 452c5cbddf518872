import { useEffect, useId, useSyncExternalStore } from 'react';

/** One thing the palette can do or open. */
export interface Command {
  id: string;
  label: string;
  /** Quieter, behind the label: an e-mail address, an amount. */
  detail?: string;
  /** Shown as a hint, e.g. "g c"; binding the keys is the caller's. */
  keys?: string;
  /** More words that should find it. */
  words?: string;
  run(): unknown;
}

/** Asked while one types; what it answers is shown under its heading. */
export interface CommandSource {
  heading: string;
  /** Runs for every pause in typing; `signal` aborts when the next one begins. Rejections show as "could not be searched". */
  search(text: string, signal: AbortSignal): Promise<Command[]>;
}

interface Registered {
  groups: readonly { heading: string; commands: readonly Command[] }[];
  sources: readonly CommandSource[];
}

const groups = new Map<string, { heading: string; commands: readonly Command[] }>();
const sources = new Map<string, CommandSource>();
const listeners = new Set<() => void>();
let snapshot: Registered = { groups: [], sources: [] };

function changed() {
  snapshot = { groups: [...groups.values()], sources: [...sources.values()] };
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Adds commands under a heading until the returned function is called. */
export function registerCommands(key: string, heading: string, commands: readonly Command[]): () => void {
  groups.set(key, { heading, commands });
  changed();
  return () => {
    groups.delete(key);
    changed();
  };
}

/** Adds a searched source (contacts, transactions) until the returned function is called. */
export function registerCommandSource(key: string, source: CommandSource): () => void {
  sources.set(key, source);
  changed();
  return () => {
    sources.delete(key);
    changed();
  };
}

/** Offers these commands while the calling component is shown. */
export function useCommands(heading: string, commands: readonly Command[]) {
  const key = useId();
  useEffect(() => registerCommands(key, heading, commands));
}

/** Offers this source while the calling component is shown. Keep `source` stable (module constant or useMemo). */
export function useCommandSource(source: CommandSource) {
  const key = useId();
  useEffect(() => registerCommandSource(key, source), [key, source]);
}

export function useRegisteredCommands(): Registered {
  return useSyncExternalStore(subscribe, () => snapshot);
}

/** Opens the palette on ⌘ K or Ctrl K, also while typing. */
export function usePaletteKeys(open: () => void) {
  useEffect(() => {
    function onKey(event: KeyboardEvent) {
      if ((event.metaKey || event.ctrlKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        open();
      }
    }
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [open]);
}
