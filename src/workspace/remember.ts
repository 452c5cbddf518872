export interface Memory<V> {
  get(key: string): V | undefined;
  set(key: string, value: V): void;
}

/** A map that forgets what was longest unused once it holds `sizeMax` entries. */
export function makeMemory<V>(sizeMax: number): Memory<V> {
  const entries = new Map<string, V>();
  return {
    get(key) {
      const value = entries.get(key);
      if (value !== undefined) {
        entries.delete(key);
        entries.set(key, value);
      }
      return value;
    },
    set(key, value) {
      entries.delete(key);
      entries.set(key, value);
      if (entries.size > sizeMax) entries.delete(entries.keys().next().value as string);
    },
  };
}
