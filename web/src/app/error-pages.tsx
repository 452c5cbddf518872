import { Button } from '@mantine/core';
import { type ErrorComponentProps, Link, useRouter } from '@tanstack/react-router';
import { usePageTitle } from '../ui/page-title.ts';
import { EmptyState, ErrorState } from '../ui/states.tsx';
import { ApiProblem, describeError } from './api-problem.ts';

/** The same outside any workspace, where no frame stands around it. */
export function NotFoundAlone() {
  return (
    <main id="page">
      <NotFoundPage />
    </main>
  );
}

/** No such address, or nothing that this person may see: the two are told apart to nobody. */
export function NotFoundPage() {
  usePageTitle('Not found');
  return (
    <EmptyState
      isPage
      title="There is nothing at this address"
      action={
        <Button component={Link} to="/" variant="filled">
          Go to your workspace
        </Button>
      }
    >
      The link may be old, or it may belong to a workspace that you are not a member of. Check the address, or ask
      whoever sent it.
    </EmptyState>
  );
}

/** A page that could not be shown. What was saved before stays saved; Retry loads the page again. */
export function ErrorPage({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  usePageTitle('Not shown');
  if (error instanceof ApiProblem && error.status === 404) return <NotFoundPage />;
  // A new release takes the old page files away; only a reload finds the new ones.
  const isOldRelease = /dynamically imported module|module script failed/i.test(String(error));
  return (
    <ErrorState
      isPage
      title={isOldRelease ? 'Counterfoil was updated' : 'This page could not be shown'}
      message={isOldRelease ? 'Reload to get the new version. Nothing is lost.' : describeError(error)}
      onRetry={() => {
        if (isOldRelease) return window.location.reload();
        reset();
        void router.invalidate();
      }}
      action={
        <Button component="a" href="/" variant="subtle">
          Start page
        </Button>
      }
    />
  );
}
