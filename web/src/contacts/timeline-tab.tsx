import { Button } from '@mantine/core';
import { IconCreditCard } from '@tabler/icons-react';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { z } from 'zod';
import { type timelineItem, timelinePage } from '../../../src/insights/api.ts';
import { useCursorPages } from '../app/cursor-pages.ts';
import { methodName } from '../cards/method-words.ts';
import { MessageItem } from '../messages/message-item.tsx';
import { DateText } from '../ui/date-text.tsx';
import { EmptyState, ErrorState, Notice, SkeletonLines } from '../ui/states.tsx';
import { NoteComposer } from './note-composer.tsx';
import { NoteItem } from './note-item.tsx';
import { PaymentItem } from './payment-item.tsx';
import classes from './timeline.module.css';
import { timelineKey } from './timeline-notes.ts';
import { useCanEditContacts } from './workspace-settings.ts';

export type TimelineItem = z.infer<typeof timelineItem>;

const route = getRouteApi('/w/$workspaceId/contacts/$contactId');

/** Notes and money in one line of time, newest first. */
export function TimelineTab() {
  const { contactId } = route.useParams();
  const canEdit = useCanEditContacts();
  const source = useCursorPages<TimelineItem>({
    key: timelineKey(contactId),
    path: `/v1/contacts/${contactId}/timeline`,
    page: timelinePage,
  });
  return (
    <section aria-label="Timeline" className={classes.timeline}>
      {canEdit && <NoteComposer contactId={contactId} />}
      {source.status === 'pending' ? (
        <SkeletonLines lines={6} width="640px" />
      ) : source.status === 'error' ? (
        <ErrorState title="The timeline could not be loaded" message={source.failure ?? ''} onRetry={source.retry} />
      ) : source.rows.length === 0 ? (
        <EmptyState title="Nothing has happened yet">
          Payments, cards and notes of this contact stand here in the order they happened.
        </EmptyState>
      ) : (
        <>
          <ol className={classes.items}>
            {source.rows.map((item) => (
              <li key={idOf(item)} className={classes.item}>
                <span className={classes.when}>
                  <DateText at={item.at} />
                </span>
                <Item contactId={contactId} item={item} canEdit={canEdit} />
              </li>
            ))}
          </ol>
          {source.failure && <Notice tone="red">{source.failure}</Notice>}
          {source.hasMore && (
            <div>
              <Button size="xs" onClick={source.loadMore} loading={source.isLoadingMore}>
                Show earlier
              </Button>
            </div>
          )}
        </>
      )}
    </section>
  );
}

function idOf(item: TimelineItem): string {
  switch (item.type) {
    case 'payment':
      return item.payment.id;
    case 'note':
      return item.note.id;
    case 'card':
      return `${item.payment_method.id} ${item.event}`;
    case 'message':
      return item.message.id;
  }
}

function Item(props: { contactId: string; item: TimelineItem; canEdit: boolean }): ReactNode {
  const { item } = props;
  switch (item.type) {
    case 'payment':
      return <PaymentItem payment={item.payment} />;
    case 'note':
      return <NoteItem contactId={props.contactId} note={item.note} canEdit={props.canEdit} />;
    case 'message':
      return <MessageItem message={item.message} />;
    case 'card':
      return (
        <div className={classes.line}>
          <IconCreditCard size={16} stroke={1.6} className={classes.icon} aria-hidden />
          <span>
            {methodName(item.payment_method)} {item.event === 'added' ? 'saved' : 'removed'}
            {item.event === 'added' && <span className={classes.quiet}> by {item.payment_method.added_by}</span>}
          </span>
        </div>
      );
  }
}
