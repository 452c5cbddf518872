import { Button, Select, TextInput } from '@mantine/core';
import { IconDownload, IconSearch } from '@tabler/icons-react';
import { getRouteApi } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { type ContactRow, contactPage } from '../../../src/contacts/api.ts';
import { useCursorPages } from '../app/cursor-pages.ts';
import { useFiles } from '../app/fetch-file.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { AddressLink } from '../ui/address-link.tsx';
import { FilterChips } from '../ui/filter-chips.tsx';
import type { FilterField } from '../ui/filter-sentence.ts';
import type { ListSource } from '../ui/list-source.ts';
import { Page, PageHeader } from '../ui/page-header.tsx';
import { useReader } from '../ui/reader.tsx';
import { EmptyState } from '../ui/states.tsx';
import { useIsOn, useMay } from '../workspace/workspace-facts.ts';
import { AccentHint } from './accent-hint.tsx';
import { countryChoices } from './choices.ts';
import classes from './contact-list.module.css';
import {
  type ContactListSearch,
  chipsOf,
  contactListQuery,
  isNarrowed,
  readContactListSearch,
  withChips,
} from './contact-list-search.ts';
import { useTags } from './contact-queries.ts';
import { ContactTable } from './contact-table.tsx';
import { SmartListTabs, useSmartLists } from './smart-list-tabs.tsx';
import { usePageKeys } from './use-page-keys.ts';
import { useCanEditContacts, useOwners, useWorkspaceCurrency } from './workspace-settings.ts';

const route = getRouteApi('/w/$workspaceId/contacts/');

const NewContactSheet = lazy(async () => ({ default: (await import('./new-contact-sheet.tsx')).NewContactSheet }));

/** How long after the last letter the search begins: typing on is not slowed by answers to half a name. */
const TYPING_PAUSE_MS = 140;

const SORTS = [
  { value: 'name', label: 'By name' },
  { value: 'created', label: 'Newest first' },
  { value: 'ltv', label: 'Worth most first' },
];

/** Everybody one sells to: search, filters, saved lists, all of it in the address. */
export function ContactListPage() {
  const hasMoney = useIsOn()('payments_and_ltv');
  const address = readContactListSearch(route.useSearch());
  // While payments are switched off nobody can be put in order by what they are worth.
  const search = address.sort === 'ltv' && !hasMoney ? withSort(address, 'name') : address;
  const navigate = route.useNavigate();
  const canEdit = useCanEditContacts();
  const usualCurrency = useWorkspaceCurrency();
  const lists = useSmartLists();
  const [isAdding, setAdding] = useState(false);
  const searchField = useRef<HTMLInputElement>(null);
  const may = useMay();
  const { download, isFetching } = useFiles();
  const change = (next: ContactListSearch, replace = false) => void navigate({ search: next, replace });

  const query = search.list ? {} : contactListQuery(search, usualCurrency);
  const source = useCursorPages<ContactRow>({
    key: 'contacts',
    path: search.list ? `/v1/smart-lists/${search.list}/contacts` : '/v1/contacts',
    page: contactPage,
    query,
  });
  usePageKeys({
    n: canEdit ? () => setAdding(true) : undefined,
    '/': () => searchField.current?.focus(),
  });

  const list = search.list ? lists.data?.find((one) => one.id === search.list) : undefined;
  const currency = search.currency ?? usualCurrency;
  return (
    <Page>
      <PageHeader
        title="Contacts"
        actions={
          <>
            {may('export') && (
              <Button
                leftSection={<IconDownload size={16} stroke={1.6} />}
                loading={isFetching}
                disabled={source.status === 'success' && source.rows.length === 0}
                onClick={() =>
                  void download(
                    '/v1/exports/contacts.csv',
                    'contacts.csv',
                    search.list ? { smart_list: search.list } : query,
                  )
                }
              >
                Export CSV
              </Button>
            )}
            {canEdit && (
              <Button variant="filled" onClick={() => setAdding(true)} rightSection={<AccentHint keys="n" />}>
                New contact
              </Button>
            )}
          </>
        }
      />
      <SmartListTabs search={search} />
      {search.list ? (
        <ListTools listId={search.list} name={list?.name} canEdit={canEdit} />
      ) : (
        <Tools search={search} onChange={change} fieldRef={searchField} />
      )}
      <ContactTable
        // A list of its own scrolls from its own beginning.
        key={search.list ?? 'all'}
        label="Contacts"
        source={source}
        currency={currency}
        {...(search.list
          ? {}
          : {
              sort: {
                current: {
                  columnId: search.sort ?? 'name',
                  direction: (search.sort ?? 'name') === 'name' ? ('ascending' as const) : ('descending' as const),
                },
                onSort: ({ columnId }) => change(withSort(search, columnId)),
              },
            })}
        empty={<Nobody search={search} source={source} onAdd={canEdit ? () => setAdding(true) : undefined} />}
      />
      <Suspense>{isAdding && <NewContactSheet isOpen onClose={() => setAdding(false)} />}</Suspense>
    </Page>
  );
}

function withSort(search: ContactListSearch, by: string): ContactListSearch {
  const { sort: _before, ...rest } = search;
  return by === 'created' || by === 'ltv' ? { ...rest, sort: by } : rest;
}

function Tools(props: {
  search: ContactListSearch;
  onChange: (next: ContactListSearch, replace?: boolean) => void;
  fieldRef: React.RefObject<HTMLInputElement | null>;
}) {
  const { search, onChange } = props;
  const { locale } = useReader();
  const hasMoney = useIsOn()('payments_and_ltv');
  const tags = useTags();
  const owners = useOwners();
  const fields: FilterField[] = [
    {
      id: 'tag',
      label: 'Tag',
      kind: 'choice',
      isSingle: true,
      choices: tags.map((tag) => ({ value: tag, label: tag })),
    },
    {
      id: 'owner',
      label: 'Owner',
      kind: 'choice',
      isSingle: true,
      choices: owners.map((owner) => ({ value: owner.id, label: owner.name })),
    },
    { id: 'country', label: 'Country', kind: 'choice', isSingle: true, choices: countryChoices(locale) },
    {
      id: 'archived',
      label: 'Archived',
      kind: 'choice',
      isSingle: true,
      choices: [
        { value: 'only', label: 'only the archived' },
        { value: 'all', label: 'shown too' },
      ],
    },
  ];
  return (
    <div className={classes.tools}>
      <SearchField search={search} onChange={onChange} fieldRef={props.fieldRef} />
      <FilterChips
        fields={fields}
        values={chipsOf(search)}
        onChange={(values) => onChange(withChips(search, values))}
      />
      <Select
        className={classes.sort}
        aria-label="Order"
        data={SORTS.filter((sort) => hasMoney || sort.value !== 'ltv')}
        value={search.sort ?? 'name'}
        onChange={(by) => onChange(withSort(search, by ?? 'name'))}
      />
    </div>
  );
}

/** What is typed stands here at once; the address and the list follow after a short pause. */
function SearchField(props: {
  search: ContactListSearch;
  onChange: (next: ContactListSearch, replace?: boolean) => void;
  fieldRef: React.RefObject<HTMLInputElement | null>;
}) {
  const { search, onChange } = props;
  const [text, setText] = useState(search.q ?? '');
  const [known, setKnown] = useState(search.q ?? '');
  // The address changed by other means (Back, a tab): show what it says.
  if ((search.q ?? '') !== known) {
    setKnown(search.q ?? '');
    if (text.trim() !== (search.q ?? '')) setText(search.q ?? '');
  }
  const apply = useRef(onChange);
  useEffect(() => {
    apply.current = onChange;
  });
  useEffect(() => {
    const words = text.trim();
    if (words === (search.q ?? '')) return;
    const timer = setTimeout(() => {
      const { q: _before, ...rest } = search;
      apply.current(words === '' ? rest : { ...rest, q: words }, true);
    }, TYPING_PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text, search]);
  return (
    <TextInput
      ref={props.fieldRef}
      className={classes.search}
      type="search"
      aria-label="Search contacts"
      placeholder="Name, e-mail, telephone, company"
      leftSection={<IconSearch size={16} stroke={1.6} aria-hidden />}
      value={text}
      maxLength={200}
      onChange={(event) => setText(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Escape') event.currentTarget.blur();
      }}
    />
  );
}

function ListTools(props: { listId: string; name: string | undefined; canEdit: boolean }) {
  const { workspace } = useWorkspace();
  return (
    <div className={classes.tools}>
      {props.canEdit && (
        <Button
          size="xs"
          component={AddressLink}
          address={{
            to: '/w/$workspaceId/contacts/lists/$listId',
            params: { workspaceId: workspace.id, listId: props.listId },
          }}
        >
          Edit {props.name ? `“${props.name}”` : 'list'}
        </Button>
      )}
    </div>
  );
}

/** An empty workspace, an empty search and an empty smart list are three different things to say. */
function Nobody(props: { search: ContactListSearch; source: ListSource<ContactRow>; onAdd: (() => void) | undefined }) {
  const { workspace } = useWorkspace();
  const params = { workspaceId: workspace.id };
  if (props.search.list) {
    return (
      <EmptyState title="Nobody is on this list now">
        Contacts appear here by themselves as soon as they meet its conditions.
      </EmptyState>
    );
  }
  if (isNarrowed(props.search)) {
    return (
      <EmptyState
        title={props.search.q ? `Nobody found for “${props.search.q}”` : 'Nobody matches these filters'}
        action={
          <Button component={AddressLink} address={{ to: '/w/$workspaceId/contacts', params, search: {} }}>
            Show all contacts
          </Button>
        }
      >
        Search finds words that begin with what you type, in names, e-mail addresses, telephone numbers and companies.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      title="No contacts yet"
      action={
        props.onAdd && (
          <>
            <Button variant="filled" onClick={props.onAdd}>
              Add a contact
            </Button>
            <Button component={AddressLink} address={{ to: '/w/$workspaceId/imports', params }}>
              Import a file
            </Button>
          </>
        )
      }
    >
      A contact is somebody you sell to: who they are, what they are worth, what they owe.
    </EmptyState>
  );
}
