import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type Payment, payment as paymentSchema } from '../../../src/payments/api.ts';
import { describeError } from '../app/api-problem.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { toastDone, toastFailed } from '../ui/toast.tsx';

/** POST of one of a payment's nouns; says in a toast what came of it and reads everything again. */
export function usePaymentVerb(paymentId: string, noun: 'lookups' | 'dismissal', said: (now: Payment) => string) {
  const { api, workspace } = useWorkspace();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => api.post(`/v1/payments/${paymentId}/${noun}`, undefined, paymentSchema),
    onSuccess: (now) => {
      toastDone(said(now));
      return queryClient.invalidateQueries({ queryKey: [workspace.id] });
    },
    onError: (error) => toastFailed(describeError(error)),
  });
}
