/**
 * What goes wrong on the way. `_before`: the request was not carried out; `_after`: it was, and only the answer is lost.
 */
export type WireFault =
  | 'hang_before'
  | 'hang_after'
  | 'cut_before'
  | 'cut_mid_reply'
  | 'server_error_before'
  | 'server_error_after'
  | 'malformed_after'
  | 'rate_limited'
  | 'redirected'
  | 'tls_refused';

/** `form`: the first payment that saves a method. */
export type Operation = 'charge' | 'refund' | 'lookup' | 'form' | 'other';

interface Planned {
  readonly operation: Operation;
  readonly fault: WireFault;
  readonly retryAfterS: number | null;
  left: number;
}

/** Faults that are planned, in the order they are used up. */
export class WireFaults {
  #planned: Planned[] = [];

  /** Breaks the next `times` requests of an operation; null: all, until the answered function is called. */
  plan(operation: Operation, fault: WireFault, times: number | null, retryAfterS: number | null = 0): () => void {
    const planned = { operation, fault, retryAfterS, left: times ?? Number.POSITIVE_INFINITY };
    this.#planned.push(planned);
    return () => {
      this.#planned = this.#planned.filter((other) => other !== planned);
    };
  }

  /** The fault that the next request of this operation meets. */
  take(operation: Operation): { fault: WireFault; retryAfterS: number | null } | null {
    const found = this.#planned.find(
      (planned) => planned.operation === operation && planned.fault !== 'tls_refused' && planned.left > 0,
    );
    if (!found) return null;
    found.left -= 1;
    return found;
  }

  /** Whether the next connection shows a certificate nobody trusts: before a request, no operation is known. */
  takeRefusedConnection(): boolean {
    const found = this.#planned.find(({ fault, left }) => fault === 'tls_refused' && left > 0);
    if (found) found.left -= 1;
    return found !== undefined;
  }
}
