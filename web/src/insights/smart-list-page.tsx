import { Button, TextInput } from '@mantine/core';
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { z } from 'zod';
import { contactRow } from '../../../src/contacts/api.ts';
import { type SmartList, smartList as smartListSchema, smartLists } from '../../../src/insights/api.ts';
import { ApiProblem, describeError, fieldErrors } from '../app/api-problem.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { AddressLink } from '../ui/address-link.tsx';
import { FilterChips } from '../ui/filter-chips.tsx';
import type { FilterValues } from '../ui/filter-sentence.ts';
import { MoneyText } from '../ui/money-text.tsx';
import { Page, PageHeader, Section } from '../ui/page-header.tsx';
import { useReader } from '../ui/reader.tsx';
import { ErrorState, Notice, SkeletonLines } from '../ui/states.tsx';
import { toastDone, toastFailed, toastUndo } from '../ui/toast.tsx';
import classes from './smart-list.module.css';
import { chipsOf, filterOf } from './smart-list-chips.ts';
import { useSmartListFields } from './smart-list-filters.ts';

const route = getRouteApi('/w/$workspaceId/contacts/lists/$listId');

/** Contacts shown while a filter is tried: enough to see whether they are the ones meant. */
const PREVIEW_ROWS = 8;

/** What a preview answers: how many, and the first of them. */
const preview = z.object({
  count: z.number().int(),
  data: z.array(contactRow.pick({ id: true, name: true, email: true, ltv: true })),
});

/** A saved list's name and conditions, or those of a new one ("new" instead of an id). */
export function SmartListPage() {
  const { listId } = route.useParams();
  const { api, workspace } = useWorkspace();
  const lists = useQuery({
    queryKey: [workspace.id, 'smart-lists', 'whole'],
    queryFn: ({ signal }) => api.get('/v1/smart-lists', smartLists, { signal }),
    enabled: listId !== 'new',
  });
  if (listId === 'new') return <Editor list={null} />;
  const list = lists.data?.data.find((one) => one.id === listId);
  if (list) return <Editor key={list.version} list={list} />;
  return (
    <Page>
      <PageHeader title={lists.isPending ? undefined : 'List'} />
      {lists.isPending ? (
        <SkeletonLines lines={4} width="480px" />
      ) : (
        <ErrorState
          title="This list could not be opened"
          message={lists.error ? describeError(lists.error) : 'It was deleted, or the address is wrong.'}
          onRetry={() => void lists.refetch()}
        />
      )}
    </Page>
  );
}

function Editor({ list }: { list: SmartList | null }) {
  const { api, workspace } = useWorkspace();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const [name, setName] = useState(list?.name ?? '');
  const [chips, setChips] = useState<FilterValues>(() => chipsOf(list?.filter ?? {}));
  const [problem, setProblem] = useState<{ words: string; name?: string | undefined } | null>(null);
  const [isSaving, setSaving] = useState(false);
  const fields = useSmartListFields(list?.filter.ltv?.currency);
  const filter = filterOf(chips);
  const toContacts = (id?: string) =>
    navigate({
      to: '/w/$workspaceId/contacts',
      params: { workspaceId: workspace.id },
      search: id === undefined ? {} : { list: id },
    });

  async function save(event: FormEvent) {
    event.preventDefault();
    if (name.trim() === '') return setProblem({ words: '', name: 'Give the list a name.' });
    setSaving(true);
    setProblem(null);
    try {
      const body = { name: name.trim(), filter };
      const saved = list
        ? await api.patch(`/v1/smart-lists/${list.id}`, body, smartListSchema, { ifMatch: `"v${list.version}"` })
        : await api.post('/v1/smart-lists', body, smartListSchema);
      await queryClient.invalidateQueries({ queryKey: [workspace.id] });
      await toContacts(saved.id);
    } catch (error) {
      setSaving(false);
      const isTaken = error instanceof ApiProblem && error.code === 'duplicate_name';
      const isConflict = error instanceof ApiProblem && error.code === 'edit_conflict';
      setProblem({
        words: isConflict
          ? 'Somebody else changed this list meanwhile. Reload the page and change it again.'
          : isTaken
            ? ''
            : describeError(error),
        name: isTaken ? 'Another list has this name.' : fieldErrors(error).name,
      });
    }
  }

  async function remove(gone: SmartList) {
    try {
      await api.remove(`/v1/smart-lists/${gone.id}`, { ifMatch: `"v${gone.version}"` });
      await toContacts();
      await queryClient.invalidateQueries({ queryKey: [workspace.id] });
      toastUndo(`The list “${gone.name}” is deleted`, () => {
        api.post('/v1/smart-lists', { name: gone.name, filter: gone.filter }, smartListSchema).then(
          () => {
            toastDone(`“${gone.name}” is back`);
            return queryClient.invalidateQueries({ queryKey: [workspace.id] });
          },
          (error: unknown) => toastFailed(describeError(error)),
        );
      });
    } catch (error) {
      toastFailed(describeError(error));
    }
  }

  return (
    <Page>
      <PageHeader
        title={list ? list.name : 'New list'}
        subtitle="Whoever fits is on the list, from the moment they do."
        actions={
          <>
            {list && (
              <Button color="red" variant="subtle" onClick={() => void remove(list)}>
                Delete list
              </Button>
            )}
            <Button onClick={() => void toContacts(list?.id)}>Cancel</Button>
            <Button variant="filled" type="submit" form="smart-list" loading={isSaving}>
              {list ? 'Save list' : 'Create list'}
            </Button>
          </>
        }
      />
      <form id="smart-list" className={classes.form} onSubmit={(event) => void save(event)} noValidate>
        <TextInput
          label="Name"
          placeholder="Worth most, quiet lately"
          maxLength={80}
          value={name}
          error={problem?.name}
          data-autofocus
          autoFocus={list === null}
          onChange={(event) => setName(event.currentTarget.value)}
        />
      </form>
      <Section title="Contacts where all of this holds">
        <FilterChips fields={fields} values={chips} onChange={setChips} />
        {problem?.words && <Notice tone="red">{problem.words}</Notice>}
      </Section>
      <SmartListPreview filter={filter} />
    </Page>
  );
}

/** How many fit now, and the first of them. */
function SmartListPreview({ filter }: { filter: ReturnType<typeof filterOf> }) {
  const { api, workspace } = useWorkspace();
  const { locale } = useReader();
  const query = useQuery({
    queryKey: [workspace.id, 'smart-list-preview', filter],
    queryFn: ({ signal }) => api.post('/v1/smart-lists/preview', { filter, limit: PREVIEW_ROWS }, preview, { signal }),
    placeholderData: keepPreviousData,
    retry: false,
  });
  const number = new Intl.NumberFormat(locale);
  const count = query.data?.count;
  return (
    <section aria-label="Who fits now" aria-busy={query.isFetching}>
      <p className={classes.count} role="status">
        {count === undefined
          ? query.isError
            ? ''
            : 'Counting…'
          : count === 1
            ? '1 contact fits now'
            : `${number.format(count)} contacts fit now`}
      </p>
      {query.isError && <Notice tone="red">{describeError(query.error)}</Notice>}
      <ul className={classes.found} data-stale={query.isPlaceholderData || undefined}>
        {query.data?.data.slice(0, PREVIEW_ROWS).map((contact) => (
          <li key={contact.id}>
            <AddressLink
              address={{
                to: '/w/$workspaceId/contacts/$contactId',
                params: { workspaceId: workspace.id, contactId: contact.id },
              }}
            >
              {contact.name}
            </AddressLink>
            <span className={classes.quiet}>{contact.email}</span>
            <span className={classes.amounts}>
              {contact.ltv?.map((value) => (
                <MoneyText key={value.currency} amountMinor={value.amount_minor} currency={value.currency} />
              ))}
            </span>
          </li>
        ))}
      </ul>
      {count !== undefined && count > PREVIEW_ROWS && (
        <p className={classes.quiet}>and {number.format(count - PREVIEW_ROWS)} more</p>
      )}
    </section>
  );
}
