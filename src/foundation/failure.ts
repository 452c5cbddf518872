/**
 * Every refusal the program can give, in one table: stable code, HTTP status, whether trying again unchanged can
 * help, and the public words. Tested against docs/help/errors.md, so that the table and the page cannot part.
 */
export const FAILURES = {
  invalid_request: { status: 422, retry: false, title: 'Something in the request is not as it should be.' },
  malformed_request: { status: 400, retry: false, title: 'The request could not be read.' },
  payload_too_large: { status: 413, retry: false, title: 'The request is larger than this address accepts.' },
  unsupported_media_type: { status: 415, retry: false, title: 'Send JSON (or a file where a file is asked for).' },
  not_signed_in: { status: 401, retry: false, title: 'Sign in, or send an API key.' },
  sign_in_failed: { status: 401, retry: false, title: 'That e-mail address and password do not go together.' },
  link_not_valid: { status: 410, retry: false, title: 'This link has been used, has expired or was withdrawn.' },
  right_missing: { status: 403, retry: false, title: 'Your role does not allow this.' },
  not_found: { status: 404, retry: false, title: 'There is nothing at this address, or you may not see it.' },
  method_not_allowed: { status: 405, retry: false, title: 'This address does not take that method.' },
  feature_off: { status: 403, retry: false, title: 'This feature is switched off for the workspace.' },
  edit_conflict: { status: 412, retry: false, title: 'Somebody changed this in the meantime; load it again.' },
  rate_limited: { status: 429, retry: true, title: 'Too many requests; wait a little.' },
  overloaded: { status: 503, retry: true, title: 'The server is busy; try again in a moment.' },
  internal_error: { status: 500, retry: true, title: 'Something went wrong on our side; nothing was half done.' },
  idempotency_key_missing: {
    status: 400,
    retry: false,
    title: 'Requests that move money need an Idempotency-Key header.',
  },
  idempotency_key_running: { status: 409, retry: true, title: 'The first request with this key is still running.' },
  idempotency_key_reused: { status: 422, retry: false, title: 'This key was used with another request.' },
  amount_invalid: { status: 422, retry: false, title: 'The amount is not one that can be charged.' },
  amount_above_limit: { status: 422, retry: false, title: 'The amount is above the limit for your role or workspace.' },
  currency_unknown: { status: 422, retry: false, title: 'That is not a currency known here.' },
  card_number_refused: {
    status: 422,
    retry: false,
    title: 'That looks like a card number. Card numbers are never stored here.',
  },
  contact_archived: { status: 409, retry: false, title: 'This contact is archived; restore it first.' },
  contact_merged: { status: 409, retry: false, title: 'This contact was merged into another one.' },
  duplicate_name: { status: 409, retry: false, title: 'That name is taken.' },
  method_not_usable: { status: 409, retry: false, title: 'This payment method cannot be charged.' },
  same_charge_recently: {
    status: 409,
    retry: false,
    title: 'The same amount was charged to this contact a moment ago.',
  },
  retry_too_early: {
    status: 409,
    retry: false,
    title: 'This card failed a short while ago; it is too early to try again.',
  },
  retry_limit_reached: {
    status: 409,
    retry: false,
    title: 'This card has failed as often as its network allows within 30 days.',
  },
  payment_not_refundable: { status: 409, retry: false, title: 'This payment cannot be refunded.' },
  refund_above_received: { status: 409, retry: false, title: 'That is more than is left to refund.' },
  payment_state_conflict: { status: 409, retry: false, title: 'The payment is not in a state that allows this.' },
  invoice_state_conflict: { status: 409, retry: false, title: 'The document is not in a state that allows this.' },
  work_state_conflict: {
    status: 409,
    retry: false,
    title: 'The appointment or deal is not in a state that allows this.',
  },
  series_closed: { status: 409, retry: false, title: 'No number can be taken from this series for that date.' },
  credit_above_billed: { status: 409, retry: false, title: 'That is more than is left to credit.' },
  e_invoice_incomplete: { status: 422, retry: false, title: 'Something is missing that an e-invoice must say.' },
  allocation_refused: { status: 409, retry: false, title: 'The money cannot be put to this invoice.' },
  message_state_conflict: { status: 409, retry: false, title: 'The message is not in a state that allows this.' },
  gateway_refused: { status: 502, retry: true, title: 'The payment gateway refused the request.' },
  gateway_keys_refused: { status: 422, retry: false, title: 'The gateway does not accept these keys.' },
  gateway_wrong_mode: {
    status: 422,
    retry: false,
    title: 'Test keys belong into sandbox workspaces, live keys into live ones.',
  },
  gateway_unreachable: { status: 502, retry: true, title: 'The gateway could not be asked just now.' },
  gateway_connected: { status: 409, retry: false, title: 'This gateway is connected already.' },
  gateway_not_connected: { status: 409, retry: false, title: 'This gateway is not connected.' },
  event_refused: { status: 400, retry: false, title: 'This message is not signed as agreed, or is too old.' },
  merge_conflict: { status: 409, retry: false, title: 'These contacts cannot be merged (or parted) as asked.' },
  import_not_ready: { status: 409, retry: false, title: 'The import is not in a state that allows this.' },
  import_unreadable: { status: 422, retry: false, title: 'The file could not be read as CSV.' },
  last_owner: { status: 409, retry: false, title: 'A workspace needs at least one owner.' },
  sandbox_only: { status: 403, retry: false, title: 'This exists only in sandbox workspaces.' },
  setup_done: { status: 409, retry: false, title: 'This program already has an owner.' },
} as const satisfies Record<string, { status: number; retry: boolean; title: string }>;

export type FailureCode = keyof typeof FAILURES;

/** One field that was refused: JSON path of the input, and what would be accepted. */
export interface FieldProblem {
  readonly path: string;
  readonly message: string;
}

/** A refused request. Thrown by verbs, turned into problem+json by the one error handler in app/server.ts. */
export class Failure extends Error {
  override name = 'Failure';
  readonly code: FailureCode;
  readonly fields: readonly FieldProblem[];
  readonly facts: Readonly<Record<string, string | number | boolean | null>>;

  constructor(
    code: FailureCode,
    detail?: string,
    more: { fields?: readonly FieldProblem[]; facts?: Record<string, string | number | boolean | null> } = {},
  ) {
    super(detail ?? FAILURES[code].title);
    this.code = code;
    this.fields = more.fields ?? [];
    this.facts = more.facts ?? {};
  }

  get status(): number {
    return FAILURES[this.code].status;
  }
}

/** RFC 9457 body of a Failure. */
export function toProblem(failure: Failure) {
  const { status, title, retry } = FAILURES[failure.code];
  return {
    // First, so that no fact can take the place of what every problem says.
    ...failure.facts,
    type: `https://counterfoil.dev/problems/${failure.code}`,
    code: failure.code,
    status,
    title,
    detail: failure.message,
    retry,
    ...(failure.fields.length > 0 ? { fields: failure.fields } : {}),
  };
}
