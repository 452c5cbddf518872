/** A row of `allocations`: money of one payment put to one invoice; negative where it takes an earlier one back. */
export interface AllocationRow {
  readonly id: string;
  readonly payment_id: string;
  readonly invoice_id: string;
  readonly currency: string;
  readonly amount_minor: bigint;
  readonly discount_minor: bigint;
  readonly reverses_id: string | null;
  readonly why: string;
  readonly allocated_on: string;
  readonly created_at: Date;
  readonly created_by: string;
}

export interface WantedAllocation {
  readonly paymentId: string;
  readonly invoiceId: string;
  /** At most; what the invoice does not need stays on account. */
  readonly amountMinor: bigint;
  /** A discount for early payment that was granted with this money before and stays; absent: what it earns now. */
  readonly keptDiscountMinor?: bigint;
}

/** How the money of a payment is spread over what is open, in the order given: nothing is allocated beyond what is open. */
export function spread(amountMinor: bigint, openMinor: readonly bigint[]): bigint[] {
  let left = amountMinor;
  return openMinor.map((open) => {
    const part = open < left ? open : left;
    left -= part;
    return part;
  });
}

/**
 * The discount for early payment that a payment earns: all of it, when with it the invoice is paid in full and the money
 * came in time; otherwise none. Minor units.
 */
export function earlyDiscountEarned(
  invoice: {
    readonly early_until: string | null;
    readonly early_discount_minor: bigint;
    readonly discounted_minor: bigint;
    readonly open_minor: bigint;
  },
  amountMinor: bigint,
  receivedOn: string,
): bigint {
  if (invoice.early_until === null || receivedOn > invoice.early_until || invoice.discounted_minor > 0n) return 0n;
  const discount =
    invoice.early_discount_minor < invoice.open_minor ? invoice.early_discount_minor : invoice.open_minor;
  return amountMinor + discount >= invoice.open_minor && amountMinor < invoice.open_minor
    ? invoice.open_minor - amountMinor
    : 0n;
}
