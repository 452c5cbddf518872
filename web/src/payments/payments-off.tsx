import { Button } from '@mantine/core';
import { useWorkspace } from '../app/workspace-context.ts';
import { AddressLink } from '../ui/address-link.tsx';
import { Page, PageHeader } from '../ui/page-header.tsx';
import { EmptyState } from '../ui/states.tsx';

/** What stands where money would be while "Payments and Customer LTV" is off: nothing is lost, and how to go on. */
export function PaymentsOff({ title }: { title: string }) {
  const { workspace } = useWorkspace();
  return (
    <Page>
      <PageHeader title={title} />
      <EmptyState
        title="Payments are switched off"
        action={
          <Button
            component={AddressLink}
            address={{ to: '/w/$workspaceId/settings/payments', params: { workspaceId: workspace.id } }}
          >
            Open payment settings
          </Button>
        }
      >
        “Payments and Customer LTV” is off for this workspace. Everything recorded is kept and comes back when it is
        switched on.
      </EmptyState>
    </Page>
  );
}
