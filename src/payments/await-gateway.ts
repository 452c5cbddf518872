import { alarm } from '../foundation/clock.ts';

/**
 * The gateway's answer, or `unknown` when it takes longer than a call may, or when the call throws: after sending, nobody
 * knows what an error means. The late answer is not lost: the resolver asks for it.
 */
export async function withinTime<Answer>(
  timeoutMs: number,
  answer: Promise<Answer>,
): Promise<Answer | { readonly status: 'unknown'; readonly why: string }> {
  const clock = alarm(timeoutMs);
  const late = clock.rings.then(() => ({
    status: 'unknown' as const,
    why: `The gateway gave no answer within ${timeoutMs} ms.`,
  }));
  try {
    return await Promise.race([answer, late]);
  } catch (error) {
    return {
      status: 'unknown',
      why: `The call to the gateway failed (${error instanceof Error ? error.name : 'no reason'}).`,
    };
  } finally {
    clock.stop();
  }
}
