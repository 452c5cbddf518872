import { TextInput, UnstyledButton } from '@mantine/core';
import { useEffect, useState } from 'react';
import classes from './filter-chips.module.css';
import type { FilterField, FilterValue } from './filter-sentence.ts';

type RecordField = Extract<FilterField, { kind: 'record' }>;

/** Pause in typing before the list is asked: below the rhythm of typing, above a request per letter. */
const SEARCH_PAUSE_MS = 150;

/** Finds one record by typing; a click or Enter on it applies. */
export function FilterRecordEditor({ field, onApply }: { field: RecordField; onApply: (value: FilterValue) => void }) {
  const [text, setText] = useState('');
  const { search } = field;
  const [found, setFound] = useState<Awaited<ReturnType<typeof search>> | null>(null);
  const [hasFailed, setFailed] = useState(false);
  useEffect(() => {
    const abort = new AbortController();
    const timer = setTimeout(async () => {
      try {
        const records = await search(text.trim(), abort.signal);
        if (abort.signal.aborted) return;
        setFound(records);
        setFailed(false);
      } catch {
        if (!abort.signal.aborted) setFailed(true);
      }
    }, SEARCH_PAUSE_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [search, text]);
  const apply = (record: { id: string; name: string }) => onApply({ kind: 'record', id: record.id, name: record.name });

  return (
    <div className={classes.form}>
      <TextInput
        aria-label={`Find: ${field.label}`}
        placeholder="Type a name"
        data-autofocus
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          const first = found?.[0];
          if (event.key === 'Enter' && first) apply(first);
        }}
      />
      <ul className={classes.found} aria-label="Found">
        {found?.map((record) => (
          <li key={record.id}>
            <UnstyledButton className={classes.foundOne} onClick={() => apply(record)}>
              <span>{record.name}</span>
              {record.detail && <span>{record.detail}</span>}
            </UnstyledButton>
          </li>
        ))}
      </ul>
      {hasFailed && <p className={classes.none}>The search failed. Check the connection and type again.</p>}
      {!hasFailed && found?.length === 0 && <p className={classes.none}>Nothing is called “{text.trim()}”.</p>}
    </div>
  );
}
