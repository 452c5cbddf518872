import { Button, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { z } from 'zod';
import { sandboxClock } from '../../../src/workspace/api.ts';
import { describeError } from '../app/api-problem.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { useReader } from '../ui/reader.tsx';
import { exactDate } from '../ui/relative-date.ts';
import { Notice } from '../ui/states.tsx';
import { toastDone } from '../ui/toast.tsx';
import classes from './settings.module.css';
import { useMay } from './workspace-facts.ts';

const HOUR_S = 3_600;
const DAY_S = 24 * HOUR_S;

const STEPS = [
  { label: '1 hour', seconds: HOUR_S },
  { label: '1 day', seconds: DAY_S },
  { label: '3 days', seconds: 3 * DAY_S },
  { label: '1 week', seconds: 7 * DAY_S },
  { label: '30 days', seconds: 30 * DAY_S },
] as const;

/** What the sandbox's clock shows, and moving it on: by a step or to a date. */
export function SandboxClock({ clock }: { clock: z.infer<typeof sandboxClock> }) {
  const { api, workspace } = useWorkspace();
  const queryClient = useQueryClient();
  const mayWrite = useMay()('settings.write');
  const { locale, timeZone } = useReader();
  const [date, setDate] = useState('');
  const tomorrow = new Date(Date.parse(clock.now) + DAY_S * 1_000).toISOString().slice(0, 10);
  const move = useMutation({
    mutationFn: (to: { advance_seconds: number } | { now: string }) => api.put('/v1/sandbox/clock', to, sandboxClock),
    onSuccess: () => {
      setDate('');
      toastDone('The clock was moved; what was due has happened');
      return queryClient.invalidateQueries({ queryKey: [workspace.id] });
    },
  });
  return (
    <div className={classes.form}>
      <div>
        <div className={classes.clock}>
          <time dateTime={clock.now}>{exactDate(new Date(clock.now), locale, timeZone)}</time>
        </div>
        <p className={classes.quiet}>
          {clock.offset_seconds === 0
            ? 'It runs with the server’s clock.'
            : `${aheadWords(clock.offset_seconds)} ahead of the server.`}
        </p>
      </div>
      {mayWrite && (
        <>
          <div className={classes.buttons} style={{ flexWrap: 'wrap' }}>
            {STEPS.map((step) => (
              <Button
                key={step.label}
                size="xs"
                disabled={move.isPending}
                aria-label={`Move the clock on by ${step.label}`}
                onClick={() => move.mutate({ advance_seconds: step.seconds })}
              >
                + {step.label}
              </Button>
            ))}
          </div>
          <form
            className={classes.buttons}
            style={{ alignItems: 'flex-end' }}
            onSubmit={(event) => {
              event.preventDefault();
              if (date !== '') move.mutate({ now: `${date}T09:00:00Z` });
            }}
          >
            <TextInput
              type="date"
              label="To a date"
              min={tomorrow}
              value={date}
              onChange={(event) => setDate(event.currentTarget.value)}
            />
            <Button type="submit" loading={move.isPending} disabled={date === ''}>
              Move
            </Button>
          </form>
        </>
      )}
      {move.isError && <Notice tone="red">{describeError(move.error)}</Notice>}
    </div>
  );
}

/** "3 days and 2 hours". */
function aheadWords(seconds: number): string {
  const days = Math.floor(seconds / DAY_S);
  const hours = Math.floor((seconds % DAY_S) / HOUR_S);
  const words = [
    days > 0 && `${days} ${days === 1 ? 'day' : 'days'}`,
    hours > 0 && `${hours} ${hours === 1 ? 'hour' : 'hours'}`,
  ].filter(Boolean);
  return words.length === 0 ? 'Less than an hour' : words.join(' and ');
}
