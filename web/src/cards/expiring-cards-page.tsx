import { useQuery } from '@tanstack/react-query';
import { expiringCards } from '../../../src/payments/api-upkeep.ts';
import { describeError } from '../app/api-problem.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { Page, PageHeader } from '../ui/page-header.tsx';
import { EmptyState, ErrorState, SkeletonLines } from '../ui/states.tsx';
import { ExpiringCardRows } from './expiring-card-rows.tsx';

/** Every card that expires within 30 days, or has expired lately, and is needed for something. */
export function ExpiringCardsPage() {
  const { api, workspace } = useWorkspace();
  const query = useQuery({
    queryKey: [workspace.id, 'expiring-cards'],
    queryFn: ({ signal }) => api.get('/v1/expiring-cards', expiringCards, { signal }),
  });
  return (
    <Page>
      <PageHeader
        title="Cards about to expire"
        subtitle="Default cards of contacts charged in the last 90 days, and cards of contacts with a charge still to be paid."
      />
      {query.data ? (
        query.data.data.length === 0 ? (
          <EmptyState title="No card that is needed expires soon">
            Cards are listed from 30 days before their last day. What networks renew by themselves is followed every
            night.
          </EmptyState>
        ) : (
          <ExpiringCardRows cards={query.data.data} />
        )
      ) : query.isError ? (
        <ErrorState
          title="The cards could not be loaded"
          message={describeError(query.error)}
          onRetry={() => void query.refetch()}
        />
      ) : (
        <SkeletonLines lines={6} width="640px" />
      )}
    </Page>
  );
}
