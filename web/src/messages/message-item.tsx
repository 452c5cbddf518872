import { UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import type { Message } from '../../../src/messages/api.ts';
import timeline from '../contacts/timeline.module.css';
import { DateText } from '../ui/date-text.tsx';
import { StatusDot } from '../ui/status-dot.tsx';
import { MessageSheet } from './message-sheet.tsx';
import { messageStatus } from './message-words.ts';

/** One message in a contact's story: what became of it, what it was about, whether its link was opened. */
export function MessageItem({ message }: { message: Message }) {
  const [isOpen, setOpen] = useState(false);
  const status = messageStatus(message);
  return (
    <div className={timeline.line}>
      <span className={timeline.lead}>
        <StatusDot tone={status.tone}>{status.words}</StatusDot>
      </span>
      <UnstyledButton className={timeline.link} style={{ font: 'inherit' }} onClick={() => setOpen(true)}>
        <span className={timeline.amount}>{message.subject}</span>
        <span className={timeline.quiet}>to {message.to}</span>
        {message.delivered_at && (
          <span className={timeline.quiet}>
            delivered <DateText at={message.delivered_at} />
          </span>
        )}
        {message.opened_at && (
          <span className={timeline.quiet}>
            link opened <DateText at={message.opened_at} />
          </span>
        )}
        {['failed', 'unsure', 'bounced'].includes(message.state) && (
          <span className={timeline.quiet}>{message.reason}</span>
        )}
      </UnstyledButton>
      {isOpen && <MessageSheet message={message} onClose={() => setOpen(false)} />}
    </div>
  );
}
