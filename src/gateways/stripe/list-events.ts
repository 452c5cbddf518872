import type Stripe from 'stripe';
import type { GatewayEvent } from '../gateway.ts';
import { EVENT_TYPES, eventOf } from './event.ts';
import { answeredValue, ask } from './send-request.ts';
import type { StripeSession } from './session.ts';

const PAGE = 100;
const SUBSCRIBED = new Set(EVENT_TYPES);

/**
 * Messages since a moment, oldest first. Stripe lists newest first, so that time is cut into pieces that fit one page;
 * a piece that does not fit is halved. Seconds are its unit, and a second that alone fills a page is walked through.
 * The cursor is `second the next piece begins with : its length`.
 */
export async function listStripeEvents(
  session: StripeSession,
  since: Date,
  until: Date,
  cursor: string | null,
): Promise<{ events: GatewayEvent[]; nextCursor: string | null }> {
  const end = Math.ceil(until.getTime() / 1000);
  const [begin, length] = cursor === null ? [Math.floor(since.getTime() / 1000), null] : cursor.split(':').map(Number);
  let last = Math.max(begin!, length == null ? end : Math.min(end, begin! + length - 1));
  for (;;) {
    const page = await readPiece(session, begin!, last);
    if (page.has_more && last > begin!) {
      last = begin! + Math.floor((last - begin!) / 2);
      continue;
    }
    const messages = [...page.data];
    for (let more = page.has_more; more; ) {
      const next = await readPiece(session, begin!, last, messages.at(-1)!.id);
      messages.push(...next.data);
      more = next.has_more && next.data.length > 0;
    }
    const events = messages
      .reverse()
      .filter(({ type }) => SUBSCRIBED.has(type))
      .map(eventOf)
      .filter((event) => event !== null);
    // The next piece may be twice as long: where little happens, few questions are needed.
    const nextLength = Math.max(1, 2 * (last - begin! + 1));
    return { events, nextCursor: last < end ? `${last + 1}:${nextLength}` : null };
  }
}

async function readPiece(session: StripeSession, first: number, last: number, after?: string) {
  const params: Stripe.EventListParams = { limit: PAGE, created: { gte: first, lte: last } };
  if (after !== undefined) params.starting_after = after;
  return answeredValue(await ask(session, (client) => client.events.list(params)));
}
