import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { type Payment, payment as paymentSchema } from '../../../src/payments/api.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { isUnresolved } from './use-charge.ts';

/** Between two looks while the outcome may come any moment. */
const SOON_MS = 1_500;
/** While somebody outside has to do something first. */
const LATER_MS = 4_000;

/**
 * Looks again and again at a payment whose outcome is not final, and tells when its status changes. Stops by itself
 * once nothing will change soon.
 */
export function usePaymentWatch(payment: Payment, onChange: (payment: Payment) => void) {
  const { api, workspace } = useWorkspace();
  const everyMs = isUnresolved(payment) ? SOON_MS : payment.status === 'needs_customer' ? LATER_MS : null;
  const watched = useQuery({
    queryKey: [workspace.id, 'payment-watch', payment.id],
    queryFn: ({ signal }) => api.get(`/v1/payments/${payment.id}`, paymentSchema, { signal }),
    enabled: everyMs !== null,
    refetchInterval: everyMs ?? false,
    staleTime: 0,
    // A connection that is away for a while does not end the watch: the next look finds out.
    retry: false,
  });
  const tell = useRef(onChange);
  useEffect(() => {
    tell.current = onChange;
  });
  const seen = watched.data;
  useEffect(() => {
    if (seen && seen.status !== payment.status) tell.current(seen);
  }, [seen, payment.status]);
}
