import { ActionIcon, Autocomplete, Button } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type Contact, tagName } from '../../../src/contacts/api.ts';
import { describeError } from '../app/api-problem.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { toastFailed } from '../ui/toast.tsx';
import classes from './contact-page.module.css';
import { editOverview, useTags } from './contact-queries.ts';

/** Tags where they stand: a cross takes one off, the plus adds one. They change at once; a failure puts them back. */
export function ContactTags({ contact, canEdit }: { contact: Contact; canEdit: boolean }) {
  const { api, workspace } = useWorkspace();
  const queryClient = useQueryClient();
  const [isAdding, setAdding] = useState(false);

  async function change(tag: string, isWanted: boolean) {
    const set = (tags: (before: string[]) => string[]) =>
      editOverview(queryClient, workspace.id, contact.id, (overview) => ({
        ...overview,
        contact: { ...overview.contact, tags: tags(overview.contact.tags) },
      }));
    const add = (before: string[]) => [...new Set([...before, tag])].sort();
    const remove = (before: string[]) => before.filter((one) => one !== tag);
    set(isWanted ? add : remove);
    try {
      const path = `/v1/contacts/${contact.id}/tags/${encodeURIComponent(tag)}`;
      if (isWanted) await api.put(path, undefined);
      else await api.remove(path);
      // The contact has a new version now, which an edit must name.
      void queryClient.invalidateQueries({ queryKey: [workspace.id, 'contact-overview', contact.id] });
      void queryClient.invalidateQueries({ queryKey: [workspace.id, 'tags'] });
      void queryClient.invalidateQueries({ queryKey: [workspace.id, 'contacts'] });
    } catch (error) {
      set(isWanted ? remove : add);
      toastFailed(`The tag “${tag}” was not ${isWanted ? 'added' : 'removed'}. ${describeError(error)}`);
    }
  }

  return (
    <div className={classes.tags}>
      {contact.tags.length > 0 && (
        <ul className={classes.tagList} aria-label="Tags">
          {contact.tags.map((tag) => (
            <li key={tag} className={classes.tag}>
              {tag}
              {canEdit && (
                <ActionIcon size={18} aria-label={`Remove tag ${tag}`} onClick={() => void change(tag, false)}>
                  <IconX size={12} stroke={1.8} />
                </ActionIcon>
              )}
            </li>
          ))}
        </ul>
      )}
      {canEdit &&
        (isAdding ? (
          <NewTag
            taken={contact.tags}
            onClose={() => setAdding(false)}
            onAdd={(tag) => {
              setAdding(false);
              void change(tag, true);
            }}
          />
        ) : (
          <Button
            size="xs"
            variant="subtle"
            className={classes.addTag}
            leftSection={<IconPlus size={12} stroke={1.8} />}
            onClick={() => setAdding(true)}
          >
            Tag
          </Button>
        ))}
    </div>
  );
}

function NewTag(props: { taken: readonly string[]; onAdd: (tag: string) => void; onClose: () => void }) {
  const tags = useTags();
  const [text, setText] = useState('');
  const [error, setError] = useState<string | null>(null);

  function add(words: string) {
    const parsed = tagName.safeParse(words);
    if (words.trim() === '') props.onClose();
    else if (!parsed.success) setError(parsed.error.issues[0]?.message ?? 'This is no tag.');
    else if (props.taken.includes(parsed.data)) props.onClose();
    else props.onAdd(parsed.data);
  }

  return (
    <Autocomplete
      className={classes.newTag}
      aria-label="New tag"
      placeholder="Tag, then Enter"
      size="xs"
      autoFocus
      data={tags.filter((tag) => !props.taken.includes(tag))}
      limit={8}
      value={text}
      onChange={(next) => {
        setText(next);
        setError(null);
      }}
      onOptionSubmit={add}
      onBlur={props.onClose}
      error={error}
      onKeyDown={(event) => {
        if (event.key === 'Escape') props.onClose();
        // An option that is being pointed at submits itself.
        if (event.key === 'Enter' && !event.currentTarget.getAttribute('aria-activedescendant')) add(text);
      }}
    />
  );
}
