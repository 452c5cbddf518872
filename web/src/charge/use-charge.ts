import { useEffect, useRef, useState } from 'react';
import type { Payment } from '../../../src/payments/api.ts';
import type { ApiProblem } from '../app/api-problem.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { useRefreshWorkspace } from '../contacts/contact-queries.ts';
import { forgetCharge, type KeptCharge, keepCharge, readKeptCharge } from './kept-charge.ts';
import { askAboutCharge, type ChargeAnswer, sendCharge } from './send-charge.ts';

/** What the server asks about before it charges: the same a moment ago, or a card that failed a short while ago. */
export interface AskedAgain {
  readonly code: 'same_charge_recently' | 'retry_too_early';
  readonly words: string;
}

/** Where a charge stands on the screen. */
export type ChargeStep =
  | { name: 'form'; refusal: ApiProblem | null }
  /** `again` holds what the server asks about first; `note` why one is back here. */
  | { name: 'confirm'; kept: KeptCharge; again: AskedAgain | null; note: string | null }
  | { name: 'sending'; kept: KeptCharge; isReplyLost: boolean }
  | { name: 'outcome'; kept: KeptCharge; payment: Payment };

/**
 * Steps of one charge: form → confirmation → sending → outcome. An intent that was left half way (reload, closed tab of
 * the same session) is taken up where it was: shown again if it was not sent, asked about if it was. `isFresh`: another
 * one is meant now, so that one which was never sent is given up.
 */
export function useCharge(contactId: string, isFresh: boolean) {
  const { api, workspace } = useWorkspace();
  const refresh = useRefreshWorkspace();
  const [step, setStep] = useState<ChargeStep>(() => {
    const kept = readKeptCharge(workspace.id, contactId);
    if (!kept) return { name: 'form', refusal: null };
    if (kept.isSent) return { name: 'sending', kept, isReplyLost: true };
    if (isFresh) return { name: 'form', refusal: null };
    return { name: 'confirm', kept, again: null, note: null };
  });
  // A press that comes before the screen has changed must not start a second sending.
  const isSending = useRef(false);
  const leaving = useRef<AbortController | null>(null);

  function answered(kept: KeptCharge, answer: ChargeAnswer) {
    if (answer.kind === 'payment') {
      const { payment } = answer;
      if (isOpen(payment)) keepCharge(workspace.id, { ...kept, isSent: true });
      else forgetCharge(workspace.id, contactId);
      setStep({ name: 'outcome', kept, payment });
      void refresh();
      return;
    }
    const unsent = { ...kept, isSent: false };
    if (answer.kind === 'never_arrived') {
      keepCharge(workspace.id, unsent);
      const note = 'It did not reach the server, and nothing was charged. You can send it again.';
      setStep({ name: 'confirm', kept: unsent, again: null, note });
    } else if (answer.problem.code === 'same_charge_recently' || answer.problem.code === 'retry_too_early') {
      const { code, detail: words } = answer.problem;
      keepCharge(workspace.id, unsent);
      setStep({ name: 'confirm', kept: unsent, again: { code, words }, note: null });
    } else if (answer.problem.status === 401) {
      // Signing in leads back to this page, where the intent is taken up again.
    } else {
      forgetCharge(workspace.id, contactId);
      setStep({ name: 'form', refusal: answer.problem });
    }
  }

  async function run(kept: KeptCharge, work: (signal: AbortSignal) => Promise<ChargeAnswer>) {
    if (isSending.current) return;
    isSending.current = true;
    const abort = new AbortController();
    leaving.current = abort;
    try {
      const answer = await work(abort.signal);
      if (!abort.signal.aborted) answered(kept, answer);
    } catch (error) {
      if (!abort.signal.aborted) throw error;
    } finally {
      if (leaving.current === abort) isSending.current = false;
    }
  }

  // Left while sent: the page that comes next asks what became of it.
  const resume = useRef(() => {
    if (step.name === 'sending') void run(step.kept, (signal) => askAboutCharge(api, step.kept, signal));
  });
  useEffect(() => {
    resume.current();
    return () => {
      leaving.current?.abort();
      isSending.current = false;
    };
  }, []);

  return {
    step,
    /** Shows the confirmation of this intent and begins to keep it. */
    confirm(kept: KeptCharge) {
      keepCharge(workspace.id, kept);
      setStep({ name: 'confirm', kept, again: null, note: null });
    },
    /** Sends the intent that is shown. `asked`: what was asked about it before and is meant. */
    send(kept: KeptCharge, asked: AskedAgain['code'] | null) {
      const sent: KeptCharge = {
        ...kept,
        isSent: true,
        charge: {
          ...kept.charge,
          confirm_same_again: kept.charge.confirm_same_again || asked === 'same_charge_recently',
          confirm_early_retry: kept.charge.confirm_early_retry || asked === 'retry_too_early',
        },
      };
      void run(sent, (signal) => {
        keepCharge(workspace.id, sent);
        setStep({ name: 'sending', kept: sent, isReplyLost: false });
        return sendCharge(api, sent, () => setStep({ name: 'sending', kept: sent, isReplyLost: true }), signal);
      });
    },
    /** Back to the form; the intent that was shown and never sent is given up. */
    back() {
      forgetCharge(workspace.id, contactId);
      setStep({ name: 'form', refusal: null });
    },
    /** The outcome changed by itself (the customer confirmed, the gateway was asked). */
    outcomeChanged(kept: KeptCharge, payment: Payment) {
      answered(kept, { kind: 'payment', payment });
    },
    /** What is decided is forgotten when the sheet closes; what is being checked is kept and shown again. */
    leave() {
      if (step.name === 'sending' || (step.name === 'outcome' && isUnresolved(step.payment))) return;
      forgetCharge(workspace.id, contactId);
    },
  };
}

/** Nobody knows yet whether money moved. */
export function isUnresolved(payment: Pick<Payment, 'status'>): boolean {
  return payment.status === 'sent' || payment.status === 'unknown';
}

/** The outcome may still change before one's eyes. */
function isOpen(payment: Pick<Payment, 'status'>): boolean {
  return isUnresolved(payment) || payment.status === 'needs_customer';
}
