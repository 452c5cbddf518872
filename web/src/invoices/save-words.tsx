import { Button } from '@mantine/core';
import { Notice } from '../ui/states.tsx';
import classes from './editor.module.css';
import type { SaveState } from './use-draft.ts';

/** Whether what stands in the editor is kept. */
export function SaveWords({ state, isWhole }: { state: SaveState; isWhole: boolean }) {
  return (
    <span className={classes.save} data-tone={state.at === 'refused' ? 'red' : undefined} aria-live="polite">
      {wordsOf(state, isWhole)}
    </span>
  );
}

function wordsOf(state: SaveState, isWhole: boolean): string {
  if (state.at === 'saving') return 'Saving…';
  if (state.at === 'saved') return 'Saved';
  if (state.at === 'refused') return 'Not saved';
  if (state.at === 'nothing') return 'Kept as a draft while you write';
  return isWhole ? 'Not saved yet' : 'Not saved yet: something is still missing';
}

/** Why it could not be kept, and what to do. */
export function SaveRefused({ state, onRetry }: { state: SaveState; onRetry: () => void }) {
  if (state.at !== 'refused') return null;
  return (
    <Notice
      tone="red"
      title="Not saved"
      action={
        state.isConflict ? (
          <Button size="xs" onClick={() => window.location.reload()}>
            Load it anew
          </Button>
        ) : (
          <Button size="xs" onClick={onRetry}>
            Try again
          </Button>
        )
      }
    >
      {state.isConflict ? 'Somebody else changed this draft in the meantime.' : state.words}
    </Notice>
  );
}
