import { expect, test } from 'vitest';
import type { Invoice } from '../../../src/invoices/api.ts';
import type { Message } from '../../../src/messages/api.ts';
import { historyOf } from './history-steps.ts';

const INVOICE = {
  kind: 'invoice',
  number: 'INV-1',
  created_by: 'Ada',
  created_at: '2026-03-01T08:00:00.000Z',
  issued_at: '2026-03-01T09:00:00.000Z',
  opened_at: null,
  accepted_at: null,
  declined_at: null,
  disputed_at: null,
  voided_at: null,
  settled_on: null,
} as Invoice;
const MESSAGE = {
  id: 'msg_1',
  to: 'bob@example.com',
  reason: '',
  state: 'queued',
  created_at: '2026-03-01T10:00:00.000Z',
  sent_at: null,
  delivered_at: null,
  bounced_at: null,
  opened_at: null,
} as Message;
const at = (minute: number) => `2026-03-01T10:0${minute}:00.000Z`;

test.each<[string, Partial<Message>, string[]]>([
  ['waits', {}, ['E-mail: waiting · bob@example.com']],
  ['is kept', { state: 'kept', reason: 'No server.' }, ['E-mail: kept here · bob@example.com: No server.']],
  ['was refused', { state: 'failed', reason: 'No such user.' }, ['E-mail: not sent · bob@example.com: No such user.']],
  ['nobody knows', { state: 'unsure', reason: 'Cut off.' }, ['E-mail: unsure · bob@example.com: Cut off.']],
  ['went out', { state: 'sent', sent_at: at(1), reason: '250 OK' }, ['E-mail: sent · bob@example.com']],
  [
    'arrived and was opened',
    { state: 'sent', sent_at: at(1), delivered_at: at(2), opened_at: at(3) },
    [
      'E-mail: sent · bob@example.com',
      'E-mail: delivered · bob@example.com',
      'E-mail: its link was opened · bob@example.com',
    ],
  ],
  [
    'came back',
    { state: 'bounced', sent_at: at(1), bounced_at: at(2), reason: 'It came back: no such user' },
    ['E-mail: sent · bob@example.com', 'E-mail: came back · bob@example.com: It came back: no such user'],
  ],
])('a message that %s stands in the history of its document', (_what, part, steps) => {
  const [written, issued, ...rest] = historyOf(INVOICE, [{ ...MESSAGE, ...part }]);
  expect([written?.words, issued?.words]).toEqual(['Invoice written', 'Issued as INV-1']);
  expect(rest.map(({ words, detail }) => `${words} · ${detail}`)).toEqual(steps);
  expect(rest.every(({ messageId }) => messageId === 'msg_1')).toBe(true);
});
