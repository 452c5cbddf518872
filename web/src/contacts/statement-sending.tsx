import { Button, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { message as messageSchema } from '../../../src/messages/api.ts';
import { describeError, fieldErrors } from '../app/api-problem.ts';
import { newAttemptKey } from '../app/attempt-key.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { Notice } from '../ui/states.tsx';
import { toastDone } from '../ui/toast.tsx';
import classes from './statement-sheet.module.css';

/** Sends the statement of these days by e-mail: to whom, and what to say. */
export function StatementSending(props: {
  contactId: string;
  email: string | null;
  from: string;
  until: string;
  onDone: () => void;
}) {
  const { api, workspace } = useWorkspace();
  const queryClient = useQueryClient();
  // One intent, one key: pressing twice, or again after a lost answer, sends one message.
  const [key] = useState(newAttemptKey);
  const [to, setTo] = useState(props.email ?? '');
  const [words, setWords] = useState('');
  const send = useMutation({
    mutationFn: () =>
      api.post(
        `/v1/contacts/${props.contactId}/statement-sendings`,
        {
          from: props.from,
          until: props.until,
          ...(to.trim() === '' ? {} : { to: to.trim() }),
          ...(words.trim() === '' ? {} : { message: words.trim() }),
        },
        messageSchema,
        { idempotencyKey: key },
      ),
    onSuccess: async (message) => {
      toastDone(`The statement is on its way to ${message.to}`);
      props.onDone();
      await queryClient.invalidateQueries({ queryKey: [workspace.id] });
    },
  });
  const fields = send.isError ? fieldErrors(send.error) : {};
  const isTheirOwn = to.trim().toLowerCase() === props.email?.toLowerCase();
  return (
    <form
      className={classes.sheet}
      onSubmit={(event) => {
        event.preventDefault();
        if (!send.isPending) send.mutate();
      }}
    >
      <TextInput
        label="To"
        type="email"
        data-autofocus
        autoFocus
        value={to}
        error={fields.to}
        description={
          isTheirOwn
            ? 'With the PDF and a link to their page.'
            : 'With the PDF alone: the link to a page goes to its customer only.'
        }
        onChange={(event) => setTo(event.currentTarget.value)}
      />
      <Textarea
        label="Message"
        description="Takes the place of the usual sentence; left empty, that one is sent."
        autosize
        minRows={3}
        maxRows={12}
        value={words}
        error={fields.message}
        onChange={(event) => setWords(event.currentTarget.value)}
      />
      {send.isError && <Notice tone="red">{describeError(send.error)}</Notice>}
      <div className={classes.choices}>
        <Button type="submit" variant="filled" loading={send.isPending}>
          Send the statement
        </Button>
        <Button disabled={send.isPending} onClick={props.onDone}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
