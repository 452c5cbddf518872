import { createHmac } from 'node:crypto';
import type { StripeEvent } from './objects.ts';

export interface SignedMessage {
  readonly rawBody: string;
  readonly signature: string;
}

/** Signs as Stripe does: one v1 for each secret that is in force, so that both hold while one is being changed. */
export function signMessage(event: StripeEvent, secrets: readonly string[], seconds: number): SignedMessage {
  const rawBody = JSON.stringify(event, null, 2);
  const signatures = secrets.map(
    (secret) => `v1=${createHmac('sha256', secret).update(`${seconds}.${rawBody}`).digest('hex')}`,
  );
  return { rawBody, signature: [`t=${seconds}`, ...signatures, 'v0=0123456789abcdef'].join(',') };
}

/** A webhook address: messages go there in the order they were made, one after the other, unless it is out of order. */
export class Webhook {
  /** Nothing is delivered while it is true, and nothing is sent again afterwards: that is what the sweep is for. */
  isDown = false;
  readonly url: string;
  secrets: string[];
  private readonly seconds: () => number;
  private queue: Promise<void> = Promise.resolve();
  readonly answers: number[] = [];

  constructor(url: string, secrets: string[], seconds: () => number) {
    this.url = url;
    this.secrets = secrets;
    this.seconds = seconds;
  }

  send(event: StripeEvent): void {
    if (this.isDown) return;
    const { rawBody, signature } = signMessage(event, this.secrets, this.seconds());
    this.queue = this.queue.then(async () => {
      const headers = { 'content-type': 'application/json; charset=utf-8', 'stripe-signature': signature };
      const response = await fetch(this.url, { method: 'POST', headers, body: rawBody }).catch(() => null);
      this.answers.push(response?.status ?? 0);
      await response?.arrayBuffer();
    });
  }

  /** Resolves when everything sent so far was answered. */
  async delivered(): Promise<void> {
    let last: Promise<void> | null = null;
    while (last !== this.queue) {
      last = this.queue;
      await last;
    }
  }
}
