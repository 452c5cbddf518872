import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { type Invoice, invoice as invoiceSchema, type NewInvoiceBody } from '../../../src/invoices/api.ts';
import { ApiProblem, describeError } from '../app/api-problem.ts';
import { newAttemptKey } from '../app/attempt-key.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import type { FieldError } from './draft-form.ts';

/** A pause in writing after which the draft is kept: long enough that a sentence is one save. */
const PAUSE_MS = 1_500;

export type SaveState =
  | { readonly at: 'nothing' }
  | { readonly at: 'unsaved' }
  | { readonly at: 'saving' }
  | { readonly at: 'saved' }
  | {
      readonly at: 'refused';
      readonly words: string;
      readonly fields: readonly FieldError[];
      readonly isConflict: boolean;
    };

/**
 * Keeps a draft on the server by itself, after a pause and when the page is left; one request at a time, so that what was
 * written last is what is kept. `body` is null while it cannot be saved yet. `onMade` is told the draft that was made.
 */
export function useDraft(given: {
  kept: Invoice | null;
  body: NewInvoiceBody | null;
  /** Whether anything was written that is not the kept draft. */
  isTouched: boolean;
  onMade: (invoice: Invoice) => void;
}) {
  const { api, workspace } = useWorkspace();
  const queryClient = useQueryClient();
  const [state, setState] = useState<SaveState>({ at: given.kept ? 'saved' : 'nothing' });
  const known = useRef<Invoice | null>(given.kept);
  const key = useRef(newAttemptKey());
  const running = useRef<Promise<unknown>>(Promise.resolve());
  const written = given.body === null ? null : JSON.stringify(given.body);
  const keptText = useRef<string | null>(given.isTouched ? null : written);
  const latest = useRef({ body: given.body, written, onMade: given.onMade });
  useEffect(() => {
    latest.current = { body: given.body, written, onMade: given.onMade };
  });

  const save = useCallback((): Promise<Invoice | null> => {
    const send = async (): Promise<Invoice | null> => {
      // Read only now: what was under way may have been older than what stands in the fields.
      const { body, written: text, onMade } = latest.current;
      if (body === null || text === null) return null;
      // Somebody who asked at the same time has kept it.
      if (known.current !== null && keptText.current === text) return known.current;
      setState({ at: 'saving' });
      try {
        let invoice: Invoice;
        if (known.current === null) {
          invoice = await api.post('/v1/invoices', body, invoiceSchema, { idempotencyKey: key.current });
        } else {
          const { kind: _, ...changes } = body;
          invoice = await api.patch(`/v1/invoices/${known.current.id}`, changes, invoiceSchema, {
            ifMatch: `"v${known.current.version}"`,
          });
        }
        const isFirst = known.current === null;
        known.current = invoice;
        keptText.current = text;
        queryClient.setQueryData([workspace.id, 'invoice', invoice.id], invoice);
        if (isFirst) onMade(invoice);
        for (const name of ['invoices', 'invoice-totals', 'contact-invoices'])
          void queryClient.invalidateQueries({ queryKey: [workspace.id, name] });
        setState({ at: latest.current.written === text ? 'saved' : 'unsaved' });
        return invoice;
      } catch (error) {
        setState({
          at: 'refused',
          words: describeError(error),
          fields: error instanceof ApiProblem ? error.fields : [],
          isConflict: error instanceof ApiProblem && error.code === 'edit_conflict',
        });
        return null;
      }
    };
    const sent = running.current.then(send);
    running.current = sent;
    return sent;
  }, [api, queryClient, workspace.id]);

  const isChanged = given.isTouched && written !== keptText.current;
  useEffect(() => {
    if (!isChanged) return;
    setState((before) => (before.at === 'saving' ? before : { at: 'unsaved' }));
    if (written === null) return;
    const timer = setTimeout(() => void save(), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [isChanged, written, save]);

  return {
    state,
    /** Keeps what is written now; the kept draft, or null when it cannot be (the state says why). */
    save,
    isKept: () => latest.current.written !== null && latest.current.written === keptText.current,
    /** The draft as it was kept last; null before that. */
    known: () => known.current,
  };
}
