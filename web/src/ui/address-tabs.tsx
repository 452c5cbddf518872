import { useLocation } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { type Address, AddressLink } from './address-link.tsx';
import classes from './small.module.css';

export interface AddressTab {
  label: string;
  address: Address;
  /** Only the very address counts as open; for the tab whose address begins the others. */
  isExact?: boolean;
}

/** What is seen of the neighbours of the open tab, in pixels, so that one sees that there are some. */
const PEEK = 32;

/**
 * Parts of a page that have addresses of their own: links, so that back, reload and sharing work. Where they do not fit,
 * the open one is moved into view.
 */
export function AddressTabs(props: { label: string; tabs: readonly AddressTab[] }) {
  const nav = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another address is another open tab.
  useEffect(() => {
    const row = nav.current;
    const open = row?.querySelector<HTMLElement>('[aria-current="page"]');
    if (!row || !open) return;
    // Not scrollIntoView(), which would scroll the page too.
    const [left, right] = [open.offsetLeft - PEEK, open.offsetLeft + open.offsetWidth + PEEK];
    if (left < row.scrollLeft) row.scrollLeft = left;
    else if (right > row.scrollLeft + row.clientWidth) row.scrollLeft = right - row.clientWidth;
  }, [pathname]);
  return (
    <nav ref={nav} className={classes.tabs} aria-label={props.label}>
      {props.tabs.map((tab) => (
        <AddressLink
          key={tab.label}
          address={tab.address}
          className={classes.tab}
          isExact={tab.isExact ?? false}
          replace
        >
          {tab.label}
        </AddressLink>
      ))}
    </nav>
  );
}
