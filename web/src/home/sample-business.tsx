import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { type SampleBusinessState, sampleBusiness } from '../../../src/sample/api.ts';
import { describeError } from '../app/api-problem.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { ProgressBar } from '../ui/progress-bar.tsx';
import { toastDone, toastFailed } from '../ui/toast.tsx';
import { useMay } from '../workspace/workspace-facts.ts';
import classes from './home.module.css';

/** How often work under way is looked at. */
const POLL_MS = 700;

/** A believable business to look around in, made and removed by a click. Sandbox only; `isOffered` where there is none. */
export function SampleBusiness({ isOffered }: { isOffered: boolean }) {
  const { api, workspace } = useWorkspace();
  const queryClient = useQueryClient();
  const mayWrite = useMay()('settings.write');
  const [isAsking, setAsking] = useState(false);
  const isSandbox = workspace.mode === 'sandbox';
  const state = useQuery({
    queryKey: [workspace.id, 'sample-business'],
    queryFn: ({ signal }) => api.get('/v1/sample-business', sampleBusiness, { signal }),
    enabled: isSandbox && mayWrite,
    refetchInterval: ({ state: known }) => (known.data?.progress ? POLL_MS : false),
    retry: false,
  });
  const fill = useMutation({
    mutationFn: () => api.post('/v1/sample-business', {}),
    onSettled: () => queryClient.invalidateQueries({ queryKey: [workspace.id, 'sample-business'] }),
    onError: (error) => toastFailed(describeError(error)),
  });

  const isRunning = state.data?.progress != null || fill.isPending;
  const wasRunning = useRef(false);
  useEffect(() => {
    if (wasRunning.current && !isRunning) {
      if (state.data) toastDone(outcomeWords(state.data));
      void queryClient.invalidateQueries({ queryKey: [workspace.id] });
    }
    wasRunning.current = isRunning;
  }, [isRunning, state.data, queryClient, workspace.id]);

  if (!isSandbox || !mayWrite || !state.data) return null;
  const { present, progress } = state.data;
  if (isRunning) {
    return (
      <div className={classes.sample}>
        <div className={classes.sampleText}>
          <ProgressBar
            label={progress?.phase ?? (present ? 'Removing the sample business' : 'Making the sample business')}
            done={progress?.done ?? 0}
            total={progress?.total ?? null}
            unit="steps"
          />
        </div>
      </div>
    );
  }
  if (!present && !isOffered) return null;
  return (
    <div className={classes.sample}>
      <div className={classes.sampleText}>
        <strong>{present ? 'This is a sample business' : 'Look around first?'}</strong>
        <span>
          {present
            ? 'Its customers and payments are invented. What you add yourself stays when it is removed.'
            : 'A studio with two years of customers, payments, refunds and declines. One click removes it again.'}
        </span>
      </div>
      {present ? (
        <Button onClick={() => setAsking(true)}>Remove the sample</Button>
      ) : (
        <Button variant="filled" onClick={() => fill.mutate()}>
          Fill with a sample business
        </Button>
      )}
      <ConfirmDialog
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        title="Remove the sample business?"
        confirm="Remove the sample"
        isDestructive
        describe={describeError}
        onConfirm={async () => {
          await api.remove('/v1/sample-business');
          await queryClient.invalidateQueries({ queryKey: [workspace.id] });
        }}
      >
        Its contacts and payments go. What you added yourself stays, with the sample’s contacts that you charged or
        wrote notes on. The sample can be made again.
      </ConfirmDialog>
    </div>
  );
}

function outcomeWords(state: SampleBusinessState): string {
  if (state.present) return 'The sample business is ready';
  const keptCount = state.kept?.contacts ?? 0;
  if (keptCount === 0) return 'The sample business is gone';
  return `The sample business is gone, but for ${keptCount === 1 ? 'one contact' : `${keptCount} contacts`} that somebody has worked with`;
}
