import { Link, type LinkProps, type NavigateOptions, useNavigate } from '@tanstack/react-router';
import type { ComponentProps } from 'react';

/**
 * An address of this program, for components that take one. Callers build it with the router's `linkOptions({ to, params })`,
 * which checks it against the addresses that exist; here it is passed on as it is.
 */
export interface Address {
  to: string;
  params?: object;
  search?: object;
}

type Passed = Omit<ComponentProps<'a'>, 'href'>;

/** A link to an address. Marks itself with aria-current="page" while one is there or below it. */
export function AddressLink(props: Passed & { address: Address; isExact?: boolean; replace?: boolean }) {
  const { address, isExact, replace, ...anchor } = props;
  return (
    <Link
      {...anchor}
      {...(address as LinkProps)}
      activeOptions={{ exact: isExact ?? false, includeSearch: address.search !== undefined }}
      {...(replace === undefined ? {} : { replace })}
    />
  );
}

/** Goes to an address, as a click on its link would. */
export function useGoTo(): (address: Address) => void {
  const navigate = useNavigate();
  return (address) => void navigate(address as NavigateOptions);
}
