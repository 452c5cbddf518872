import { useQuery } from '@tanstack/react-query';
import { smartLists } from '../../../src/insights/api.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { AddressLink } from '../ui/address-link.tsx';
import { browserLocale } from '../ui/browser-locale.ts';
import { useIsOn } from '../workspace/workspace-facts.ts';
import classes from './contact-list.module.css';
import type { ContactListSearch } from './contact-list-search.ts';
import { useCanEditContacts } from './workspace-settings.ts';

/** All contacts, those worth most, and the saved lists with how many are in each now. */
export function SmartListTabs({ search }: { search: ContactListSearch }) {
  const { workspace } = useWorkspace();
  const lists = useSmartLists();
  const canEdit = useCanEditContacts();
  const hasMoney = useIsOn()('payments_and_ltv');
  const params = { workspaceId: workspace.id };
  const number = new Intl.NumberFormat(browserLocale());
  const tab = (label: string, next: ContactListSearch, isHere: boolean, count?: number) => (
    <AddressLink
      key={next.list ?? label}
      address={{ to: '/w/$workspaceId/contacts', params, search: next }}
      className={classes.list}
      aria-current={isHere ? 'page' : undefined}
    >
      {label}
      {count !== undefined && <span className={classes.count}>{number.format(count)}</span>}
    </AddressLink>
  );
  return (
    <nav className={classes.lists} aria-label="Lists of contacts">
      {tab('All contacts', {}, search.list === undefined && search.sort !== 'ltv')}
      {hasMoney && tab('Worth most', { sort: 'ltv' }, search.list === undefined && search.sort === 'ltv')}
      {(lists.data ?? []).map((list) => tab(list.name, { list: list.id }, search.list === list.id, list.count))}
      {canEdit && (
        <AddressLink address={{ to: '/w/$workspaceId/contacts/lists/new', params }} className={classes.list}>
          + New list
        </AddressLink>
      )}
    </nav>
  );
}

/** The saved lists, by name. */
export function useSmartLists() {
  const { api, workspace } = useWorkspace();
  return useQuery({
    queryKey: [workspace.id, 'smart-lists'],
    queryFn: async ({ signal }) =>
      (await api.get('/v1/smart-lists', smartLists, { signal })).data.toSorted((a, b) => a.name.localeCompare(b.name)),
  });
}
