import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { company, companyPage } from '../../../src/contacts/api.ts';
import { describeError } from '../app/api-problem.ts';
import { useWorkspace } from '../app/workspace-context.ts';

/** Value of the entry that makes a company of what is typed. */
const MAKE_NEW = 'make-new';
const SUGGESTIONS = 12;
const TYPING_PAUSE_MS = 140;

/** Companies are found by the beginning of their name; a name that is not there yet can be made at once. */
export function CompanyField(props: {
  /** Company id, empty for none. */
  value: string;
  onChange: (companyId: string) => void;
  error?: React.ReactNode;
  /** Name of the company chosen so far, to show before anything is loaded. */
  knownName: string | undefined;
}) {
  const { api, workspace } = useWorkspace();
  const [typed, setTyped] = useState(props.knownName ?? '');
  const [chosen, setChosen] = useState({ id: props.value, name: props.knownName ?? '' });
  const [failure, setFailure] = useState<string | null>(null);
  const [words] = useDebouncedValue(typed.trim(), TYPING_PAUSE_MS);
  const isChosen = props.value !== '' && typed === chosen.name;
  const search = isChosen ? '' : words;
  const found = useQuery({
    queryKey: [workspace.id, 'companies', search],
    queryFn: ({ signal }) => api.get('/v1/companies', companyPage, { query: { search, limit: SUGGESTIONS }, signal }),
    placeholderData: keepPreviousData,
  });

  const choices = (found.data?.data ?? []).map((one) => ({ value: one.id, label: one.name }));
  if (props.value !== '' && chosen.id === props.value && !choices.some((one) => one.value === props.value)) {
    choices.unshift({ value: chosen.id, label: chosen.name });
  }
  const isNew = words !== '' && !isChosen && !choices.some((one) => one.label.toLowerCase() === words.toLowerCase());
  const data = isNew && found.isSuccess ? [...choices, { value: MAKE_NEW, label: `Make “${words}”` }] : choices;

  async function choose(value: string | null) {
    setFailure(null);
    if (value !== MAKE_NEW) {
      setChosen({ id: value ?? '', name: choices.find((one) => one.value === value)?.label ?? '' });
      return props.onChange(value ?? '');
    }
    try {
      const made = await api.post('/v1/companies', { name: words }, company);
      setChosen({ id: made.id, name: made.name });
      setTyped(made.name);
      props.onChange(made.id);
    } catch (error) {
      setFailure(describeError(error));
    }
  }

  return (
    <Select
      label="Company"
      placeholder="None"
      data={data}
      // The server has already chosen which ones fit.
      filter={({ options }) => options}
      searchable
      clearable
      searchValue={typed}
      onSearchChange={setTyped}
      value={props.value || null}
      onChange={(value) => void choose(value)}
      error={failure ?? props.error}
      nothingFoundMessage={found.isPending ? 'Searching…' : 'Type the name of a company'}
    />
  );
}
