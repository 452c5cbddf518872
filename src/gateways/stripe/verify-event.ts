import Stripe from 'stripe';
import type { GatewayEvent, IncomingEvent } from '../gateway.ts';
import { eventOf } from './event.ts';

export const SIGNATURE_HEADER = 'stripe-signature';

/** Messages older than this are not believed: somebody may have kept one to play it back. */
const TOLERANCE_S = 300;

/**
 * A message whose signature holds under one of the secrets, reduced to what it is about; null otherwise. While a secret is
 * being changed Stripe signs with both, and we accept both.
 */
export function verifyEvent(incoming: IncomingEvent, secrets: readonly string[], now: Date): GatewayEvent | null {
  const header = incoming.header(SIGNATURE_HEADER);
  if (!header || incoming.rawBody === '' || !isRecent(header, now)) return null;
  for (const secret of secrets) {
    const message = constructed(incoming.rawBody, header, secret, now);
    if (message !== null) return eventOf(message);
  }
  return null;
}

function constructed(rawBody: string, header: string, secret: string, now: Date): unknown {
  try {
    return Stripe.webhooks.constructEvent(rawBody, header, secret, TOLERANCE_S, undefined, now.getTime());
  } catch {
    return null;
  }
}

/** The SDK refuses old messages only; one that was signed for the future would hold until then. */
function isRecent(header: string, now: Date): boolean {
  const signedAt = /(?:^|,)\s*t=(\d{1,12})(?:,|$)/.exec(header)?.[1];
  return signedAt !== undefined && Math.abs(now.getTime() / 1000 - Number(signedAt)) <= TOLERANCE_S;
}
