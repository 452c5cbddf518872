import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type Message, messageContent, message as messageSchema } from '../../../src/messages/api.ts';
import { describeError } from '../app/api-problem.ts';
import { useFiles } from '../app/fetch-file.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { AddressLink } from '../ui/address-link.tsx';
import { DateText } from '../ui/date-text.tsx';
import { SideSheet } from '../ui/side-sheet.tsx';
import { Notice } from '../ui/states.tsx';
import { StatusDot } from '../ui/status-dot.tsx';
import { toastDone } from '../ui/toast.tsx';
import { SettingsQuery } from '../workspace/settings-query.tsx';
import { useMay } from '../workspace/workspace-facts.ts';
import { aboutAddress } from './about-address.ts';
import { MailFrame } from './mail-frame.tsx';
import { canSendAgain, messageKind, messageStatus } from './message-words.ts';
import classes from './messages.module.css';

/** One message: to whom, what became of it, what it says; kept as a file, or sent again where it did not go out. */
export function MessageSheet({ message, onClose }: { message: Message; onClose: () => void }) {
  const { api, workspace } = useWorkspace();
  const queryClient = useQueryClient();
  const files = useFiles();
  const maySend = useMay()('invoices.write');
  const [isSure, setSure] = useState(false);
  const content = useQuery({
    queryKey: [workspace.id, 'message-content', message.id],
    queryFn: ({ signal }) => api.get(`/v1/messages/${message.id}/content`, messageContent, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const again = useMutation({
    mutationFn: () => api.post(`/v1/messages/${message.id}/retries`, undefined, messageSchema),
    onSuccess: async () => {
      toastDone(`The message to ${message.to} is on its way`);
      onClose();
      await queryClient.invalidateQueries({ queryKey: [workspace.id] });
    },
  });
  const status = messageStatus(message);
  const about = aboutAddress(workspace.id, message);
  const mayArrivedAlready = message.state === 'unsure';
  return (
    <SideSheet
      isOpen
      onClose={onClose}
      width={560}
      title={message.subject}
      isBusy={again.isPending}
      footer={
        <>
          <Button
            loading={files.isFetching}
            onClick={() => void files.download(`/v1/messages/${message.id}/message.eml`, `${message.id}.eml`)}
          >
            Download .eml
          </Button>
          {maySend && canSendAgain(message) && (
            <Button
              variant="filled"
              loading={again.isPending}
              onClick={() => (mayArrivedAlready && !isSure ? setSure(true) : again.mutate())}
            >
              {isSure ? `Send ${message.to} another one` : 'Send again'}
            </Button>
          )}
        </>
      }
    >
      <div className={classes.stack}>
        <dl className={classes.facts}>
          <dt>State</dt>
          <dd>
            <StatusDot tone={status.tone}>{status.words}</StatusDot>
          </dd>
          <dt>To</dt>
          <dd>{message.to}</dd>
          <dt>From</dt>
          <dd>{message.from}</dd>
          <dt>Kind</dt>
          <dd>{messageKind(message)}</dd>
          <dt>Written</dt>
          <dd>
            <DateText at={message.created_at} /> by {message.created_by}
          </dd>
          {message.sent_at && (
            <>
              <dt>Sent</dt>
              <dd>
                <DateText at={message.sent_at} />
              </dd>
            </>
          )}
          {message.delivered_at && (
            <>
              <dt>Delivered</dt>
              <dd>
                <DateText at={message.delivered_at} />
              </dd>
            </>
          )}
          {message.bounced_at && (
            <>
              <dt>Came back</dt>
              <dd>
                <DateText at={message.bounced_at} />
              </dd>
            </>
          )}
          {message.opened_at && (
            <>
              <dt>Link opened</dt>
              <dd>
                <DateText at={message.opened_at} />
              </dd>
            </>
          )}
          {message.next_attempt_at && (
            <>
              <dt>Tried again</dt>
              <dd>
                <DateText at={message.next_attempt_at} />
              </dd>
            </>
          )}
          {message.reason !== '' && (
            <>
              <dt>Answer</dt>
              <dd>{message.reason}</dd>
            </>
          )}
        </dl>
        {(about || message.contact_id) && (
          <div className={classes.counts}>
            {message.contact_id && (
              <AddressLink
                className={classes.jump}
                onClick={onClose}
                address={{
                  to: '/w/$workspaceId/contacts/$contactId',
                  params: { workspaceId: workspace.id, contactId: message.contact_id },
                }}
              >
                Open the contact
              </AddressLink>
            )}
            {about && (
              <AddressLink className={classes.jump} onClick={onClose} address={about.address}>
                {about.label}
              </AddressLink>
            )}
          </div>
        )}
        {message.state === 'bounced' && (
          <Notice tone="amber">
            It cannot go to {message.to} again. Correct the contact’s address, and send another message from the
            document’s page.
          </Notice>
        )}
        {isSure && (
          <Notice tone="amber">It may have arrived already. If it did, {message.to} gets it a second time.</Notice>
        )}
        {again.isError && <Notice tone="red">{describeError(again.error)}</Notice>}
        <SettingsQuery query={content} what="The message">
          {({ html, files: attached }) => (
            <>
              <MailFrame html={html} title={`What the message to ${message.to} says`} />
              {attached.length > 0 && (
                <dl className={classes.facts}>
                  <dt>Attached</dt>
                  <dd>{attached.map((file) => file.name).join(', ')}</dd>
                </dl>
              )}
            </>
          )}
        </SettingsQuery>
      </div>
    </SideSheet>
  );
}
