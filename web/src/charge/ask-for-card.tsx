import { Button } from '@mantine/core';
import { IconMail } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { cardUpdateMessage, type Payment } from '../../../src/payments/api.ts';
import { describeError } from '../app/api-problem.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { Notice, SkeletonLines } from '../ui/states.tsx';
import classes from './charge.module.css';
import { CopyButton, mailAddress } from './customer-link.tsx';

/** A message that asks the customer for a new card, written already: to read, copy, or send by one's own mail program. */
export function AskForCard(props: { payment: Pick<Payment, 'id'>; isOpenAtOnce?: boolean }) {
  const { api, workspace } = useWorkspace();
  const [isOpen, setOpen] = useState(props.isOpenAtOnce ?? false);
  const message = useQuery({
    queryKey: [workspace.id, 'card-update-message', props.payment.id],
    queryFn: ({ signal }) =>
      api.get(`/v1/payments/${props.payment.id}/card-update-message`, cardUpdateMessage, { signal }),
    enabled: isOpen,
  });
  if (!isOpen) {
    return (
      <div className={classes.buttons}>
        <Button onClick={() => setOpen(true)}>Ask for a new card</Button>
      </div>
    );
  }
  if (message.isError) {
    return (
      <Notice
        tone="red"
        action={
          <Button size="xs" onClick={() => void message.refetch()}>
            Retry
          </Button>
        }
      >
        {describeError(message.error)}
      </Notice>
    );
  }
  if (!message.data) return <SkeletonLines lines={5} />;
  const { to, subject, body } = message.data;
  return (
    <>
      <h3 className={classes.subhead}>{subject}</h3>
      <p className={classes.message}>{body}</p>
      <div className={classes.buttons}>
        <CopyButton text={body}>Copy message</CopyButton>
        <Button
          component="a"
          href={mailAddress(to ?? '', subject, body)}
          leftSection={<IconMail size={16} stroke={1.6} aria-hidden />}
        >
          Write e-mail
        </Button>
      </div>
      {to === null && <Notice tone="quiet">This contact has no e-mail address yet.</Notice>}
    </>
  );
}
