import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { ZodType } from 'zod';
import { publicApi } from '../app/api-client.ts';
import { ApiProblem, describeError } from '../app/api-problem.ts';
import { CalmPage } from '../ui/calm-page.tsx';
import { SkeletonLines } from '../ui/states.tsx';

/**
 * Asks what a one-time link is for and shows the page for it; a link that is used up, expired or wrong says so and
 * what to do. Looking does not use the link up: only sending the form does.
 */
export function OneTimeLink<T>(props: {
  path: string;
  schema: ZodType<T>;
  spent: ReactNode;
  children: (facts: T) => ReactNode;
}) {
  const link = useQuery({
    queryKey: ['one-time-link', props.path],
    queryFn: ({ signal }) => publicApi.get(props.path, props.schema, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (link.data) return props.children(link.data);
  if (!link.error) {
    return (
      <CalmPage title="One moment">
        <SkeletonLines lines={3} />
      </CalmPage>
    );
  }
  const isSpent = link.error instanceof ApiProblem && link.error.status < 500;
  return (
    <CalmPage
      title={isSpent ? 'This link no longer works' : 'The link could not be checked'}
      intro={isSpent ? props.spent : describeError(link.error)}
    >
      <form>
        {isSpent ? (
          <Button component={Link} to="/sign-in" size="md" fullWidth>
            Sign in
          </Button>
        ) : (
          <Button onClick={() => void link.refetch()} size="md" fullWidth>
            Retry
          </Button>
        )}
      </form>
    </CalmPage>
  );
}
