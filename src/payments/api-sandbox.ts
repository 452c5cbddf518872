import { z } from 'zod';
import { textBlock } from '../foundation/api.ts';

/** How the sandbox gateway is driven over HTTP. */

export const scriptFault = z.strictObject({
  operation: z.enum(['charge', 'refund', 'lookup', 'event']),
  fault: z.enum(['reply_lost', 'request_lost', 'slow', 'events_missing', 'events_doubled']),
  count: z.number().int().min(1).max(1000).default(1),
});
export const addTestMethod = z.strictObject({ test_method: z.string().max(60), label: textBlock(60).optional() });
export const testMethod = z.object({
  name: z.string(),
  label: z.string(),
  kind: z.string(),
  brand: z.string(),
  last4: z.string(),
});
