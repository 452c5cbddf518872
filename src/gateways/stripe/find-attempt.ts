import type Stripe from 'stripe';
import type { AttemptReference, LookUp } from '../gateway.ts';
import { INTENT_EXPANDED } from './charge-method.ts';
import { attemptIdOf } from './event.ts';
import { outcomeOfIntent, outcomeOfRefund } from './outcome.ts';
import { chargeOf } from './refund-charge.ts';
import { type Answer, ask } from './send-request.ts';
import type { StripeSession } from './session.ts';

const PAGE = 100;
/** Of one customer's intents, or of one charge's refunds. More would be a customer who pays daily for five years. */
const PAGES_MAX = 20;
/** Clocks of several servers and of Stripe's differ by less. */
const SLACK_MS = 24 * 3_600_000;

/**
 * What became of an attempt, by lists that are as new as the last write (Stripe's search is not). Nothing is ever sent
 * again from here: after the key was forgotten that would be a second charge.
 */
export function findAttempt(session: StripeSession, attempt: AttemptReference): Promise<LookUp> {
  return attempt.kind === 'refund' ? findRefund(session, attempt) : findCharge(session, attempt);
}

async function findCharge(session: StripeSession, attempt: AttemptReference): Promise<LookUp> {
  const { gatewayRef } = attempt;
  if (gatewayRef?.startsWith('pi_')) {
    const answer = await ask(session, (client) =>
      client.paymentIntents.retrieve(gatewayRef, { expand: [INTENT_EXPANDED] }),
    );
    if (answer.ok) return outcomeOfIntent(answer.value, session.confirmLink);
    // Told of before and gone now: another account's keys, not an attempt that never arrived.
    return notAnswered(answer);
  }
  const found = await findInPages(session, attempt, (client, page) =>
    client.paymentIntents.list({
      ...(attempt.customerRef ? { customer: attempt.customerRef } : {}),
      ...page,
      expand: [`data.${INTENT_EXPANDED}`],
    }),
  );
  if ('status' in found && !('id' in found)) return found;
  return outcomeOfIntent(found as Stripe.PaymentIntent, session.confirmLink);
}

async function findRefund(session: StripeSession, attempt: AttemptReference): Promise<LookUp> {
  const { gatewayRef, chargeRef } = attempt;
  if (gatewayRef) {
    const answer = await ask(session, (client) =>
      client.refunds.retrieve(gatewayRef, { expand: ['balance_transaction'] }),
    );
    return answer.ok ? outcomeOfRefund(answer.value) : notAnswered(answer);
  }
  const found = await findInPages(session, attempt, (client, page) =>
    client.refunds.list({
      ...(chargeRef ? chargeOf(chargeRef) : {}),
      ...page,
      expand: ['data.balance_transaction'],
    }),
  );
  if ('status' in found && !('id' in found)) return found;
  return outcomeOfRefund(found as Stripe.Refund);
}

interface Listed {
  readonly id: string;
  readonly created: number;
  readonly metadata: Stripe.Metadata | null;
}
type Page = { limit: number; starting_after?: string };

/** The object that carries the attempt's id, newest first; never_arrived when the list ends without it. */
async function findInPages<Item extends Listed>(
  session: StripeSession,
  attempt: AttemptReference,
  list: (client: Stripe, page: Page) => Promise<{ data: Item[]; has_more: boolean }>,
): Promise<Item | LookUp> {
  // In a sandbox workspace our clock may have been moved, and says nothing about the gateway's.
  const oldest = session.live && attempt.sentAt ? (attempt.sentAt.getTime() - SLACK_MS) / 1000 : null;
  let after: string | undefined;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const from: Page = after === undefined ? { limit: PAGE } : { limit: PAGE, starting_after: after };
    const answer = await ask(session, (client) => list(client, from));
    // That a customer or charge is not there says nothing of the attempt: it may have been deleted since, or the keys are
    // those of another account now.
    if (!answer.ok) return notAnswered(answer);
    const { data, has_more } = answer.value;
    if (!Array.isArray(data)) return { status: 'unknown', why: 'Stripe’s answer is not a list.' };
    const found = data.find((item) => attemptIdOf(item) === attempt.attemptId);
    if (found) return found;
    const last = data.at(-1);
    if (!has_more || !last || (oldest !== null && last.created < oldest)) return { status: 'never_arrived' };
    after = last.id;
  }
  return { status: 'unknown', why: 'It was not found among the newest payments at Stripe, and there are more.' };
}

function notAnswered(answer: Exclude<Answer<never>, { ok: true }>): LookUp {
  return {
    status: 'unknown',
    why: answer.reason === 'unknown' ? answer.why : `Stripe could not be asked (${answer.reason}).`,
  };
}
