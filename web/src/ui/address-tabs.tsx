import { type Address, AddressLink } from './address-link.tsx';
import classes from './small.module.css';

export interface AddressTab {
  label: string;
  address: Address;
  /** Only the very address counts as open; for the tab whose address begins the others. */
  isExact?: boolean;
}

/** Parts of a page that have addresses of their own: links, so that back, reload and sharing work. */
export function AddressTabs(props: { label: string; tabs: readonly AddressTab[] }) {
  return (
    <nav className={classes.tabs} aria-label={props.label}>
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
