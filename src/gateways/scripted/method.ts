import type { GatewayMethod, MethodState } from '../gateway.ts';
import type { TestMethod } from './test-methods.ts';

/** Cards that are renewed or closed before they expire are so in their last weeks. */
const NEAR_EXPIRY_MS = 21 * 86_400_000;
/** A renewed card is good for this much longer. */
const RENEWED_YEARS = 4;
const RENEWED_LAST4 = '7771';

/**
 * A test method as the contract describes a method, as it was when it was added. The same test method added twice for one
 * customer is the same card (fingerprint); two customers have two cards.
 */
export function gatewayMethod(ref: string, customerRef: string, script: TestMethod, addedAt: Date): GatewayMethod {
  const expiry = expiryOf(script, addedAt);
  return {
    customerRef,
    methodRef: ref,
    kind: script.kind,
    brand: script.brand,
    last4: script.last4,
    expMonth: expiry?.month ?? null,
    expYear: expiry?.year ?? null,
    fingerprint: `sandbox:${script.name}:${customerRef}`,
  };
}

/** The method as it is at `now`: a network may have renewed or closed it meanwhile. */
export function methodStateAt(method: GatewayMethod, script: TestMethod, now: Date): MethodState {
  const { expMonth, expYear } = method;
  const firstInvalid = expMonth === null || expYear === null ? null : Date.UTC(expYear, expMonth, 1);
  const isNear = firstInvalid !== null && now.getTime() >= firstInvalid - NEAR_EXPIRY_MS;
  if (!isNear || script.nearExpiry === undefined) return { status: 'attached', method };
  if (script.nearExpiry === 'closed') return { status: 'detached' };
  return { status: 'attached', method: { ...method, expYear: expYear! + RENEWED_YEARS, last4: RENEWED_LAST4 } };
}

function expiryOf(script: TestMethod, addedAt: Date): { month: number; year: number } | null {
  if (script.expiresInMonths !== undefined) {
    const at = new Date(Date.UTC(addedAt.getUTCFullYear(), addedAt.getUTCMonth() + script.expiresInMonths, 1));
    return { month: at.getUTCMonth() + 1, year: at.getUTCFullYear() };
  }
  if (script.expiresInYears === null) return null;
  return { month: 8, year: addedAt.getUTCFullYear() + script.expiresInYears };
}
