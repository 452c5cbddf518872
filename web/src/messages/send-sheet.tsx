import { Button, Checkbox, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { message as messageSchema } from '../../../src/messages/api.ts';
import { describeError, fieldErrors } from '../app/api-problem.ts';
import { newAttemptKey } from '../app/attempt-key.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { SideSheet } from '../ui/side-sheet.tsx';
import { Notice } from '../ui/states.tsx';
import { toastDone } from '../ui/toast.tsx';
import classes from './messages.module.css';

/** Sends a document by e-mail: to whom, what to say, and whether the PDF goes with it. Open it with the document's own facts. */
export function SendSheet(props: {
  invoiceId: string;
  /** "Invoice INV-2026-0042". */
  title: string;
  customer: string;
  /** The customer's address, where one is known. */
  email: string | null;
  onClose: () => void;
}) {
  const { api, workspace } = useWorkspace();
  const queryClient = useQueryClient();
  // One intent, one key: pressing twice, or again after a lost answer, sends one message.
  const [key] = useState(newAttemptKey);
  const [to, setTo] = useState(props.email ?? '');
  const [words, setWords] = useState('');
  const [withPdf, setWithPdf] = useState(true);
  const send = useMutation({
    mutationFn: () =>
      api.post(
        `/v1/invoices/${props.invoiceId}/sendings`,
        {
          attach_pdf: withPdf,
          ...(to.trim() === '' ? {} : { to: to.trim() }),
          ...(words.trim() === '' ? {} : { message: words.trim() }),
        },
        messageSchema,
        { idempotencyKey: key },
      ),
    onSuccess: async (message) => {
      toastDone(`${props.title} is on its way to ${message.to}`);
      props.onClose();
      await queryClient.invalidateQueries({ queryKey: [workspace.id] });
    },
  });
  const fields = send.isError ? fieldErrors(send.error) : {};
  return (
    <SideSheet
      isOpen
      onClose={props.onClose}
      isBusy={send.isPending}
      title={`Send ${props.title}`}
      footer={
        <>
          <Button onClick={props.onClose} disabled={send.isPending}>
            Cancel
          </Button>
          <Button variant="filled" loading={send.isPending} onClick={() => send.mutate()}>
            Send to {props.customer}
          </Button>
        </>
      }
    >
      <div className={classes.stack}>
        <TextInput
          label="To"
          type="email"
          data-autofocus
          value={to}
          error={fields.to}
          onChange={(event) => setTo(event.currentTarget.value)}
        />
        <Textarea
          label="Message"
          description="Takes the place of the usual sentence; left empty, that one is sent."
          autosize
          minRows={4}
          maxRows={14}
          value={words}
          error={fields.message}
          onChange={(event) => setWords(event.currentTarget.value)}
        />
        <Checkbox
          label="Attach the PDF"
          checked={withPdf}
          onChange={(event) => setWithPdf(event.currentTarget.checked)}
        />
        {send.isError && <Notice tone="red">{describeError(send.error)}</Notice>}
      </div>
    </SideSheet>
  );
}
