import { Button } from '@mantine/core';
import { IconMail } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Payment } from '../../../src/payments/api.ts';
import { newCardLink } from '../../../src/portal/api.ts';
import { describeError } from '../app/api-problem.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { MomentText } from '../ui/date-text.tsx';
import { Notice } from '../ui/states.tsx';
import classes from './charge.module.css';
import { CopyButton, mailAddress } from './customer-link.tsx';

/** Whom a card is asked of: the customer of a failed charge, who can pay it by the link, or simply a contact. */
export type CardAsked = { readonly payment: Pick<Payment, 'id'> } | { readonly contactId: string };

/**
 * Makes a link by which the customer saves a card, and the message that carries it: to read, copy, or send by one's own
 * mail program. The address is known on this screen only, as long as it is open.
 */
export function AskForCard(props: { about: CardAsked; button?: string }) {
  const { api, workspace } = useWorkspace();
  const queryClient = useQueryClient();
  const { about } = props;
  const link = useMutation({
    mutationFn: () =>
      'payment' in about
        ? api.post(`/v1/payments/${about.payment.id}/card-links`, undefined, newCardLink)
        : api.post(`/v1/contacts/${about.contactId}/card-links`, {}, newCardLink),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: [workspace.id, 'card-links'] }),
  });
  if (!link.data) {
    return (
      <>
        {link.isError && <Notice tone="red">{describeError(link.error)}</Notice>}
        <div className={classes.buttons}>
          <Button loading={link.isPending} onClick={() => link.mutate()}>
            {link.isError ? 'Retry' : (props.button ?? 'Ask for a new card')}
          </Button>
        </div>
      </>
    );
  }
  const { url, expires_at: expiresAt } = link.data;
  const { to, subject, body } = link.data.message;
  return (
    <>
      <h3 className={classes.subhead}>{subject}</h3>
      <p className={classes.message}>{body}</p>
      <div className={classes.buttons}>
        <CopyButton text={url}>Copy link</CopyButton>
        <CopyButton text={body}>Copy message</CopyButton>
        <Button
          component="a"
          href={mailAddress(to ?? '', subject, body)}
          leftSection={<IconMail size={16} stroke={1.6} aria-hidden />}
        >
          Write e-mail
        </Button>
      </div>
      <Notice tone="quiet">
        The link works once, until <MomentText at={expiresAt} />. It is not shown again; it can be ended under Cards.
        {to === null && ' This contact has no e-mail address yet.'}
      </Notice>
    </>
  );
}
