import { z } from 'zod';

/** Whether the sample business is in the workspace, what is being done about it, and what the last removal left. */
export const sampleBusiness = z
  .object({
    present: z.boolean(),
    progress: z
      .object({
        phase: z.string().describe('What is being done, in words'),
        done: z.int(),
        total: z.int().nullable(),
      })
      .nullable()
      .describe('Null when nothing is being done'),
    kept: z
      .object({ contacts: z.int(), payments: z.int() })
      .nullable()
      .describe('What the last removal left, because somebody wrote notes on it, charged it or refunded it'),
  })
  .meta({ id: 'SampleBusiness' });
export type SampleBusinessState = z.infer<typeof sampleBusiness>;
