import { Button, Textarea } from '@mantine/core';
import { useRef, useState } from 'react';
import { noteBody } from '../../../src/contacts/api.ts';
import { holdsCardNumber } from '../../../src/foundation/card-number.ts';
import { ApiProblem, describeError } from '../app/api-problem.ts';
import { KeyHint } from '../ui/key-hint.tsx';
import classes from './timeline.module.css';
import { useTimelineNotes } from './timeline-notes.ts';

/** What is said when somebody writes a card number down: why not, and where it belongs. */
export const CARD_NUMBER_WORDS =
  'This looks like a card number, and those are never kept here. Take it out; to save the card, use “Add new card”.';

/** Writes a note. It stands in the timeline at once; when it is refused, the text comes back to be mended. */
export function NoteComposer({ contactId }: { contactId: string }) {
  const notes = useTimelineNotes(contactId);
  const [text, setText] = useState('');
  const [failure, setFailure] = useState<string | null>(null);
  const field = useRef<HTMLTextAreaElement>(null);

  async function save() {
    const parsed = noteBody.safeParse({ body: text.trim() });
    if (text.trim() === '') return;
    if (!parsed.success) return setFailure(parsed.error.issues[0]?.message ?? 'This cannot be saved.');
    if (holdsCardNumber(text)) return setFailure(CARD_NUMBER_WORDS);
    setFailure(null);
    setText('');
    try {
      await notes.write(parsed.data.body);
    } catch (error) {
      // What was typed meanwhile stays; the refused text stands before it again.
      setText((since) => (since === '' ? text : `${text}\n${since}`));
      const isCardNumber = error instanceof ApiProblem && error.code === 'card_number_refused';
      setFailure(isCardNumber ? CARD_NUMBER_WORDS : describeError(error));
      field.current?.focus();
    }
  }

  return (
    <form
      className={classes.composer}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <Textarea
        ref={field}
        id="new-note"
        // The key that writes a note leads here from the other tabs.
        autoFocus={window.location.hash === '#new-note'}
        aria-label="New note"
        placeholder="Write a note"
        autosize
        minRows={1}
        maxRows={12}
        value={text}
        error={failure}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setFailure(null);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) void save();
          if (event.key === 'Escape') event.currentTarget.blur();
        }}
        rightSection={text === '' ? <KeyHint keys="n" /> : undefined}
      />
      {text.trim() !== '' && (
        <div className={classes.composerFoot}>
          <Button type="submit" size="xs" rightSection={<KeyHint keys="mod+Enter" />}>
            Save note
          </Button>
        </div>
      )}
    </form>
  );
}
