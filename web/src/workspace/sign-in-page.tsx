import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { publicApi } from '../app/api-client.ts';
import { describeError, fieldErrors } from '../app/api-problem.ts';
import { sessionQuery } from '../app/session.ts';
import { CalmPage } from '../ui/calm-page.tsx';
import { Notice } from '../ui/states.tsx';

const route = getRouteApi('/sign-in');

/** E-mail and password; afterwards one is where one wanted to go. */
export function SignInPage() {
  const { return: returnTo } = route.useSearch();
  const queryClient = useQueryClient();
  const router = useRouter();
  const [failure, setFailure] = useState<string | null>(null);
  const [isRunning, setRunning] = useState(false);
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { email: '', password: '' },
    validate: {
      email: (value) => (value.includes('@') ? null : 'Enter your e-mail address.'),
      password: (value) => (value === '' ? 'Enter your password.' : null),
    },
  });

  const signIn = form.onSubmit(async (values) => {
    setRunning(true);
    setFailure(null);
    try {
      await publicApi.post('/v1/session', { email: values.email.trim(), password: values.password });
      queryClient.removeQueries({ queryKey: sessionQuery.queryKey });
      router.history.replace(returnTo ?? '/');
    } catch (error) {
      setRunning(false);
      form.setErrors(fieldErrors(error));
      setFailure(describeError(error));
      form.getInputNode('password')?.focus();
    }
  });

  return (
    <CalmPage
      title="Sign in"
      foot="No password at hand? Whoever runs this server can print a one-time sign-in link; an owner can send you an invitation."
    >
      <form onSubmit={signIn} noValidate>
        <TextInput
          label="E-mail"
          type="email"
          autoComplete="username"
          autoFocus
          size="md"
          key={form.key('email')}
          {...form.getInputProps('email')}
        />
        <PasswordInput
          label="Password"
          autoComplete="current-password"
          size="md"
          key={form.key('password')}
          {...form.getInputProps('password')}
        />
        {failure && <Notice tone="red">{failure}</Notice>}
        <Button type="submit" variant="filled" size="md" loading={isRunning} fullWidth>
          Sign in
        </Button>
      </form>
    </CalmPage>
  );
}
