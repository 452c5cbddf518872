import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import type { z } from 'zod';
import { invitationByToken } from '../../../src/workspace/api.ts';
import { publicApi } from '../app/api-client.ts';
import { describeError, fieldErrors } from '../app/api-problem.ts';
import { sessionQuery } from '../app/session.ts';
import { CalmPage } from '../ui/calm-page.tsx';
import { Notice } from '../ui/states.tsx';
import { OneTimeLink } from './one-time-link.tsx';
import { passwordProblem } from './password.ts';

const route = getRouteApi('/join/$token');

/** Accepts an invitation into a workspace. */
export function JoinPage() {
  const { token } = route.useParams();
  const path = `/v1/invitations-by-token/${encodeURIComponent(token)}`;
  return (
    <OneTimeLink
      path={path}
      schema={invitationByToken}
      spent="The invitation was accepted, has expired or was withdrawn. Ask whoever invited you for a new one."
    >
      {(invitation) => <JoinForm path={`${path}/acceptance`} invitation={invitation} />}
    </OneTimeLink>
  );
}

function JoinForm({ path, invitation }: { path: string; invitation: z.infer<typeof invitationByToken> }) {
  const queryClient = useQueryClient();
  const router = useRouter();
  const [failure, setFailure] = useState<string | null>(null);
  const [isRunning, setRunning] = useState(false);
  const isKnown = invitation.has_account;
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { name: '', password: '' },
    validate: {
      name: (value) => (isKnown || value.trim() !== '' ? null : 'Enter your name, as colleagues know you.'),
      password: (value) => (isKnown ? (value === '' ? 'Enter your password.' : null) : passwordProblem(value)),
    },
  });

  const join = form.onSubmit(async (values) => {
    setRunning(true);
    setFailure(null);
    try {
      await publicApi.post(
        path,
        isKnown ? { password: values.password } : { name: values.name.trim(), password: values.password },
      );
      queryClient.removeQueries({ queryKey: sessionQuery.queryKey });
      router.history.replace('/');
    } catch (error) {
      setRunning(false);
      form.setErrors(fieldErrors(error));
      setFailure(describeError(error));
    }
  });

  return (
    <CalmPage
      title={`Join ${invitation.workspace_name}`}
      intro={`${invitation.invited_by} invited you as ${invitation.role}.`}
    >
      <form onSubmit={join} noValidate>
        <TextInput label="E-mail" value={invitation.email} readOnly autoComplete="username" />
        {!isKnown && (
          <TextInput
            label="Your name"
            autoComplete="name"
            autoFocus
            key={form.key('name')}
            {...form.getInputProps('name')}
          />
        )}
        <PasswordInput
          label={isKnown ? 'Your password' : 'Choose a password'}
          autoComplete={isKnown ? 'current-password' : 'new-password'}
          autoFocus={isKnown}
          key={form.key('password')}
          {...form.getInputProps('password')}
        />
        {failure && <Notice tone="red">{failure}</Notice>}
        <Button type="submit" variant="filled" size="md" loading={isRunning} fullWidth>
          Join
        </Button>
      </form>
    </CalmPage>
  );
}
