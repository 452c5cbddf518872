import type { z } from 'zod';
import { listNotes } from '../contacts/list-notes.ts';
import type { WorkspaceTx } from '../foundation/database.ts';
import { toPublicId } from '../foundation/id.ts';
import { listMessagesOfContacts, shapeMessage } from '../messages/list-messages.ts';
import type { MessageRow } from '../messages/message.ts';
import type { Payment } from '../payments/api.ts';
import type { PaymentRow } from '../payments/attempt.ts';
import { listMethodRows, listPaymentRows } from '../payments/list-payment-rows.ts';
import { shapePayments } from '../payments/list-payments.ts';
import type { MethodRow } from '../payments/payment-method.ts';
import { shapeMethod } from '../payments/shape-payment.ts';
import type { Caller } from '../workspace/caller.ts';
import type { timelineItem } from './api.ts';
import { maySeeMoney } from './read-contact-overview.ts';
import { readContactGroup } from './read-lifetime-value.ts';
import { comparePlaces, decodePlace, encodePlace, type Place, positionIn } from './timeline.ts';

export type TimelineItem = z.infer<typeof timelineItem>;
type NoteRow = Awaited<ReturnType<typeof listNotes>>[number];

type Happening = Place &
  (
    | { readonly strand: 'note'; readonly note: NoteRow }
    | { readonly strand: 'payment'; readonly payment: PaymentRow }
    | { readonly strand: 'message'; readonly message: MessageRow }
    | { readonly strand: 'card'; readonly event: 'added' | 'removed'; readonly method: MethodRow }
  );

/**
 * One page of what happened around a contact and those merged into it, newest first: notes, and (while the caller may
 * see money) payments, cards and messages. Each strand is read along its own index, one page of each at most. Throws not_found.
 */
export async function readTimeline(
  tx: WorkspaceTx,
  caller: Caller,
  contactId: string,
  request: { cursor?: string; limit: number },
): Promise<{ data: TimelineItem[]; next_cursor: string | null }> {
  const after = request.cursor === undefined ? null : decodePlace(request.cursor);
  const { contactIds } = await readContactGroup(tx, caller, contactId);
  const limit = request.limit + 1;
  const withMoney = maySeeMoney(caller);
  const [notes, payments, methods, messages] = await Promise.all([
    listNotes(tx, contactIds, positionIn('note', after), limit),
    withMoney ? listPaymentRows(tx, { contactIds, before: positionIn('payment', after), limit }) : [],
    withMoney ? listMethodRows(tx, contactIds) : [],
    // What is sent to customers tells of money, in its subject already.
    withMoney ? listMessagesOfContacts(tx, contactIds, positionIn('message', after), limit) : [],
  ]);
  const all: Happening[] = [
    ...notes.map((note) => ({ strand: 'note' as const, at: note.created_at, id: note.id, note })),
    ...payments.map((payment) => ({ strand: 'payment' as const, at: payment.occurred_at, id: payment.id, payment })),
    ...messages.map((message) => ({ strand: 'message' as const, at: message.created_at, id: message.id, message })),
    ...methods.flatMap(cardEvents).filter((event) => after === null || comparePlaces(after, event) < 0),
  ].sort(comparePlaces);
  const page = all.slice(0, request.limit);
  const last = page.at(-1);
  return {
    data: await shapeItems(tx, caller, page),
    next_cursor: all.length > request.limit && last ? encodePlace(last) : null,
  };
}

/** A card that was removed at the moment it was added would stand twice in one place: it is only shown as removed then. */
function cardEvents(method: MethodRow): Happening[] {
  const card = { strand: 'card' as const, id: method.id, method };
  const removedAt = method.removed_at;
  const removed = removedAt ? [{ ...card, at: removedAt, event: 'removed' as const }] : [];
  if (removedAt?.getTime() === method.added_at.getTime()) return removed;
  return [{ ...card, at: method.added_at, event: 'added' as const }, ...removed];
}

async function shapeItems(tx: WorkspaceTx, caller: Caller, page: readonly Happening[]): Promise<TimelineItem[]> {
  const rows = page.flatMap((item) => (item.strand === 'payment' ? [item.payment] : []));
  const shaped = new Map((await shapePayments(tx, caller, rows)).map((payment, index) => [rows[index]!.id, payment]));
  return page.map((item) => shapeItem(item, caller, shaped));
}

function shapeItem(item: Happening, caller: Caller, payments: ReadonlyMap<string, Payment>): TimelineItem {
  const at = item.at.toISOString();
  switch (item.strand) {
    case 'payment':
      return { type: 'payment', at, payment: payments.get(item.id)! };
    case 'message':
      return { type: 'message', at, message: shapeMessage(item.message) };
    case 'card':
      return { type: 'card', at, event: item.event, payment_method: shapeMethod(item.method, caller.now) };
    case 'note': {
      const { id, body, author_name: author, created_at: created, edited_at: edited } = item.note;
      const note = {
        id: toPublicId('note', id),
        body,
        author,
        created_at: created.toISOString(),
        edited_at: edited?.toISOString() ?? null,
      };
      return { type: 'note', at, note };
    }
  }
}
