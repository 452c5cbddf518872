import type { Merge } from '../../../src/contacts/api.ts';
import { describeError } from '../app/api-problem.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { toastDone, toastFailed } from '../ui/toast.tsx';
import { useRefreshWorkspace } from './contact-queries.ts';

/** Parts two contacts that were merged: each has again what was its own. */
export function useUnmerge(): (merge: Merge) => Promise<void> {
  const { api } = useWorkspace();
  const refresh = useRefreshWorkspace();
  return async (merge) => {
    try {
      await api.remove(`/v1/merges/${merge.id}`);
      await refresh();
      toastDone(`${merge.merged.name} and ${merge.kept.name} are two contacts again.`);
    } catch (error) {
      toastFailed(`They were not parted. ${describeError(error)}`);
    }
  };
}
