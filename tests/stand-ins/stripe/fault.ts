/** What the stand-in does instead of answering. `_after`: the request is executed, and its answer kept under its key. */
export type Fault =
  | 'hang_before'
  | 'hang_after'
  | 'cut_before'
  | 'cut_mid_reply'
  | 'server_error_before'
  | 'server_error_after'
  | 'malformed_after'
  /** A JSON document that is no object. */
  | 'null_after'
  | 'rate_limited'
  | 'key_in_use'
  | 'redirected';

export interface FaultRule {
  readonly fault: Fault;
  /** Which requests: `POST /v1/payment_intents`. */
  readonly request: RegExp;
  remaining: number;
}

export class Faults {
  private rules: FaultRule[] = [];

  /** Breaks the next `times` matching requests (null: all). Answers how to mend it. */
  add(fault: Fault, request: RegExp, times: number | null): () => void {
    const rule: FaultRule = { fault, request, remaining: times ?? Number.POSITIVE_INFINITY };
    this.rules.push(rule);
    return () => {
      this.rules = this.rules.filter((other) => other !== rule);
    };
  }

  take(request: string): Fault | null {
    const rule = this.rules.find(({ request: pattern, remaining }) => remaining > 0 && pattern.test(request));
    if (!rule) return null;
    rule.remaining -= 1;
    return rule.fault;
  }
}
