import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';
import { systemClock } from '../../../src/foundation/clock.ts';
import { browserLocale } from './browser-locale.ts';

/** Who reads: how numbers and dates are written for them, and what moment it is. */
export interface Reader {
  /** BCP 47, from the browser. */
  locale: string;
  /** IANA name; a workspace's own zone where its pages are shown, else the browser's. */
  timeZone: string;
  /** Moves on by itself once a minute; a sandbox workspace's movable clock may set it. */
  now: Date;
}

const ReaderContext = createContext<Reader | null>(null);

const MINUTE_MS = 60_000;

/** Gives everything below the person's locale, the time zone to show and the moment to be relative to. */
export function ReaderProvider(props: { children: ReactNode; timeZone?: string; aheadMs?: number }) {
  const [now, setNow] = useState(() => systemClock.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(systemClock.now()), MINUTE_MS);
    return () => clearInterval(timer);
  }, []);
  const { aheadMs = 0 } = props;
  const reader = useMemo<Reader>(
    () => ({
      locale: browserLocale(),
      timeZone: props.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
      now: new Date(now.getTime() + aheadMs),
    }),
    [props.timeZone, aheadMs, now],
  );
  return <ReaderContext value={reader}>{props.children}</ReaderContext>;
}

export function useReader(): Reader {
  const reader = useContext(ReaderContext);
  if (!reader) throw new Error('useReader needs a ReaderProvider above it');
  return reader;
}
