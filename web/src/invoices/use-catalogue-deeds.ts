import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { describeError, fieldErrors } from '../app/api-problem.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { toastFailed } from '../ui/toast.tsx';

/** One change of what documents are written from: runs it, tells beside which field it was refused, reads the lists again. */
export function useCatalogueDeed() {
  const { api, workspace } = useWorkspace();
  const queryClient = useQueryClient();
  const [isRunning, setRunning] = useState(false);
  const [problem, setProblem] = useState<{ words: string; fields: Record<string, string> } | null>(null);

  async function attempt(work: () => Promise<unknown>, isBeside: boolean): Promise<boolean> {
    setRunning(true);
    setProblem(null);
    try {
      await work();
      await queryClient.invalidateQueries({ queryKey: [workspace.id] });
      return true;
    } catch (error) {
      const fields = fieldErrors(error);
      if (isBeside) setProblem({ words: Object.keys(fields).length > 0 ? '' : describeError(error), fields });
      else toastFailed(describeError(error));
      return false;
    } finally {
      setRunning(false);
    }
  }
  return {
    api,
    isRunning,
    problem,
    errorOf: (path: string) => problem?.fields[path],
    /** For forms: a refusal stands beside its field. */
    save: (work: () => Promise<unknown>) => attempt(work, true),
    /** For buttons: a refusal is told in a toast. */
    run: (work: () => Promise<unknown>) => attempt(work, false),
  };
}
