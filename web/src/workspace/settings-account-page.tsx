import { Button, PasswordInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { publicApi } from '../app/api-client.ts';
import { describeError, fieldErrors } from '../app/api-problem.ts';
import { signOut } from '../app/session.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { Section } from '../ui/page-header.tsx';
import { Notice } from '../ui/states.tsx';
import { toastDone, toastFailed } from '../ui/toast.tsx';
import { passwordProblem } from './password.ts';
import classes from './settings.module.css';

/** Settings → Your account: one's password and one's sessions, in every workspace. */
export function SettingsAccountPage() {
  const { user } = useWorkspace();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  return (
    <>
      <Section title="Your account" note={`${user.name} · ${user.email}`}>
        <ChangePassword />
      </Section>
      <Section title="Sessions" note="Ends every session of yours on every device, this one included.">
        <div>
          <Button
            onClick={() =>
              void signOut(queryClient, 'everywhere').then(
                () => navigate({ to: '/sign-in', search: {} }),
                (error: unknown) => toastFailed(`You are still signed in. ${describeError(error)}`),
              )
            }
          >
            Sign out everywhere
          </Button>
        </div>
      </Section>
    </>
  );
}

function ChangePassword() {
  const { user } = useWorkspace();
  const [failure, setFailure] = useState<string | null>(null);
  const [isSaving, setSaving] = useState(false);
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { current_password: '', new_password: '' },
    validate: { new_password: passwordProblem },
  });
  const save = form.onSubmit(async (values) => {
    setSaving(true);
    setFailure(null);
    try {
      await publicApi.put('/v1/session/password', {
        // Somebody who came by a link has no password yet: an empty field says so.
        current_password: values.current_password === '' ? null : values.current_password,
        new_password: values.new_password,
      });
      form.reset();
      toastDone('The new password holds from now on');
    } catch (error) {
      form.setErrors(fieldErrors(error));
      setFailure(describeError(error));
    } finally {
      setSaving(false);
    }
  });
  return (
    <form className={classes.form} onSubmit={save} noValidate>
      <input type="email" autoComplete="username" value={user.email} readOnly hidden />
      <PasswordInput
        label="Current password"
        autoComplete="current-password"
        key={form.key('current_password')}
        {...form.getInputProps('current_password')}
      />
      <PasswordInput
        label="New password"
        autoComplete="new-password"
        description="At least 10 characters; a few words in a row are good."
        key={form.key('new_password')}
        {...form.getInputProps('new_password')}
      />
      {failure && <Notice tone="red">{failure}</Notice>}
      <div className={classes.buttons}>
        <Button type="submit" variant="filled" loading={isSaving}>
          Change password
        </Button>
      </div>
    </form>
  );
}
