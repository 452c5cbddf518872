import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { z } from 'zod';
import { type createRefund, type Payment, payment as paymentSchema } from '../../../src/payments/api.ts';
import { ApiProblem, describeError, fieldErrors, NetworkFailure } from '../app/api-problem.ts';
import { forgetAttempt, keptAttempt, pendingAttempt } from '../app/attempt-key.ts';
import { useWorkspace } from '../app/workspace-context.ts';

export type RefundRequest = z.input<typeof createRefund>;

export type RefundState =
  | { at: 'idle' }
  | { at: 'sending' }
  /** No answer came and none was found: the same request may be sent again, under the same key. */
  | { at: 'unanswered'; words: string }
  | { at: 'refused'; words: string; fields: Record<string, string> }
  | { at: 'done'; refund: Payment };

/** How often a refund that is not decided yet is looked at again. */
const POLL_MS = 2_000;
/** Statuses that can still change within a moment. */
const OPEN_STATUSES = ['sent', 'unknown'];

/**
 * Sends one refund and finds out what became of it. The key of the intent outlives a lost reply and a reload: whoever
 * comes back to the sheet sees the refund that was made instead of making another.
 */
export function useRefund(paymentId: string) {
  const { api, workspace } = useWorkspace();
  const queryClient = useQueryClient();
  const purpose = `refund:${paymentId}`;
  const [state, setState] = useState<RefundState>(() => (pendingAttempt(purpose) ? { at: 'sending' } : { at: 'idle' }));
  const alive = useRef(true);

  function arrived(refund: Payment) {
    forgetAttempt(purpose);
    void queryClient.invalidateQueries({ queryKey: [workspace.id] });
    if (alive.current) setState({ at: 'done', refund });
  }

  /** What became of the kept key. Nothing found means that the request never arrived. */
  async function lookUp(key: string) {
    try {
      arrived(await api.get(`/v1/payments/by-key/${key}`, paymentSchema));
    } catch (error) {
      if (!alive.current) return;
      if (error instanceof ApiProblem && error.status === 404) {
        return setState({
          at: 'unanswered',
          words: 'The request did not arrive: nothing was refunded. Send it again; it will not be refunded twice.',
        });
      }
      if (error instanceof ApiProblem && error.code === 'idempotency_key_running') {
        return void setTimeout(() => alive.current && void lookUp(key), POLL_MS);
      }
      setState({ at: 'unanswered', words: `${describeError(error)} It will not be refunded twice.` });
    }
  }

  async function send(request: RefundRequest) {
    setState({ at: 'sending' });
    const key = keptAttempt(purpose);
    try {
      const path = `/v1/payments/${paymentId}/refunds`;
      arrived(await api.post(path, request, paymentSchema, { idempotencyKey: key }));
    } catch (error) {
      const isOpen =
        error instanceof NetworkFailure ||
        (error instanceof ApiProblem && (error.code === 'idempotency_key_running' || error.status >= 500));
      if (isOpen) return lookUp(key);
      forgetAttempt(purpose);
      if (alive.current) setState({ at: 'refused', words: describeError(error), fields: fieldErrors(error) });
    }
  }

  // biome-ignore lint/correctness/useExhaustiveDependencies: once, for a key that an earlier visit left behind
  useEffect(() => {
    alive.current = true;
    const key = pendingAttempt(purpose);
    if (key) void lookUp(key);
    return () => {
      alive.current = false;
    };
  }, []);

  const openId = state.at === 'done' && OPEN_STATUSES.includes(state.refund.status) ? state.refund.id : null;
  useEffect(() => {
    if (openId === null) return;
    const timer = setInterval(async () => {
      const refund = await api.get(`/v1/payments/${openId}`, paymentSchema).catch(() => null);
      if (!refund || !alive.current) return;
      setState({ at: 'done', refund });
      if (!OPEN_STATUSES.includes(refund.status)) void queryClient.invalidateQueries({ queryKey: [workspace.id] });
    }, POLL_MS);
    return () => clearInterval(timer);
  }, [openId, api, queryClient, workspace.id]);

  return { state, send, startOver: () => setState({ at: 'idle' }) };
}
