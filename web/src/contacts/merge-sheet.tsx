import { Button, Radio, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { contactPage, type Duplicate, merge as mergeSchema } from '../../../src/contacts/api.ts';
import type { ContactOverview } from '../../../src/insights/api.ts';
import { describeError } from '../app/api-problem.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { useMoneyFormat } from '../ui/money-text.tsx';
import { SideSheet } from '../ui/side-sheet.tsx';
import { ErrorState, Notice, SkeletonLines } from '../ui/states.tsx';
import { toastUndo } from '../ui/toast.tsx';
import { useContactOverview, useDuplicates, useRefreshWorkspace } from './contact-queries.ts';
import classes from './merge-sheet.module.css';
import { useUnmerge } from './use-unmerge.ts';

const FOUND_MAX = 8;
const TYPING_PAUSE_MS = 140;

const REASONS: Record<Duplicate['reasons'][number], string> = {
  email: 'same e-mail',
  phone: 'same telephone',
  name: 'same name',
};

/** Duplicates often have the same name, so that names would not tell the rows apart. */
const SUM_WORDS = { kept: 'This contact', merged: 'The duplicate', both: 'Together' } as const;

interface Candidate {
  id: string;
  name: string;
  detail: string;
}

/** Finds the duplicate of a contact, says what merging will do, and does it. Mounted while it is open. */
export function MergeSheet(props: { overview: ContactOverview; onClose: () => void }) {
  const kept = props.overview.contact;
  const { api } = useWorkspace();
  const refresh = useRefreshWorkspace();
  const unmerge = useUnmerge();
  const [chosenId, setChosenId] = useState<string | null>(null);
  const [isMerging, setMerging] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);

  async function merge(mergedId: string) {
    setMerging(true);
    setFailure(null);
    try {
      const made = await api.post(`/v1/contacts/${kept.id}/merges`, { merged_contact_id: mergedId }, mergeSchema);
      await refresh();
      props.onClose();
      toastUndo(`${made.merged.name} is merged into ${made.kept.name}.`, () => void unmerge(made));
    } catch (error) {
      setFailure(describeError(error));
    } finally {
      setMerging(false);
    }
  }

  return (
    <SideSheet
      isOpen
      onClose={props.onClose}
      title={`Merge a duplicate into ${kept.name}`}
      isBusy={isMerging}
      footer={
        <>
          <Button onClick={props.onClose} disabled={isMerging}>
            Cancel
          </Button>
          <Button
            variant="filled"
            disabled={chosenId === null}
            loading={isMerging}
            onClick={() => chosenId && void merge(chosenId)}
          >
            Merge
          </Button>
        </>
      }
    >
      {failure && <Notice tone="red">{failure}</Notice>}
      <Candidates keptId={kept.id} chosenId={chosenId} onChoose={setChosenId} />
      {chosenId && <WhatHappens kept={props.overview} mergedId={chosenId} />}
    </SideSheet>
  );
}

function Candidates(props: { keptId: string; chosenId: string | null; onChoose: (id: string) => void }) {
  const { api, workspace } = useWorkspace();
  const [text, setText] = useState('');
  const [words] = useDebouncedValue(text.trim(), TYPING_PAUSE_MS);
  const duplicates = useDuplicates(props.keptId, true);
  const found = useQuery({
    queryKey: [workspace.id, 'contacts-to-merge', words],
    queryFn: ({ signal }) =>
      api.get('/v1/contacts', contactPage, { query: { search: words, archived: 'all', limit: FOUND_MAX }, signal }),
    enabled: words !== '',
    placeholderData: keepPreviousData,
  });
  const candidates: Candidate[] =
    words === ''
      ? (duplicates.data?.data ?? []).map((one) => ({
          id: one.id,
          name: one.name,
          detail: [...one.reasons.map((reason) => REASONS[reason]), one.company?.name].filter(Boolean).join(' · '),
        }))
      : (found.data?.data ?? [])
          .filter((one) => one.id !== props.keptId)
          .map((one) => ({
            id: one.id,
            name: one.name,
            detail: [one.email, one.phone, one.company?.name].filter(Boolean).join(' · '),
          }));
  const asked = words === '' ? duplicates : found;

  return (
    <div className={classes.find}>
      <TextInput
        label="Which contact is the same person?"
        placeholder="Name, e-mail, telephone"
        type="search"
        data-autofocus
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      {asked.isError ? (
        <ErrorState
          title="The search failed"
          message={describeError(asked.error)}
          onRetry={() => void asked.refetch()}
        />
      ) : asked.isPending ? (
        <SkeletonLines lines={3} />
      ) : candidates.length === 0 ? (
        <p className={classes.none}>
          {words === '' ? 'Nobody has the same e-mail, telephone or name. Search for the duplicate.' : 'Nobody found.'}
        </p>
      ) : (
        <Radio.Group
          aria-label={words === '' ? 'Likely duplicates' : 'Contacts found'}
          value={props.chosenId}
          onChange={props.onChoose}
        >
          {words === '' && <p className={classes.none}>Likely the same:</p>}
          <div className={classes.candidates}>
            {candidates.map((one) => (
              <Radio key={one.id} size="xs" value={one.id} label={one.name} description={one.detail || undefined} />
            ))}
          </div>
        </Radio.Group>
      )}
    </div>
  );
}

function WhatHappens({ kept, mergedId }: { kept: ContactOverview; mergedId: string }) {
  const merged = useContactOverview(mergedId);
  const format = useMoneyFormat();
  if (merged.isError) return <Notice tone="red">{describeError(merged.error)}</Notice>;
  if (!merged.data) return <SkeletonLines lines={5} />;
  const sums = sumsOf(kept, merged.data);
  const cards = merged.data.money?.payment_methods.filter((method) => method.state !== 'removed').length ?? 0;
  return (
    <section className={classes.what} aria-label="What will happen">
      <h3 className={classes.title}>
        {merged.data.contact.name === kept.contact.name ? 'The duplicate' : merged.data.contact.name} becomes part of{' '}
        {kept.contact.name}
      </h3>
      {sums.length > 0 && (
        <table className={classes.sums}>
          <thead>
            <tr>
              <th scope="col">Lifetime value</th>
              {sums.map((sum) => (
                <th key={sum.currency} scope="col">
                  {sum.currency}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {(['kept', 'merged', 'both'] as const).map((row) => (
              <tr key={row}>
                <th scope="row">{SUM_WORDS[row]}</th>
                {sums.map((sum) => (
                  <td key={sum.currency}>{format(sum[row], sum.currency)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <ul className={classes.list}>
        <li>Payments, notes, tags and {cards === 1 ? 'its card' : 'cards'} are shown and counted together.</li>
        <li>Name, address and other details stay those of {kept.contact.name}.</li>
        <li>It can be undone at any time, under Details.</li>
      </ul>
    </section>
  );
}

/** Lifetime value of each and of both, per currency; empty while payments are switched off. */
function sumsOf(kept: ContactOverview, merged: ContactOverview) {
  const worth = (overview: ContactOverview) =>
    new Map(overview.money?.lifetime_values.map((value) => [value.currency, value.ltv_minor]));
  const ofKept = worth(kept);
  const ofMerged = worth(merged);
  return [...new Set([...ofKept.keys(), ...ofMerged.keys()])].map((currency) => {
    const keptMinor = ofKept.get(currency) ?? 0;
    const mergedMinor = ofMerged.get(currency) ?? 0;
    return { currency, kept: keptMinor, merged: mergedMinor, both: keptMinor + mergedMinor };
  });
}
