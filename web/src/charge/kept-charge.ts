import { z } from 'zod';
import { createCharge } from '../../../src/payments/api.ts';
import { newAttemptKey } from '../app/attempt-key.ts';

/**
 * One intent to charge, from the moment its confirmation is shown until a definite answer. It is kept in this tab, so that
 * a reload, a lost reply or a second press find the same intent with the same key instead of making another one.
 */
const keptCharge = z.object({
  /** The Idempotency-Key. */
  key: z.string(),
  contactId: z.string(),
  charge: createCharge,
  /** What the confirmation calls the method: "Visa ·· 4242". */
  methodLabel: z.string(),
  /** Number of the invoice that it pays. */
  pays: z.string().optional(),
  /** Whether it was sent: from then on it cannot be changed, only asked about or sent again as it is. */
  isSent: z.boolean(),
});
export type KeptCharge = z.output<typeof keptCharge>;

const placeOf = (workspaceId: string, contactId: string) => `counterfoil-charge:${workspaceId}:${contactId}`;

/** A new intent with a key of its own. */
export function newCharge(
  contactId: string,
  charge: KeptCharge['charge'],
  methodLabel: string,
  pays?: string,
): KeptCharge {
  return { key: newAttemptKey(), contactId, charge, methodLabel, isSent: false, ...(pays ? { pays } : {}) };
}

/** The intent under way for this contact in this tab; null when there is none. */
export function readKeptCharge(workspaceId: string, contactId: string): KeptCharge | null {
  try {
    const text = sessionStorage.getItem(placeOf(workspaceId, contactId));
    return text === null ? null : (keptCharge.safeParse(JSON.parse(text)).data ?? null);
  } catch {
    // Storage is forbidden or holds something else: there is nothing to go on with.
    return null;
  }
}

export function keepCharge(workspaceId: string, kept: KeptCharge): void {
  try {
    sessionStorage.setItem(placeOf(workspaceId, kept.contactId), JSON.stringify(kept));
  } catch {
    // Then it lives as long as the sheet, which still covers a second press.
  }
}

export function forgetCharge(workspaceId: string, contactId: string): void {
  try {
    sessionStorage.removeItem(placeOf(workspaceId, contactId));
  } catch {
    // Nothing was kept.
  }
}
