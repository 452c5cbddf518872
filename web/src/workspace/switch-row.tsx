import { Switch } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { type SwitchState, switches, switchState } from '../../../src/workspace/api.ts';
import type { SwitchName } from '../../../src/workspace/caller.ts';
import { describeError } from '../app/api-problem.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { DateText } from '../ui/date-text.tsx';
import { toastFailed, toastUndo } from '../ui/toast.tsx';
import classes from './settings.module.css';
import { SettingsQuery } from './settings-query.tsx';
import { useMay } from './workspace-facts.ts';

/**
 * A switch of the workspace. It acts at once, says what it did and can be taken back; `whenOn` and `whenOff` say what
 * will happen before one touches it.
 */
export function SwitchRow(props: { name: SwitchName; whenOn: ReactNode; whenOff: ReactNode }) {
  const { api, workspace } = useWorkspace();
  const queryClient = useQueryClient();
  const mayWrite = useMay()('settings.write');
  const query = useQuery({
    queryKey: [workspace.id, 'switches'],
    queryFn: ({ signal }) => api.get('/v1/switches', switches, { signal }),
  });
  const flip = useMutation({
    mutationFn: (enabled: boolean) => api.put(`/v1/switches/${props.name}`, { enabled }, switchState),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: [workspace.id] }),
    onError: (error) => toastFailed(`Nothing was switched. ${describeError(error)}`),
  });

  async function change(one: SwitchState, enabled: boolean) {
    await flip.mutateAsync(enabled);
    toastUndo(`“${one.label}” is ${enabled ? 'on' : 'off'} for everybody`, () => flip.mutate(!enabled));
  }

  return (
    <SettingsQuery query={query} what="The switch">
      {(known) => {
        const one = known.data.find((state) => state.name === props.name);
        if (!one) return null;
        const id = `switch-${one.name}`;
        return (
          <div className={classes.switchRow}>
            <div>
              <label className={classes.switchName} htmlFor={id}>
                {one.label}
              </label>
              <p className={classes.switchText} id={`${id}-text`}>
                {one.enabled ? props.whenOn : props.whenOff}
              </p>
              {one.changed_at && (
                <p className={classes.quiet}>
                  Switched {one.enabled ? 'on' : 'off'} <DateText at={one.changed_at} />
                  {one.changed_by && ` by ${one.changed_by}`}
                </p>
              )}
            </div>
            <Switch
              id={id}
              aria-describedby={`${id}-text`}
              size="md"
              checked={one.enabled}
              disabled={!mayWrite || flip.isPending}
              onChange={(event) => void change(one, event.currentTarget.checked).catch(() => {})}
            />
          </div>
        );
      }}
    </SettingsQuery>
  );
}
