import { stripeDescription } from './description.ts';
import type { Form } from './form-body.ts';

/** Of one kind of request or answer; the thousandth tells nothing that the fortieth has not. */
const KEPT_MAX = 40;

/**
 * Requests and answers kept for comparing them with Stripe's description at the end of a test: comparing takes longer than
 * answering, and calls have little time in tests.
 */
export class ShapesToCheck {
  private checks: (() => string[])[] = [];
  private readonly kept = new Map<string, number>();

  keepRequest(method: string, path: string, form: Form): void {
    if (this.isEnough(`${method} ${path} ${Object.keys(form).sort()}`)) return;
    const copy = structuredClone(form);
    this.checks.push(() => stripeDescription().problemsOfRequest(method, path, copy));
  }

  keepAnswer(method: string, path: string, status: number, body: unknown): void {
    if (this.isEnough(`${method} ${path} ${status} ${stateOf(body)}`)) return;
    const copy = structuredClone(body);
    this.checks.push(() => stripeDescription().problemsOfAnswer(method, path, status, copy));
  }

  check(): string[] {
    const due = this.checks;
    this.checks = [];
    return due.flatMap((run) => run());
  }

  private isEnough(kind: string): boolean {
    const count = (this.kept.get(kind) ?? 0) + 1;
    this.kept.set(kind, count);
    return count > KEPT_MAX;
  }
}

function stateOf(body: unknown): string {
  const status = typeof body === 'object' && body !== null && 'status' in body ? body.status : '';
  return String(status);
}
