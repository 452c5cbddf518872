/**
 * Mollie's refunds, chargebacks and mandates can only be asked for together with what they belong to, so our references
 * to them hold both: `tr_…/re_…`, `tr_…/chb_…`, `cst_…/mdt_…`. Those of payments and customers are Mollie's own ids.
 */
const PART = '[A-Za-z0-9]{1,64}';
const SHAPES = {
  refund: new RegExp(`^(tr_${PART})/(re_${PART})$`),
  chargeback: new RegExp(`^(tr_${PART})/(chb_${PART})$`),
  mandate: new RegExp(`^(cst_${PART})/(mdt_${PART})$`),
} as const;

export type RefKind = keyof typeof SHAPES;

export function joinRef(ownerId: string, id: string): string {
  return `${ownerId}/${id}`;
}

/** Null when the reference is not one of that kind. */
export function splitRef(kind: RefKind, ref: string): { ownerId: string; id: string } | null {
  const match = SHAPES[kind].exec(ref);
  return match ? { ownerId: match[1]!, id: match[2]! } : null;
}

const PAYMENT = new RegExp(`^tr_${PART}$`);

export function isPaymentId(text: string): boolean {
  return PAYMENT.test(text);
}

const CUSTOMER = new RegExp(`^cst_${PART}$`);

export function isCustomerId(text: string | null | undefined): text is string {
  return typeof text === 'string' && CUSTOMER.test(text);
}

/** Metadata of what this program made: the attempt's id, or the word for a first payment that saves a method. */
export const ATTEMPT_FIELD = 'attempt_id';
export const PURPOSE_FIELD = 'purpose';
export const SAVES_METHOD = 'save_method';

function field(metadata: unknown, name: string): string | null {
  if (typeof metadata !== 'object' || metadata === null) return null;
  const value = (metadata as Record<string, unknown>)[name];
  return typeof value === 'string' ? value : null;
}

export const attemptIdOf = (metadata: unknown) => field(metadata, ATTEMPT_FIELD);
export const savesMethod = (metadata: unknown) => field(metadata, PURPOSE_FIELD) === SAVES_METHOD;
