import { ActionIcon, Button, Menu, Textarea } from '@mantine/core';
import { IconDots, IconNote } from '@tabler/icons-react';
import { useState } from 'react';
import { noteBody } from '../../../src/contacts/api.ts';
import { holdsCardNumber } from '../../../src/foundation/card-number.ts';
import { ApiProblem, describeError } from '../app/api-problem.ts';
import { CARD_NUMBER_WORDS } from './note-composer.tsx';
import classes from './timeline.module.css';
import { type TimelineNote, UNSAVED, useTimelineNotes } from './timeline-notes.ts';

/** A note in the timeline; edited where it stands. */
export function NoteItem(props: { contactId: string; note: TimelineNote; canEdit: boolean }) {
  const { note } = props;
  const notes = useTimelineNotes(props.contactId);
  const [isEditing, setEditing] = useState(false);
  const isSaved = note.id !== UNSAVED;
  if (isEditing) {
    return <NoteEditor note={note} onSave={(body) => notes.change(note, body)} onClose={() => setEditing(false)} />;
  }
  return (
    <div className={classes.line}>
      <IconNote size={16} stroke={1.6} className={classes.icon} aria-hidden />
      <div className={classes.note}>
        <p className={classes.noteText}>{note.body}</p>
        <span className={classes.quiet}>
          {note.author}
          {note.edited_at && ', edited'}
          {!isSaved && ', saving…'}
        </span>
      </div>
      {props.canEdit && isSaved && (
        <Menu>
          <Menu.Target>
            <ActionIcon size="xs" aria-label="More about this note" className={classes.end}>
              <IconDots size={16} stroke={1.8} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => setEditing(true)}>Edit note</Menu.Item>
            <Menu.Item onClick={() => void notes.remove(note)}>Remove note</Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
    </div>
  );
}

function NoteEditor(props: { note: TimelineNote; onSave: (body: string) => Promise<void>; onClose: () => void }) {
  const [text, setText] = useState(props.note.body);
  const [failure, setFailure] = useState<string | null>(null);
  const [isSaving, setSaving] = useState(false);

  async function save() {
    const parsed = noteBody.safeParse({ body: text.trim() });
    if (!parsed.success) return setFailure(parsed.error.issues[0]?.message ?? 'This cannot be saved.');
    if (holdsCardNumber(text)) return setFailure(CARD_NUMBER_WORDS);
    if (parsed.data.body === props.note.body) return props.onClose();
    setSaving(true);
    try {
      await props.onSave(parsed.data.body);
      props.onClose();
    } catch (error) {
      const isCardNumber = error instanceof ApiProblem && error.code === 'card_number_refused';
      setFailure(isCardNumber ? CARD_NUMBER_WORDS : describeError(error));
      setSaving(false);
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
        aria-label="Note"
        autoFocus
        autosize
        minRows={2}
        maxRows={16}
        value={text}
        error={failure}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setFailure(null);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) void save();
          if (event.key === 'Escape') props.onClose();
        }}
      />
      <div className={classes.composerFoot}>
        <Button size="xs" onClick={props.onClose}>
          Cancel
        </Button>
        <Button size="xs" type="submit" loading={isSaving}>
          Save note
        </Button>
      </div>
    </form>
  );
}
