import { useRef } from 'react';
import { invoice as invoiceSchema } from '../../../src/invoices/api.ts';
import { type WorkItem, workItem } from '../../../src/invoices/api-work.ts';
import { newAttemptKey } from '../app/attempt-key.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { useGoTo } from '../ui/address-link.tsx';
import { toastDone, toastUndo } from '../ui/toast.tsx';
import { draftAddress } from './invoice-addresses.ts';
import { useCatalogueDeed } from './use-catalogue-deeds.ts';

/** What can be done with work. What is on the screen is read again afterwards; a refusal is told in a toast. */
export function useWorkDeeds() {
  const { workspace } = useWorkspace();
  const goTo = useGoTo();
  const deed = useCatalogueDeed();
  // One choice, one key: pressed twice it is one draft.
  const pressed = useRef({ choice: '', key: '' });

  const at = (item: WorkItem, step: 'completion' | 'cancellation') => `/v1/work-items/${item.id}/${step}`;
  const complete = (item: WorkItem) => deed.run(() => deed.api.post(at(item, 'completion'), {}, workItem));
  const reopen = (item: WorkItem) => deed.run(() => deed.api.remove(at(item, 'completion')));
  const cancel = (item: WorkItem) => deed.run(() => deed.api.post(at(item, 'cancellation'), undefined, workItem));
  const replan = (item: WorkItem) => deed.run(() => deed.api.remove(at(item, 'cancellation')));
  return {
    isRunning: deed.isRunning,
    complete: async (item: WorkItem) => {
      if (await complete(item)) toastUndo(`“${item.title}” is done.`, () => void reopen(item));
    },
    reopen,
    cancel: async (item: WorkItem) => {
      if (await cancel(item)) toastUndo(`“${item.title}” is cancelled.`, () => void replan(item));
    },
    replan,
    /** Makes one draft of this work, in this order, and opens it. */
    invoice: (items: readonly WorkItem[]) =>
      deed.run(async () => {
        const ids = items.map((item) => item.id);
        const choice = ids.join(' ');
        if (pressed.current.choice !== choice) pressed.current = { choice, key: newAttemptKey() };
        const { key: idempotencyKey } = pressed.current;
        const body = { work_item_ids: ids };
        const draft = await deed.api.post('/v1/work-items/invoicing', body, invoiceSchema, { idempotencyKey });
        toastDone('The draft is ready: look it over and issue it');
        goTo(draftAddress(workspace.id, { draft: draft.id }));
      }),
  };
}
