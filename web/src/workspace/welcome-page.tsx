import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { signInLink } from '../../../src/workspace/api.ts';
import { publicApi } from '../app/api-client.ts';
import { describeError } from '../app/api-problem.ts';
import { sessionQuery } from '../app/session.ts';
import { CalmPage } from '../ui/calm-page.tsx';
import { Notice } from '../ui/states.tsx';
import { OneTimeLink } from './one-time-link.tsx';
import { OwnerSetUpForm } from './owner-set-up-form.tsx';

const route = getRouteApi('/welcome/$token');

/** Where a one-time link leads: the first owner sets up the program, somebody known is signed in. */
export function WelcomePage() {
  const { token } = route.useParams();
  const path = `/v1/sign-in-links/${encodeURIComponent(token)}`;
  return (
    <OneTimeLink
      path={path}
      schema={signInLink}
      spent="It was used, has expired, or was typed differently. Start the program again for a new one, or sign in."
    >
      {(link) =>
        link.purpose === 'owner_setup' ? (
          <OwnerSetUpForm path={`${path}/redemption`} email={link.email} />
        ) : (
          <SignInByLink path={`${path}/redemption`} email={link.email} />
        )
      }
    </OneTimeLink>
  );
}

/** One click, not none: mail programs open links ahead of people and would use them up. */
function SignInByLink(props: { path: string; email: string | null }) {
  const queryClient = useQueryClient();
  const router = useRouter();
  const [failure, setFailure] = useState<string | null>(null);
  const [isRunning, setRunning] = useState(false);

  async function signIn() {
    setRunning(true);
    setFailure(null);
    try {
      await publicApi.post(props.path, {});
      queryClient.removeQueries({ queryKey: sessionQuery.queryKey });
      router.history.replace('/');
    } catch (error) {
      setRunning(false);
      setFailure(describeError(error));
    }
  }

  return (
    <CalmPage title="Welcome back" intro={props.email ? `You are about to sign in as ${props.email}.` : undefined}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void signIn();
        }}
      >
        {failure && <Notice tone="red">{failure}</Notice>}
        <Button type="submit" variant="filled" size="md" loading={isRunning} fullWidth data-autofocus>
          Sign in
        </Button>
      </form>
    </CalmPage>
  );
}
