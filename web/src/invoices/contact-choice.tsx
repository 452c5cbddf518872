import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { contactPage } from '../../../src/contacts/api.ts';
import { useWorkspace } from '../app/workspace-context.ts';

const FOUND_MAX = 8;
const TYPING_PAUSE_MS = 140;

export interface ChosenContact {
  readonly id: string;
  readonly name: string;
  /** The currency they are billed in; null where any will do. */
  readonly currency: string | null;
}

/** Finds a contact by typing a part of their name, e-mail or company. */
export function ContactChoice(props: {
  value: { readonly id: string; readonly name: string } | null;
  onChange: (contact: ChosenContact) => void;
  error?: React.ReactNode;
  isFirst?: boolean;
}) {
  const { api, workspace } = useWorkspace();
  const { value } = props;
  const [typed, setTyped] = useState(value?.name ?? '');
  const [words] = useDebouncedValue(typed.trim(), TYPING_PAUSE_MS);
  const search = words === value?.name ? '' : words;
  const found = useQuery({
    queryKey: [workspace.id, 'contact-choice', search],
    queryFn: ({ signal }) => api.get('/v1/contacts', contactPage, { query: { search, limit: FOUND_MAX }, signal }),
    placeholderData: keepPreviousData,
  });
  const rows = found.data?.data ?? [];
  const data = rows.map((one) => ({
    value: one.id,
    label: one.name,
    detail: one.company?.name ?? one.email ?? one.phone ?? '',
  }));
  if (value && !data.some((one) => one.value === value.id)) {
    data.unshift({ value: value.id, label: value.name, detail: '' });
  }
  return (
    <Select
      label="Contact"
      placeholder="Type a name, e-mail or company"
      searchable
      data={data}
      // The server has already chosen who fits.
      filter={({ options }) => options}
      searchValue={typed}
      onSearchChange={setTyped}
      value={value?.id ?? null}
      onChange={(id) => {
        const chosen = rows.find((one) => one.id === id);
        if (chosen) props.onChange({ id: chosen.id, name: chosen.name, currency: chosen.currency });
      }}
      renderOption={({ option }) => (
        <span>
          {option.label}
          <span style={{ color: 'var(--cf-ink-3)' }}> {(option as (typeof data)[number]).detail}</span>
        </span>
      )}
      error={props.error}
      nothingFoundMessage={found.isPending ? 'Searching…' : `Nobody is called “${typed.trim()}”`}
      {...(props.isFirst ? { autoFocus: true } : {})}
    />
  );
}
