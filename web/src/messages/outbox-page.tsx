import { Button } from '@mantine/core';
import { IconMail } from '@tabler/icons-react';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { type Message, messageList } from '../../../src/messages/api.ts';
import { useCursorPages } from '../app/cursor-pages.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { DataTable } from '../ui/data-table.tsx';
import type { Column } from '../ui/data-table-shape.ts';
import { DateText } from '../ui/date-text.tsx';
import { Section } from '../ui/page-header.tsx';
import { EmptyState } from '../ui/states.tsx';
import { StatusDot } from '../ui/status-dot.tsx';
import { useMay } from '../workspace/workspace-facts.ts';
import { HandInBounce } from './hand-in-bounce.tsx';
import { MailTabs } from './mail-tabs.tsx';
import { MessageSheet } from './message-sheet.tsx';
import { FILTERS, messageKind, messageStatus } from './message-words.ts';
import classes from './messages.module.css';

const route = getRouteApi('/w/$workspaceId/settings/mail/outbox');
type FilterName = keyof typeof FILTERS;
const SHOWN = Object.keys(FILTERS) as FilterName[];

/** Settings → Mail → Outbox: every message, what became of it, and what it said. */
export function OutboxPage() {
  const { workspace } = useWorkspace();
  const mayWrite = useMay()('settings.write');
  const { state: asked } = route.useSearch();
  // What is being sent is gone from there in a moment: it is not worth a button.
  const state = asked === 'sending' ? undefined : asked;
  const navigate = useNavigate();
  const [open, setOpen] = useState<Message | null>(null);
  const source = useCursorPages({ key: 'messages', path: '/v1/messages', page: messageList, query: { state } });
  const columns: Column<Message>[] = [
    { id: 'state', header: 'State', width: '120px', render: (message) => <MessageState message={message} /> },
    { id: 'to', header: 'To', width: 'minmax(200px, 3fr)', render: (message) => message.to },
    {
      id: 'subject',
      header: 'Subject',
      width: 'minmax(140px, 3fr)',
      minTableWidth: 560,
      render: (message) => message.subject,
    },
    { id: 'kind', header: 'Kind', width: '112px', minTableWidth: 700, render: (message) => messageKind(message) },
    { id: 'at', header: 'When', width: '112px', render: (message) => <DateText at={message.created_at} /> },
  ];
  const show = (next: FilterName | undefined) =>
    void navigate({
      to: '/w/$workspaceId/settings/mail/outbox',
      params: { workspaceId: workspace.id },
      search: next ? { state: next } : {},
      replace: true,
    });
  return (
    <>
      <MailTabs />
      <Section
        title="Outbox"
        note="Every message that was written, newest first. Open one to read it, download it as an .eml file, or send it again where it did not go out."
        actions={mayWrite && <HandInBounce />}
      >
        <fieldset className={classes.filters} aria-label="State">
          <Button size="xs" variant={state ? 'default' : 'light'} aria-pressed={!state} onClick={() => show(undefined)}>
            All
          </Button>
          {SHOWN.map((name) => (
            <Button
              key={name}
              size="xs"
              variant={state === name ? 'light' : 'default'}
              aria-pressed={state === name}
              onClick={() => show(state === name ? undefined : name)}
            >
              {FILTERS[name].words}
            </Button>
          ))}
        </fieldset>
        <DataTable
          label="Outbox"
          source={source}
          columns={columns}
          rowId={(message) => message.id}
          onOpen={setOpen}
          phone={(message) => ({
            title: message.to,
            value: <MessageState message={message} />,
            detail: message.subject,
            valueDetail: <DateText at={message.created_at} />,
          })}
          empty={
            <EmptyState
              icon={<IconMail size={28} stroke={1.4} />}
              title={state ? `No message is “${FILTERS[state].words}”` : 'No message was written yet'}
            >
              {state
                ? 'Show all of them to see the others.'
                : 'Invoices, receipts and notices stand here from the moment they are written, also while no mail server is configured.'}
            </EmptyState>
          }
        />
      </Section>
      {open && <MessageSheet message={open} onClose={() => setOpen(null)} />}
    </>
  );
}

function MessageState({ message }: { message: Message }) {
  const status = messageStatus(message);
  return <StatusDot tone={status.tone}>{status.words}</StatusDot>;
}
