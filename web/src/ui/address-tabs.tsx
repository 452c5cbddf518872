import { Link, type LinkProps } from '@tanstack/react-router';
import classes from './small.module.css';

export interface AddressTab {
  label: string;
  link: Pick<LinkProps, 'to' | 'params' | 'search'>;
  /** Only the very address counts as open; for the tab whose address begins the others. */
  isExact?: boolean;
}

/** Parts of a page that have addresses of their own: links, so that back, reload and sharing work. */
export function AddressTabs(props: { label: string; tabs: readonly AddressTab[] }) {
  return (
    <nav className={classes.tabs} aria-label={props.label}>
      {props.tabs.map((tab) => (
        <Link
          key={tab.label}
          {...tab.link}
          className={classes.tab}
          activeOptions={{ exact: tab.isExact ?? false, includeSearch: tab.link.search !== undefined }}
          replace
        >
          {tab.label}
        </Link>
      ))}
    </nav>
  );
}
